"""The home page: what needs me now, what comes next, how promises and my thread are doing, what I can start."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import ANSWERED_STATES, ContractState
from kuznitsa.admissions.models import Application, Seat, TargetContract
from kuznitsa.admissions.queries import coming as admissions_coming
from kuznitsa.admissions.queries import duties as admissions_duties
from kuznitsa.agreements.queries import OwnPromises, promises_of
from kuznitsa.agreements.queries import coming as agreements_coming
from kuznitsa.agreements.queries import duties as agreements_duties
from kuznitsa.base.duties import COMING, Coming, Duty
from kuznitsa.base.jobs import failed_since
from kuznitsa.base.mail import unsent
from kuznitsa.clusters.models import Cluster
from kuznitsa.clusters.queries import duties as clusters_duties
from kuznitsa.demand.queries import duties as demand_duties
from kuznitsa.insight.queries import Scope, band
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.models import Organisation
from kuznitsa.organisations.queries import duties as organisations_duties
from kuznitsa.organisations.queries import invitations_without_answer, organisations_of, standing, unkept
from kuznitsa.outcomes.models import ExamResult, Hire
from kuznitsa.outcomes.queries import coming as outcomes_coming
from kuznitsa.outcomes.queries import duties as outcomes_duties
from kuznitsa.people.models import Person
from kuznitsa.people.queries import duties as people_duties
from kuznitsa.people.queries import family_of
from kuznitsa.placements.enums import PlacementState
from kuznitsa.placements.models import Placement
from kuznitsa.placements.queries import coming as placements_coming
from kuznitsa.placements.queries import duties as placements_duties
from kuznitsa.programmes.queries import coming as programmes_coming
from kuznitsa.programmes.queries import duties as programmes_duties
from kuznitsa.ui.clocks import ahead
from kuznitsa.ui.parts import Event, Stage, Step

SOURCES: tuple[Callable[[Any, date], list[Duty]], ...] = (
    organisations_duties,
    people_duties,
    clusters_duties,
    demand_duties,
    agreements_duties,
    programmes_duties,
    admissions_duties,
    placements_duties,
    outcomes_duties,
)
CALENDARS: tuple[Callable[[Any, date], list[Coming]], ...] = (
    agreements_coming,
    programmes_coming,
    admissions_coming,
    placements_coming,
    outcomes_coming,
)
SHOWN_BANDS = 3
SHOWN_UNKEPT = 5
# Failed jobs of so many days are shown to those who run the installation.
FAILURES = timedelta(days=7)
A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class BandCard:
    """How one thread is doing: of an enterprise, a college or a cluster of the user."""

    title: str
    url: str
    stages: list[Stage]


@dataclass(frozen=True)
class Shortcut:
    """Something the user often starts."""

    label: str
    url: str
    icon: str


@dataclass(frozen=True)
class Administration:
    """What those who run the installation look after: where it is done, and organisations that nobody keeps."""

    links: list[Shortcut]
    unkept: list[Organisation]
    unkept_count: int


def duties_of(user: Any, today: date) -> list[Duty]:
    """Return all that waits for `user`: what is due first comes first, what has no date comes last."""
    # Whoever both keeps an organisation and runs the installation is told once.
    found = {duty for source in (*SOURCES, _duties_of_staff) for duty in source(user, today)}
    return sorted(found, key=lambda duty: (duty.due_on or date.max, duty.organisation, duty.title, duty.about))


def coming_of(user: Any, today: date, duties: list[Duty]) -> list[Event]:
    """Return the nearest days that concern `user`, without those that `duties` name already."""
    named = {(duty.url, duty.due_on) for duty in duties}
    found = {row for source in CALENDARS for row in source(user, today) if (row.url, row.on) not in named}
    rows = sorted(found, key=lambda row: (row.on, row.title, row.about, row.organisation, row.url))[:COMING]
    # What lies years ahead is shown to those only who have nothing nearer.
    nearest = [row for row in rows if row.on <= today + A_YEAR] or rows[:1]
    return [
        Event(
            on=row.on,
            title=f"{row.title} ({row.count})" if row.count > 1 else row.title,
            text=" · ".join(filter(None, (ahead((row.on - today).days), capfirst(row.about), row.organisation))),
            url=row.url,
            icon="calendar-days",
        )
        for row in nearest
    ]


def promises_at_home(user: Any, today: date) -> OwnPromises | None:
    """Return what the organisations of `user` owe and are owed; None when there is nothing."""
    return promises_of(sorted(standing(user).organisations()), today)


def administration_of(user: Any) -> Administration | None:
    """Return what somebody who runs the installation looks after; None for everybody else."""
    if not user.is_staff:
        return None
    places = [
        ("", _("Add an organisation"), "organisations:create", "building-2"),
        ("", _("Roles"), "organisations:roles", "users"),
        ("accounts.view_user", _("Accounts"), "admin:accounts_user_changelist", "circle-user-round"),
        ("classifiers.view_occupation", _("Occupations"), "admin:classifiers_occupation_changelist", "list"),
        ("base.view_sentletter", _("Letters"), "admin:base_sentletter_changelist", "mail"),
        ("django_q.view_ormq", _("Jobs that wait"), "admin:django_q_ormq_changelist", "clock"),
    ]
    links = [
        Shortcut(label, reverse(name), icon) for right, label, name, icon in places if not right or user.has_perm(right)
    ]
    organisations = unkept()
    return Administration(links, list(organisations[:SHOWN_UNKEPT]), organisations.count())


def _duties_of_staff(user: Any, today: date) -> list[Duty]:
    """What has gone wrong in the installation: letters, jobs, invitations."""
    if not user.is_staff:
        return []
    expired = list(invitations_without_answer(today).order_by("-expires_at")[:SHOWN_UNKEPT])
    duties = [
        Duty(
            title=_("Remind of the invitation, or send it again"),
            about=f"{invitation.full_name or invitation.email} · {invitation.get_role_display()}",
            url=reverse("organisations:people", args=[invitation.organisation.slug]),
            organisation=str(invitation.organisation),
            due_on=timezone.localdate(invitation.expires_at),
        )
        for invitation in expired
    ]
    if letters := unsent():
        url = reverse("admin:base_sentletter_changelist")
        duties.append(
            Duty(
                title=_("Look why letters could not be sent"),
                about=_("of the last thousand"),
                url=f"{url}?status__exact=failed",
                count=letters,
            )
        )
    if jobs := failed_since(timezone.now() - FAILURES):
        url = reverse("admin:django_q_failure_changelist")
        duties.append(
            Duty(title=_("Look why jobs have failed"), about=_("attempts of the last 7 days"), url=url, count=jobs)
        )
    return duties


def bands_of(user: Any) -> list[BandCard]:
    """Return how the threads of the user's organisations, or of the clusters they oversee, are doing."""
    scopes = [
        (str(organisation), scope)
        for organisation in organisations_of(user)
        if (scope := Scope.of_organisation(organisation)) is not None
    ]
    held = standing(user)
    if not scopes and held.oversees_all:
        scopes = [(_("All clusters"), Scope())]
    elif not scopes and held.roles:
        scopes = [(str(cluster), Scope(cluster=cluster)) for cluster in Cluster.objects.of(user).order_by("search")]
    cards = [BandCard(title, scope.url("insight:thread"), band(scope)) for title, scope in scopes[:SHOWN_BANDS]]
    return [card for card in cards if any(stage.value for stage in card.stages)]


def shortcuts_of(user: Any) -> list[Shortcut]:
    """Return what people of the user's roles most often start."""
    held = standing(user)
    offered = {
        Role.EMPLOYER_HR: Shortcut(_("State a need"), reverse("demand:list"), "factory"),
        Role.ADMISSIONS: Shortcut(_("Campaigns"), reverse("admissions:campaigns"), "calendar-range"),
    }
    return [shortcut for role, shortcut in offered.items() if held.organisations(role)]


def paths_of(user: Any) -> list[tuple[Person, list[Step]]]:
    """Return the way of the user and of their wards along the thread; empty for those who are on no thread.

    The steps lead from the application to work, each done, current or still ahead; as many queries as steps.
    """
    family = family_of(user)
    if not family:
        return []
    of_family = Q(person__in=family)
    applications = _last(Application.objects.filter(of_family))
    seats = _last(Seat.objects.filter(application__person__in=family).annotate(person_id=F("application__person")))
    contracts = _last(TargetContract.objects.filter(of_family).exclude(state=ContractState.ANNULLED).defer("terms"))
    placements = _last(Placement.objects.filter(of_family))
    exams = _last(ExamResult.objects.filter(of_family))
    hires = _last(Hire.objects.filter(of_family))

    def path(of: int) -> list[Step]:
        return [
            _step(_("Application"), applications.get(of), done=lambda row: row.submitted_at is not None),
            _step(_("Seat"), seats.get(of), done=lambda row: row.state in ANSWERED_STATES),
            _step(_("Contract"), contracts.get(of), done=lambda row: row.state != ContractState.SIGNING),
            _step(_("Practice"), placements.get(of), done=lambda row: row.state == PlacementState.COMPLETED),
            _step(_("Exam"), exams.get(of), done=lambda row: row.passed),
            _step(_("Work"), hires.get(of), done=lambda row: True),
        ]

    found = [(person, path(person.pk)) for person in Person.objects.filter(pk__in=family).by_name()]
    return [(person, steps) for person, steps in found if person.user_id != user.pk or steps[0].state != "todo"]


def _last(rows: QuerySet[Any]) -> dict[int, Any]:
    """Return the newest row of each person."""
    return {row.person_id: row for row in rows.order_by("pk")}


def _step(label: str, row: Any, *, done: Callable[[Any], bool]) -> Step:
    if row is None:
        return Step(label)
    note = row.get_state_display() if hasattr(row, "get_state_display") else ""
    return Step(label, "done" if done(row) else "current", note, row.get_absolute_url())
