"""Meetings to rooms and hours: our own model of a timetable, small and general.

`read_model` → `search.solve` → `check`; `explain.clash` says why there is none, `repair.repair` changes a published
plan as little as possible, `moves.what_breaks` tries one move, `prices.prices` tells what each wish costs.

What solves needs NumPy and numba and is imported from its module by who needs it; the rest is plain Python.
"""

from kuznitsa.engines.documents import BadInput
from kuznitsa.engines.timetabling.planning.checks import check, costs, is_whole
from kuznitsa.engines.timetabling.planning.explain import Clash, clash
from kuznitsa.engines.timetabling.planning.formats import read_model, read_plan, write_result
from kuznitsa.engines.timetabling.planning.model import (
    Activity,
    Finding,
    Kind,
    Link,
    LinkKind,
    Model,
    Named,
    Placed,
    Plan,
    Resource,
    Result,
    Room,
    Rule,
    Weights,
    Wish,
)
from kuznitsa.engines.timetabling.planning.picture import picture

__all__ = [
    "Activity",
    "BadInput",
    "Clash",
    "Finding",
    "Kind",
    "Link",
    "LinkKind",
    "Model",
    "Named",
    "Placed",
    "Plan",
    "Resource",
    "Result",
    "Room",
    "Rule",
    "Weights",
    "Wish",
    "check",
    "clash",
    "costs",
    "is_whole",
    "picture",
    "read_model",
    "read_plan",
    "write_result",
]
