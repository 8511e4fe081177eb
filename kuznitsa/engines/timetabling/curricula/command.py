"""`kuznitsa timetable FILE.ctt`: the competition's instances; works without the web part being configured.

Exit status: 0 a feasible solution, 1 none (or: the solution checked is not feasible), 2 bad input or usage, nothing
written, 130 interrupted before there was a solution.
"""

import argparse
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from kuznitsa.engines.documents import BadInput
from kuznitsa.engines.language import translate as _
from kuznitsa.engines.timetabling.curricula.checks import check, cost, is_feasible
from kuznitsa.engines.timetabling.curricula.formats import read_instance, read_solution, write_solution
from kuznitsa.engines.timetabling.curricula.model import SOFT, Finding, Instance
from kuznitsa.engines.timetabling.curricula.solver import Options, solve

DONE, BROKEN, BAD, INTERRUPTED = 0, 1, 2, 130
LARGEST_INPUT = 100_000_000
SECONDS = 60.0
# Python had to start before the clock could be read.
BEFORE = 0.15


def run_curricula(arguments: argparse.Namespace) -> int:
    """Solve or check, by the arguments of `kuznitsa timetable`; say what is wrong in one line."""
    began = time.monotonic() - BEFORE
    try:
        _refuse_target(arguments.output, [arguments.file, arguments.check])
        instance: Instance = _named(arguments.file, read_instance, _read(arguments.file))
        if arguments.check:
            return _check(instance, arguments.check)
        return _solve(instance, arguments, began)
    except (BadInput, OSError, MemoryError) as error:
        _complain(error)
        return BAD


def _check(instance: Instance, path: Path) -> int:
    """Tell each broken rule and each cost of a solution."""
    numbered = _named(path, lambda data: read_solution(data, instance), _read(path))
    findings = check(instance, [lecture for _line, lecture in numbered], [line for line, _lecture in numbered])
    for finding in findings:
        price = f" [{finding.cost}]" if finding.cost else ""
        _say(sys.stdout, f"{finding.rule}: {finding.text}{price}")
    _tell_costs(findings)
    return DONE if is_feasible(findings) else BROKEN


def _solve(instance: Instance, arguments: argparse.Namespace, began: float) -> int:
    """Search, write what was asked for, tell what it costs."""
    seconds = arguments.seconds
    if seconds is None and arguments.iterations is None:
        seconds = SECONDS
    options = Options(arguments.seed, arguments.iterations, None if seconds is None else began + seconds)
    progress = None if arguments.quiet or not sys.stderr.isatty() else _progress
    with _interrupts() as was_stopped:
        try:
            lectures = solve(instance, options, progress=progress, stop=was_stopped)
        finally:
            if progress is not None:
                sys.stderr.write("\n")
        if lectures is None:
            if was_stopped():
                _complain(BadInput(_("interrupted before there was a solution; nothing is written")))
                return INTERRUPTED
            _complain(BadInput(f"{arguments.file}: " + _("no feasible solution was found in the time")))
            return BROKEN
        findings = check(instance, lectures)
        if not is_feasible(findings):
            raise BadInput(_("The engine refutes its own result: %(problem)s.") % {"problem": findings[0].text})
        if arguments.output:
            _write(arguments.output, write_solution(lectures))
    _tell_costs(findings)
    return DONE


def _tell_costs(findings: list[Finding]) -> None:
    broken = sum(finding.cost == 0 for finding in findings)
    _say(sys.stdout, _("Broken rules: %(broken)s. Cost: %(cost)s.") % {"broken": broken, "cost": cost(findings)})
    by_rule: Counter[str] = Counter()
    for finding in findings:
        by_rule[finding.rule] += finding.cost
    for rule in SOFT:
        if by_rule[rule]:
            _say(sys.stdout, f"  {rule}: {by_rule[rule]}")


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


def _progress(share: float, price: int) -> None:
    words = {"percent": int(100 * share), "cost": price}
    sys.stderr.write("\r" + _("%(percent)s %%, cost %(cost)s") % words + "\033[K")
    sys.stderr.flush()


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
    """Say before the search, not after it, that there is no place for the result."""
    if target is None:
        return
    if target.exists():
        is_source = any(source and source.exists() and target.samefile(source) for source in sources)
        if target.is_file() and not is_source:
            return
    elif target.parent.is_dir() and os.access(target.parent, os.W_OK):
        return
    raise BadInput(_("%(path)s is not a file to write the result to.") % {"path": target})


def _write(path: Path, data: bytes) -> None:
    """Write the whole file or nothing."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        # Where it was to be written, not what it was called meanwhile.
        raise OSError(error.errno, error.strerror, str(path)) from error
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
