"""The verbs of outcomes: exams, hires, “still there?”."""

from kuznitsa.outcomes.actions.check_points import (
    answer_as_worker,
    answer_for_employer,
    remind_of_check_points,
    settle_check_point,
)
from kuznitsa.outcomes.actions.exams import (
    ResultLine,
    close_exam,
    edit_exam,
    plan_exam,
    record_results,
    reopen_exam,
)
from kuznitsa.outcomes.actions.hires import (
    cancel_hire,
    correct_hire,
    end_employment,
    hire_graduate,
    return_to_work,
)

__all__ = [
    "ResultLine",
    "answer_as_worker",
    "answer_for_employer",
    "cancel_hire",
    "close_exam",
    "correct_hire",
    "edit_exam",
    "end_employment",
    "hire_graduate",
    "plan_exam",
    "record_results",
    "remind_of_check_points",
    "reopen_exam",
    "return_to_work",
    "settle_check_point",
]
