"""Spreadsheets of applicants: which columns they have, what is read from them, an empty one to fill in."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kuznitsa.admissions.enums import ApplicationState, OfferState
from kuznitsa.admissions.models import Application, Campaign, TargetOffer
from kuznitsa.base.rules import rule
from kuznitsa.base.spreadsheets import Column, ParsedRow, ParsedSheet, parse_sheet, write_table
from kuznitsa.base.text import searchable
from kuznitsa.people.models import Person

MAX_APPLICANTS = 5_000
YOUNGEST, OLDEST = 10, 80
LONGEST_NAME = 100
LONGEST_PHONE = 40
# The guardian has to be named with at least these.
GUARDIAN_NAMES = ("guardian_family_name", "guardian_given_name")
DECIDED = (ApplicationState.CHECKED, ApplicationState.REJECTED)


def _mark(hundredths: int) -> int:
    if not 200 <= hundredths <= 500:
        raise ValidationError(_("A mark lies between 2.00 and 5.00."))
    return hundredths


def _points(points: int) -> int:
    if not 0 <= points <= 50:
        raise ValidationError(_("Achievements give 50 points at most."))
    return points


def _name(name: str) -> str:
    if len(name) > LONGEST_NAME:
        raise ValidationError(_("This is too long for a name."))
    return name


def _email(address: str) -> str:
    validate_email(address)
    return address


def _phone(number: str) -> str:
    if len(number) > LONGEST_PHONE:
        raise ValidationError(_("This is too long for a phone number."))
    return number


def _consented(day: date) -> date:
    if day > timezone.localdate():
        raise ValidationError(_("This day has not come yet."))
    return day


def _born(day: date) -> date:
    if not YOUNGEST <= timezone.localdate().year - day.year <= OLDEST:
        raise ValidationError(_("This date of birth is impossible for an applicant."))
    return day


def columns(choices: int) -> list[Column]:
    """Return the columns of a spreadsheet of applicants with so many ranked offers."""
    return [
        Column("family_name", (gettext_lazy("Family name"), "Фамилия"), required=True, parse=_name),
        Column("given_name", (gettext_lazy("Given name"), "Имя"), required=True, parse=_name),
        Column("patronymic", (gettext_lazy("Patronymic"), "Отчество"), parse=_name),
        Column("born_on", (gettext_lazy("Date of birth"), "Дата рождения"), "date", required=True, parse=_born),
        Column("email", (gettext_lazy("E-mail"), "Эл. почта", "Почта"), parse=_email),
        Column("phone", (gettext_lazy("Phone"), "Телефон"), parse=_phone),
        Column(
            "average_mark", (gettext_lazy("Average mark"), "Средний балл"), "hundredths", required=True, parse=_mark
        ),
        Column(
            "achievement_points",
            (gettext_lazy("Points for achievements"), "Баллы за достижения"),
            "integer",
            parse=_points,
        ),
        Column("medical", (gettext_lazy("Medical certificate"), "Медицинская справка"), "yes_no"),
        Column("guardian_family_name", (gettext_lazy("Guardian's family name"), "Фамилия представителя"), parse=_name),
        Column("guardian_given_name", (gettext_lazy("Guardian's given name"), "Имя представителя"), parse=_name),
        Column("guardian_patronymic", (gettext_lazy("Guardian's patronymic"), "Отчество представителя"), parse=_name),
        Column("guardian_phone", (gettext_lazy("Guardian's phone"), "Телефон представителя"), parse=_phone),
        Column("guardian_email", (gettext_lazy("Guardian's e-mail"), "Эл. почта представителя"), parse=_email),
        Column(
            "consent_on",
            (gettext_lazy("Consent on paper, date"), "Согласие на бумаге, дата"),
            "date",
            parse=_consented,
        ),
        *(
            Column(
                f"choice_{rank}",
                (_("Offer, choice %(rank)d") % {"rank": rank}, *_choice_titles(rank)),
                required=rank == 1,
            )
            for rank in range(1, choices + 1)
        ),
    ]


def _choice_titles(rank: int) -> tuple[str, ...]:
    return f"Offer, choice {rank}", f"Предложение, выбор {rank}", f"Выбор {rank}"


def template_file(campaign: Campaign) -> bytes:
    """Return an empty spreadsheet with the columns of the campaign."""
    return write_table(columns(campaign.max_choices), [], title=_("Applicants"))


def read_applicants(data: bytes, campaign: Campaign) -> ParsedSheet:
    """Return rows with the offers as ids in `offers`, and errors of the others.

    Raises `SheetError` when the file as a whole cannot be used.
    """
    sheet = parse_sheet(data, columns(campaign.max_choices), max_rows=MAX_APPLICANTS)
    numbers = _offers_by_number(campaign)
    known = {person_key(person): person for person in persons_like([row.values for row in sheet.rows])}
    decided = _decided(campaign, list(known.values()))
    seen: dict[tuple[str, Any], int] = {}
    for row in list(sheet.rows):
        for column, message in _problems(row, campaign, numbers):
            sheet.reject(row, column, message)
        key = row_key(row.values)
        if key in seen:
            sheet.reject(row, "family_name", _("The same person stands in row %(row)d.") % {"row": seen[key]})
        seen.setdefault(key, row.number)
        person = known.get(key)
        if person is not None and person.pk in decided:
            sheet.reject(row, "", _("This application has been decided upon: change it on its own page."))
    return sheet


def _offers_by_number(campaign: Campaign) -> dict[str, list[int]]:
    numbers: dict[str, list[int]] = {}
    offers = TargetOffer.objects.filter(campaign=campaign, state__in=[OfferState.PUBLISHED, OfferState.CLOSED])
    for pk, number in offers.values_list("pk", "number"):
        numbers.setdefault(searchable(number), []).append(pk)
    return numbers


def _decided(campaign: Campaign, persons: list[Person]) -> set[int]:
    found = Application.objects.filter(campaign=campaign, person__in=persons, state__in=DECIDED)
    return set(found.values_list("person", flat=True))


def _problems(row: ParsedRow, campaign: Campaign, numbers: dict[str, list[int]]) -> list[tuple[str, str]]:
    problems: list[tuple[str, str]] = []
    offers: list[int] = []
    for rank in range(1, campaign.max_choices + 1):
        column = f"choice_{rank}"
        number = row.values.pop(column, None)
        found = numbers.get(searchable(str(number)), []) if number else []
        if number and len(found) != 1:
            message = (
                _("Several enterprises have an offer “%(number)s”.")
                if found
                else _("There is no offer “%(number)s” in this campaign.")
            )
            problems.append((column, message % {"number": number}))
        elif number and found[0] in offers:
            problems.append((column, _("An offer stands on the list twice: once is enough.")))
        offers += found[:1]
    row.values["offers"] = offers
    return problems + _guardian_problems(row.values)


def _guardian_problems(values: dict[str, Any]) -> list[tuple[str, str]]:
    if not is_minor(values["born_on"], timezone.localdate()):
        return []
    missing = [name for name in GUARDIAN_NAMES if not values.get(name)]
    return [(name, _("The applicant is under age: name the guardian.")) for name in missing]


def is_minor(born_on: date, on: date) -> bool:
    """Whether somebody born on that day is under age on the day `on`."""
    return Person(born_on=born_on).age_on(on) < rule("adult_age", on=on).value


def row_key(values: dict[str, Any]) -> tuple[str, Any]:
    """Return what tells persons apart: the folded full name, and the date of birth."""
    names = (values.get(name) or "" for name in ("family_name", "given_name", "patronymic"))
    return searchable(" ".join(names)), _as_date(values["born_on"])


def person_key(person: Person) -> tuple[str, Any]:
    """Return the same of a person on record."""
    return searchable(person.full_name), person.born_on


def persons_like(rows: list[dict[str, Any]]) -> list[Person]:
    """Return the persons on record who bear a name and a date of birth of these rows."""
    keys = {row_key(values) for values in rows}
    found = Person.objects.filter(search__in={name for name, _day in keys}).order_by("pk")
    return [person for person in found if person_key(person) in keys]


def _as_date(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
