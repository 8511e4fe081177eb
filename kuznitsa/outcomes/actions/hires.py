"""Hires: recorded, corrected, taken back; the end of employment and the way back."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.admissions.models import TargetContract
from kuznitsa.base.audit import audit
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.rules import rule
from kuznitsa.base.saving import save_or_refuse
from kuznitsa.base.workflow import move
from kuznitsa.facts.actions import record, reverse_source
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact
from kuznitsa.organisations.models import Organisation, Site
from kuznitsa.outcomes import permissions
from kuznitsa.outcomes.actions.check_points import weigh_answers
from kuznitsa.outcomes.enums import Answer, CheckPointState, HireState, LeavingReason
from kuznitsa.outcomes.models import CheckPoint, Hire
from kuznitsa.outcomes.queries import add_months
from kuznitsa.people.actions import affiliate, end_affiliation
from kuznitsa.people.enums import AffiliationKind
from kuznitsa.people.models import Person


@transaction.atomic
def hire_graduate(
    *,
    person: Person,
    employer: Organisation,
    hired_on: date,
    position: str,
    by: Any,
    at: datetime,
    contract: TargetContract | None = None,
    college: Organisation | None = None,
    site: Site | None = None,
    order_number: str = "",
    in_trade: bool = True,
) -> Hire:
    """Record that a graduate was taken on, with or without a target contract.

    Refused when the user may not, the person works here already, the contract is another person's or not in
    force, or the day lies in the future. Effects: fact HIRED once a person on the thread, check points after
    3, 6, 12, 24 and 36 months, the plant may see the person.
    """
    refuse_if(permissions.why_not_hire(by, employer))
    if contract is not None:
        _refuse_other_contract(contract, person)
    if hired_on > timezone.localdate(at):
        raise Refused(_("This day has not come yet."))
    if Hire.objects.working().filter(person=person, employer=employer).exists():
        raise Refused(_("%(person)s works here already.") % {"person": person})
    offer = contract.offer if contract else None
    hire = Hire(
        person=person,
        employer=employer,
        college=college or (offer.intake.programme.college if offer else None),
        contract=contract,
        thread=offer.thread if offer else None,
        site=site,
        position=position.strip(),
        hired_on=hired_on,
        order_number=order_number.strip(),
        in_trade=in_trade,
    )
    save_or_refuse(hire)
    affiliate(person=person, organisation=employer, kind=AffiliationKind.EMPLOYEE, on=hired_on, by=by, at=at)
    _record_hired(hire, by, at)
    _plan_check_points(hire)
    audit("outcomes.hire.hired", hire, by=by, at=at)
    return hire


@transaction.atomic
def correct_hire(*, hire: Hire, by: Any, at: datetime, **changes: Any) -> Hire:
    """Correct the day, workplace, site, order or trade of a hire; `changes` are its fields.

    Refused when the user may not, or the day lies in the future. Effects: another day reverses the fact and
    writes it anew, and moves the check points that nobody has answered.
    """
    refuse_if(permissions.why_not_change_hire(by, hire))
    was = Hire.objects.select_for_update(of=("self",)).get(pk=hire.pk)
    for name, value in changes.items():
        setattr(hire, name, value)
    if hire.hired_on > timezone.localdate(at):
        raise Refused(_("This day has not come yet."))
    save_or_refuse(hire)
    if hire.hired_on != was.hired_on:
        reason = _("the day of the hire was corrected")
        if reverse_source(source=hire, on=timezone.localdate(at), reason=reason, by=by, at=at, kind=FactKind.HIRED):
            _record_hired(hire, by, at)
        for point in hire.check_points.waiting():
            point.due_on = add_months(hire.hired_on, point.months)
            point.save(update_fields=["due_on"])
    audit("outcomes.hire.corrected", hire, by=by, at=at)
    return hire


@transaction.atomic
def cancel_hire(*, hire: Hire, reason: str, by: Any, at: datetime) -> None:
    """Take back a hire entered by mistake. Refused when the user may not, the person has left, or without a reason.

    Effects: its facts are reversed, its check points go, the plant's tie to the person ends.
    """
    refuse_if(permissions.why_not_leave(by, hire))
    refuse_if("" if reason.strip() else _("Say why."))
    on = timezone.localdate(at)
    move(hire, HireState.CANCELLED, by=by, at=at, reason=reason)
    for source in (hire, *hire.check_points.all()):
        reverse_source(source=source, on=on, reason=reason, by=by, at=at)
    hire.check_points.all().delete()
    _end_tie(hire, on, by, at)


@transaction.atomic
def end_employment(*, hire: Hire, on: date, reason: LeavingReason, by: Any, at: datetime) -> None:
    """Record that the worker has left.

    Refused when the user may not, they have left, or the day is impossible. Effects: check points from that day
    on are answered “left” for the plant; a fact that said otherwise is reversed.
    """
    refuse_if(permissions.why_not_leave(by, hire))
    if on > timezone.localdate(at):
        raise Refused(_("This day has not come yet."))
    if on < hire.hired_on:
        raise Refused(_("The leaving comes before the hire."))
    hire.left_on, hire.leaving_reason = on, reason
    hire.save(update_fields=["left_on", "leaving_reason"])
    move(hire, HireState.LEFT, by=by, at=at, reason=str(LeavingReason(reason).label))
    for point in hire.check_points.filter(due_on__gte=on).order_by("months"):
        point.employer_answer, point.employer_answered_at = Answer.LEFT, at
        weigh_answers(check_point=point, by=by, at=at)
    _end_tie(hire, on, by, at)


@transaction.atomic
def return_to_work(*, hire: Hire, reason: str, by: Any, at: datetime) -> None:
    """Take a leaving back: it was entered by mistake, or the worker has come back.

    Refused when no leaving is on record, the user may not, no reason is given, or the person has been hired anew.
    Effects: check points that were answered by the leaving are asked again.
    """
    refuse_if(permissions.why_not_return_to_work(by, hire))
    refuse_if("" if reason.strip() else _("Say why."))
    left_on = hire.left_on
    try:
        with transaction.atomic():
            move(hire, HireState.WORKING, by=by, at=at, reason=reason)
    except IntegrityError as error:
        raise Refused(_("%(person)s works here already.") % {"person": hire.person}) from error
    hire.left_on, hire.leaving_reason = None, ""
    hire.save(update_fields=["left_on", "leaving_reason"])
    for point in hire.check_points.filter(due_on__gte=left_on, employer_answer=Answer.LEFT).order_by("months"):
        point.employer_answer, point.employer_answered_at = "", None
        weigh_answers(check_point=point, by=by, at=at)
    affiliate(
        person=hire.person,
        organisation=hire.employer,
        kind=AffiliationKind.EMPLOYEE,
        on=timezone.localdate(at),
        by=by,
        at=at,
    )


def _refuse_other_contract(contract: TargetContract, person: Person) -> None:
    if contract.person_id != person.pk:
        raise Refused(_("This contract is another person's."))
    if not TargetContract.objects.in_force().filter(pk=contract.pk).exists():
        raise Refused(_("This contract is not in force: it is “%(state)s”.") % {"state": contract.get_state_display()})


def _record_hired(hire: Hire, by: Any, at: datetime) -> None:
    """Count the person once: who comes back is not a second graduate."""
    known = Fact.objects.effective().filter(
        kind=FactKind.HIRED, person=hire.person, thread=hire.thread, organisation=hire.employer
    )
    if known.exists():
        return
    record(
        kind=FactKind.HIRED,
        on=hire.hired_on,
        quantity=1,
        organisation=hire.employer,
        counterpart=hire.college,
        person=hire.person,
        thread=hire.thread,
        source=hire,
        by=by,
        at=at,
    )


def _plan_check_points(hire: Hire) -> None:
    months = rule("follow_up_months", on=hire.hired_on).value
    CheckPoint.objects.bulk_create(
        CheckPoint(hire=hire, months=count, due_on=add_months(hire.hired_on, count), state=CheckPointState.WAITING)
        for count in months
    )


def _end_tie(hire: Hire, on: date, by: Any, at: datetime) -> None:
    end_affiliation(
        person=hire.person,
        organisation=hire.employer,
        kind=AffiliationKind.EMPLOYEE,
        on=on,
        by=by,
        at=at,
    )
