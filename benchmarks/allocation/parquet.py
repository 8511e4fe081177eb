"""From Parquet with integer keys to a result file, as a process of its own: `python -m benchmarks.allocation.parquet`.

`FOLDER` holds `wishes` (applicant, place, score, by applicant and rank), `applicants` (ticket) and `places` (capacity,
company); the result is `result.parquet` (applicant, place). pyarrow is installed beside the project.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np

from kuznitsa.engines.allocation import arrays


def write(nation: arrays.ArrayMarket, folder: Path) -> None:
    """Write a market as three tables."""
    applicant = np.repeat(np.arange(len(nation.ptr) - 1, dtype=np.int32), np.diff(nation.ptr))
    _write(folder / "wishes.parquet", applicant=applicant, place=nation.place, score=nation.score)
    _write(folder / "applicants.parquet", ticket=nation.ticket)
    _write(folder / "places.parquet", capacity=nation.capacity, company=nation.company)


def main(folder: Path) -> None:
    """Read, allocate, write."""
    wishes, applicants, places = (_read(folder / f"{name}.parquet") for name in ("wishes", "applicants", "places"))
    ticket = applicants["ticket"]
    ptr = np.concatenate(([0], np.cumsum(np.bincount(wishes["applicant"], minlength=len(ticket)))))
    nothing = np.zeros(0, np.int32)
    market = arrays.ArrayMarket(
        ptr, wishes["place"], wishes["score"], ticket, places["capacity"], places["company"], nothing
    )
    matched = arrays.match(market)
    _write(folder / "result.parquet", applicant=np.arange(len(ticket), dtype=np.int32), place=matched)


def _write(path: Path, **columns: Any) -> None:
    import pyarrow
    from pyarrow import parquet

    # Numbers of many values: a dictionary of them would only be in the way.
    parquet.write_table(pyarrow.table(columns), path, use_dictionary=False)


def _read(path: Path) -> dict[str, Any]:
    from pyarrow import parquet

    # Threads would wait for each other at the cost of processor time: one decodes in a quarter of it.
    table = parquet.ParquetFile(path).read(use_threads=False)
    return {name: np.concatenate([_numbers(chunk) for chunk in table[name].chunks]) for name in table.column_names}


def _numbers(chunk: Any) -> Any:
    """The numbers of a chunk without a copy; pyarrow's own way would load pandas, if there is one, for two seconds."""
    return np.frombuffer(chunk.buffers()[1], np.dtype(str(chunk.type)))[chunk.offset :][: len(chunk)]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
