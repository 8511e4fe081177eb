"""Reads about exams, hires and check points."""

from kuznitsa.admissions.queries.contracts import add_months
from kuznitsa.outcomes.queries.coming import coming
from kuznitsa.outcomes.queries.duties import duties
from kuznitsa.outcomes.queries.exams import (
    ResultRow,
    contract_for_outcome,
    listed_exams,
    result_rows,
    students_of_exam,
)
from kuznitsa.outcomes.queries.hires import (
    contracts_to_hire,
    listed_hires,
    newly_due,
    points_of,
    points_to_answer,
    warning_for,
)

__all__ = [
    "ResultRow",
    "add_months",
    "coming",
    "contract_for_outcome",
    "contracts_to_hire",
    "duties",
    "listed_exams",
    "listed_hires",
    "newly_due",
    "points_of",
    "points_to_answer",
    "result_rows",
    "students_of_exam",
    "warning_for",
]
