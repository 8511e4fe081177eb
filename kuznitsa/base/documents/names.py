"""Names of people in the case a Russian sentence wants."""

from functools import cache
from typing import Literal

from petrovich.enums import Case as PetrovichCase
from petrovich.enums import Gender
from petrovich.main import Petrovich

Case = Literal["nominative", "genitive", "dative", "accusative", "instrumental", "prepositional"]

CASES = {
    "genitive": PetrovichCase.GENITIVE,
    "dative": PetrovichCase.DATIVE,
    "accusative": PetrovichCase.ACCUSATIVE,
    "instrumental": PetrovichCase.INSTRUMENTAL,
    "prepositional": PetrovichCase.PREPOSITIONAL,
}
FEMALE_ENDINGS = ("на", "кызы", "гызы")
MALE_ENDINGS = ("ич", "оглы", "улы", "уулу")


def full_name(last: str, first: str, middle: str = "", *, case: Case = "nominative", sex: str = "") -> str:
    """Return `Ивановой Анны Петровны`. `sex` is `female`, `male` or "": then the middle name tells it.

    A name that is not Russian, or whose sex nobody knows, stays as it is: a wrong ending in a contract is worse.
    """
    names = [last, first, middle]
    gender = _gender(middle, sex)
    if case != "nominative" and gender:
        inflect = _petrovich()
        forms = (inflect.lastname, inflect.firstname, inflect.middlename)
        names = [form(name, CASES[case], gender) if name else "" for form, name in zip(forms, names, strict=True)]
    return " ".join(name for name in names if name)


def initials(last: str, first: str, middle: str = "") -> str:
    """Return `Иванова А. П.`, with spaces that do not break."""
    return "\N{NO-BREAK SPACE}".join([last, *(f"{name[0]}." for name in (first, middle) if name)])


def _gender(middle: str, sex: str) -> Gender | None:
    if sex in ("female", "male"):
        return Gender.FEMALE if sex == "female" else Gender.MALE
    ending = middle.casefold()
    if ending.endswith(FEMALE_ENDINGS):
        return Gender.FEMALE
    return Gender.MALE if ending.endswith(MALE_ENDINGS) else None


@cache
def _petrovich() -> Petrovich:
    return Petrovich()
