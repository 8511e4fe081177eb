"""Reads about practice: places with what is free, the gate before the start, who does practice today."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from kuznitsa.admissions.models import TargetContract, TargetOffer
from kuznitsa.base.calendars import working_days_between
from kuznitsa.base.duties import Duty
from kuznitsa.facts.models import Thread
from kuznitsa.organisations.models import Organisation
from kuznitsa.organisations.queries import standing
from kuznitsa.people.enums import ConsentPurpose
from kuznitsa.people.models import Person
from kuznitsa.people.permissions import is_minor
from kuznitsa.people.permissions import why_not_enrol as why_no_consent
from kuznitsa.placements.enums import PlacementState
from kuznitsa.placements.models import Placement, PracticePlace, PracticePlaceQuerySet
from kuznitsa.placements.permissions import COLLEGE_OFFICE, HOST_OFFICE
from kuznitsa.programmes.models import Enrolment, Intake


@dataclass(frozen=True)
class Missing:
    """What keeps practice from starting, and who sees to it."""

    what: str
    who: str

    def __str__(self) -> str:
        return f"{self.what} ({self.who})"


def missing_at_gate(placement: Placement, on: date) -> list[Missing]:
    """Return what is missing before practice may start on the day `on`."""
    place, person = placement.place, placement.person
    minor = is_minor(person, on)
    missing = []
    if placement.briefed_on is None or placement.briefed_on > on:
        missing.append(Missing(_("no safety briefing"), _("the mentor holds it")))
    if placement.medical_until is not None and placement.medical_until < on:
        ended = f"{placement.medical_until:%d.%m.%Y}"
        missing.append(
            Missing(_("the medical certificate ended on %(day)s") % {"day": ended}, _("the student brings a new one"))
        )
    if placement.medical_until is None and (minor or place.is_harmful):
        missing.append(Missing(_("no medical certificate"), _("the student brings it")))
    if why_no_consent(person, ConsentPurpose.PRACTICE, on):
        missing.append(Missing(_("no consent to practice"), _("the guardian gives it")))
    return missing


def listed_places() -> PracticePlaceQuerySet:
    """Return places for a list, the nearest first, each with the number `taken`."""
    return (
        PracticePlace.objects.select_related("host", "site", "mentor", "intake__programme__occupation")
        .select_related("intake__programme__college")
        .annotate(taken=Coalesce(Subquery(_taken_by_place()), 0))
        .order_by("-starts_on", "pk")
    )


def _taken_by_place() -> QuerySet[Any, Any]:
    """Count beside the list, not in it: a join would group all places before the first page is cut off."""
    taking = Placement.objects.taking().filter(place=OuterRef("pk")).order_by()
    return taking.values("place").annotate(number=Count("pk")).values("number")


def listed_placements() -> QuerySet[Placement]:
    return Placement.objects.select_related(
        "person", "mentor", "contract", "place__host", "place__intake__programme__college"
    ).order_by("starts_on", "person__search", "pk")


def taken(place: PracticePlace) -> int:
    return Placement.objects.taking().filter(place=place).count()


def group_to_place(place: PracticePlace) -> QuerySet[Enrolment]:
    """Return those who study in the group and do not have this place, by name."""
    placed = Placement.objects.taking().filter(place=place)
    return (
        Enrolment.objects.studying()
        .filter(intake=place.intake_id)
        .exclude(person__in=placed.values("person"))
        .select_related("person")
        .order_by("person__search", "pk")
    )


def contract_for(person: Person) -> TargetContract | None:
    return TargetContract.objects.in_force().filter(person=person).select_related("offer__thread").first()


def thread_of_place(host: Organisation, intake: Intake) -> Thread | None:
    """Return the thread that the places of `host` for `intake` belong to: that of its offer, if it made one."""
    offer = (
        TargetOffer.objects.filter(employer=host, intake=intake).exclude(thread=None).select_related("thread").first()
    )
    return offer.thread if offer else None


@dataclass(frozen=True)
class Trainee:
    """A student on the mentor's page: what is missing before practice may start, and the day it is about."""

    placement: Placement
    missing: list[Missing]
    needs_briefing: bool


@dataclass(frozen=True)
class Day:
    """Trainees of one day of the mentor: those here now, those who should come, those who will."""

    title: str
    day: date | None
    trainees: list[Trainee]


def days_of_mentor(user: Any, today: date) -> list[Day]:
    """Return the mentor's trainees: here now, to begin by today, and later by the day they come."""
    trainees = [_trainee(placement, today) for placement in of_mentor(user)]
    here = [one for one in trainees if one.placement.state == PlacementState.STARTED]
    planned = [one for one in trainees if one.placement.state == PlacementState.PLANNED]
    waiting = [one for one in planned if one.placement.starts_on <= today]
    later = [one for one in planned if one.placement.starts_on > today]
    days = [Day(_("Begin today"), None, waiting), Day(_("Here now"), None, here)]
    for day, group in groupby(later, key=lambda one: one.placement.starts_on):
        days.append(Day(_("Will come"), day, list(group)))
    return [day for day in days if day.trainees]


def _trainee(placement: Placement, today: date) -> Trainee:
    planned = placement.state == PlacementState.PLANNED
    return Trainee(
        placement=placement,
        missing=missing_at_gate(placement, max(today, placement.starts_on)) if planned else [],
        needs_briefing=planned and placement.briefed_on is None and placement.starts_on <= today,
    )


def expected_hours(placement: Placement) -> int:
    """Return the hours that the days of practice come to, for the mentor to correct."""
    days = working_days_between(placement.starts_on - timedelta(days=1), placement.ends_on)
    return days * placement.place.hours_a_day


def panel_of_person(request: Any, person: Person) -> dict[str, Any] | None:
    """Return the practice of a person that the user may see; None when there is none."""
    visible = Placement.objects.visible_to(request.user).filter(person=person)
    placements = list(listed_placements().filter(pk__in=visible.values("pk")).order_by("-starts_on"))
    return {"placements": placements} if placements else None


def panel_of_intake(request: Any, intake: Intake) -> dict[str, Any] | None:
    """Return the practice places for a group; None when there are none the user may see."""
    visible = PracticePlace.objects.visible_to(request.user).filter(intake=intake)
    places = list(listed_places().filter(pk__in=visible.values("pk")))
    return {"places": places} if places else None


def of_mentor(user: Any) -> QuerySet[Placement]:
    """Return the practice that `user` looks after and that is not over."""
    return listed_placements().filter(mentor=user.pk, state__in=[PlacementState.PLANNED, PlacementState.STARTED])


def duties(user: Any, today: date) -> list[Duty]:
    """Return what waits for mentors, practice leads and the plant's HR."""
    return [*_duties_of_mentor(user, today), *_duties_of_offices(user, today)]


def _duties_of_mentor(user: Any, today: date) -> list[Duty]:
    mine = reverse("placements:mine")
    starting = of_mentor(user).filter(state=PlacementState.PLANNED, starts_on__lte=today)
    ending = of_mentor(user).filter(state=PlacementState.STARTED, ends_on__lte=today)
    rows = [
        (starting, _("Meet your trainees: practice begins")),
        (ending, _("Complete practice: hours, mark and a few words")),
    ]
    return [_counted(found, title, mine) for found, title in rows if found]


def _counted(placements: QuerySet[Placement], title: str, url: str) -> Duty:
    found = list(placements)
    return Duty(
        title=title,
        about=", ".join(placement.person.short_name for placement in found[:3]) + ("…" if len(found) > 3 else ""),
        url=url,
        organisation=str(found[0].place.host),
        due_on=min(placement.starts_on if placement.state == "planned" else placement.ends_on for placement in found),
        count=len(found),
    )


def _duties_of_offices(user: Any, today: date) -> list[Duty]:
    held = standing(user)
    colleges = held.organisations(*COLLEGE_OFFICE)
    hosts = held.organisations(*HOST_OFFICE)
    if not colleges and not hosts:
        return []
    places = (
        listed_places()
        .open()
        .filter(ends_on__gte=today, intake__programme__college__in=colleges)
        .filter(taken__lt=F("seats"))
        .order_by("starts_on")
    )
    placing = [
        Duty(
            title=_("Place students: %(free)d places are free") % {"free": place.seats - place.taken},
            about=str(place),
            url=place.get_absolute_url(),
            organisation=str(place.intake.programme.college),
            due_on=place.starts_on,
        )
        for place in places
    ]
    without_mentor = (
        PracticePlace.objects.open().filter(host__in=hosts, mentor=None, ends_on__gte=today).select_related("host")
    )
    naming = [
        Duty(
            title=_("Name a mentor"),
            about=place.title,
            url=place.get_absolute_url(),
            organisation=str(place.host),
            due_on=place.starts_on,
        )
        for place in without_mentor.order_by("starts_on")
    ]
    return placing + naming
