"""One cell as the value it stands for. Every function raises `ValidationError` with what to mend."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kuznitsa.base.calendars import validate_day
from kuznitsa.base.money import parse_money
from kuznitsa.base.text import clean, searchable

Kind = Literal["text", "integer", "hundredths", "money", "date", "yes_no"]

DATE_FORMATS = ("%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d %H:%M:%S")
YES = {"да", "yes", "y", "true", "1", "+", "х", "x", "v", "✓", "истина"}
NO = {"нет", "no", "n", "false", "0", "-", "−", "–", "ложь"}
SHORT_YEAR = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2}")


def text(cell: Any) -> str:
    """Return the text of a cell; a number that is whole loses the `.0` that spreadsheets give it."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return f"{cell:%d.%m.%Y}" if not (cell.hour or cell.minute) else f"{cell:%d.%m.%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    return clean(str(cell)) if cell is not None else ""


def integer(cell: Any) -> int:
    number = _decimal(cell)
    if number != number.to_integral_value():
        raise ValidationError(_("A whole number is needed, not “%(value)s”.") % {"value": text(cell)})
    return int(number)


def hundredths(cell: Any) -> int:
    """Return a number with a point or a comma in hundredths, rounded half up: `4,667` is 467."""
    return int((_decimal(cell) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def money(cell: Any) -> int:
    """Return an amount in kopecks."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return hundredths(cell)
    return parse_money(text(cell))


def day(cell: Any) -> date:
    found = _day(cell)
    validate_day(found)
    return found


def _day(cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    value = text(cell)
    for layout in DATE_FORMATS:
        try:
            return datetime.strptime(value, layout).date()  # noqa: DTZ007  a day has no time zone
        except ValueError:
            continue
    if SHORT_YEAR.fullmatch(value):
        raise ValidationError(_("Write the year of “%(value)s” with four digits.") % {"value": value})
    raise ValidationError(_("“%(value)s” is not a date: write it like 31.12.2026.") % {"value": value})


def yes_no(cell: Any) -> bool:
    value = searchable(text(cell))
    if value in YES:
        return True
    if value in NO:
        return False
    raise ValidationError(_("Write “yes” or “no”, not “%(value)s”.") % {"value": text(cell)})


def _decimal(cell: Any) -> Decimal:
    value = re.sub(r"\s", "", text(cell)).replace(",", ".").replace("−", "-")
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or abs(number) > 10**15:
        raise ValidationError(_("“%(value)s” is not a number.") % {"value": text(cell)})
    return number


PARSERS: Mapping[Kind, Callable[[Any], Any]] = MappingProxyType(
    {"text": text, "integer": integer, "hundredths": hundredths, "money": money, "date": day, "yes_no": yes_no}
)
