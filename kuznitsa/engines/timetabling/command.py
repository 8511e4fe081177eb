"""`kuznitsa timetable`: what the two kinds of files have in common; each has a command of its own beneath.

What the exit statuses mean is said in `planning.command` and `curricula.command`.
"""

import argparse
import math
from collections.abc import Sequence
from pathlib import Path

from kuznitsa.engines.commands import Parser, run
from kuznitsa.engines.language import translate as _

ONLY_OURS = ("explain", "repair", "picture")
LONGEST = 1_000_000


def main(argv: Sequence[str]) -> int:
    """Run the command with the arguments after its name; say what is wrong in one line on stderr."""

    def work() -> int:
        arguments = _parse(argv)
        if arguments.file.suffix == ".ctt":
            from kuznitsa.engines.timetabling.curricula.command import run_curricula

            return run_curricula(arguments)
        from kuznitsa.engines.timetabling.planning.command import run_plan

        return run_plan(arguments)

    return run("timetable", work)


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = Parser(
        prog="kuznitsa timetable",
        description=_("Plan a timetable, or check one: FILE.json in our own terms, FILE.ctt of the contest ITC-2007."),
        allow_abbrev=False,
    )
    parser.add_argument("file", type=Path, metavar="FILE", help=_("what is to be planned: FILE.json or FILE.ctt"))
    parser.add_argument("--output", type=Path, metavar="PLAN", help=_("the file to write the timetable to"))
    parser.add_argument("--check", type=Path, metavar="PLAN", help=_("say what this timetable breaks and costs"))
    parser.add_argument("--seconds", type=_seconds, metavar="N", help=_("how long to search, start included"))
    parser.add_argument(
        "--iterations", type=_iterations, metavar="N", help=_("how many moves to try: the same result for a seed")
    )
    parser.add_argument("--seed", type=_seed, default=1, metavar="S", help=_("the seed of the search (%(default)s)"))
    parser.add_argument("--quiet", action="store_true", help=_("do not tell the progress"))
    parser.add_argument(
        "--explain", action="store_true", help=_("why there is no timetable, or what wishes cost (JSON only)")
    )
    parser.add_argument(
        "--repair", type=Path, metavar="PUBLISHED", help=_("change this timetable as little as possible (JSON only)")
    )
    parser.add_argument("--picture", type=Path, metavar="FILE.svg", help=_("draw the timetable (JSON only)"))
    arguments = parser.parse_args(argv)
    if arguments.file.suffix not in (".json", ".ctt"):
        parser.error(_("%(path)s: the file must be a .json or a .ctt") % {"path": arguments.file})
    if arguments.file.suffix == ".ctt":
        for name in ONLY_OURS:
            if getattr(arguments, name):
                parser.error(_("--%(option)s is for .json files only") % {"option": name})
    if arguments.check and arguments.output:
        parser.error(_("--check writes nothing: leave --output out"))
    return arguments


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= LONGEST:
        raise argparse.ArgumentTypeError(_("a time is a number of seconds from 0 to %(most)s") % {"most": LONGEST})
    return value


def _iterations(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 15 or int(text) == 0:
        raise argparse.ArgumentTypeError(_("iterations are a whole number from 1"))
    return int(text)


def _seed(text: str) -> int:
    if not text.isascii() or not text.removeprefix("-").isdigit() or len(text) > 18:
        raise argparse.ArgumentTypeError(_("a seed is a whole number of at most 18 digits"))
    return int(text)
