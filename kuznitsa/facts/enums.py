"""Kinds of facts: what a row of the ledger means, and in which unit it counts."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Unit(models.TextChoices):
    PERSONS = "persons", _("persons")
    PLACES = "places", _("places")
    APPLICATIONS = "applications", _("applications")
    HOURS = "hours", _("hours")
    ROUBLES = "roubles", _("roubles")  # counted in kopecks
    OBJECTS = "objects", _("objects")


class FactKind(models.TextChoices):
    NEED_STATED = "need_stated", _("need stated")
    SEATS_PROMISED = "seats_promised", _("seats promised")
    SEATS_OFFERED = "seats_offered", _("seats offered")
    APPLIED = "applied", _("applied")
    SEAT_ALLOCATED = "seat_allocated", _("seat allocated")
    SEAT_RETURNED = "seat_returned", _("seat returned")
    CONTRACT_SIGNED = "contract_signed", _("contract signed")
    CONTRACT_ENDED = "contract_ended", _("contract ended early")
    ENROLLED = "enrolled", _("enrolled")
    SUPPORT_PAID = "support_paid", _("support paid")
    SCHOLARSHIP_PAID = "scholarship_paid", _("scholarship paid")
    LABORATORY_ACCEPTED = "lab_accepted", _("laboratory accepted")
    VISIT_HELD = "visit_held", _("plant visit held")
    PRACTICE_PLACE_OPENED = "practice_opened", _("practice place opened")
    PRACTICE_COMPLETED = "practice_completed", _("practice completed")
    PRACTICE_HOURS = "practice_hours", _("hours of practice")
    EXAM_PASSED = "exam_passed", _("exam passed")
    HIRED = "hired", _("hired")
    STAYED_3 = "stayed_3", _("still there after 3 months")
    STAYED_6 = "stayed_6", _("still there after 6 months")
    STAYED_12 = "stayed_12", _("still there after 12 months")
    STAYED_24 = "stayed_24", _("still there after 24 months")
    STAYED_36 = "stayed_36", _("still there after 36 months")


@dataclass(frozen=True)
class FactCard:
    """What one row of the kind means, for the reference and for the screens that show it.

    `organisation` and `counterpart` say whose fact it is and for whom.
    """

    unit: Unit
    meaning: str | Promise
    organisation: str | Promise
    counterpart: str | Promise = ""


FACT_CARDS: dict[FactKind, FactCard] = {
    FactKind.NEED_STATED: FactCard(
        Unit.PERSONS, _("a plant has stated that it needs so many people"), _("the plant"), ""
    ),
    FactKind.SEATS_PROMISED: FactCard(
        Unit.PLACES, _("an agreement came into force that promises target seats"), _("the plant"), _("the college")
    ),
    FactKind.SEATS_OFFERED: FactCard(
        Unit.PLACES, _("a target offer was published, or its seats were changed"), _("the plant"), _("the college")
    ),
    FactKind.APPLIED: FactCard(
        Unit.APPLICATIONS,
        _("an applicant has named the offer in a submitted application"),
        _("the plant"),
        _("the college"),
    ),
    FactKind.SEAT_ALLOCATED: FactCard(
        Unit.PERSONS,
        _("a published allocation gave a seat, or the next on the list was called"),
        _("the plant"),
        _("the college"),
    ),
    FactKind.SEAT_RETURNED: FactCard(
        Unit.PERSONS, _("an allocated seat was declined, withdrawn or lapsed"), _("the plant"), _("the college")
    ),
    FactKind.CONTRACT_SIGNED: FactCard(
        Unit.PERSONS, _("the last party has signed a target contract"), _("the plant"), _("the college")
    ),
    FactKind.CONTRACT_ENDED: FactCard(
        Unit.PERSONS, _("a target contract was ended before it was fulfilled"), _("the plant"), _("the college")
    ),
    FactKind.ENROLLED: FactCard(
        Unit.PERSONS, _("a student was enrolled in an intake"), _("the college"), _("the plant")
    ),
    FactKind.SUPPORT_PAID: FactCard(
        Unit.ROUBLES, _("a support measure of a target contract was paid"), _("the plant"), _("the college")
    ),
    FactKind.SCHOLARSHIP_PAID: FactCard(
        Unit.ROUBLES, _("a personal scholarship was paid"), _("the plant"), _("the college")
    ),
    FactKind.LABORATORY_ACCEPTED: FactCard(
        Unit.OBJECTS,
        _("an equipped laboratory or workshop was accepted by the college"),
        _("the plant"),
        _("the college"),
    ),
    FactKind.VISIT_HELD: FactCard(
        Unit.OBJECTS, _("a visit of students or pupils to the plant was held"), _("the plant"), _("the college")
    ),
    FactKind.PRACTICE_PLACE_OPENED: FactCard(
        Unit.PLACES, _("a plant has opened places for practice"), _("the plant"), _("the college")
    ),
    FactKind.PRACTICE_COMPLETED: FactCard(
        Unit.PERSONS, _("a student has completed practice at the plant"), _("the plant"), _("the college")
    ),
    FactKind.PRACTICE_HOURS: FactCard(
        Unit.HOURS, _("hours that a student has worked in practice"), _("the plant"), _("the college")
    ),
    FactKind.EXAM_PASSED: FactCard(
        Unit.PERSONS, _("a student has passed the qualification exam"), _("the college"), _("the plant")
    ),
    FactKind.HIRED: FactCard(Unit.PERSONS, _("a graduate was hired by the plant"), _("the plant"), _("the college")),
    **{
        kind: FactCard(Unit.PERSONS, _("the graduate still works at the plant"), _("the plant"), _("the college"))
        for kind in (FactKind.STAYED_3, FactKind.STAYED_6, FactKind.STAYED_12, FactKind.STAYED_24, FactKind.STAYED_36)
    },
}

# Check points of employment in months.
STAYED = {
    3: FactKind.STAYED_3,
    6: FactKind.STAYED_6,
    12: FactKind.STAYED_12,
    24: FactKind.STAYED_24,
    36: FactKind.STAYED_36,
}
