"""`kuznitsa tally`: a Pabulib file in, a result out; works without the web part being configured.

Exit status: 0 done, 2 bad input or usage, nothing written, 130 interrupted.
"""

import argparse
import hashlib
import re
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from kuznitsa.engines.commands import DONE, Parser, named, read, refuse_target, run, say, write
from kuznitsa.engines.language import translate as _
from kuznitsa.engines.tally import pabulib
from kuznitsa.engines.tally.ballots import UNKNOWN
from kuznitsa.engines.tally.engine import tally
from kuznitsa.engines.tally.formats import write_result
from kuznitsa.engines.tally.model import Completion, Issue, Parameters, Rule, Step, Stop, Ties, Utility

MEGABYTES = 1000
STEP = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)(%?)", re.ASCII)


def main(argv: Sequence[str]) -> int:
    """Run the command with the arguments after its name; say what is wrong in one line on stderr."""

    def work() -> int:
        arguments = _parse(argv)
        result, issues = _counted(arguments)
        if arguments.output is None:
            _print(result)
        else:
            write({arguments.output: result})
        for issue in issues:
            say(sys.stderr, f"kuznitsa tally: {arguments.path}: {_told(issue)}")
        return DONE

    return run("tally", work)


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = Parser(prog="kuznitsa tally", description=_("Count the votes of a Pabulib file by a declared rule."))
    parser.add_argument("path", type=Path, metavar="FILE.pb", help=_("the votes"))
    parser.add_argument("--rule", required=True, choices=list(map(str, Rule)), help=_("how votes become decisions"))
    parser.add_argument(
        "--utility",
        default=str(Utility.COST),
        choices=list(map(str, Utility)),
        help=_("equal shares: what an approved project is worth, its cost or one (%(default)s)"),
    )
    parser.add_argument(
        "--completion",
        default=str(Completion.NONE),
        choices=list(map(str, Completion)),
        help=_("equal shares: what is done with the money that is left (%(default)s)"),
    )
    parser.add_argument(
        "--step", default=Step(), type=_step, metavar="1|1%", help=_("by how much add1 raises a share (%(default)s)")
    )
    parser.add_argument(
        "--stop",
        default=str(Stop.FIRST_INFEASIBLE),
        choices=list(map(str, Stop)),
        help=_("where add1 ends (%(default)s)"),
    )
    parser.add_argument(
        "--ties",
        default=str(Ties.ID),
        choices=list(map(str, Ties)),
        help=_("who goes first among equals (%(default)s)"),
    )
    parser.add_argument("--seed", default="", metavar="TEXT", help=_("of the public draw among equals"))
    parser.add_argument("--explain", action="store_true", help=_("say why each project won or what it lacked"))
    parser.add_argument("--output", type=Path, metavar="FILE", help=_("where to write the result, whole or not at all"))
    return parser.parse_args(argv)


def _step(text: str) -> Step:
    match = STEP.fullmatch(text)
    if not match or not Fraction(match[1]):
        raise argparse.ArgumentTypeError(_("a step is an amount like 1 or a per cent of the first share like 1%"))
    return Step(Fraction(match[1]), bool(match[2]))


def _counted(arguments: argparse.Namespace) -> tuple[bytes, list[Issue]]:
    path = arguments.path
    refuse_target(arguments.output, [path])
    data = read(path, MEGABYTES)
    election, issues = named(path, pabulib.read, data)
    parameters = Parameters(
        rule=Rule(arguments.rule),
        utility=Utility(arguments.utility),
        completion=Completion(arguments.completion),
        step=arguments.step,
        stop=Stop(arguments.stop),
        ties=Ties(arguments.ties),
        seed=arguments.seed,
    )
    input_sha256 = hashlib.sha256(data).hexdigest()
    del data
    result = tally(election, parameters)
    written = write_result(
        election, parameters, result, issues, input_sha256=input_sha256, is_explained=arguments.explain
    )
    return written, issues


def _told(issue: Issue) -> str:
    words = {"line": issue.line, "project": issue.project, "ballots": issue.ballots}
    if issue.kind == UNKNOWN:
        return _("line %(line)d: there is no project %(project)s; dropped from %(ballots)d ballots") % words
    return _("line %(line)d: the project %(project)s is named twice; counted once in %(ballots)d ballots") % words


def _print(result: bytes) -> None:
    """The result on the standard output, in UTF-8 wherever it goes."""
    sys.stdout.flush()
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(result.decode())
    else:
        buffer.write(result)
    sys.stdout.flush()
