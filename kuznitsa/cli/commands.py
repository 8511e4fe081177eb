"""The commands, each a function of the parsed options that returns the exit status."""

import argparse
import gettext
import os
from importlib import import_module

from kuznitsa.cli.installation import (
    Stop,
    database_problem,
    folder_problem,
    load_django,
    mail_problem,
    plain_errors,
    prepared,
    require,
    settings_problem,
    state_folder,
    static_files_problem,
    with_django,
)
from kuznitsa.cli.serving import port_problem, serve_with_worker, server_command, site_url

_ = gettext.gettext


@with_django
def serve(options: argparse.Namespace) -> int:
    require(port_problem(options.host, options.port), database_problem(), static_files_problem())
    print(_("Serving on http://%(host)s:%(port)s") % vars(options), flush=True)
    command = server_command(options.host, options.port, options.processes)
    os.execv(command[0], command)


@with_django
def worker(options: argparse.Namespace) -> int:
    from django.core.management import call_command

    from kuznitsa.base.jobs import sync_schedules

    require(database_problem())
    sync_schedules()
    call_command("qcluster")
    return 0


def demo(options: argparse.Namespace) -> int:
    # Before the settings are read: letters and papers, the worker's too, lead to where the pages are served.
    os.environ.setdefault("KUZNITSA_SITE_URL", site_url(options.host, options.port))
    return demo_at_home(options)


@with_django
def demo_at_home(options: argparse.Namespace) -> int:
    from django.conf import settings

    from kuznitsa import demo as demonstration

    if settings.PRODUCTION:
        raise Stop(_("the demonstration world does not belong into an installation in production"))
    if not options.no_serve:
        require(port_problem(options.host, options.port))
    with prepared():
        demonstration.build(stage=options.stage, reset=options.reset)
    return 0 if options.no_serve else serve_with_worker(options.host, options.port)


@with_django
def migrate(options: argparse.Namespace) -> int:
    with prepared():
        print(_("The database and the static files are of this version."))
    return 0


@with_django
def createadmin(options: argparse.Namespace) -> int:
    from django.core.management import call_command

    require(database_problem())
    password = os.environ.get("KUZNITSA_ADMIN_PASSWORD")
    if password:
        os.environ["DJANGO_SUPERUSER_PASSWORD"] = password
    given = {"email": options.email, "full_name": options.name}
    given = {field: value for field, value in given.items() if value}
    call_command("createsuperuser", interactive=not password, **given)
    return 0


@with_django
def check(options: argparse.Namespace) -> int:
    from django.conf import settings

    found = {
        _("settings"): settings_problem(),
        _("database"): database_problem(),
        _("static files"): static_files_problem(),
        _("folder %s") % settings.VAR: folder_problem(settings.VAR),
        _("letters"): mail_problem(),
    }
    in_order = _("in order")
    for name, problem in found.items():
        print(f"{name}: {problem or in_order}")
    return 1 if any(found.values()) else 0


def load_world() -> None:
    """The measured world has a database of its own, unless DATABASE_URL names one."""
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{state_folder() / 'world.sqlite3'}")
    load_django()


def world(options: argparse.Namespace) -> int:
    load_world()
    with plain_errors():
        if not {"-h", "--help"} & set(options.rest):
            # The world takes minutes: whoever prepares meanwhile does not wait for it.
            with prepared():
                pass
        return import_module("kuznitsa.demo.world").main(options.rest) or 0


def bench(options: argparse.Namespace) -> int:
    load_world()
    with plain_errors():
        require(database_problem())
        return import_module("kuznitsa.demo.bench").main(options.rest) or 0


def manage(options: argparse.Namespace) -> int:
    from django.core.management import execute_from_command_line

    load_django()
    execute_from_command_line(["kuznitsa manage", *options.rest])
    return 0


def allocate(options: argparse.Namespace) -> int:
    from kuznitsa.engines.allocation.command import main

    return main(options.rest)


def timetable(options: argparse.Namespace) -> int:
    from kuznitsa.engines.timetabling.command import main

    return main(options.rest)


def tally(options: argparse.Namespace) -> int:
    from kuznitsa.engines.tally.command import main

    return main(options.rest)


def compile_(options: argparse.Namespace) -> int:
    from kuznitsa.engines import compiled

    place = compiled.folder()
    if place is None:
        raise Stop(
            _("there is no place to keep what is compiled; NUMBA_CACHE_DIR can name a folder that can be written")
        )
    compiled.load_all()
    print(_("The loops of the engines are compiled, in %s.") % place)
    return 0
