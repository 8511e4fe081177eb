"""People who study: enrolled, on leave, gone, graduated."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.base.audit import audit
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.saving import save_or_refuse
from kuznitsa.base.workflow import move
from kuznitsa.facts.actions import record, reverse_source
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Thread
from kuznitsa.organisations.models import Organisation
from kuznitsa.people.actions import affiliate, end_affiliation
from kuznitsa.people.enums import AffiliationKind, ConsentPurpose
from kuznitsa.people.models import Person
from kuznitsa.people.permissions import why_not_enrol as why_person_may_not
from kuznitsa.programmes import permissions
from kuznitsa.programmes.enums import EnrolmentBasis, EnrolmentState, LeavingReason
from kuznitsa.programmes.models import Enrolment, Intake
from kuznitsa.programmes.signals import enrolment_annulled, objection


@transaction.atomic
def enrol(
    *,
    person: Person,
    intake: Intake,
    enrolled_on: date,
    by: Any,
    at: datetime,
    basis: EnrolmentBasis = EnrolmentBasis.BUDGET,
    order_number: str = "",
    employer: Organisation | None = None,
    thread: Thread | None = None,
) -> Enrolment:
    """Enrol a person by an order of the college; `employer` and `thread` are those of a target student.

    Refused when the user may not, the intake is over or full, the person is enrolled in it already, or is a
    minor whose guardian has not consented. Effects: the fact ENROLLED, the college may see the person.
    """
    refuse_if(permissions.why_not_enrol(by, intake))
    refuse_if(why_person_may_not(person, ConsentPurpose.PROCESSING, enrolled_on))
    locked = Intake.objects.select_for_update(of=("self",)).select_related("programme__college").get(pk=intake.pk)
    _refuse_full(locked)
    enrolment = Enrolment(person=person, intake=locked, basis=basis, enrolled_on=enrolled_on, order_number=order_number)
    save_or_refuse(enrolment)
    college = locked.programme.college
    affiliate(person=person, organisation=college, kind=AffiliationKind.STUDENT, on=enrolled_on, by=by, at=at)
    record(
        kind=FactKind.ENROLLED,
        on=enrolled_on,
        quantity=1,
        organisation=college,
        counterpart=employer,
        cluster=locked.programme.cluster,
        person=person,
        thread=thread,
        source=enrolment,
        by=by,
        at=at,
    )
    audit("programmes.enrolment.enrolled", enrolment, by=by, at=at)
    return enrolment


@transaction.atomic
def start_leave(*, enrolment: Enrolment, reason: str, by: Any, at: datetime) -> None:
    """The student goes on academic leave. Refused when the user may not, or no reason is given."""
    refuse_if(permissions.why_not_change_enrolment(by, enrolment))
    refuse_if("" if reason.strip() else _("Say why."))
    move(enrolment, EnrolmentState.LEAVE, by=by, at=at, reason=reason)


@transaction.atomic
def expel(
    *, enrolment: Enrolment, on: date, leaving_reason: LeavingReason, by: Any, at: datetime, note: str = ""
) -> None:
    """The student has left the college on the day `on`. Refused when the user may not, or that day is impossible."""
    refuse_if(permissions.why_not_change_enrolment(by, enrolment))
    _refuse_impossible_day(enrolment, on, at)
    enrolment.leaving_reason = leaving_reason
    enrolment.ended_on = on
    enrolment.save(update_fields=["leaving_reason", "ended_on"])
    move(enrolment, EnrolmentState.LEFT, by=by, at=at, reason=note or str(LeavingReason(leaving_reason).label))


@transaction.atomic
def graduate(*, enrolment: Enrolment, on: date, by: Any, at: datetime) -> None:
    """The student has graduated. Refused when the user may not, they are not studying, or the day is impossible."""
    refuse_if(permissions.why_not_graduate(by, enrolment))
    _refuse_impossible_day(enrolment, on, at)
    move(enrolment, EnrolmentState.GRADUATED, by=by, at=at)
    enrolment.ended_on = on
    enrolment.save(update_fields=["ended_on"])


@transaction.atomic
def return_to_studies(*, enrolment: Enrolment, reason: str, by: Any, at: datetime) -> None:
    """The way back from a leave, from leaving and from a graduation.

    Refused when the user may not, no reason is given, or the place has been taken by somebody else meanwhile.
    """
    refuse_if(permissions.why_not_change_enrolment(by, enrolment))
    refuse_if("" if reason.strip() else _("Say why."))
    if enrolment.state == EnrolmentState.LEFT:
        _refuse_full(Intake.objects.select_for_update(of=("self",)).get(pk=enrolment.intake_id))
    move(enrolment, EnrolmentState.STUDYING, by=by, at=at, reason=reason)
    enrolment.ended_on, enrolment.leaving_reason = None, ""
    enrolment.save(update_fields=["ended_on", "leaving_reason"])


@transaction.atomic
def annul_enrolment(*, enrolment: Enrolment, reason: str, by: Any, at: datetime) -> None:
    """Take back an enrolment entered by mistake.

    Refused when the user may not, the person does not study any more, no reason is given, or something stands on
    it: a target contract, practice, an exam. Effects: the fact ENROLLED is reversed, the place is free, the college's
    tie to the student ends unless another enrolment holds it.
    """
    refuse_if(permissions.why_not_annul_enrolment(by, enrolment))
    refuse_if("" if reason.strip() else _("Say why."))
    refuse_if(objection(enrolment_annulled, Enrolment, enrolment=enrolment))
    on = timezone.localdate(at)
    move(enrolment, EnrolmentState.ANNULLED, by=by, at=at, reason=reason)
    enrolment.ended_on = on
    enrolment.save(update_fields=["ended_on"])
    reverse_source(source=enrolment, on=on, reason=reason, by=by, at=at, kind=FactKind.ENROLLED)
    person, college = enrolment.person, enrolment.intake.programme.college
    others = Enrolment.objects.real().filter(person=person, intake__programme__college=college)
    if not others.exists():
        end_affiliation(person=person, organisation=college, kind=AffiliationKind.STUDENT, on=on, by=by, at=at)


def _refuse_full(intake: Intake) -> None:
    if Enrolment.objects.taking_places().filter(intake=intake).count() >= intake.places:
        raise Refused(_("All %(places)d places of this intake are taken.") % {"places": intake.places})


def _refuse_impossible_day(enrolment: Enrolment, on: date, at: datetime) -> None:
    if on < enrolment.enrolled_on:
        raise Refused(_("This is before the day of enrolment."))
    if on > timezone.localdate(at):
        raise Refused(_("This day has not come yet."))
