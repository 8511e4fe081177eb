"""Numbers that the state gives, with check digits. Each validator says in words what is wrong with a number."""

import re
from collections.abc import Collection, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

TAX_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
TAX_11 = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
TAX_12 = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
REASON_CODE = re.compile(r"\d{4}[0-9A-Z]{2}\d{3}", re.ASCII)
# Insurance numbers up to this one have no check digits.
FIRST_CHECKED_INSURANCE_NUMBER = 1_001_998


def digits(text: str) -> str:
    """Return `text` without spaces and hyphens, as people write long numbers."""
    return re.sub(r"[\s\-–]", "", text)


def validate_inn(value: str) -> None:
    """Check a tax number (ИНН) of an organisation or a person."""
    _require_digits(
        value,
        (10, 12),
        _("The tax number has 10 digits for an organisation or 12 for a person; this one has %(count)d."),
    )
    if len(value) == 12:
        validate_person_inn(value)
    else:
        validate_organisation_inn(value)


def validate_organisation_inn(value: str) -> None:
    """Check the tax number (ИНН) of an organisation: 10 digits, the last one a check digit."""
    _require_digits(value, (10,), _("The tax number of an organisation has 10 digits; this one has %(count)d."))
    if _weighted(value, TAX_10) % 11 % 10 != int(value[9]):
        raise _mistyped(_("tax number"))


def validate_person_inn(value: str) -> None:
    """Check the tax number (ИНН) of a person or sole trader: 12 digits, the last two check digits."""
    _require_digits(value, (12,), _("The tax number of a person has 12 digits; this one has %(count)d."))
    expected = (_weighted(value, TAX_11) % 11 % 10, _weighted(value, TAX_12) % 11 % 10)
    if expected != (int(value[10]), int(value[11])):
        raise _mistyped(_("tax number"))


def validate_kpp(value: str) -> None:
    """Check a tax registration reason code (КПП): 9 characters, it has no check digit."""
    if not REASON_CODE.fullmatch(value):
        raise ValidationError(
            _("The registration reason code (KPP) has 9 digits; only the 5th and 6th may be Latin capitals."),
            code="invalid",
        )


def validate_ogrn(value: str) -> None:
    """Check a state registration number: 13 digits of an organisation (ОГРН), 15 of a sole trader (ОГРНИП)."""
    _require_digits(
        value,
        (13, 15),
        _(
            "The state registration number has 13 digits for an organisation or 15 for a sole trader;"
            " this one has %(count)d."
        ),
    )
    divisor = 11 if len(value) == 13 else 13
    if int(value[:-1]) % divisor % 10 != int(value[-1]):
        raise _mistyped(_("state registration number"))


def validate_snils(value: str) -> None:
    """Check an insurance number (СНИЛС): 11 digits, the last two check digits; spaces and hyphens do not matter."""
    value = digits(value)
    _require_digits(value, (11,), _("The insurance number (SNILS) has 11 digits; this one has %(count)d."))
    number, check = value[:9], int(value[9:])
    if int(number) > FIRST_CHECKED_INSURANCE_NUMBER and _weighted(number, range(9, 0, -1)) % 101 % 100 != check:
        raise _mistyped(_("insurance number"))


def format_snils(value: str) -> str:
    """Return an insurance number as it is printed: `112-233-445 95`."""
    value = digits(value)
    return f"{value[:3]}-{value[3:6]}-{value[6:9]} {value[9:]}"


def _require_digits(value: str, counts: Collection[int], message: str) -> None:
    if not (value.isascii() and value.isdigit()):
        raise ValidationError(_("Only digits are allowed here, without letters and signs."), code="not_digits")
    if len(value) not in counts:
        raise ValidationError(message % {"count": len(value)}, code="length")


def _weighted(value: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(value, weights, strict=False))


def _mistyped(name: str) -> ValidationError:
    return ValidationError(
        _("The check digit of this %(name)s does not fit: a digit is wrong, or two have changed places.")
        % {"name": name},
        code="check_digit",
    )
