"""Laboratories and workshops: planned, equipped, accepted."""

from datetime import date, datetime
from typing import Any

from django.core.files.base import File
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
from kuznitsa.organisations.models import Organisation
from kuznitsa.programmes import permissions
from kuznitsa.programmes.enums import FacilityKind, FacilityState
from kuznitsa.programmes.models import Facility, Programme


@transaction.atomic
def add_facility(
    *,
    organisation: Organisation,
    name: str,
    by: Any,
    at: datetime,
    kind: FacilityKind = FacilityKind.LABORATORY,
    sponsor: Organisation | None = None,
    cluster: Cluster | None = None,
    programmes: tuple[Programme, ...] = (),
    places: int = 0,
    cost_kopecks: int | None = None,
    due_on: date | None = None,
) -> Facility:
    """Plan a laboratory or workshop of a college, paid for by `sponsor`.

    Refused when the user may not, or the college has one of this name. Effects: an audit entry.
    """
    refuse_if(permissions.why_not_manage(by, organisation))
    facility = Facility(
        organisation=organisation,
        name=name,
        kind=kind,
        sponsor=sponsor,
        cluster=cluster,
        places=places,
        cost_kopecks=cost_kopecks,
        due_on=due_on,
    )
    save_or_refuse(facility)
    facility.programmes.set(programmes)
    audit("programmes.facility.added", facility, by=by, at=at)
    return facility


@transaction.atomic
def edit_facility(*, facility: Facility, by: Any, at: datetime, **changes: Any) -> Facility:
    """Change what is known of a facility. Refused when the user may not, or it is accepted."""
    refuse_if(permissions.why_not_change_facility(by, facility))
    programmes = changes.pop("programmes", None)
    for name, value in changes.items():
        setattr(facility, name, value)
    save_or_refuse(facility)
    if programmes is not None:
        facility.programmes.set(programmes)
    audit("programmes.facility.edited", facility, by=by, at=at)
    return facility


@transaction.atomic
def start_equipping(*, facility: Facility, by: Any, at: datetime) -> None:
    """Work on the facility has begun. Refused when the user may not."""
    refuse_if(permissions.why_not_change_facility(by, facility))
    move(facility, FacilityState.EQUIPPING, by=by, at=at)


@transaction.atomic
def return_facility_to_plan(*, facility: Facility, reason: str, by: Any, at: datetime) -> None:
    """Work has not begun after all. Refused when the user may not, or no reason is given."""
    refuse_if(permissions.why_not_change_facility(by, facility))
    refuse_if("" if reason.strip() else _("Say why."))
    move(facility, FacilityState.PLANNED, by=by, at=at, reason=reason)


@transaction.atomic
def accept_facility(*, facility: Facility, accepted_on: date, by: Any, at: datetime, act: File | None = None) -> None:
    """The college has accepted the equipped facility on the day `accepted_on`, by an act if one is at hand.

    Refused when the user may not, it is accepted already, or the day lies in the future.
    Effects: the fact LABORATORY_ACCEPTED of the sponsor (of the college, if it paid itself).
    """
    refuse_if(permissions.why_not_accept_facility(by, facility))
    if accepted_on > timezone.localdate(at):
        raise Refused(_("An acceptance cannot lie in the future."))
    facility.accepted_on = accepted_on
    if act is not None:
        facility.act = act
    facility.save(update_fields=["accepted_on", "act"])
    move(facility, FacilityState.ACCEPTED, by=by, at=at)
    record(
        kind=FactKind.LABORATORY_ACCEPTED,
        on=accepted_on,
        quantity=1,
        organisation=facility.sponsor or facility.organisation,
        counterpart=facility.organisation if facility.sponsor else None,
        cluster=facility.cluster,
        source=facility,
        by=by,
        at=at,
    )


@transaction.atomic
def reopen_facility(*, facility: Facility, reason: str, by: Any, at: datetime) -> None:
    """Take an acceptance back. Refused when the user may not, it is not accepted, or no reason is given.

    Effects: the fact is reversed.
    """
    refuse_if(permissions.why_not_reopen_facility(by, facility))
    refuse_if("" if reason.strip() else _("Say why."))
    move(facility, FacilityState.EQUIPPING, by=by, at=at, reason=reason)
    facility.accepted_on = None
    facility.save(update_fields=["accepted_on"])
    reverse_source(
        source=facility,
        on=timezone.localdate(at),
        reason=reason,
        by=by,
        at=at,
        kind=FactKind.LABORATORY_ACCEPTED,
    )
