"""Practice: places opened and closed, students placed, started, completed, and every step back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.base.audit import audit
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.saving import save_or_refuse
from kuznitsa.base.workflow import move
from kuznitsa.clusters.models import Cluster
from kuznitsa.facts.actions import record, reverse_source
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact
from kuznitsa.organisations.models import Organisation, Site
from kuznitsa.people.actions import affiliate
from kuznitsa.people.enums import AffiliationKind
from kuznitsa.people.models import Person
from kuznitsa.placements import notifications, permissions, queries
from kuznitsa.placements.enums import TAKING_STATES, AtFault, PlacementState, PlaceState
from kuznitsa.placements.models import Placement, PracticePlace
from kuznitsa.programmes.models import Intake


@dataclass(frozen=True)
class Placed:
    """What came of placing many: those placed, and those who could not be, each with the reason."""

    placements: list[Placement] = field(default_factory=list)
    refused: list[tuple[Person, str]] = field(default_factory=list)


@transaction.atomic
def open_place(
    *,
    host: Organisation,
    intake: Intake,
    title: str,
    seats: int,
    starts_on: date,
    ends_on: date,
    by: Any,
    at: datetime,
    hours_a_day: int = 6,
    is_harmful: bool = False,
    mentor: Any = None,
    site: Site | None = None,
    cluster: Cluster | None = None,
) -> PracticePlace:
    """Open practice places at a plant for a group.

    Refused when the user may not, or the dates, hours or number are impossible. Effects: fact
    PRACTICE_PLACE_OPENED with the number of places, on the thread of the plant's offer to the group.
    """
    refuse_if(permissions.why_not_open_place(by, host, intake))
    place = PracticePlace(
        host=host,
        cluster=cluster or intake.programme.cluster,
        intake=intake,
        site=site,
        title=title.strip(),
        seats=seats,
        starts_on=starts_on,
        ends_on=ends_on,
        hours_a_day=hours_a_day,
        is_harmful=is_harmful,
        mentor=mentor,
    )
    save_or_refuse(place)
    _record_opening(place, by, at)
    audit("placements.practiceplace.opened", place, by=by, at=at, seats=seats)
    return place


@transaction.atomic
def edit_place(*, place: PracticePlace, by: Any, at: datetime, **changes: Any) -> PracticePlace:
    """Change a place; `changes` are its fields.

    Refused when the user may not, fewer places are left than are taken, or the values are impossible.
    Effects: when the number changes, the fact is reversed and written anew; a new mentor takes over practice
    that is not over.
    """
    refuse_if(permissions.why_not_change_place(by, place))
    was = PracticePlace.objects.select_for_update(of=("self",)).get(pk=place.pk)
    for name, value in changes.items():
        setattr(place, name, value)
    if place.seats < (taken := queries.taken(place)):
        raise Refused(_("%(taken)d places are taken already: there cannot be fewer.") % {"taken": taken})
    save_or_refuse(place)
    if place.seats != was.seats:
        reverse_source(
            source=place,
            on=timezone.localdate(at),
            reason=_("the number of places was changed"),
            by=by,
            at=at,
            kind=FactKind.PRACTICE_PLACE_OPENED,
        )
        _record_opening(place, by, at)
    if place.mentor_id != was.mentor_id:
        waiting = place.placements.filter(state__in=[PlacementState.PLANNED, PlacementState.STARTED])
        waiting.filter(mentor=was.mentor_id).update(mentor=place.mentor_id)
    audit("placements.practiceplace.edited", place, by=by, at=at)
    return place


@transaction.atomic
def close_place(*, place: PracticePlace, reason: str, by: Any, at: datetime) -> None:
    """Take no more students here. Refused when the user may not, or no reason is given.

    Effects: places that nobody ever took no longer count as opened: their fact is reversed.
    """
    refuse_if(permissions.why_not_change_place(by, place))
    refuse_if("" if reason.strip() else _("Say why."))
    move(place, PlaceState.CLOSED, by=by, at=at, reason=reason)
    if not place.placements.filter(state__in=TAKING_STATES).exists():
        on = timezone.localdate(at)
        reverse_source(source=place, on=on, reason=reason, by=by, at=at, kind=FactKind.PRACTICE_PLACE_OPENED)


@transaction.atomic
def reopen_place(*, place: PracticePlace, by: Any, at: datetime) -> None:
    """Take students here again. Refused when the user may not, or it is open."""
    refuse_if(permissions.why_not_change_place(by, place))
    move(place, PlaceState.OPEN, by=by, at=at)
    facts = Fact.objects.from_source(place).effective().filter(kind=FactKind.PRACTICE_PLACE_OPENED)
    if not facts.exists():
        _record_opening(place, by, at)


@transaction.atomic
def place_students(
    *, place: PracticePlace, persons: Iterable[Person], by: Any, at: datetime, mentor: Any = None
) -> Placed:
    """Place students of the group; whom the law keeps away is left out and reported with the reason.

    Refused when the user may not, the place is closed, or more students are named than places are free.
    Effects: placements with the mentor of the place (or `mentor`), the plant may see the students, a letter
    to the mentor.
    """
    refuse_if(permissions.why_not_place(by, place))
    place = _locked(place)
    persons = list(persons)
    _refuse_crowd(place, len(persons))
    placed = Placed()
    for person in persons:
        reason = permissions.why_person_may_not(person, place, place.starts_on) or _why_twice(person, place)
        if reason:
            placed.refused.append((person, reason))
        else:
            placed.placements.append(_place(place, person, mentor or place.mentor, by, at))
    if placed.placements:
        transaction.on_commit(partial(notifications.trainees_placed, place.pk))
    return placed


@transaction.atomic
def prepare_placement(
    *,
    placement: Placement,
    by: Any,
    at: datetime,
    briefed_on: date | None = None,
    medical_until: date | None = None,
) -> None:
    """Note what the gate asks for: the day of the safety briefing, until when the medical certificate is valid.

    What is not named stays as it is. Refused when the user may not, or the briefing lies in the future.
    """
    refuse_if(permissions.why_not_follow(by, placement))
    if briefed_on is not None and briefed_on > timezone.localdate(at):
        raise Refused(_("This day has not come yet."))
    placement.briefed_on = briefed_on or placement.briefed_on
    placement.medical_until = medical_until or placement.medical_until
    placement.save(update_fields=["briefed_on", "medical_until"])
    audit("placements.placement.prepared", placement, by=by, at=at)


@transaction.atomic
def start_placement(*, placement: Placement, by: Any, at: datetime, on: date | None = None) -> None:
    """The student has come and begins.

    Refused when the user may not, practice is not planned, or the gate is not passed: the reason lists what is
    missing and who sees to it.
    """
    on = on or timezone.localdate(at)
    refuse_if(permissions.why_not_start(by, placement))
    if on > timezone.localdate(at):
        raise Refused(_("This day has not come yet."))
    missing = queries.missing_at_gate(placement, on)
    if missing:
        raise Refused(_("Practice cannot start: %(missing)s.") % {"missing": "; ".join(map(str, missing))})
    move(placement, PlacementState.STARTED, by=by, at=at)
    if on > placement.starts_on:
        placement.starts_on = on
        placement.ends_on = max(on, placement.ends_on)
        placement.save(update_fields=["starts_on", "ends_on"])


@transaction.atomic
def mark_no_show(*, placement: Placement, at_fault: AtFault, by: Any, at: datetime, reason: str = "") -> None:
    """The student did not come. Refused when the user may not, or practice is not planned. The place is free again."""
    refuse_if(permissions.why_not_start(by, placement))
    _stop(placement, PlacementState.NO_SHOW, at_fault, reason, by, at)


@transaction.atomic
def interrupt_placement(*, placement: Placement, at_fault: AtFault, reason: str, by: Any, at: datetime) -> None:
    """Practice has stopped before its end. Refused when it has not started, the user may not, or no reason is given."""
    refuse_if(permissions.why_not_complete(by, placement))
    refuse_if("" if reason.strip() else _("Say why."))
    _stop(placement, PlacementState.INTERRUPTED, at_fault, reason, by, at)


@transaction.atomic
def complete_placement(
    *,
    placement: Placement,
    hours: int,
    mark: int,
    by: Any,
    at: datetime,
    characteristic: str = "",
    on: date | None = None,
) -> None:
    """Practice is done: hours worked, mark 2 to 5, a few words of the mentor.

    Refused when it has not started, the user may not, there are no hours, the mark is impossible, or the day
    lies in the future. Effects: fact PRACTICE_HOURS, and PRACTICE_COMPLETED if it is the first completed
    practice of the person on the thread, so that the number counts persons.
    """
    refuse_if(permissions.why_not_complete(by, placement))
    if hours <= 0:
        raise Refused(_("Say how many hours were worked."))
    on = on or min(timezone.localdate(at), placement.ends_on)
    placement.hours, placement.mark, placement.characteristic = hours, mark, characteristic.strip()
    save_or_refuse(placement)
    move(placement, PlacementState.COMPLETED, by=by, at=at)
    _record(FactKind.PRACTICE_HOURS, placement, quantity=hours, on=on, by=by, at=at)
    if not _completions_of(placement).exists():
        _record(FactKind.PRACTICE_COMPLETED, placement, quantity=1, on=on, by=by, at=at)


@transaction.atomic
def reopen_placement(*, placement: Placement, reason: str, by: Any, at: datetime) -> None:
    """Take the last step back: completed or interrupted practice goes on, the others are planned again.

    Refused when the user may not, no reason is given, or the place has been taken by somebody else.
    Effects: facts of the completion are reversed; if the person has completed other practice on the thread,
    that one counts from now on.
    """
    refuse_if(permissions.why_not_reopen(by, placement))
    refuse_if("" if reason.strip() else _("Say why."))
    was = placement.state
    if was not in TAKING_STATES:
        _refuse_crowd(_locked(placement.place), 1)
    back = {PlacementState.COMPLETED: PlacementState.STARTED, PlacementState.INTERRUPTED: PlacementState.STARTED}
    move(placement, back.get(PlacementState(was), PlacementState.PLANNED), by=by, at=at, reason=reason)
    placement.at_fault, placement.state_reason = "", ""
    placement.save(update_fields=["at_fault", "state_reason"])
    if was == PlacementState.COMPLETED:
        reverse_source(source=placement, on=timezone.localdate(at), reason=reason, by=by, at=at)
        _count_another(placement, by, at)


@transaction.atomic
def cancel_placement(*, placement: Placement, reason: str, by: Any, at: datetime) -> None:
    """Take a student off a place before practice starts. Refused when it has started, or no reason is given."""
    refuse_if(permissions.why_not_cancel(by, placement))
    refuse_if("" if reason.strip() else _("Say why."))
    _stop(placement, PlacementState.CANCELLED, "", reason, by, at)


def _stop(placement: Placement, state: PlacementState, at_fault: str, reason: str, by: Any, at: datetime) -> None:
    move(placement, state, by=by, at=at, reason=reason)
    placement.at_fault, placement.state_reason = at_fault, reason.strip()[:300]
    placement.save(update_fields=["at_fault", "state_reason"])


def _locked(place: PracticePlace) -> PracticePlace:
    """Lock the place while seats are counted, so that two people do not take the last one."""
    return PracticePlace.objects.select_for_update(of=("self",)).get(pk=place.pk)


def _refuse_crowd(place: PracticePlace, newcomers: int) -> None:
    free = place.seats - queries.taken(place)
    if newcomers > free:
        raise Refused(
            _("Only %(free)d of %(seats)d places are free, %(newcomers)d are asked for.")
            % {"free": max(0, free), "seats": place.seats, "newcomers": newcomers}
        )


def _why_twice(person: Person, place: PracticePlace) -> str:
    if Placement.objects.taking().filter(place=place, person=person).exists():
        return _("%(person)s has this place already.") % {"person": person}
    return ""


def _place(place: PracticePlace, person: Person, mentor: Any, by: Any, at: datetime) -> Placement:
    contract = queries.contract_for(person)
    placement = Placement(
        place=place,
        person=person,
        mentor=mentor,
        contract=contract,
        thread=contract.offer.thread if contract else None,
        starts_on=place.starts_on,
        ends_on=place.ends_on,
    )
    save_or_refuse(placement)
    affiliate(
        person=person,
        organisation=place.host,
        kind=AffiliationKind.TRAINEE,
        on=timezone.localdate(at),
        by=by,
        at=at,
    )
    audit("placements.placement.planned", placement, by=by, at=at)
    return placement


def _record_opening(place: PracticePlace, by: Any, at: datetime) -> None:
    record(
        kind=FactKind.PRACTICE_PLACE_OPENED,
        on=timezone.localdate(at),
        quantity=place.seats,
        organisation=place.host,
        counterpart=place.intake.programme.college,
        cluster=place.cluster,
        thread=queries.thread_of_place(place.host, place.intake),
        source=place,
        by=by,
        at=at,
    )


def _record(kind: FactKind, placement: Placement, *, quantity: int, on: date, by: Any, at: datetime) -> None:
    record(
        kind=kind,
        on=on,
        quantity=quantity,
        organisation=placement.place.host,
        counterpart=placement.place.intake.programme.college,
        cluster=placement.place.cluster,
        person=placement.person,
        thread=placement.thread,
        source=placement,
        by=by,
        at=at,
    )


def _completions_of(placement: Placement) -> Any:
    """Return the facts that count this person as one who has completed practice on the thread (or at the plant)."""
    facts = Fact.objects.effective().filter(
        kind=FactKind.PRACTICE_COMPLETED, person=placement.person, thread=placement.thread
    )
    return facts if placement.thread_id else facts.filter(organisation=placement.place.host_id)


def _count_another(placement: Placement, by: Any, at: datetime) -> None:
    if _completions_of(placement).exists():
        return
    other = (
        Placement.objects.filter(person=placement.person, thread=placement.thread, state=PlacementState.COMPLETED)
        .exclude(pk=placement.pk)
        .select_related("place__host", "place__intake__programme__college", "person", "thread")
        .order_by("ends_on")
        .first()
    )
    if other is not None and (placement.thread_id or other.place.host_id == placement.place.host_id):
        on = min(timezone.localdate(at), other.ends_on)
        _record(FactKind.PRACTICE_COMPLETED, other, quantity=1, on=on, by=by, at=at)
