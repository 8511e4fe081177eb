"""Exams: planned, results entered for the whole group, corrected, closed, reopened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.base.audit import audit
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.rules import exam_mark
from kuznitsa.base.saving import save_or_refuse
from kuznitsa.base.workflow import move
from kuznitsa.facts.actions import record, reverse_source
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact
from kuznitsa.outcomes import permissions
from kuznitsa.outcomes.enums import ExamLevel, ExamState
from kuznitsa.outcomes.models import Exam, ExamResult
from kuznitsa.outcomes.queries import contract_for_outcome, students_of_exam
from kuznitsa.people.models import Person
from kuznitsa.programmes.models import Intake


@dataclass(frozen=True)
class ResultLine:
    """What is entered for one student: points in hundredths; None means that they did not appear."""

    person: Person
    points_hundredths: int | None


@transaction.atomic
def plan_exam(
    *,
    intake: Intake,
    on: date,
    by: Any,
    at: datetime,
    level: ExamLevel = ExamLevel.BASIC,
    kit: str = "",
    place: str = "",
    max_points: int = 100,
) -> Exam:
    """Plan an exam of a group. Refused when the user may not, it gives no points, or lies before the studies."""
    refuse_if(permissions.why_not_plan_exam(by, intake))
    exam = Exam(intake=intake, on=on, level=level, kit=kit.strip(), place=place.strip(), max_points=max_points)
    _refuse_too_early(exam)
    save_or_refuse(exam)
    audit("outcomes.exam.planned", exam, by=by, at=at)
    return exam


@transaction.atomic
def edit_exam(*, exam: Exam, by: Any, at: datetime, **changes: Any) -> Exam:
    """Change an exam that is not closed; `changes` are its fields.

    Refused when the user may not, or its day or points would change although results are entered.
    """
    refuse_if(permissions.why_not_edit_exam(by, exam))
    was = Exam.objects.get(pk=exam.pk)
    for name, value in changes.items():
        setattr(exam, name, value)
    if (exam.on, exam.max_points) != (was.on, was.max_points) and exam.results.exists():
        raise Refused(_("Results are entered already: the day and the points stay."))
    _refuse_too_early(exam)
    save_or_refuse(exam)
    audit("outcomes.exam.edited", exam, by=by, at=at)
    return exam


@transaction.atomic
def record_results(
    *, exam: Exam, lines: Iterable[ResultLine], by: Any, at: datetime, reason: str = ""
) -> list[ExamResult]:
    """Enter or correct results of many students; returns those that changed.

    Refused when the user may not, the exam has not come, is closed, a student is not of the group, or points
    lie above the maximum: then nothing is entered. Effects: marks by the scale in force on the day; fact
    EXAM_PASSED for a first pass; a correction reverses it.
    """
    refuse_if(permissions.why_not_record_results(by, exam, timezone.localdate(at)))
    Exam.objects.select_for_update(of=("self",)).get(pk=exam.pk)
    group = set(students_of_exam(exam).values_list("person", flat=True))
    known = {result.person_id: result for result in exam.results.select_related("person", "contract__offer")}
    changed = []
    for line in lines:
        if line.person.pk not in group and line.person.pk not in known:
            raise Refused(_("%(person)s does not study in this group.") % {"person": line.person})
        result = _entered(exam, line, known.get(line.person.pk), reason, by, at)
        if result is not None:
            changed.append(result)
    audit("outcomes.exam.results_recorded", exam, by=by, at=at, count=len(changed))
    return changed


@transaction.atomic
def close_exam(*, exam: Exam, by: Any, at: datetime) -> None:
    """Say that all results are entered. Refused when the user may not, or somebody of the group has none."""
    refuse_if(permissions.why_not_record_results(by, exam, timezone.localdate(at)))
    without = students_of_exam(exam).exclude(person__in=exam.results.values("person")).count()
    if without:
        raise Refused(_("%(count)d students of the group have no result yet.") % {"count": without})
    move(exam, ExamState.CLOSED, by=by, at=at)


@transaction.atomic
def reopen_exam(*, exam: Exam, reason: str, by: Any, at: datetime) -> None:
    """Open closed results to correct them. Refused when the user may not, or no reason is given."""
    refuse_if(permissions.why_not_reopen_exam(by, exam))
    refuse_if("" if reason.strip() else _("Say why."))
    move(exam, ExamState.PLANNED, by=by, at=at, reason=reason)


def _refuse_too_early(exam: Exam) -> None:
    if exam.on < exam.intake.starts_on:
        raise Refused(_("The exam lies before the group begins to study."))


def _entered(
    exam: Exam, line: ResultLine, known: ExamResult | None, reason: str, by: Any, at: datetime
) -> ExamResult | None:
    if known is not None and known.points_hundredths == line.points_hundredths:
        return None
    result = known or ExamResult(exam=exam, person=line.person, contract=contract_for_outcome(line.person))
    passed_before = known is not None and known.passed
    result.appeared = line.points_hundredths is not None
    result.points_hundredths = line.points_hundredths
    result.mark = _mark(exam, line)
    result.recorded_at, result.recorded_by = at, by
    save_or_refuse(result)
    if passed_before and not result.passed:
        reason = reason or _("the result was corrected")
        reverse_source(source=result, on=timezone.localdate(at), reason=reason, by=by, at=at)
    if result.passed:
        _record_pass(result, by, at)
    return result


def _mark(exam: Exam, line: ResultLine) -> int | None:
    points = line.points_hundredths
    if points is None:
        return None
    if not 0 <= points <= exam.max_points * 100:
        raise Refused(
            _("%(person)s: points lie between 0 and %(max)d.") % {"person": line.person, "max": exam.max_points}
        )
    return exam_mark(points, exam.max_points * 100, on=exam.on)


def _record_pass(result: ExamResult, by: Any, at: datetime) -> None:
    """Count the person once: a second exam does not make a second graduate."""
    offer = result.contract.offer if result.contract else None
    college = result.exam.intake.programme.college
    thread = offer.thread if offer else None
    known = Fact.objects.effective().filter(
        kind=FactKind.EXAM_PASSED, person=result.person, thread=thread, organisation=college
    )
    if known.exists():
        return
    record(
        kind=FactKind.EXAM_PASSED,
        on=result.exam.on,
        quantity=1,
        organisation=college,
        counterpart=offer.employer if offer else None,
        cluster=result.exam.intake.programme.cluster,
        person=result.person,
        thread=thread,
        source=result,
        by=by,
        at=at,
    )
