"""Reads for the screens of programmes, intakes and facilities."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from kuznitsa.base.duties import COMING, Coming, Duty, rows_if_any
from kuznitsa.base.memo import per_request
from kuznitsa.clusters.models import Cluster
from kuznitsa.organisations.enums import TEACHING, Role
from kuznitsa.organisations.models import Organisation
from kuznitsa.organisations.queries import standing
from kuznitsa.people.queries import family_of
from kuznitsa.programmes.enums import PLACELESS_STATES, FacilityState, IntakeState
from kuznitsa.programmes.models import Enrolment, Facility, Intake, Programme
from kuznitsa.programmes.permissions import GROUP_READERS, OFFICE

# So long before its day a laboratory that is not accepted yet is a duty.
FACILITY_AHEAD = timedelta(days=30)
_TAKING = ~Q(enrolments__state__in=PLACELESS_STATES)


def colleges_managed_by(user: Any) -> QuerySet[Organisation]:
    """Return the colleges whose programmes `user` may change."""
    colleges = Organisation.objects.filter(kind__in=TEACHING).order_by("short_name")
    return colleges if user.is_staff else colleges.filter(pk__in=standing(user).organisations(*OFFICE))


def listed_programmes() -> QuerySet[Programme]:
    return Programme.objects.select_related("occupation", "college__region").order_by("occupation__code", "pk")


def intakes_with_taken_places(programme: Programme) -> QuerySet[Intake]:
    """Return the intakes of a programme, newest first, each with the number `taken` of its places."""
    return (
        Intake.objects.filter(programme=programme)
        .annotate(taken=Count("enrolments", filter=_TAKING))
        .order_by("-starts_on")
    )


def taken_places(intake: Intake) -> int:
    return Enrolment.objects.taking_places().filter(intake=intake).count()


def group_of(intake: Intake) -> QuerySet[Enrolment]:
    """Return everybody who was ever enrolled in `intake`, by name; not those who were entered by mistake."""
    return intake.enrolments.real().select_related("person", "intake").order_by("person__search", "pk")


def facilities_of(organisation: Organisation) -> QuerySet[Facility]:
    """Return what `organisation` owns or pays for, the nearest deadline first."""
    own = Q(organisation=organisation) | Q(sponsor=organisation)
    return Facility.objects.filter(own).select_related("organisation", "sponsor").order_by("due_on", "name")


def panel_of_organisation(request: Any, organisation: Organisation) -> dict[str, Any] | None:
    """Return what a college teaches and where, or which laboratories a plant pays for; None for the others."""
    programmes = list(listed_programmes().filter(college=organisation))
    facilities = list(facilities_of(organisation))
    return {"programmes": programmes, "facilities": facilities} if programmes or facilities else None


def panel_of_cluster(request: Any, cluster: Cluster) -> dict[str, Any] | None:
    """Return what is taught in a cluster, and where; None when nothing is yet."""
    programmes = list(listed_programmes().filter(cluster=cluster))
    facilities = list(cluster.facilities.order_by("due_on", "name"))
    return {"programmes": programmes, "facilities": facilities} if programmes or facilities else None


def duties(user: Any, today: date) -> list[Duty]:
    """Return what the colleges of `user` have to accept soon, and the groups whose first or last day has come."""
    offices = standing(user).organisations(*OFFICE)
    if not offices:
        return []
    return [*_facilities_to_accept(user, offices, today), *_intakes_to_move(user, offices, today)]


@per_request
def unfinished_intakes(user: Any) -> list[Intake]:
    """Return the groups that the user's colleges teach or will teach, whatever the user does there; one query."""
    unfinished = Intake.objects.filter(
        programme__college__in=standing(user).organisations(), state__in=[IntakeState.PLANNED, IntakeState.STUDYING]
    )
    return list(unfinished.select_related("programme__occupation", "programme__college"))


@per_request
def facilities_not_accepted(user: Any) -> list[Facility]:
    """Return what the user's organisations equip or pay for and have not accepted, the nearest day first; one query."""
    mine = standing(user).organisations(*OFFICE, Role.EMPLOYER_HR)
    if not mine:
        return []
    own = Q(organisation__in=mine) | Q(sponsor__in=mine)
    waiting = Facility.objects.filter(own, due_on__isnull=False).exclude(state=FacilityState.ACCEPTED)
    return list(waiting.select_related("organisation").order_by("due_on", "pk"))


def _facilities_to_accept(user: Any, offices: set[int], today: date) -> list[Duty]:
    soon = today + FACILITY_AHEAD
    return [
        Duty(
            title=_("Accept the %(kind)s, or move its day") % {"kind": facility.get_kind_display()},
            about=capfirst(facility.name),
            url=facility.get_absolute_url(),
            organisation=str(facility.organisation),
            due_on=facility.due_on,
        )
        for facility in facilities_not_accepted(user)
        if facility.organisation_id in offices and facility.due_on and facility.due_on <= soon
    ]


def _intakes_to_move(user: Any, offices: set[int], today: date) -> list[Duty]:
    return [
        Duty(
            title=_("Begin the studies of the group")
            if intake.state == IntakeState.PLANNED
            else _("Record that the group has graduated"),
            about=_group(intake),
            url=intake.get_absolute_url(),
            organisation=str(intake.programme.college),
            due_on=intake.starts_on if intake.state == IntakeState.PLANNED else intake.ends_on,
        )
        for intake in unfinished_intakes(user)
        if intake.programme.college_id in offices
        if (intake.starts_on if intake.state == IntakeState.PLANNED else intake.ends_on) <= today
    ]


def _group(intake: Intake) -> str:
    return f"{intake.programme.occupation} {intake.group_name}".strip()


def coming(user: Any, today: date) -> list[Coming]:
    """Return when studies begin and end: one's own, and those of the groups of one's college; facilities ahead."""
    if not user.is_authenticated:
        return []
    family, colleges = family_of(user), standing(user).organisations(*GROUP_READERS)
    groups = [intake for intake in unfinished_intakes(user) if intake.programme.college_id in colleges]
    days = _days(groups, today)
    if family:
        studying = Enrolment.objects.studying().filter(person__in=family)
        days += days_of_intakes(Intake.objects.filter(pk__in=studying.values("intake")), today)
    return [*days, *_facilities_ahead(user, today)]


def days_of_intakes(intakes: QuerySet[Intake], today: date) -> list[Coming]:
    """Return the first and last days of study of `intakes` that lie ahead."""
    unfinished = intakes.filter(state__in=[IntakeState.PLANNED, IntakeState.STUDYING], ends_on__gt=today)
    return _days(rows_if_any(unfinished.select_related("programme__occupation", "programme__college")), today)


def _days(unfinished: Iterable[Intake], today: date) -> list[Coming]:
    ending = [intake for intake in unfinished if intake.ends_on > today]
    beginning = [intake for intake in ending if intake.starts_on > today]
    return [
        *(_day(intake.starts_on, _("Studies begin"), intake) for intake in beginning),
        *(_day(intake.ends_on, _("Studies end"), intake) for intake in ending),
    ]


def _day(on: date, title: str, intake: Intake) -> Coming:
    return Coming(on, title, _group(intake), intake.get_absolute_url(), str(intake.programme.college))


def _facilities_ahead(user: Any, today: date) -> list[Coming]:
    return [
        Coming(
            on=facility.due_on,
            title=_("The %(kind)s is to be ready") % {"kind": facility.get_kind_display()},
            about=capfirst(facility.name),
            url=facility.get_absolute_url(),
            organisation=str(facility.organisation),
        )
        for facility in facilities_not_accepted(user)
        if facility.due_on and facility.due_on > today
    ][:COMING]
