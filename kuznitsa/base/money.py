"""Money is kept in whole kopecks; here it becomes text and text becomes it."""

import re

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

NO_BREAK = "\N{NO-BREAK SPACE}"
RUBLES = ("рубль", "рубля", "рублей")
# More than the country earns in a year is a slip of the finger, and sums of it would not fit a column.
LONGEST_AMOUNT = 13
KOPECKS = ("копейка", "копейки", "копеек")
AMOUNT = re.compile(r"(-?)(\d+|\d{1,3}(?:[ ,.]\d{3})+)(?:[.,](\d{1,2}))?")
CURRENCY = re.compile(r"(₽|rub|руб(л(ей|я|ь))?\.?|р\.?)$", re.IGNORECASE)


def format_money(kopecks: int, language: str = "") -> str:
    """Return `5 000 ₽` (`5,000.50 ₽` in English) in `language`, else in the current one; kopecks only if there are."""
    russian = (language or translation.get_language() or "ru").startswith("ru")
    thousands, point = (NO_BREAK, ",") if russian else (",", ".")
    rubles, rest = divmod(abs(kopecks), 100)
    amount = f"{rubles:,}".replace(",", thousands) + (f"{point}{rest:02}" if rest else "")
    return f"{'−' if kopecks < 0 else ''}{amount}{NO_BREAK}₽"


def parse_money(text: str) -> int:
    """Return the kopecks of an amount as people write it: `5 000,50`, `5000.5`, `5 000 руб.`.

    Raises `ValidationError` when it is not an amount, one with parts of a kopeck, or of more than 13 digits.
    """
    plain = " ".join(text.replace("−", "-").split())
    plain = CURRENCY.sub("", plain).strip()
    match = AMOUNT.fullmatch(plain)
    if not match:
        raise ValidationError(_("“%(text)s” is not an amount: write it like 5000.50.") % {"text": text}, code="invalid")
    sign, rubles, rest = match.groups()
    digits = re.sub(r"\D", "", rubles)
    if len(digits) > LONGEST_AMOUNT:
        raise ValidationError(_("This amount is too large."), code="max_value")
    kopecks = int(digits) * 100 + int((rest or "").ljust(2, "0"))
    return -kopecks if sign else kopecks


def in_words(kopecks: int) -> str:
    """Return an amount in Russian words, as papers want it: `пять тысяч рублей 00 копеек`."""
    if kopecks < 0:
        raise ValueError("a paper names no negative amount")
    rubles, rest = divmod(kopecks, 100)
    return f"{number_in_words(rubles)} {_counted(rubles, RUBLES)} {rest:02} {_counted(rest, KOPECKS)}"


def number_in_words(number: int) -> str:
    """Return a whole number in Russian words: `двадцать пять`."""
    from num2words import num2words  # knows sixty languages, and loads them all

    return str(num2words(number, lang="ru"))


def _counted(number: int, forms: tuple[str, str, str]) -> str:
    """Return the form of a Russian noun after `number`: 1 рубль, 2 рубля, 5 рублей."""
    if number % 100 in range(11, 15):
        return forms[2]
    last = number % 10
    return forms[0] if last == 1 else forms[1] if last in (2, 3, 4) else forms[2]
