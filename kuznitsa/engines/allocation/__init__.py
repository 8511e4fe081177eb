"""People to places: applicant-proposing deferred acceptance, fair, explainable and recomputable.

`allocate` gives a result, `check` looks at it independently (`allocate_checked` does both). `allocate_explained`,
`explain` and `queue` say where everybody stands, `rerun` computes the next round. The array core is
`solver.solve(Problem) -> Solution`.
"""

from kuznitsa.engines.allocation.checks import check
from kuznitsa.engines.allocation.engine import allocate, allocate_checked, allocate_explained, rerun
from kuznitsa.engines.allocation.explain import (
    Explained,
    Explanation,
    PlaceReport,
    PoolReport,
    Standing,
    explain,
    queue,
)
from kuznitsa.engines.allocation.formats import read_instance, read_result, write_instance, write_result
from kuznitsa.engines.allocation.market import Weight
from kuznitsa.engines.allocation.model import (
    OPEN_POOL,
    Applicant,
    BadInput,
    Choice,
    Company,
    Instance,
    Issue,
    MinSize,
    Outcome,
    Place,
    Pool,
    Reason,
    Result,
    Rules,
    Seat,
    ticket,
)
from kuznitsa.engines.allocation.record import Record, counts, cut_offs, read_record, source_sha256, write_record

__all__ = [
    "OPEN_POOL",
    "Applicant",
    "BadInput",
    "Choice",
    "Company",
    "Explained",
    "Explanation",
    "Instance",
    "Issue",
    "MinSize",
    "Outcome",
    "Place",
    "PlaceReport",
    "Pool",
    "PoolReport",
    "Reason",
    "Record",
    "Result",
    "Rules",
    "Seat",
    "Standing",
    "Weight",
    "allocate",
    "allocate_checked",
    "allocate_explained",
    "check",
    "counts",
    "cut_offs",
    "explain",
    "queue",
    "read_instance",
    "read_record",
    "read_result",
    "rerun",
    "source_sha256",
    "ticket",
    "write_instance",
    "write_record",
    "write_result",
]
