"""`make bench`, the part of tally: CPU time of counts on generated votes, and the command's whole memory.

The peer `pabutools` is measured where somebody has installed it; it never is a dependency. Prints the table and keeps
it in docs/reference.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.tally import elections
from benchmarks.tally.elections import Size
from kuznitsa.engines.tally import Completion, Election, Parameters, Rule, read, tally

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "benchmark-tally.md"
ADD1 = Parameters(Rule.EQUAL_SHARES, completion=Completion.ADD1)

HEAD = """# How fast votes are counted

CPU seconds of one process, the best of two, and the peak memory of the command `kuznitsa tally` from its start to its
end. The votes are generated; all steps of add1 are one unit of currency. `make bench` writes this page.

"""


def main() -> int:
    """Measure, print and keep the table."""
    tally(read(elections.text(elections.DISTRICT).encode())[0], ADD1)  # has the loops compiled
    rows = [
        counted("equal shares, add1", elections.DISTRICT, ADD1, "0.5"),
        counted("equal shares, add1", elections.LARGE_DISTRICT, ADD1, "3"),
        counted("equal shares, add1", elections.NEAR_TIES, ADD1, "10"),
        counted("equal shares, add1", elections.CITY, ADD1, "5, 300 MB"),
        counted("greedy", elections.RANKINGS, Parameters(Rule.GREEDY), "1"),
        counted("equal shares, add1", elections.RANKINGS, ADD1, "10"),
        counted("equal shares, add1", elections.SMALL_UNITS, ADD1, ""),
        reading(elections.MANY_BALLOTS, "1"),
    ]
    head = ["| work | ballots | CPU s | goal | MB | what came out | beside it |", "|---|---|--:|--:|--:|---|---|"]
    text = "\n".join([*head, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"
    sys.stdout.write(text)
    PAGE.write_text(HEAD + text, encoding="utf-8")
    return 0


def cpu(work: Callable[[], Any], times: int = 2) -> tuple[float, Any]:
    """Return the least CPU time of some runs, and what the last one gave."""
    least = float("inf")
    for _time in range(times):
        began = time.process_time()
        found = work()
        least = min(least, time.process_time() - began)
    return least, found


def counted(name: str, size: Size, parameters: Parameters, goal: str) -> tuple[str, ...]:
    data = elections.text(size).encode()
    election, _issues = read(data)
    took, result = cpu(lambda: tally(election, parameters))
    out = f"{len(result.winners)} winners" + (f", {result.steps:,} steps" if result.steps else "")
    beside = beside_pabutools(data, parameters, result.winners)
    return (name, size.name, f"{took:.2f}", goal, f"{peak(data, parameters):.0f}", out, beside)


def reading(size: Size, goal: str) -> tuple[str, ...]:
    data = elections.text(size).encode()
    took, (election, _issues) = cpu(lambda: read(data))
    memory = peak(data, Parameters(Rule.GREEDY))
    return ("reading", size.name, f"{took:.2f}", goal, f"{memory:.0f}", f"{shape(election)}", "")


def shape(election: Election) -> str:
    return f"{len(election.ballots):,} different ballots"


# What the operating system knows at the end: the memory of whoever started the process does not count.
COMMAND = """
import re, sys
from pathlib import Path
from kuznitsa.cli import main
status = main(["tally", *sys.argv[1:]])
print(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1], file=sys.stderr)
sys.exit(status)
"""


def peak(data: bytes, parameters: Parameters) -> float:
    """Return the peak memory of the command in megabytes."""
    with tempfile.NamedTemporaryFile(suffix=".pb") as file:
        file.write(data)
        file.flush()
        options = ["--rule", parameters.rule, "--completion", parameters.completion]
        command = [sys.executable, "-c", COMMAND, file.name, *options]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
    return int(done.stderr.split()[-1]) / 1024


# What the peer does in a process of its own, which can be ended: CPU seconds, winners.
PEER = """
import contextlib, sys, time
from pabutools.election import Additive_Borda_Sat, Cost_Sat, parse_pabulib
from pabutools.rules import method_of_equal_shares
with contextlib.redirect_stdout(None):
    instance, profile = parse_pabulib(sys.argv[1])
    options = {"sat_class": Cost_Sat if sys.argv[2] == "approval" else Additive_Borda_Sat}
    if sys.argv[3] == "add1":
        options |= {"voter_budget_increment": 1}
    began = time.process_time()
    found = method_of_equal_shares(instance, profile, **options)
    took = time.process_time() - began
print(took, *(project.name for project in found))
"""
PATIENCE = 150
AT_ONCE = 2


def beside_pabutools(data: bytes, parameters: Parameters, winners: list[str]) -> str:
    """Return the peer's time without completion, and with it if that takes not too long; same winners?"""
    if not find_spec("pabutools") or parameters.rule != Rule.EQUAL_SHARES:
        return ""
    election, _issues = read(data)
    ours, bare = cpu(lambda: tally(election, Parameters(Rule.EQUAL_SHARES)))
    took, said = by_pabutools(data, "none", bare.winners)
    told = f"without completion {ours:.2f}, `pabutools` {said}"
    # There are hundreds of steps, each of them a whole count.
    return told if took > AT_ONCE else f"`pabutools` {by_pabutools(data, 'add1', winners)[1]}; {told}"


def by_pabutools(data: bytes, completion: str, winners: list[str]) -> tuple[float, str]:
    """Return the peer's CPU seconds, and what to tell of them and of its winners."""
    with tempfile.NamedTemporaryFile(suffix=".pb") as file:
        file.write(data)
        file.flush()
        kind = "approval" if "approval" in data[:300].decode() else "other"
        command = [sys.executable, "-c", PEER, file.name, kind, completion]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            return PATIENCE, f"> {PATIENCE}"
    took, *found = done.stdout.split()
    same = "the same winners" if found == winners else "other winners"
    return float(took), f"{float(took):.1f}, {same}"


if __name__ == "__main__":
    sys.exit(main())
