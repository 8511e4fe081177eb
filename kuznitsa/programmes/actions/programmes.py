"""What a college teaches, and the people who begin it together."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kuznitsa.base.audit import audit
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.saving import save_or_refuse
from kuznitsa.base.workflow import move
from kuznitsa.classifiers.models import Occupation
from kuznitsa.clusters.models import Cluster
from kuznitsa.organisations.models import Organisation
from kuznitsa.programmes import permissions
from kuznitsa.programmes.enums import EducationBase, EnrolmentState, IntakeState
from kuznitsa.programmes.models import Enrolment, Intake, Programme
from kuznitsa.programmes.signals import intake_shrinks, objection


@transaction.atomic
def add_programme(
    *,
    college: Organisation,
    occupation: Occupation,
    months: int,
    by: Any,
    at: datetime,
    base: EducationBase = EducationBase.AFTER_9,
    cluster: Cluster | None = None,
    qualification: str = "",
    about: str = "",
) -> Programme:
    """Add an occupation that the college teaches in `months` months after the school named by `base`.

    Refused when the user may not, the length is impossible or the college has this programme already.
    Effects: an audit entry.
    """
    refuse_if(permissions.why_not_add_programme(by, college))
    programme = Programme(
        college=college,
        occupation=occupation,
        months=months,
        base=base,
        cluster=cluster,
        qualification=qualification,
        about=about,
    )
    save_or_refuse(programme)
    audit("programmes.programme.added", programme, by=by, at=at)
    return programme


@transaction.atomic
def edit_programme(*, programme: Programme, by: Any, at: datetime, **changes: Any) -> Programme:
    """Change fields of a programme; refused as in `add_programme`. Effects: an audit entry."""
    refuse_if(permissions.why_not_edit_programme(by, programme))
    for name, value in changes.items():
        setattr(programme, name, value)
    save_or_refuse(programme)
    audit("programmes.programme.edited", programme, by=by, at=at)
    return programme


@transaction.atomic
def add_intake(
    *,
    programme: Programme,
    starts_on: date,
    ends_on: date,
    places: int,
    by: Any,
    at: datetime,
    group_name: str = "",
) -> Intake:
    """Plan an intake of so many places. Refused when the user may not, or the dates are not in order."""
    refuse_if(permissions.why_not_edit_programme(by, programme))
    intake = Intake(programme=programme, starts_on=starts_on, ends_on=ends_on, places=places, group_name=group_name)
    save_or_refuse(intake)
    audit("programmes.intake.added", intake, by=by, at=at)
    return intake


@transaction.atomic
def edit_intake(*, intake: Intake, by: Any, at: datetime, **changes: Any) -> Intake:
    """Change dates, places or the name of the group.

    Refused when the user may not, the intake is over, the dates are not in order, or more people study in
    it, or more places are promised by target offers, than would be left. Effects: an audit entry.
    """
    refuse_if(permissions.why_not_edit_intake(by, intake))
    was = Intake.objects.select_for_update(of=("self",)).get(pk=intake.pk)
    for name, value in changes.items():
        setattr(intake, name, value)
    taken = Enrolment.objects.taking_places().filter(intake=intake).count()
    if intake.places < taken:
        raise Refused(
            ngettext("%(taken)d person has a place already.", "%(taken)d people have places already.", taken)
            % {"taken": taken}
        )
    if intake.places < was.places:
        refuse_if(objection(intake_shrinks, Intake, intake=intake, places=intake.places))
    save_or_refuse(intake)
    audit("programmes.intake.edited", intake, by=by, at=at)
    return intake


@transaction.atomic
def start_intake(*, intake: Intake, by: Any, at: datetime) -> None:
    """The intake begins to study. Refused when the user may not, or its first day has not come."""
    refuse_if(permissions.why_not_move_intake(by, intake))
    if intake.starts_on > timezone.localdate(at):
        raise Refused(_("The intake starts on %(day)s.") % {"day": f"{intake.starts_on:%d.%m.%Y}"})
    move(intake, IntakeState.STUDYING, by=by, at=at)


@transaction.atomic
def finish_intake(*, intake: Intake, on: date, by: Any, at: datetime) -> int:
    """The intake graduates on the day `on`, with everybody who is still studying; return how many those are.

    Refused when the user may not, or the day lies in the future. People on leave stay on leave.
    """
    refuse_if(permissions.why_not_move_intake(by, intake))
    if on > timezone.localdate(at):
        raise Refused(_("A graduation cannot lie in the future."))
    move(intake, IntakeState.GRADUATED, by=by, at=at)
    graduates = list(intake.enrolments.studying().select_related("person", "intake"))
    for enrolment in graduates:
        move(enrolment, EnrolmentState.GRADUATED, by=by, at=at)
        enrolment.ended_on = on
        enrolment.save(update_fields=["ended_on"])
    return len(graduates)


@transaction.atomic
def cancel_intake(*, intake: Intake, reason: str, by: Any, at: datetime) -> None:
    """Give an intake up.

    Refused when the user may not, no reason is given, people study in it, or target offers stand on it.
    """
    refuse_if(permissions.why_not_move_intake(by, intake))
    refuse_if("" if reason.strip() else _("Say why."))
    Intake.objects.select_for_update(of=("self",)).get(pk=intake.pk)
    if Enrolment.objects.taking_places().filter(intake=intake).exists():
        raise Refused(_("Students are enrolled in this intake."))
    refuse_if(objection(intake_shrinks, Intake, intake=intake, places=0))
    move(intake, IntakeState.CANCELLED, by=by, at=at, reason=reason)


@transaction.atomic
def reopen_intake(*, intake: Intake, reason: str, by: Any, at: datetime) -> None:
    """Take back a start, a graduation or a cancellation: graduated → studying → planned ← cancelled.

    Refused when the user may not, or no reason is given. People who have graduated stay so.
    """
    refuse_if(permissions.why_not_move_intake(by, intake))
    refuse_if("" if reason.strip() else _("Say why."))
    back = IntakeState.STUDYING if intake.state == IntakeState.GRADUATED else IntakeState.PLANNED
    move(intake, back, by=by, at=at, reason=reason)
