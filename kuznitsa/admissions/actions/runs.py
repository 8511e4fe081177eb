"""Allocation runs: calculated as a draft, approved by one person, published by another, or discarded."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa import __version__
from kuznitsa.admissions.actions.calculated import keep_calculation
from kuznitsa.admissions.actions.records import freeze_record
from kuznitsa.admissions.actions.rounds import record_seat
from kuznitsa.admissions.enums import CampaignState, RunStage, RunState
from kuznitsa.admissions.models import AllocationRun, Application, Campaign, Choice, Seat
from kuznitsa.admissions.notifications import runs as letters
from kuznitsa.admissions.permissions import runs as may
from kuznitsa.admissions.queries.calculated import Report, calculate
from kuznitsa.admissions.queries.instances import build_instance, fingerprint
from kuznitsa.admissions.queries.seats import number_in, numbers_of, result_of
from kuznitsa.base.audit import audit
from kuznitsa.base.calendars import add_working_days
from kuznitsa.base.jobs import enqueue
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.workflow import move
from kuznitsa.facts.enums import FactKind

# Larger campaigns are calculated by a worker.
AT_ONCE = 2_000


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
    if campaign.applications.standing().count() <= AT_ONCE:
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
    """The first of two people stands for the result. Refused for others than drafts with a result."""
    refuse_if(may.why_not_approve_run(by, run))
    refuse_if(_why_not_current(run))
    move(run, RunState.APPROVED, by=by, at=at)
    run.approved_by, run.approved_at = by, at
    run.save(update_fields=["approved_by", "approved_at"])
    return run


@transaction.atomic
def take_back_approval(*, run: AllocationRun, reason: str, by: Any, at: datetime) -> AllocationRun:
    """Make an approved run a draft again. Refused without a reason."""
    refuse_if(may.why_not_take_back_approval(by, run))
    refuse_if("" if reason.strip() else _("Say why the approval is taken back."))
    move(run, RunState.DRAFT, by=by, at=at, reason=reason)
    run.approved_by = run.approved_at = None
    run.save(update_fields=["approved_by", "approved_at"])
    return run


@transaction.atomic
def discard_run(*, run: AllocationRun, reason: str, by: Any, at: datetime) -> AllocationRun:
    """Put a run aside that will not be published; it stays on record. Refused without a reason."""
    refuse_if(may.why_not_discard_run(by, run))
    refuse_if("" if reason.strip() else _("Say why the run is discarded."))
    move(run, RunState.DISCARDED, by=by, at=at, reason=reason)
    return run


@transaction.atomic
def publish_run(*, run: AllocationRun, by: Any, at: datetime) -> AllocationRun:
    """The second person publishes the result: from now on it is a public record that anybody can recompute.

    Refused when the same person approved it, when applications or offers have changed since it was
    calculated, or when another run is published. Effects: the campaign is published, the public record is frozen,
    seats with a day to answer by, fact SEAT_ALLOCATED for each, letters to applicants and guardians.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=run.campaign_id)
    run.campaign = campaign
    refuse_if(may.why_not_publish_run(by, run))
    refuse_if(_why_not_current(run))
    run.published_by, run.published_at = by, at
    try:
        with transaction.atomic():
            run.save(update_fields=["published_by", "published_at"])
            move(run, RunState.PUBLISHED, by=by, at=at)
    except IntegrityError as error:
        raise Refused(_("The results of this campaign are published already.")) from error
    move(campaign, CampaignState.PUBLISHED, by=by, at=at)
    freeze_record(run=run, by=by, at=at)
    _give_seats(run, by, at)
    transaction.on_commit(partial(letters.results, run.pk))
    return run


def _why_not_current(run: AllocationRun) -> str:
    if fingerprint(build_instance(run.campaign)) == run.instance_hash:
        return ""
    return _(
        "Applications or offers have changed since this run was calculated:"
        " its result would not be right any more. Discard it and calculate anew."
    )


def _give_seats(run: AllocationRun, by: Any, at: datetime) -> None:
    answer_by = add_working_days(timezone.localdate(at), run.campaign.answer_working_days)
    result = result_of(run)
    numbers = numbers_of(run.campaign_id)
    given = {numbers[name]: number_in(place) for name, place in result.assignment.items() if place is not None}
    applications = Application.objects.filter(pk__in=given).select_related("person", "campaign__college")
    choices = Choice.objects.filter(application__in=given).select_related("offer__employer", "offer__thread__cluster")
    chosen = {(choice.application_id, choice.offer_id): choice for choice in choices}
    for application in applications.order_by("pk"):
        choice = chosen[application.pk, given[application.pk]]
        seat = Seat.objects.create(
            application=application,
            offer=choice.offer,
            run=run,
            pool=result.pool[application.pseudonym],
            rank=choice.rank,
            given_at=at,
            answer_by=answer_by,
        )
        record_seat(kind=FactKind.SEAT_ALLOCATED, seat=seat, by=by, at=at)
