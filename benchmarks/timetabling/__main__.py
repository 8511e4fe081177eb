"""`make bench`, the part of the competition ITC-2007: what each instance costs after some seconds on two cores.

`python -m benchmarks.timetabling [FOLDER] [--seconds N] [--only NAME …]`. Prints the table and keeps it in
docs/reference. CPU seconds are those of all processes: on a machine that is busy there are fewer of them.
"""

import argparse
import resource
import sys
import time
from pathlib import Path

from kuznitsa.engines.timetabling.curricula import check, cost, is_feasible, read_instance
from kuznitsa.engines.timetabling.curricula.solver import Options, solve

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "reference" / "benchmark-timetabling.md"
HEAD = """# How good timetables of the competition are

Track 3 of ITC-2007, formulation UD2: what the solution found in {seconds:g} seconds costs beside the best known one.
CPU seconds of all processes: on a busy machine two cores give fewer of them. The goal: at most 108 % in sum, none above
125 % of its best + 5, a feasible one within 2 s. `make bench` or `python -m benchmarks.timetabling` writes this page.

"""
BEST = dict(
    zip(
        (f"comp{number:02}" for number in range(1, 22)),
        (5, 24, 64, 35, 284, 27, 6, 37, 96, 4, 0, 294, 59, 51, 62, 18, 56, 61, 57, 4, 74),
        strict=True,
    )
)


def main() -> int:
    """Measure, print and keep the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.timetabling")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT.parent / "shared" / "data" / "itc2007")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--only", nargs="*")
    arguments = parser.parse_args()
    paths = [
        path for path in sorted(arguments.folder.glob("*.ctt")) if not arguments.only or path.stem in arguments.only
    ]
    if not paths:
        sys.stdout.write(f"There are no instances in {arguments.folder}: left out.\n")
        return 0
    lines = ["| instance | cost | best known | % | first feasible, s | CPU s |", "|---|--:|--:|--:|--:|--:|"]
    sys.stdout.write("\n".join(lines) + "\n")
    sums = [0, 0]
    for path in paths:
        found, first, cpu = measured(path, arguments.seconds)
        best = BEST.get(path.stem)
        if best is not None:
            sums[0] += found
            sums[1] += best
        known = "–" if best is None else str(best)
        lines.append(f"| {path.stem} | {found} | {known} | {share(found, best)} | {first:.2f} | {cpu:.0f} |")
        sys.stdout.write(lines[-1] + "\n")
        sys.stdout.flush()
    lines.append(f"| sum | {sums[0]} | {sums[1]} | {share(*sums)} | | |")
    sys.stdout.write(lines[-1] + "\n")
    PAGE.write_text(HEAD.format(seconds=arguments.seconds) + "\n".join(lines) + "\n", encoding="utf-8")
    return 0


def share(found: int, best: int | None) -> str:
    """How many per cent of the best known cost."""
    return f"{100 * found / best:.0f}" if best else "–"


def measured(path: Path, seconds: float) -> tuple[int, float, float]:
    """The cost, when the first feasible solution was there, the CPU seconds."""
    began, spent = time.monotonic(), cpu_seconds()
    firsts: list[float] = []
    instance = read_instance(path.read_bytes())
    lectures = solve(
        instance,
        Options(until=began + seconds),
        progress=lambda _share, _cost: firsts.append(time.monotonic() - began),
    )
    findings = check(instance, lectures or [])
    if not is_feasible(findings):
        raise SystemExit(f"{path}: no feasible solution")
    return cost(findings), firsts[0], cpu_seconds() - spent


def cpu_seconds() -> float:
    """Those of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    sys.exit(main())
