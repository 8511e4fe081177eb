"""`make bench`, the part of allocation: CPU time beside a plain C kernel, one pass over the data, and `matching`.

A peer that is not installed is left out. Prints the table and keeps it in docs/reference.
"""

import ctypes
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.allocation import parquet
from benchmarks.allocation.markets import market
from kuznitsa.engines.allocation import arrays, fast, solver
from kuznitsa.engines.allocation.model import MinSize

HERE = Path(__file__).parent
PAGE = HERE.parent.parent / "docs" / "reference" / "benchmark-allocation.md"
NATION = (1_200_000, 30_000, 10)
MATCHING_STACK = 512 * 2**20


def main() -> int:
    """Measure, print and keep the table."""
    warm_up()
    rows = [*matching_rows(), *nation_rows(), *parquet_rows(), *closing_rows(), *plain_rows()]
    lines = ["| work | CPU s | goal | beside it |", "|---|--:|--:|---|", *(f"| {' | '.join(row)} |" for row in rows)]
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    PAGE.write_text(HEAD + text, encoding="utf-8")
    return 0


HEAD = """# How fast allocation is

CPU seconds of one process, the best of three; ratios are of the same run. `make bench` writes this page.

"""


def warm_up() -> None:
    """Have the loops compiled before anything is measured."""
    for companies in (0, 3):
        small = market(300, 10, 4, "uniform", companies)
        arrays.reasons(small, arrays.match(small))


def cpu(work: Callable[[], Any], times: int = 3) -> tuple[float, Any]:
    """Return the least CPU time of some runs, and what the last one gave."""
    least = float("inf")
    for _time in range(times):
        began = time.process_time()
        found = work()
        least = min(least, time.process_time() - began)
    return least, found


def tables(of: arrays.ArrayMarket) -> fast.Market:
    return fast.Market(fast.Arrays(of.ptr, of.place, of.score, of.luck(), of.capacity, of.company, of.company_capacity))


def nation_rows() -> list[tuple[str, ...]]:
    rows = []
    applicants, places, choices = NATION
    for kind in ("uniform", "zipf"):
        nation = market(*NATION, kind)
        prepared = tables(nation)
        nobody = np.zeros(places, dtype=bool)
        solved, _none = cpu(lambda prepared=prepared, nobody=nobody: prepared.run(nobody))
        in_c = c_kernel(prepared, nobody)
        pass_over, _sum = cpu(lambda prepared=prepared: int(prepared.contracts.sum()))
        beside = f"plain C {in_c:.3f}, ratio {solved / in_c:.2f}; one pass {pass_over:.4f}" if in_c else "no C compiler"
        rows.append((f"{applicants:,} × {choices} × {places:,}, {kind}: solve", f"{solved:.3f}", "0.5", beside))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        whole, matched = cpu(lambda nation=nation: arrays.match(nation))
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 2**20
        rows.append(("… arrays → result, with packing", f"{whole:.3f}", "1.0", f"peak grew by {grown:.2f} GB"))
        assert not arrays.check(nation, matched)
        reasons, _codes = cpu(lambda nation=nation, matched=matched: arrays.reasons(nation, matched))
        rows.append((f"… reasons for all {applicants * choices:,} choices", f"{reasons:.3f}", "0.3", ""))
        rows.append(rerun_row(nation, matched))
        two = market(*NATION, kind, companies=6000)
        prepared = tables(two)
        solved, _none = cpu(lambda prepared=prepared, nobody=nobody: prepared.run(nobody))
        rows.append(("… with 6,000 company limits: solve", f"{solved:.3f}", "1.2", ""))
    return rows


def parquet_rows() -> list[tuple[str, ...]]:
    """A whole process, its start included; left out when pyarrow is not installed beside the project."""
    if not find_spec("pyarrow"):
        return []
    with tempfile.TemporaryDirectory() as folder:
        parquet.write(market(*NATION, "uniform"), Path(folder))
        command = [sys.executable, "-m", "benchmarks.allocation.parquet", folder]
        _pid, status, used = os.wait4(subprocess.Popen(command).pid, 0)
        assert status == 0
        assert (Path(folder) / "result.parquet").stat().st_size
    took, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 2**20
    return [("… uniform, Parquet with integer keys → result file", f"{took:.2f}", "4", f"{peak:.2f} GB of 1.2")]


def rerun_row(nation: arrays.ArrayMarket, matched: Any) -> tuple[str, ...]:
    withdrawn = np.zeros(len(matched), dtype=bool)
    seated = np.flatnonzero(matched != -1)
    withdrawn[np.random.default_rng(1).choice(seated, len(seated) // 100, replace=False)] = True
    took, again = cpu(lambda: arrays.match(arrays.rerun(nation, matched, withdrawn=withdrawn)))
    old, new = (arrays.position_of(nation, found) for found in (matched, again))
    stay = (matched != -1) & ~withdrawn
    worse = int(((new[stay] == -1) | (new[stay] > old[stay])).sum())
    better = int((new[stay] < old[stay]).sum())
    return ("… re-run after 1 % withdraw", f"{took:.3f}", "1.0", f"{better:,} better off, {worse} worse off")


def c_kernel(prepared: fast.Market, shut: Any) -> float:
    """Return the CPU time of the C kernel on the same tables, 0.0 without a compiler; the result must be the same."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if not compiler:
        return 0.0
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "kernel.so"
        subprocess.run(
            [compiler, "-O3", "-march=native", "-shared", "-fPIC", "-o", library, HERE / "kernel.c"], check=True
        )
        propose = ctypes.CDLL(str(library)).propose
    prepared.run(shut)
    expected = prepared.holdings().copy()
    least = float("inf")
    for _time in range(3):
        prepared.reset(shut)
        pointers = [
            ctypes.c_void_p(table.ctypes.data)
            for table in (prepared.applicants, prepared.contracts, prepared.pools, prepared.heap, prepared.by_luck)
        ]
        numbers = [ctypes.c_int64(number) for number in (prepared.score_bits, prepared.luck_bits)]
        began = time.process_time()
        propose(ctypes.c_void_p(prepared.stack.ctypes.data), ctypes.c_int64(len(prepared.stack)), *pointers, *numbers)
        least = min(least, time.process_time() - began)
        assert (prepared.holdings() == expected).all()
    return least


def closing_rows() -> list[tuple[str, ...]]:
    """Minimum sizes at the size of a nation: about six thousand groups close one after the other."""
    nation = market(*NATION, "zipf")
    applicants, places, _choices = NATION
    problem = solver.Problem(
        first=nation.ptr,
        pool=nation.place,
        weight=nation.score.astype(np.int64) * applicants + np.repeat(nation.luck(), np.diff(nation.ptr)),
        pool_seats=nation.capacity,
        pool_place=np.arange(places),
        place_company=nation.company,
        company_capacity=nation.company_capacity,
        place_open=np.ones(places, dtype=bool),
        min_size=tuple([int(0.8 * nation.capacity[0])] * places),
        min_size_rule=MinSize.CLOSE,
    )
    took, solution = cpu(lambda: fast.solve(problem), times=1)
    return [
        (f"closing {len(solution.closed):,} of {places:,} groups", f"{took:.3f}", "4.0", "from lists, with packing")
    ]


def plain_rows() -> list[tuple[str, ...]]:
    campaign = market(2000, 60, 10, "zipf")
    problem = arrays.plain_problem(campaign)
    took, _solution = cpu(lambda: solver.solve(problem))
    return [("a campaign of 2,000, plain path", f"{took:.3f}", "0.1", "no compiled package")]


def matching_rows() -> list[tuple[str, ...]]:
    """10,000 applicants for 500 places, beside the package `matching`."""
    size = market(10_000, 500, 10, "uniform")
    ours, matched = cpu(lambda: arrays.match(size))
    beside = "`matching` is not installed"
    if find_spec("matching"):
        theirs, seats = peer(size)
        assert seats == np.count_nonzero(matched != -1)
        beside = f"`matching` {theirs:.1f}, {theirs / ours:,.0f} times as long"
    return [("10,000 × 10 × 500, build and solve", f"{ours:.4f}", "1,000 × faster", beside)]


def peer(size: arrays.ArrayMarket) -> tuple[float, int]:
    """Return the CPU time of `matching` and how many it seats; it needs a deep stack of its own."""
    import threading

    from matching.games import HospitalResident

    luck = size.luck().tolist()
    asked: dict[int, dict[int, tuple[int, int]]] = {}
    lists: dict[int, list[int]] = {}
    for applicant in range(len(luck)):
        for row in range(size.ptr[applicant], size.ptr[applicant + 1]):
            place = int(size.place[row])
            if place not in lists.setdefault(applicant, []):
                lists[applicant].append(place)
                asked.setdefault(place, {})[applicant] = (int(size.score[row]), luck[applicant])
    places = {place: sorted(who, key=who.__getitem__, reverse=True) for place, who in asked.items()}
    capacities = {place: int(size.capacity[place]) for place in places}
    found: list[tuple[float, int]] = []

    def work() -> None:
        began = time.process_time()
        game = HospitalResident.create_from_dictionaries(lists, places, capacities)
        seats = sum(len(who) for who in game.solve(optimal="resident").values())
        found.append((time.process_time() - began, seats))

    sys.setrecursionlimit(1_000_000)
    threading.stack_size(MATCHING_STACK)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return found[0]


if __name__ == "__main__":
    sys.exit(main())
