"""Curriculum-based course timetabling, the formulation UD2 of track 3 of the competition ITC-2007.

`solve` gives a solution, `check` looks at it independently, straight from the definitions.
"""

from kuznitsa.engines.timetabling.curricula.checks import check, cost, is_feasible
from kuznitsa.engines.timetabling.curricula.formats import read_instance, read_solution, write_solution
from kuznitsa.engines.timetabling.curricula.model import Course, Curriculum, Finding, Instance, Lecture, Room, Rule

__all__ = [
    "Course",
    "Curriculum",
    "Finding",
    "Instance",
    "Lecture",
    "Room",
    "Rule",
    "check",
    "cost",
    "is_feasible",
    "read_instance",
    "read_solution",
    "write_solution",
]
