"""Needs of plants: drafted, stated, made firmer, changed, ended by what was counted.

A stated need opens a thread, and its number is a fact; a changed number is a reversing fact and a new one.
How a need ended is never typed in: it is counted from the hires on its thread.
"""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.base.audit import audit
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.text import clean
from kuznitsa.base.workflow import move
from kuznitsa.clusters.models import Cluster
from kuznitsa.demand import permissions
from kuznitsa.demand.enums import Confidence, NeedState, UnmetReason
from kuznitsa.demand.models import Need
from kuznitsa.demand.queries import hired_for
from kuznitsa.facts.actions import open_thread, record, reverse_source
from kuznitsa.facts.enums import FactKind
from kuznitsa.organisations.models import Organisation

# What may change while a need is open; occupation, site and year only while it is a draft.
CHANGEABLE = frozenset({"replacement", "growth", "confidence", "wage_from_kopecks", "wage_to_kopecks", "note"})
IDENTITY = frozenset({"occupation", "site", "year", "cluster"})


@transaction.atomic
def draft_need(*, employer: Organisation, by: Any, at: datetime, **details: Any) -> Need:
    """Write down a need without stating it yet; `details` are fields of `Need`.

    The cluster defaults to the only one in which the enterprise takes part. Refused when the user does not
    speak for the enterprise, the site is not its own, or the same need exists.
    """
    refuse_if(permissions.why_not_speak_for(by, employer))
    details.setdefault("cluster", _only_cluster(employer))
    need = Need(employer=employer, **details)
    _check_and_save(need, at)
    audit("demand.need.drafted", need, by=by, at=at, number=need.number)
    return need


@transaction.atomic
def edit_need(*, need: Need, by: Any, at: datetime, reason: str = "", **details: Any) -> Need:
    """Change a need. A stated number that changes is corrected in the ledger, with the reason.

    Refused when it is not the user's to change, is closed, or when what identifies it changes after it was
    stated.
    """
    need = Need.objects.select_for_update(of=("self",)).select_related("employer").get(pk=need.pk)
    refuse_if(permissions.why_not_edit(by, need))
    number = need.number
    changed = {name for name, value in details.items() if getattr(need, name) != value}
    stated = need.state == NeedState.STATED
    if stated and changed & IDENTITY:
        raise Refused(_("Occupation, site, year and cluster of a stated need are fixed: return it to draft first."))
    for name in changed & (CHANGEABLE | IDENTITY):
        setattr(need, name, details[name])
    _check_and_save(need, at)
    if stated and need.number != number:
        why = clean(reason) or _("the number has changed from %(was)d to %(now)d") % {"was": number, "now": need.number}
        reverse_source(source=need, kind=FactKind.NEED_STATED, on=timezone.localdate(at), reason=why, by=by, at=at)
        _record_number(need, by, at)
    audit("demand.need.edited", need, by=by, at=at, changed=sorted(changed), reason=reason)
    return need


@transaction.atomic
def state_need(*, need: Need, by: Any, at: datetime) -> Need:
    """State a need: the cluster sees it, its thread opens, its number becomes a fact.

    Refused when the user does not speak for the enterprise or the need is no draft.
    """
    refuse_if(permissions.why_not_state(by, need))
    move(need, NeedState.STATED, by=by, at=at)
    if need.thread_id is None:
        need.thread = open_thread(
            title=str(need),
            employer=need.employer,
            occupation=need.occupation,
            year=need.year,
            cluster=need.cluster,
            by=by,
            at=at,
        )
    need.stated_by, need.stated_at = by, at
    need.save(update_fields=["thread", "stated_by", "stated_at"])
    _record_number(need, by, at)
    return need


@transaction.atomic
def set_confidence(*, need: Need, confidence: Confidence, by: Any, at: datetime) -> Need:
    """Make a need firmer or softer by one click. Refused when it is not the user's to change."""
    refuse_if(permissions.why_not_edit(by, need))
    was, need.confidence = need.confidence, confidence
    need.save(update_fields=["confidence"])
    audit("demand.need.confidence", need, by=by, at=at, was=was, now=confidence)
    return need


@transaction.atomic
def return_to_draft(*, need: Need, reason: str, by: Any, at: datetime) -> Need:
    """Take a stated need back to change what it is for; its fact is reversed.

    Refused when offers already answer it, or no reason is given.
    """
    refuse_if(permissions.why_not_return(by, need))
    _need_reason(reason)
    move(need, NeedState.DRAFT, by=by, at=at, reason=reason)
    reverse_source(source=need, on=timezone.localdate(at), reason=reason, by=by, at=at)
    _leave_thread(need)
    return need


@transaction.atomic
def withdraw_need(*, need: Need, reason: str, by: Any, at: datetime) -> Need:
    """Withdraw a need that is no longer one; its fact is reversed. `return_to_draft` is the way back."""
    refuse_if(permissions.why_not_withdraw(by, need))
    _need_reason(reason)
    move(need, NeedState.WITHDRAWN, by=by, at=at, reason=reason)
    reverse_source(source=need, on=timezone.localdate(at), reason=reason, by=by, at=at)
    _leave_thread(need)
    return need


@transaction.atomic
def restore_need(*, need: Need, by: Any, at: datetime) -> Need:
    """Bring a withdrawn need back as a draft. Refused when the same need has been stated meanwhile."""
    refuse_if(permissions.why_not_speak_for(by, need.employer))
    try:
        with transaction.atomic():
            move(need, NeedState.DRAFT, by=by, at=at)
    except IntegrityError as error:
        raise Refused(_("This need is stated already: same site, occupation and year.")) from error
    return need


@transaction.atomic
def end_need(*, need: Need, by: Any, at: datetime, reason: UnmetReason | None = None, note: str = "") -> Need:
    """End a need as met, partly met or unmet: counted from the hires on its thread.

    Refused when it is not stated, or when fewer were hired than needed and no reason is given.
    """
    refuse_if(permissions.why_not_end(by, need))
    hired = hired_for(need)
    if hired >= need.number:
        state, reason = NeedState.MET, None
    else:
        state = NeedState.PARTLY_MET if hired else NeedState.UNMET
        if reason is None:
            raise Refused(
                _("%(hired)d of %(number)d were hired. Say why the need was not met.")
                % {"hired": hired, "number": need.number}
            )
    need.unmet_reason, need.ending_note, need.ended_at = reason or "", clean(note), at
    need.save(update_fields=["unmet_reason", "ending_note", "ended_at"])
    move(need, state, by=by, at=at, reason=note)
    return need


@transaction.atomic
def reopen_need(*, need: Need, reason: str, by: Any, at: datetime) -> Need:
    """Open an ended need again, with a reason."""
    refuse_if(permissions.why_not_reopen(by, need))
    _need_reason(reason)
    move(need, NeedState.STATED, by=by, at=at, reason=reason)
    need.unmet_reason, need.ending_note, need.ended_at = "", "", None
    need.save(update_fields=["unmet_reason", "ending_note", "ended_at"])
    return need


@transaction.atomic
def save_grid(
    *, employer: Organisation, rows: list[dict[str, Any]], reason: str = "", by: Any, at: datetime
) -> tuple[list[Need], list[Need]]:
    """Draft or change many needs at once, all or none; returns those drafted and those changed.

    A row that names the site, occupation and year of an open need changes it, with `reason` if it is stated; a row
    like it changes nothing, nor does an empty one. A refusal names the row, counted from 1.
    """
    refuse_if(permissions.why_not_speak_for(by, employer))
    existing = {
        (need.site_id, need.occupation_id, need.year): need
        for need in Need.objects.filter(employer=employer, state__in=(NeedState.DRAFT, NeedState.STATED))
    }
    drafted: list[Need] = []
    changed: list[Need] = []
    for number, row in enumerate(rows, start=1):
        site = row.get("site")
        found = existing.get((site.pk if site else None, row["occupation"].pk, row["year"])) if row else None
        details = {name: row[name] for name in CHANGEABLE & row.keys()}
        try:
            if row and found is None:
                drafted.append(draft_need(employer=employer, by=by, at=at, **row))
            elif found and any(getattr(found, name) != value for name, value in details.items()):
                changed.append(edit_need(need=found, reason=reason, by=by, at=at, **details))
        except Refused as refused:
            told = {"row": number, "occupation": row["occupation"], "reason": refused.reason}
            raise Refused(_("Row %(row)d, %(occupation)s: %(reason)s") % told) from refused
    return drafted, changed


def _record_number(need: Need, by: Any, at: datetime) -> None:
    record(
        kind=FactKind.NEED_STATED,
        on=timezone.localdate(at),
        quantity=need.number,
        organisation=need.employer,
        thread=need.thread,
        source=need,
        by=by,
        at=at,
    )


def _leave_thread(need: Need) -> None:
    """A need that is stated anew opens a new thread: it may be for another occupation or year by then."""
    need.thread = None
    need.save(update_fields=["thread"])


def _check_and_save(need: Need, at: datetime) -> None:
    today = timezone.localdate(at)
    if need.site is not None and need.site.organisation_id != need.employer_id:
        raise Refused(_("This site belongs to another organisation."))
    if need.replacement + need.growth <= 0:
        raise Refused(_("A need is for at least one person."))
    if need.state == NeedState.DRAFT and not today.year <= need.year <= today.year + 15:
        raise Refused(
            _("The year lies between %(first)d and %(last)d.") % {"first": today.year, "last": today.year + 15}
        )
    if need.wage_from_kopecks and need.wage_to_kopecks and need.wage_to_kopecks < need.wage_from_kopecks:
        raise Refused(_("The highest wage is below the lowest."))
    try:
        with transaction.atomic():
            need.save()
    except IntegrityError as error:
        raise Refused(_("This need is stated already: same site, occupation and year.")) from error


def _need_reason(reason: str) -> None:
    refuse_if("" if clean(reason) else _("Give the reason."))


def _only_cluster(employer: Organisation) -> Cluster | None:
    clusters = Cluster.objects.filter(participations__organisation=employer, participations__ended_on=None)
    found = list(clusters.order_by("pk")[:2])
    return found[0] if len(found) == 1 else None
