"""The home page: what needs me now, how my thread is doing, what I can start."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import ContractState, SeatState
from kuznitsa.admissions.models import Application, Seat, TargetContract
from kuznitsa.admissions.queries import duties as admissions_duties
from kuznitsa.agreements.queries import duties as agreements_duties
from kuznitsa.base.duties import Duty
from kuznitsa.clusters.models import Cluster
from kuznitsa.clusters.queries import duties as clusters_duties
from kuznitsa.demand.queries import duties as demand_duties
from kuznitsa.insight.queries import Scope, band
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.queries import duties as organisations_duties
from kuznitsa.organisations.queries import organisations_of, standing
from kuznitsa.outcomes.models import ExamResult, Hire
from kuznitsa.outcomes.queries import duties as outcomes_duties
from kuznitsa.people.models import Person
from kuznitsa.people.queries import duties as people_duties
from kuznitsa.placements.enums import PlacementState
from kuznitsa.placements.models import Placement
from kuznitsa.placements.queries import duties as placements_duties
from kuznitsa.programmes.queries import duties as programmes_duties
from kuznitsa.ui.parts import Stage, Step

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
SHOWN_BANDS = 3


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


def duties_of(user: Any, today: date) -> list[Duty]:
    """Return all that waits for `user`: what is due first comes first, what has no date comes last."""
    found = [duty for source in SOURCES for duty in source(user, today)]
    return sorted(found, key=lambda duty: (duty.due_on or date.max, duty.organisation, duty.title))


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
    """Return the way of the user and of their wards along the thread; empty for those who are on no thread."""
    persons = Person.objects.own_and_wards(user).by_name()
    found = [(person, path_of(person)) for person in persons]
    return [(person, steps) for person, steps in found if person.user_id != user.pk or steps[0].state != "todo"]


def path_of(person: Person) -> list[Step]:
    """Return the steps from application to work, each done, current or still ahead."""
    application = Application.objects.filter(person=person).select_related("campaign").order_by("-pk").first()
    seat = Seat.objects.filter(application__person=person).select_related("offer__employer").order_by("-pk").first()
    contract = (
        TargetContract.objects.filter(person=person).exclude(state=ContractState.ANNULLED).order_by("-pk").first()
    )
    placement = Placement.objects.filter(person=person).select_related("place").order_by("-pk").first()
    exam = ExamResult.objects.filter(person=person).order_by("-pk").first()
    hire = Hire.objects.filter(person=person).select_related("employer").order_by("-pk").first()
    return [
        _step(_("Application"), application, done=lambda row: row.submitted_at is not None),
        _step(_("Seat"), seat, done=lambda row: row.state == SeatState.ACCEPTED),
        _step(_("Contract"), contract, done=lambda row: row.state != ContractState.SIGNING),
        _step(_("Practice"), placement, done=lambda row: row.state == PlacementState.COMPLETED),
        _step(_("Exam"), exam, done=lambda row: row.passed),
        _step(_("Work"), hire, done=lambda row: True),
    ]


def _step(label: str, row: Any, *, done: Callable[[Any], bool]) -> Step:
    if row is None:
        return Step(label)
    note = row.get_state_display() if hasattr(row, "get_state_display") else ""
    return Step(label, "done" if done(row) else "current", note, row.get_absolute_url())
