"""Reads about practice: places with what is free, the gate before the start, who does practice today, duties."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from kuznitsa.admissions.models import TargetContract, TargetOffer
from kuznitsa.base.calendars import working_days_between
from kuznitsa.base.conditions import any_of
from kuznitsa.base.duties import AHEAD, COMING, Coming, Duty, rows_if_any
from kuznitsa.base.memo import per_request
from kuznitsa.facts.models import Thread
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.models import SHORT_NAMES, Organisation
from kuznitsa.organisations.queries import standing
from kuznitsa.people.enums import ConsentPurpose
from kuznitsa.people.models import NAMES, Consent, Person
from kuznitsa.people.permissions import is_minor
from kuznitsa.people.permissions import why_not_enrol as why_no_consent
from kuznitsa.people.queries import family_of, names_of, wards_of
from kuznitsa.placements.enums import PlacementState
from kuznitsa.placements.models import Placement, PracticePlace, PracticePlaceQuerySet
from kuznitsa.placements.permissions import COLLEGE_OFFICE, HOST_OFFICE
from kuznitsa.programmes.models import Enrolment, Intake

# A medical certificate takes its time: so long before the start it is asked for.
CERTIFICATE_AHEAD = timedelta(days=30)
# In the last week of practice its mentor may complete it.
COMPLETE_AHEAD = timedelta(days=7)
READERS = (Role.CURATOR, Role.AUDITOR)
_UNDER_MENTOR = Q(state__in=[PlacementState.PLANNED, PlacementState.STARTED])


@dataclass(frozen=True)
class Missing:
    """What keeps practice from starting, and who sees to it."""

    what: str
    who: str

    def __str__(self) -> str:
        return f"{self.what} ({self.who})"


def missing_at_gate(placement: Placement, on: date) -> list[Missing]:
    """Return what is missing before practice may start on the day `on`."""
    missing = []
    if placement.briefed_on is None or placement.briefed_on > on:
        missing.append(Missing(_("no safety briefing"), _("the mentor holds it")))
    if lacks_certificate(placement, on) and placement.medical_until is not None:
        ended = f"{placement.medical_until:%d.%m.%Y}"
        missing.append(
            Missing(_("the medical certificate ended on %(day)s") % {"day": ended}, _("the student brings a new one"))
        )
    elif lacks_certificate(placement, on):
        missing.append(Missing(_("no medical certificate"), _("the student brings it")))
    if why_no_consent(placement.person, ConsentPurpose.PRACTICE, on):
        missing.append(Missing(_("no consent to practice"), _("the guardian gives it")))
    return missing


def lacks_certificate(placement: Placement, on: date) -> bool:
    """Whether a medical certificate is needed for this practice, and none is valid on the day `on`."""
    if placement.medical_until is not None:
        return placement.medical_until < on
    return placement.place.is_harmful or is_minor(placement.person, on)


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
    return (
        Placement.objects.select_related(
            "person", "mentor", "contract", "place__host", "place__intake__programme__college"
        )
        .defer("contract__terms")
        .order_by("starts_on", "person__search", "pk")
    )


def placements_of_list() -> QuerySet[Placement]:
    """Return placements as the long list of all of them shows them, in the same order."""
    shown = ["starts_on", "ends_on", "hours", "mark", "state", "place__title", "mentor__full_name", "mentor__email"]
    shown += [f"person__{name}" for name in NAMES] + [f"place__host__{name}" for name in SHORT_NAMES]
    rows = Placement.objects.select_related("person", "mentor", "place__host").only(*shown)
    return rows.order_by("starts_on", "person__search", "pk")


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
    visible = Placement.objects.visible_to(request.user)
    of_person = listed_placements().filter(person=person, pk__in=visible.values("pk"))
    placements = list(of_person.order_by("-starts_on", "pk"))
    return {"placements": placements} if placements else None


def panel_of_intake(request: Any, intake: Intake) -> dict[str, Any] | None:
    """Return the practice places for a group; None when there are none the user may see."""
    visible = PracticePlace.objects.visible_to(request.user)
    places = list(listed_places().filter(intake=intake, pk__in=visible.values("pk")))
    return {"places": places} if places else None


@per_request
def trainees_of(user: Any) -> list[Placement]:
    """Return the practice that `user` looks after and that is not over, the first to begin first."""
    return rows_if_any(of_mentor(user))


def of_mentor(user: Any) -> QuerySet[Placement]:
    """Return the same, to ask further."""
    return listed_placements().filter(_UNDER_MENTOR, mentor=user.pk)


def duties(user: Any, today: date) -> list[Duty]:
    """Return what waits for mentors, for the offices of colleges and plants, for students and guardians."""
    if not user.is_authenticated:
        return []
    return [
        *_duties_of_mentor(user, today),
        *_duties_of_offices(user, today),
        *_certificates_to_bring(user, today),
        *_consents_to_give(user, today),
    ]


def _duties_of_mentor(user: Any, today: date) -> list[Duty]:
    placements = trainees_of(user)
    planned = [one for one in placements if one.state == PlacementState.PLANNED]
    soon = [one for one in planned if today < one.starts_on <= today + AHEAD]
    later = [one for one in planned if today < one.starts_on <= today + CERTIFICATE_AHEAD]
    started = [one for one in placements if one.state == PlacementState.STARTED]
    rows = [
        ([one for one in planned if one.starts_on <= today], _("Meet your trainees: practice begins")),
        ([one for one in soon if one.briefed_on is None], _("Hold the safety briefing before practice begins")),
        (
            [one for one in later if lacks_certificate(one, one.starts_on)],
            _("See that medical certificates are brought before practice begins"),
        ),
        (
            [one for one in started if one.ends_on <= today + COMPLETE_AHEAD],
            _("Complete practice: hours, mark and a few words"),
        ),
    ]
    url = reverse("placements:mine")
    return [duty for found, title in rows for duty in _counted(found, title, url, lambda one: one.place.host)]


def _counted(
    placements: Iterable[Placement], title: str, url: str, whose: Callable[[Placement], Organisation]
) -> list[Duty]:
    """Return one duty an organisation: planned practice has to be seen to until its start, started until its end."""
    by_organisation = defaultdict(list)
    for placement in sorted(placements, key=lambda one: (one.starts_on, one.person.search, one.pk)):
        by_organisation[whose(placement)].append(placement)
    return [
        Duty(
            title=title,
            about=names_of(placement.person for placement in found),
            url=url,
            organisation=str(organisation),
            due_on=min(one.starts_on if one.state == PlacementState.PLANNED else one.ends_on for one in found),
            count=len(found),
        )
        for organisation, found in by_organisation.items()
    ]


def _duties_of_offices(user: Any, today: date) -> list[Duty]:
    held = standing(user)
    colleges, hosts = held.colleges(*COLLEGE_OFFICE), held.employers(*HOST_OFFICE)
    if not colleges and not hosts:
        return []
    return [
        *_places_to_fill(user, colleges, today),
        *_mentors_to_name(user, colleges, hosts, today),
        *_placements_to_look_after(colleges, hosts, today),
    ]


@per_request
def open_places_of(user: Any, today: date) -> list[PracticePlace]:
    """Return the open places of the user's plants and colleges that are not over, the first to end first; one query."""
    held = standing(user)
    mine = any_of(host__in=held.employers(), intake__programme__college__in=held.colleges())
    if not mine:
        return []
    listed = (
        PracticePlace.objects.open()
        .filter(mine, ends_on__gte=today)
        .select_related("host", "intake__programme__college")
    )
    return list(listed.order_by("ends_on", "pk"))


def _places_to_fill(user: Any, colleges: set[int], today: date) -> list[Duty]:
    places = [place for place in open_places_of(user, today) if place.intake.programme.college_id in colleges]
    if not places:
        return []
    taking = Placement.objects.taking().filter(place__in=places).order_by()
    taken = dict(taking.values_list("place").annotate(number=Count("pk")))
    free = {place: place.seats - taken.get(place.pk, 0) for place in places}
    return [
        Duty(
            title=_("Place students: %(free)d places are free") % {"free": free[place]},
            about=str(place),
            url=place.get_absolute_url(),
            organisation=str(place.intake.programme.college),
            due_on=place.starts_on,
        )
        for place in places
        if free[place] > 0
    ]


def _mentors_to_name(user: Any, colleges: set[int], hosts: set[int], today: date) -> list[Duty]:
    return [
        Duty(
            title=_("Name a mentor"),
            about=place.title,
            url=place.get_absolute_url(),
            organisation=str(place.host),
            due_on=place.starts_on,
        )
        for place in open_places_of(user, today)
        if place.mentor_id is None and (place.host_id in hosts or place.intake.programme.college_id in colleges)
    ]


def _placements_to_look_after(colleges: set[int], hosts: set[int], today: date) -> list[Duty]:
    """Practice that should have begun or ended, and certificates of which the college reminds its students."""
    planned = Q(state=PlacementState.PLANNED, starts_on__lte=today + CERTIFICATE_AHEAD)
    over = Q(state=PlacementState.STARTED, ends_on__lt=today)
    mine = any_of(place__host__in=hosts, place__intake__programme__college__in=colleges)
    placements = rows_if_any(listed_placements().filter(planned | over, mine).order_by())

    def whose(placement: Placement) -> Organisation:
        college = placement.place.intake.programme.college
        return college if college.pk in colleges else placement.place.host

    late = [one for one in placements if one.state == PlacementState.PLANNED and one.starts_on < today]
    ended = [one for one in placements if one.state == PlacementState.STARTED]
    unready = [
        one
        for one in placements
        if one.state == PlacementState.PLANNED and one.starts_on >= today and whose(one).pk in colleges
        if lacks_certificate(one, one.starts_on)
    ]
    url = reverse("placements:placements")
    return [
        *_counted(late, _("Practice should have begun: see who has come"), f"{url}?state=planned", whose),
        *_counted(unready, _("Remind students of their medical certificates"), f"{url}?state=planned", whose),
        *_counted(ended, _("Practice is over: see that it is completed"), f"{url}?state=started", whose),
    ]


def _certificates_to_bring(user: Any, today: date) -> list[Duty]:
    family = family_of(user)
    if not family:
        return []
    placements = listed_placements().filter(
        person__in=family,
        state=PlacementState.PLANNED,
        starts_on__lte=today + CERTIFICATE_AHEAD,
        ends_on__gte=today,
    )
    return [
        Duty(
            title=_("Bring a medical certificate before practice begins"),
            about=f"{placement.person.short_name} · {placement.place.title}",
            url=placement.get_absolute_url(),
            organisation=str(placement.place.host),
            due_on=placement.starts_on,
        )
        for placement in rows_if_any(placements)
        if lacks_certificate(placement, max(today, placement.starts_on))
    ]


def _consents_to_give(user: Any, today: date) -> list[Duty]:
    """A guardian consents before a minor is placed, so the question is put as soon as the group has a place."""
    if not family_of(user):
        return []
    wards = {ward.pk: ward for ward in wards_of(user) if is_minor(ward, today)}
    given = Consent.objects.in_force().filter(person__in=wards, purpose=ConsentPurpose.PRACTICE)
    asked = set(wards) - set(given.exclude(given_by=F("person")).values_list("person", flat=True))
    if not asked:
        return []
    intakes = dict(Enrolment.objects.studying().filter(person__in=asked).values_list("person", "intake"))
    places = PracticePlace.objects.open().filter(intake__in=intakes.values(), starts_on__gte=today)
    first: dict[int, PracticePlace] = {}
    for place in places.select_related("host").order_by("-starts_on"):
        first[place.intake_id] = place
    return [
        Duty(
            title=_("Decide on the consent to your child's practice"),
            about=f"{wards[child].short_name} · {first[intake].title}",
            url=reverse("people:consents", args=[child]),
            organisation=str(first[intake].host),
            due_on=first[intake].starts_on,
        )
        for child, intake in intakes.items()
        if intake in first and is_minor(wards[child], first[intake].starts_on)
    ]


def coming(user: Any, today: date) -> list[Coming]:
    """Return when practice begins and ends: one's own, that of one's trainees, and of one's college or plant."""
    if not user.is_authenticated:
        return []
    return [*_own_days(user, today), *_days_of_trainees(user, today), *_days_of_places(user, today)]


def _own_days(user: Any, today: date) -> list[Coming]:
    family = family_of(user)
    if not family:
        return []
    under_way = Q(state__in=[PlacementState.PLANNED, PlacementState.STARTED], ends_on__gte=today)
    placements = listed_placements().filter(under_way, person__in=family)
    days = []
    for placement in rows_if_any(placements[:COMING]):
        about = f"{placement.person.short_name} · {placement.place.title}"
        url, host = placement.get_absolute_url(), str(placement.place.host)
        if placement.starts_on > today:
            days.append(Coming(placement.starts_on, _("Practice begins"), about, url, host))
        days.append(Coming(placement.ends_on, _("Practice ends"), about, url, host))
    return days


def _days_of_trainees(user: Any, today: date) -> list[Coming]:
    mine = trainees_of(user)
    beginning = [one for one in mine if one.state == PlacementState.PLANNED and one.starts_on > today]
    ending = [one for one in mine if one.ends_on > today]
    return [
        *_trainees_by_day(beginning, _("Trainees come to you"), lambda one: one.starts_on),
        *_trainees_by_day(ending, _("Your trainees end their practice"), lambda one: one.ends_on),
    ]


def _trainees_by_day(placements: Iterable[Placement], title: str, day_of: Callable[[Placement], date]) -> list[Coming]:
    by_day = defaultdict(list)
    for placement in placements:
        by_day[day_of(placement), placement.place.host].append(placement.person)
    url = reverse("placements:mine")
    return [
        Coming(day, title, names_of(persons), url, str(host), len(persons)) for (day, host), persons in by_day.items()
    ]


def _days_of_places(user: Any, today: date) -> list[Coming]:
    mine = standing(user).organisations(*HOST_OFFICE, *COLLEGE_OFFICE, *READERS)
    days = []
    for place in open_places_of(user, today):
        if place.ends_on == today or not mine & {place.host_id, place.intake.programme.college_id}:
            continue
        about = f"{place.title} · {place.intake.programme.college}"
        url, host = place.get_absolute_url(), str(place.host)
        if place.starts_on > today:
            days.append(Coming(place.starts_on, _("Practice begins"), about, url, host))
        days.append(Coming(place.ends_on, _("Practice ends"), about, url, host))
    return days
