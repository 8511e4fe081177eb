"""`kuznitsa timetable FILE.ctt`: the competition's instances; works without the web part being configured.

Exit status: 0 a feasible solution, 1 none (or: the solution checked is not feasible), 2 bad input or usage, nothing
written, 130 interrupted before there was a solution.
"""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

from kuznitsa.engines import compiled
from kuznitsa.engines.commands import (
    DONE,
    INTERRUPTED,
    complain,
    interrupts,
    named,
    read,
    refuse_target,
    say,
    tell_compiling,
    write,
)
from kuznitsa.engines.documents import BadInput
from kuznitsa.engines.language import translate as _
from kuznitsa.engines.timetabling.curricula.checks import check, cost, is_feasible
from kuznitsa.engines.timetabling.curricula.formats import read_instance, read_solution, write_solution
from kuznitsa.engines.timetabling.curricula.model import SOFT, Finding, Instance
from kuznitsa.engines.timetabling.curricula.solver import Options, solve

BROKEN = 1
NAME = "timetable"
MEGABYTES = 100
SECONDS = 60.0
# Python had to start before the clock could be read.
BEFORE = 0.15


def run_curricula(arguments: argparse.Namespace) -> int:
    """Solve or check, by the arguments of `kuznitsa timetable`. Raises BadInput, OSError."""
    began = time.monotonic() - BEFORE
    refuse_target(arguments.output, [arguments.file])
    instance = named(arguments.file, read_instance, read(arguments.file, MEGABYTES))
    if arguments.check:
        return _check(instance, arguments.check)
    return _solve(instance, arguments, began)


def _check(instance: Instance, path: Path) -> int:
    """Tell each broken rule and each cost of a solution."""
    numbered = named(path, lambda data: read_solution(data, instance), read(path, MEGABYTES))
    findings = check(instance, [lecture for _line, lecture in numbered], [line for line, _lecture in numbered])
    for finding in findings:
        price = f" [{finding.cost}]" if finding.cost else ""
        say(sys.stdout, f"{finding.rule}: {finding.text}{price}")
    _tell_costs(findings)
    return DONE if is_feasible(findings) else BROKEN


def _solve(instance: Instance, arguments: argparse.Namespace, began: float) -> int:
    """Search, write what was asked for, tell what it costs."""
    seconds = arguments.seconds
    if seconds is None and arguments.iterations is None:
        seconds = SECONDS
    options = Options(arguments.seed, arguments.iterations, None if seconds is None else began + seconds)
    progress = None if arguments.quiet or not sys.stderr.isatty() else _progress
    if progress is not None and not compiled.is_kept("curricula"):
        tell_compiling()
    with interrupts() as was_stopped:
        try:
            lectures = solve(instance, options, progress=progress, stop=was_stopped)
        finally:
            if progress is not None:
                sys.stderr.write("\n")
        if lectures is None:
            if was_stopped():
                complain(NAME, BadInput(_("interrupted before there was a solution; nothing is written")))
                return INTERRUPTED
            complain(NAME, BadInput(f"{arguments.file}: " + _("no feasible solution was found in the time")))
            return BROKEN
        findings = check(instance, lectures)
        if not is_feasible(findings):
            raise BadInput(_("The engine refutes its own result: %(problem)s.") % {"problem": findings[0].text})
        if arguments.output:
            write({arguments.output: write_solution(lectures)})
    _tell_costs(findings)
    return DONE


def _tell_costs(findings: list[Finding]) -> None:
    broken = sum(finding.cost == 0 for finding in findings)
    say(sys.stdout, _("Broken rules: %(broken)s. Cost: %(cost)s.") % {"broken": broken, "cost": cost(findings)})
    by_rule: Counter[str] = Counter()
    for finding in findings:
        by_rule[finding.rule] += finding.cost
    for rule in SOFT:
        if by_rule[rule]:
            say(sys.stdout, f"  {rule}: {by_rule[rule]}")


def _progress(share: float, price: int) -> None:
    words = {"percent": int(100 * share), "cost": price}
    sys.stderr.write("\r" + _("%(percent)s %%, cost %(cost)s") % words + "\033[K")
    sys.stderr.flush()
