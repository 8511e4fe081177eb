"""`kuznitsa timetable FILE.json`: our own model; works without the web part being configured.

Exit status: 0 done (or: the result holds), 1 something is not held (or: the result does not hold), 2 bad input or
usage, nothing written, 130 interrupted before there was a plan.
"""

import argparse
import hashlib
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

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
from kuznitsa.engines.timetabling.planning import wording
from kuznitsa.engines.timetabling.planning.checks import check, costs, is_whole
from kuznitsa.engines.timetabling.planning.explain import Clash, clash
from kuznitsa.engines.timetabling.planning.formats import read_model, read_plan, write_result
from kuznitsa.engines.timetabling.planning.model import HARD, SOFT, Model, Plan, Result, Rule
from kuznitsa.engines.timetabling.planning.picture import picture

if TYPE_CHECKING:
    from kuznitsa.engines.timetabling.planning.search import Options, Progress

BROKEN = 1
NAME = "timetable"
MEGABYTES = 100
MOST_PRICES = 12
SECONDS = 10.0
# Of a limit, so much is for the search even when compiling it, once, has taken longer: without it there is no plan.
LEAST_SECONDS = 2.0
# Python had to start before the clock could be read.
BEFORE = 0.15


def run_plan(arguments: argparse.Namespace) -> int:
    """Plan, check, explain or repair, by the arguments of `kuznitsa timetable`. Raises BadInput, OSError."""
    began = time.monotonic() - BEFORE
    sources = [arguments.file, arguments.check, arguments.repair]
    refuse_target(arguments.output, sources)
    refuse_target(arguments.picture, [*sources, arguments.output])
    data = read(arguments.file, MEGABYTES)
    model = named(arguments.file, read_model, data)
    if arguments.check:
        return _check(model, arguments)
    return _plan(model, data, arguments, began)


def _check(model: Model, arguments: argparse.Namespace) -> int:
    """Tell each broken rule and each cost of a plan; draw it and price its wishes if asked to."""
    plan = named(arguments.check, lambda data: read_plan(data, model), read(arguments.check, MEGABYTES))
    published = _published(model, arguments)
    findings = check(model, plan, published)
    for finding in findings:
        cost = "" if finding.is_hard else f" [{finding.cost}]"
        say(sys.stdout, f"{finding.rule}: {finding.text}{cost}")
    broken = sum(finding.rule in HARD for finding in findings)
    words = {"broken": broken, "cost": sum(finding.cost for finding in findings)}
    say(sys.stdout, _("Broken rules: %(broken)s. Cost: %(cost)s.") % words)
    if arguments.explain and not broken:
        _tell_prices(model, plan)
    if arguments.picture:
        write({arguments.picture: picture(model, plan).encode()})
    return BROKEN if broken else DONE


def _plan(model: Model, data: bytes, arguments: argparse.Namespace, began: float) -> int:
    """Plan or repair, write what was asked for, tell what came out."""
    if arguments.explain and (found := clash(model, by_proof=False)):
        # What counting refutes needs no search.
        _tell_clash(found)
        return BROKEN
    published = _published(model, arguments)
    options, progress = _ready(published, arguments, began)
    with interrupts() as was_stopped:
        result, forced = _searched(model, published, options, progress, was_stopped)
        if result is None:
            complain(NAME, BadInput(_("interrupted before there was a plan; nothing is written")))
            return INTERRUPTED
        findings = check(model, result.plan, published)
        if not is_whole([finding for finding in findings if finding.rule != Rule.HELD]):
            raise BadInput(_("The engine refutes its own result: %(problem)s.") % {"problem": findings[0].text})
        by_rule = costs(findings)
        files = {}
        if arguments.output:
            sha256 = hashlib.sha256(data).hexdigest()
            files[arguments.output] = write_result(
                model, result, costs=by_rule, seed=arguments.seed, input_sha256=sha256
            )
        if arguments.picture:
            files[arguments.picture] = picture(model, result.plan).encode()
        write(files)
    _tell_result(model, result, by_rule)
    if published is not None:
        _tell_moves(model, result, forced)
    if arguments.explain:
        _explain(model, result)
    return BROKEN if result.unplaced else DONE


def _ready(published: Plan | None, arguments: argparse.Namespace, began: float) -> tuple["Options", "Progress | None"]:
    """How to search, and whom to tell; before interrupts only ask the search to stop, which compiling cannot hear."""
    progress = None if arguments.quiet or not sys.stderr.isatty() else _progress
    is_first_time = not compiled.is_kept("planning")
    if progress is not None and is_first_time:
        tell_compiling()
    compiled.load("planning")
    # NumPy and numba take a second to load: who only checks does not wait for them.
    from kuznitsa.engines.timetabling.planning.repair import ITERATIONS
    from kuznitsa.engines.timetabling.planning.search import Options

    iterations, seconds = arguments.iterations, arguments.seconds
    if iterations is None and seconds is None and published is not None:
        iterations = ITERATIONS
    limit = SECONDS if seconds is None else seconds
    # Of the time to search, starting and reading have taken a part.
    left = max(limit - (time.monotonic() - began), min(limit, LEAST_SECONDS) if is_first_time else 0.0)
    return Options(arguments.seed, iterations, left), progress


def _searched(
    model: Model, published: Plan | None, options: "Options", progress: "Progress | None", stop: Callable[[], bool]
) -> tuple[Result | None, tuple[str, ...]]:
    """The plan found, and the meetings that could not stay where they were published."""
    from kuznitsa.engines.timetabling.planning.repair import repair
    from kuznitsa.engines.timetabling.planning.search import solve

    try:
        if published is None:
            return solve(model, options, progress=progress, stop=stop), ()
        repaired = repair(model, published, options, progress=progress, stop=stop)
        return repaired.result, repaired.forced
    finally:
        if progress is not None:
            sys.stderr.write("\n")


def _explain(model: Model, result: Result) -> None:
    if not result.unplaced:
        _tell_prices(model, result.plan)
    elif found := clash(model, unplaced=result.unplaced, by_counting=False):
        _tell_clash(found)
    else:
        say(sys.stdout, _("No clash was found in the time: more time may find a timetable."))


def _tell_result(model: Model, result: Result, by_rule: dict[str, int]) -> None:
    words = {"held": len(result.plan), "all": len(model.activities), "cost": result.cost}
    say(sys.stdout, _("Held: %(held)s of %(all)s. Cost: %(cost)s.") % words)
    for rule in SOFT:
        if by_rule[rule]:
            say(sys.stdout, f"  {rule}: {by_rule[rule]}")
    for id_ in result.unplaced:
        say(sys.stdout, _("%(activity)s is not held") % {"activity": wording.activity(model, model.activity[id_])})


def _tell_moves(model: Model, result: Result, forced: tuple[str, ...]) -> None:
    counts = {"moved": len(result.moved), "forced": len(forced)}
    say(sys.stdout, _("Moved: %(moved)s; could not stay: %(forced)s.") % counts)
    for id_ in result.moved:
        placed = result.plan[id_]
        words = {"activity": wording.activity(model, model.activity[id_]), "slot": model.slot_name(placed.slot)}
        words["room"] = wording.room(model, placed.room)
        say(sys.stdout, "  " + _("%(activity)s is moved to %(slot)s, %(room)s") % words)


def _tell_clash(found: Clash) -> None:
    say(sys.stdout, _("There is no timetable.") + f" {found.headline}.")
    for line in (*found.lines, *found.left):
        say(sys.stdout, f"  – {line}")


def _tell_prices(model: Model, plan: Plan) -> None:
    """Say of the dearest wishes that are not honoured what they cost, and what honouring them would."""
    from kuznitsa.engines.timetabling.planning.prices import prices

    for price in prices(model, plan, most=MOST_PRICES):
        words: dict[str, object] = {"wish": price.finding.text, "cost": price.finding.cost}
        if price.activity is None or price.to is None:
            line = _("%(wish)s: costs %(cost)s; no single move would honour it") % words
        else:
            words["activity"] = wording.activity(model, model.activity[price.activity])
            words["to"] = f"{model.slot_name(price.to.slot)}, {wording.room(model, price.to.room)}"
            words["change"] = f"{price.change:+}"
            if price.breaks:
                words["rules"] = ", ".join(price.breaks)
                line = _("%(wish)s: costs %(cost)s; moving %(activity)s to %(to)s would break: %(rules)s") % words
            else:
                line = (
                    _("%(wish)s: costs %(cost)s; moving %(activity)s to %(to)s changes the cost by %(change)s") % words
                )
        say(sys.stdout, line)


def _published(model: Model, arguments: argparse.Namespace) -> Plan | None:
    path = arguments.repair
    if path is None:
        return None
    return named(path, lambda data: read_plan(data, model, of_an_earlier_model=True), read(path, MEGABYTES))


def _progress(done: int, iterations: int, broken: int, cost: int) -> None:
    words = {"percent": 100 * done // max(iterations, 1), "broken": broken, "cost": cost}
    sys.stderr.write("\r" + _("%(percent)s %%, broken rules %(broken)s, cost %(cost)s") % words + "\033[K")
