"""`kuznitsa timetable FILE.json`: our own model; works without the web part being configured.

Exit status: 0 done (or: the result holds), 1 something is not held (or: the result does not hold), 2 bad input or
usage, nothing written, 130 interrupted before there was a plan.
"""

import argparse
import hashlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from kuznitsa.engines.documents import BadInput
from kuznitsa.engines.language import translate as _
from kuznitsa.engines.timetabling.planning import wording
from kuznitsa.engines.timetabling.planning.checks import check, costs, is_whole
from kuznitsa.engines.timetabling.planning.explain import Clash, clash
from kuznitsa.engines.timetabling.planning.formats import read_model, read_plan, write_result
from kuznitsa.engines.timetabling.planning.model import HARD, SOFT, Model, Plan, Result, Rule
from kuznitsa.engines.timetabling.planning.picture import picture

DONE, BROKEN, BAD, INTERRUPTED = 0, 1, 2, 130
LARGEST_INPUT = 100_000_000
MOST_PRICES = 12
SECONDS = 10.0


def run_plan(arguments: argparse.Namespace) -> int:
    """Plan, check, explain or repair, by the arguments of `kuznitsa timetable`; say what is wrong in one line."""
    try:
        for target in (arguments.output, arguments.picture):
            _refuse_target(target, [arguments.file, arguments.check, arguments.repair])
        data = _read(arguments.file)
        model = _named(arguments.file, read_model, data)
        if arguments.check:
            return _check(model, arguments)
        return _plan(model, data, arguments)
    except (BadInput, OSError, MemoryError) as error:
        _complain(error)
        return BAD


def _check(model: Model, arguments: argparse.Namespace) -> int:
    """Tell each broken rule and each cost of a plan; draw it and price its wishes if asked to."""
    plan = _named(arguments.check, lambda data: read_plan(data, model), _read(arguments.check))
    published = _published(model, arguments)
    findings = check(model, plan, published)
    for finding in findings:
        cost = "" if finding.is_hard else f" [{finding.cost}]"
        _say(sys.stdout, f"{finding.rule}: {finding.text}{cost}")
    broken = sum(finding.rule in HARD for finding in findings)
    words = {"broken": broken, "cost": sum(finding.cost for finding in findings)}
    _say(sys.stdout, _("Broken rules: %(broken)s. Cost: %(cost)s.") % words)
    if arguments.explain and not broken:
        _tell_prices(model, plan)
    if arguments.picture:
        _write(arguments.picture, picture(model, plan).encode())
    return BROKEN if broken else DONE


def _plan(model: Model, data: bytes, arguments: argparse.Namespace) -> int:
    """Plan or repair, write what was asked for, tell what came out."""
    if arguments.explain and (found := clash(model, by_proof=False)):
        # What counting refutes needs no search.
        _tell_clash(found)
        return BROKEN
    published = _published(model, arguments)
    result, forced = _searched(model, published, arguments)
    if result is None:
        _say(sys.stderr, "kuznitsa timetable: " + _("interrupted before there was a plan; nothing is written"))
        return INTERRUPTED
    findings = check(model, result.plan, published)
    if not is_whole([finding for finding in findings if finding.rule != Rule.HELD]):
        raise BadInput(_("The engine refutes its own result: %(problem)s.") % {"problem": findings[0].text})
    by_rule = costs(findings)
    if arguments.output:
        sha256 = hashlib.sha256(data).hexdigest()
        _write(arguments.output, write_result(model, result, costs=by_rule, seed=arguments.seed, input_sha256=sha256))
    if arguments.picture:
        _write(arguments.picture, picture(model, result.plan).encode())
    _tell_result(model, result, by_rule)
    if published is not None:
        _tell_moves(model, result, forced)
    if arguments.explain:
        _explain(model, result)
    return BROKEN if result.unplaced else DONE


def _searched(
    model: Model, published: Plan | None, arguments: argparse.Namespace
) -> tuple[Result | None, tuple[str, ...]]:
    """The plan found, and the meetings that could not stay where they were published."""
    # NumPy and numba take a second to load: who only checks does not wait for them.
    from kuznitsa.engines.timetabling.planning.repair import ITERATIONS, repair
    from kuznitsa.engines.timetabling.planning.search import Options, solve

    iterations, seconds = arguments.iterations, arguments.seconds
    if iterations is None and seconds is None and published is not None:
        iterations = ITERATIONS
    options = Options(arguments.seed, iterations, SECONDS if seconds is None else seconds)
    progress = None if arguments.quiet or not sys.stderr.isatty() else _progress
    try:
        with _interrupts() as was_stopped:
            if published is None:
                return solve(model, options, progress=progress, stop=was_stopped), ()
            repaired = repair(model, published, options, progress=progress, stop=was_stopped)
            return repaired.result, repaired.forced
    finally:
        if progress is not None:
            sys.stderr.write("\n")


def _explain(model: Model, result: Result) -> None:
    if not result.unplaced:
        _tell_prices(model, result.plan)
    elif found := clash(model, unplaced=result.unplaced):
        _tell_clash(found)
    else:
        _say(sys.stdout, _("No clash was found in the time: more time may find a timetable."))


def _tell_result(model: Model, result: Result, by_rule: dict[str, int]) -> None:
    words = {"held": len(result.plan), "all": len(model.activities), "cost": result.cost}
    _say(sys.stdout, _("Held: %(held)s of %(all)s. Cost: %(cost)s.") % words)
    for rule in SOFT:
        if by_rule[rule]:
            _say(sys.stdout, f"  {rule}: {by_rule[rule]}")
    for id_ in result.unplaced:
        _say(sys.stdout, _("%(activity)s is not held") % {"activity": wording.activity(model, model.activity[id_])})


def _tell_moves(model: Model, result: Result, forced: tuple[str, ...]) -> None:
    counts = {"moved": len(result.moved), "forced": len(forced)}
    _say(sys.stdout, _("Moved: %(moved)s; could not stay: %(forced)s.") % counts)
    for id_ in result.moved:
        placed = result.plan[id_]
        words = {"activity": wording.activity(model, model.activity[id_]), "slot": model.slot_name(placed.slot)}
        words["room"] = wording.room(model, placed.room)
        _say(sys.stdout, "  " + _("%(activity)s is moved to %(slot)s, %(room)s") % words)


def _tell_clash(found: Clash) -> None:
    _say(sys.stdout, _("There is no timetable.") + f" {found.headline}.")
    for line in (*found.lines, *found.left):
        _say(sys.stdout, f"  – {line}")


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
        _say(sys.stdout, line)


def _published(model: Model, arguments: argparse.Namespace) -> Plan | None:
    path = arguments.repair
    if path is None:
        return None
    plan: Plan = _named(path, lambda data: read_plan(data, model, of_an_earlier_model=True), _read(path))
    return plan


@contextmanager
def _interrupts() -> Iterator[Callable[[], bool]]:
    """Inside, an interrupt or a request to end only asks the search to stop."""
    asked: list[int] = []
    wanted = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda received, _frame: asked.append(received)) for number in wanted]
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in zip(wanted, before, strict=True):
            signal.signal(number, handler)


def _progress(done: int, iterations: int, broken: int, cost: int) -> None:
    words = {"percent": 100 * done // max(iterations, 1), "broken": broken, "cost": cost}
    sys.stderr.write("\r" + _("%(percent)s %%, broken rules %(broken)s, cost %(cost)s") % words + "\033[K")


def _named(path: Path, work: Callable[[bytes], Any], data: bytes) -> Any:
    """Do the work; what is bad about the input is told with the file's name."""
    try:
        return work(data)
    except BadInput as error:
        raise BadInput(f"{path}: {error}") from None


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        if path.is_file() and path.stat().st_size > LARGEST_INPUT:
            raise BadInput(f"{path}: " + _("It is larger than 100 MB."))
        return file.read()


def _refuse_target(target: Path | None, sources: list[Path | None]) -> None:
    if target is None or not target.exists():
        return
    if not target.is_file() or any(source and source.exists() and target.samefile(source) for source in sources):
        raise BadInput(_("%(path)s is not a file to write the result to.") % {"path": target})


def _write(path: Path, data: bytes) -> None:
    """Write the whole file or nothing."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        unfinished.write_bytes(data)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _complain(error: Exception) -> None:
    if isinstance(error, OSError):
        message = f"{error.filename}: {error.strerror}" if error.filename else str(error)
    elif isinstance(error, MemoryError):
        message = _("There is not enough memory for this input.")
    else:
        message = str(error)
    _say(sys.stderr, f"kuznitsa timetable: {message}")


def _say(stream: TextIO, message: str) -> None:
    """One line, whatever is in the names, in whatever letters the stream has."""
    encoding = stream.encoding or "utf-8"
    line = message.rstrip().replace("\n", " ").encode(encoding, "backslashreplace").decode(encoding)
    stream.write(line + "\n")
