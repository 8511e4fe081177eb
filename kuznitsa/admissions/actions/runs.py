"""Allocation runs: calculated as a draft, approved by one person, published by another, or discarded."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa import __version__
from kuznitsa.admissions.actions.calculated import keep_calculation
from kuznitsa.admissions.actions.records import freeze_record
from kuznitsa.admissions.enums import CampaignState, PublicationStage, RunStage, RunState
from kuznitsa.admissions.models import AllocationRun, Campaign, Choice, Seat, TargetOffer
from kuznitsa.admissions.notifications import runs as letters
from kuznitsa.admissions.permissions import runs as may
from kuznitsa.admissions.queries.calculated import Report, calculate, without_looking_for_cycles
from kuznitsa.admissions.queries.instances import build_instance, fingerprint
from kuznitsa.admissions.queries.records import Archive, prepare_record
from kuznitsa.admissions.queries.seats import number_in
from kuznitsa.base.audit import audit
from kuznitsa.base.calendars import add_working_days
from kuznitsa.base.jobs import enqueue
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.streaming import stream_alike
from kuznitsa.base.workflow import move
from kuznitsa.engines.allocation import Result
from kuznitsa.facts.actions import Happened, record_many
from kuznitsa.facts.enums import FactKind

# Larger campaigns are calculated and published by a worker.
AT_ONCE = 2_000


class _Given(NamedTuple):
    """A seat to be given, in the order of the fields of `Seat`, and whose it becomes."""

    application: int
    offer: int
    pool: str
    rank: int
    person: int


@transaction.atomic
def run_allocation(*, campaign: Campaign, by: Any, at: datetime) -> AllocationRun:
    """Calculate who gets which seat, as a draft; nothing changes for applicants until it is published.

    A large campaign is calculated by a worker: the draft comes back without a result, which follows.
    Refused while applications are open, without the seed of the draw, without applications, when another
    calculation is under way, or when the user is not of the college's allocators.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    refuse_if(may.why_not_run_allocation(by, campaign))
    if campaign.runs.filter(state=RunState.DRAFT, instance_hash="").exists():
        raise Refused(_("An allocation of this campaign is being calculated just now. Wait for it to be ready."))
    number = (campaign.runs.aggregate(last=Max("number"))["last"] or 0) + 1
    run = AllocationRun.objects.create(
        campaign=campaign,
        number=number,
        seed=campaign.draw_seed,
        code_version=__version__,
        created_by=by,
        created_at=at,
    )
    audit("admissions.run.created", run, by=by, at=at)
    if not _is_large(campaign):
        return calculate_run(run=run, by=by, at=at)
    enqueue("admissions.calculate", run=run.pk)
    return run


def calculate_run(*, run: AllocationRun, by: Any, at: datetime, report: Report = lambda stage: None) -> AllocationRun:
    """Read the applications, calculate the draft, and keep it; `report` is told what it is at.

    Only the keeping is a transaction, and a short one: others write while it calculates. What they change is found
    when the run is approved. Does nothing for a run that is calculated or put aside: of two workers who were given
    the same job one keeps it. Refused when the independent check finds anything wrong.
    """
    if run.is_calculated:
        return run
    report(RunStage.READING)
    with without_looking_for_cycles():
        calculation = calculate(build_instance(run.campaign), report)
    report(RunStage.SAVING)
    with transaction.atomic():
        waiting = AllocationRun.objects.filter(pk=run.pk, state=RunState.DRAFT, instance_hash="")
        if waiting.update(instance_hash=calculation.instance_hash):
            keep_calculation(run=run, calculation=calculation, by=by, at=at)
    run.refresh_from_db()
    return run


@transaction.atomic
def approve_run(*, run: AllocationRun, by: Any, at: datetime) -> AllocationRun:
    """The first of two people stands for the result. Refused for others than drafts with a result.

    Also refused when applications or offers have changed since; of a large campaign that is asked at publication
    only, because reading all of it takes seconds.
    """
    refuse_if(may.why_not_approve_run(by, run))
    if not _is_large(run.campaign):
        refuse_if(_why_not_current(run))
    move(run, RunState.APPROVED, by=by, at=at)
    run.approved_by, run.approved_at = by, at
    run.save(update_fields=["approved_by", "approved_at"])
    return run


@transaction.atomic
def take_back_approval(*, run: AllocationRun, reason: str, by: Any, at: datetime) -> AllocationRun:
    """Make an approved run a draft again, also one that a worker is still to publish. Refused without a reason."""
    refuse_if(may.why_not_take_back_approval(by, run))
    refuse_if("" if reason.strip() else _("Say why the approval is taken back."))
    move(run, RunState.DRAFT, by=by, at=at, reason=reason)
    run.approved_by = run.approved_at = run.published_by = None
    run.save(update_fields=["approved_by", "approved_at", "published_by"])
    return run


@transaction.atomic
def discard_run(*, run: AllocationRun, reason: str, by: Any, at: datetime) -> AllocationRun:
    """Put a run aside that will not be published; it stays on record. Refused without a reason."""
    refuse_if(may.why_not_discard_run(by, run))
    refuse_if("" if reason.strip() else _("Say why the run is discarded."))
    move(run, RunState.DISCARDED, by=by, at=at, reason=reason)
    run.published_by = None
    run.save(update_fields=["published_by"])
    return run


@transaction.atomic
def publish_run(*, run: AllocationRun, by: Any, at: datetime) -> AllocationRun:
    """The second person publishes the result: from now on it is a public record that anybody can recompute.

    A large campaign is published by a worker; until then the run comes back as one that is being published.
    Refused when the same person approved it, when applications or offers have changed since it was calculated, or
    when another run is published. Effects: those of `carry_out_publication`.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=run.campaign_id)
    run.campaign = campaign
    refuse_if(may.why_not_publish_run(by, run))
    # Of two who press at once, the second is told.
    if not AllocationRun.objects.filter(pk=run.pk, state=RunState.APPROVED, published_by=None).update(published_by=by):
        raise Refused(_("It is being published just now."))
    run.published_by = by
    if not _is_large(campaign):
        return carry_out_publication(run=run, by=by, at=at)
    audit("admissions.run.to_be_published", run, by=by, at=at)
    enqueue("admissions.publish", run=run.pk)
    return run


def carry_out_publication(
    *, run: AllocationRun, by: Any, at: datetime, report: Callable[[PublicationStage], None] = lambda stage: None
) -> AllocationRun:
    """Publish a run that two people stand for, in one transaction of seconds, during which others wait.

    What can be prepared before it begins is: the record, and who gets which seat.
    Does nothing for a run that is not to be published (any more). Refused when applications or offers have changed
    since it was calculated, when another run is published, or the result does not stand the independent check.
    Effects: the campaign is published, the public record is frozen, seats with a day to answer by, fact
    SEAT_ALLOCATED for each, letters to applicants and guardians.
    """
    if not run.is_being_published:
        return run
    report(PublicationStage.RECORD)
    run.published_at = at
    with without_looking_for_cycles():
        prepared = prepare_record(run)
        given = _given(run.campaign, prepared.result)
        report(PublicationStage.SEATS)
        with transaction.atomic():
            _publish(run, prepared, given, by, at)
    return run


def _publish(run: AllocationRun, prepared: Archive, given: list[_Given], by: Any, at: datetime) -> None:
    campaign = run.campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=run.campaign_id)
    run.refresh_from_db(fields=["state", "published_by"])
    if not run.is_being_published:
        return
    if campaign.state != CampaignState.CLOSED:
        raise Refused(_("The results of this campaign are published already."))
    # What was prepared from the same applications and offers is right as well.
    refuse_if("" if build_instance(campaign) == prepared.instance else _outdated())
    run.save(update_fields=["published_at"])
    move(run, RunState.PUBLISHED, by=by, at=at)
    move(campaign, CampaignState.PUBLISHED, by=by, at=at)
    freeze_record(run=run, prepared=prepared, by=by, at=at)
    _give_seats(run, given, by, at)
    if _is_large(campaign):
        enqueue("admissions.tell_results", run=run.pk, after=0)
    else:
        transaction.on_commit(partial(letters.results, run.pk))


@transaction.atomic
def give_up_publication(*, run: AllocationRun, reason: str, by: Any, at: datetime) -> None:
    """Say why a worker could not publish the run: it is again one that a person has approved. Refuses nothing.

    Effects: an audit entry, which the page of the run shows.
    """
    AllocationRun.objects.filter(pk=run.pk, state=RunState.APPROVED).update(published_by=None)
    audit("admissions.run.publication_refused", run, by=by, at=at, reason=reason)


def _is_large(campaign: Campaign) -> bool:
    return campaign.applications.standing().count() > AT_ONCE


def _why_not_current(run: AllocationRun) -> str:
    return "" if fingerprint(build_instance(run.campaign)) == run.instance_hash else _outdated()


def _outdated() -> str:
    return _(
        "Applications or offers have changed since this run was calculated:"
        " its result would not be right any more. Discard it and calculate anew."
    )


def _given(campaign: Campaign, result: Result) -> list[_Given]:
    """Return who gets which seat; everybody in the result stands in the campaign's applications."""
    offers = {name: number_in(place) for name, place in result.assignment.items() if place is not None}
    choices = Choice.objects.filter(application__campaign=campaign)
    fields = ("application", "application__pseudonym", "application__person", "offer", "rank")
    return sorted(
        _Given(application, offer, result.pool[name], rank, person)
        for application, name, person, offer, rank in choices.values_list(*fields).iterator(chunk_size=20_000)
        if offers.get(name) == offer
    )


def _give_seats(run: AllocationRun, given: list[_Given], by: Any, at: datetime) -> None:
    """Give all seats in a few statements, whatever the size of the campaign."""
    answer_by = add_working_days(timezone.localdate(at), run.campaign.answer_working_days)
    rows = [seat[:-1] for seat in given]
    stream_alike(Seat, _Given._fields[:-1], rows, run=run, given_at=at, answer_by=answer_by)
    seats = dict(run.seats.values_list("application", "pk"))
    offers = TargetOffer.objects.select_related("thread").in_bulk({seat.offer for seat in given})
    college = run.campaign.college_id
    record_many(
        kind=FactKind.SEAT_ALLOCATED,
        on=timezone.localdate(at),
        sources=Seat,
        rows=(_happened(seats[seat.application], seat, offers[seat.offer], college) for seat in given),
        by=by,
        at=timezone.localtime(at),
    )


def _happened(seat: int, given: _Given, offer: TargetOffer, college: int) -> Happened:
    return Happened(
        source=seat,
        organisation=offer.employer_id,
        counterpart=college,
        cluster=offer.thread.cluster_id if offer.thread else None,
        person=given.person,
        thread=offer.thread_id,
    )
