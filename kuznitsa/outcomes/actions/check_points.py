"""“Still there?”: asked of the plant and of the worker after 3, 6, 12, 24 and 36 months."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.base.audit import audit
from kuznitsa.base.refusal import refuse_if
from kuznitsa.base.workflow import move
from kuznitsa.facts.actions import record, reverse_source
from kuznitsa.facts.enums import STAYED
from kuznitsa.facts.models import Fact
from kuznitsa.outcomes import notifications, permissions
from kuznitsa.outcomes.enums import Answer, CheckPointState
from kuznitsa.outcomes.models import CheckPoint
from kuznitsa.outcomes.queries import newly_due


@transaction.atomic
def answer_for_employer(*, check_points: Iterable[CheckPoint], answer: Answer, by: Any, at: datetime) -> None:
    """The plant says whether these workers are still there.

    Refused, all of them, when the user may not answer for one, or it is not asked yet. Effects: fact STAYED_n
    unless the worker says otherwise; then the check point is disputed.
    """
    for point in check_points:
        refuse_if(permissions.why_not_answer_for_employer(by, point, timezone.localdate(at)))
        point.employer_answer, point.employer_answered_at = answer, at
        audit("outcomes.checkpoint.employer_answered", point, by=by, at=at, answer=answer)
        weigh_answers(check_point=point, by=by, at=at)


@transaction.atomic
def answer_as_worker(*, check_point: CheckPoint, answer: Answer, by: Any, at: datetime) -> None:
    """The worker says whether they are still there. Refused when it is somebody else's, or not asked yet.

    Effects: as of `answer_for_employer`; while the plant is silent the worker's word counts.
    """
    refuse_if(permissions.why_not_answer_as_worker(by, check_point, timezone.localdate(at)))
    check_point.graduate_answer, check_point.graduate_answered_at = answer, at
    audit("outcomes.checkpoint.worker_answered", check_point, by=by, at=at, answer=answer)
    weigh_answers(check_point=check_point, by=by, at=at)


@transaction.atomic
def settle_check_point(*, check_point: CheckPoint, stayed: bool, reason: str, by: Any, at: datetime) -> None:
    """Settle a disagreement. Refused when there is none, the user may not, or no reason is given.

    Effects: the answers stay as they were given; fact STAYED_n if the worker has stayed.
    """
    refuse_if(permissions.why_not_settle(by, check_point))
    refuse_if("" if reason.strip() else _("Say why."))
    state = CheckPointState.STAYED if stayed else CheckPointState.LEFT
    move(check_point, state, by=by, at=at, reason=reason)
    _record_or_reverse(check_point, by, at)


@transaction.atomic
def remind_of_check_points(*, by: Any, at: datetime) -> int:
    """Ask about check points that have fallen due and of which nobody has been asked; returns how many.

    Effects: one letter to each HR of a plant for all of its workers, one to each worker.
    """
    due = list(newly_due(timezone.localdate(at)).select_for_update(of=("self",)))
    CheckPoint.objects.filter(pk__in=[point.pk for point in due]).update(asked_at=at)
    transaction.on_commit(partial(notifications.still_there, due))
    return len(due)


@transaction.atomic
def weigh_answers(*, check_point: CheckPoint, by: Any, at: datetime) -> None:
    """Save the answers as they stand on the object and let the state follow: who contradicts makes it disputed.

    Asks no permission: whoever may answer may have it weighed. Effects: fact STAYED_n, or its reversal.
    """
    check_point.save(
        update_fields=["employer_answer", "employer_answered_at", "graduate_answer", "graduate_answered_at"]
    )
    answers = {answer for answer in (check_point.employer_answer, check_point.graduate_answer) if answer}
    if len(answers) > 1:
        state = CheckPointState.DISPUTED
    else:
        state = CheckPointState(answers.pop()) if answers else CheckPointState.WAITING
    if check_point.state != state:
        move(check_point, state, by=by, at=at)
    _record_or_reverse(check_point, by, at)


def _record_or_reverse(point: CheckPoint, by: Any, at: datetime) -> None:
    hire = point.hire
    stands = Fact.objects.from_source(point).effective().exists()
    if point.state != CheckPointState.STAYED:
        if stands:
            reason = str(CheckPointState(point.state).label)
            reverse_source(source=point, on=timezone.localdate(at), reason=reason, by=by, at=at)
        return
    if stands or point.due_on > timezone.localdate(at):
        return
    record(
        kind=STAYED[point.months],
        on=point.due_on,
        quantity=1,
        organisation=hire.employer,
        counterpart=hire.college,
        person=hire.person,
        thread=hire.thread,
        source=point,
        by=by,
        at=at,
    )
