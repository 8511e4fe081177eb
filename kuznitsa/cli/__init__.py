"""The `kuznitsa` command: runs the product, prepares and checks an installation.

Django is loaded inside the commands that need it, so that `--help` and the engines answer at once. What goes
wrong is said in one line with a way out. The language is that of LANGUAGE, LC_ALL or LANG; KUZNITSA_LANG wins.
"""

import argparse
import gettext
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from kuznitsa.cli import commands
from kuznitsa.cli.installation import LOCALE, Command, Stop

STAGES = ("need", "agreed", "applying", "allocated", "practice", "hired")

_ = gettext.gettext


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit status."""
    try:
        try:
            return run(list(sys.argv[1:] if argv is None else argv))
        finally:
            if sys.stdout is not None:  # as after `>&-`
                sys.stdout.flush()
    except BrokenPipeError:
        return leave_quietly()


def run(arguments: list[str]) -> int:
    choose_language()
    parser = build_parser()
    options, rest = parser.parse_known_args(arguments)
    if options.takes_the_rest:
        options.rest = arguments[1:]
    elif rest:
        parser.error(_("unrecognized arguments: %s") % " ".join(rest))
    try:
        return options.run(options)
    except Stop as stop:
        print(f"kuznitsa: {stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def leave_quietly() -> int:
    """Whoever read the output wants no more of it (`| head`): that is no error to tell of. Returns the exit status."""
    with suppress(OSError, ValueError):
        # What is left in the buffer goes nowhere; without this Python would complain when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 128 + signal.SIGPIPE


def choose_language() -> None:
    """Makes gettext, argparse's own texts included, speak the language of the environment."""
    if language := os.environ.get("KUZNITSA_LANG"):
        os.environ["LANGUAGE"] = language
    gettext.bindtextdomain("cli", str(LOCALE))
    gettext.textdomain("cli")


def port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(_("a port is a number up to 65535"))
    return int(text)


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kuznitsa",
        description=_("Runs an education-production cluster: from a plant's need to a graduate who stayed."),
    )
    subparsers = parser.add_subparsers(title=_("commands"), metavar=_("<command>"), required=True)

    def command(name: str, run: Command, text: str, **kwargs: Any) -> argparse.ArgumentParser:
        sub = subparsers.add_parser(name, help=text, description=text, **kwargs)
        sub.set_defaults(run=run, takes_the_rest=False)
        return sub

    def address(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--host", default="127.0.0.1", help=_("address to listen on (%(default)s)"))
        sub.add_argument("--port", type=port, default=8000, help=_("port to listen on (%(default)s)"))

    def with_rest(name: str, run: Command, text: str) -> None:
        command(name, run, text, add_help=False).set_defaults(takes_the_rest=True)

    serve_ = command("serve", commands.serve, _("serve the pages"))
    address(serve_)
    serve_.add_argument("--processes", type=int, default=2, help=_("how many processes answer (%(default)s)"))
    command("worker", commands.worker, _("do the jobs: letters, papers, reminders"))
    command("migrate", commands.migrate, _("bring the database and the static files to this version"))
    admin = command("createadmin", commands.createadmin, _("create an account that administers the installation"))
    admin.add_argument("--email", help=_("address; asked for if absent"))
    admin.add_argument("--name", help=_("full name; asked for if absent"))
    command("check", commands.check, _("check that the installation is in order"))
    demo_ = command("demo", commands.demo, _("build a demonstration world and serve it with its worker"))
    demo_.add_argument(
        "--stage", choices=STAGES, default=STAGES[-1], help=_("how far its story has come (%(default)s)")
    )
    demo_.add_argument("--reset", action="store_true", help=_("start afresh; what was entered is lost"))
    demo_.add_argument("--no-serve", action="store_true", help=_("only build it"))
    address(demo_)
    with_rest("allocate", commands.allocate, _("allocate applicants to places"))
    with_rest("timetable", commands.timetable, _("plan a timetable, or check one"))
    with_rest("tally", commands.tally, _("count votes: greedily, by equal shares, by pairs"))
    command("compile", commands.compile_, _("compile the loops of the engines, so that nobody waits for it later"))
    with_rest("world", commands.world, _("build a large generated world for measuring"))
    with_rest("bench", commands.bench, _("measure how fast the pages answer over that world"))
    with_rest("manage", commands.manage, _("run a command of Django"))
    return parser
