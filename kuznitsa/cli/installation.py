"""An installation: its settings, folder, database and static files; what is wrong with them, and putting it right."""

import argparse
import gettext
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import wraps
from pathlib import Path

from kuznitsa.engines.compiled import alone

HOME = Path(__file__).resolve().parent.parent
ROOT = HOME.parent
LOCALE = HOME / "locale"

_ = gettext.gettext
Command = Callable[[argparse.Namespace], int]


class Stop(Exception):
    """The command cannot go on; the message says why and what to do."""


def load_django() -> None:
    """Loads the settings and the applications. Stops if a setting is missing or its folder cannot be written."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("KUZNITSA_VAR", str(state_folder()))
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise Stop(_("a setting is wrong: %s") % error) from error
    from django.conf import settings
    from django.utils import translation

    translation.activate("ru" if gettext.find("cli", str(LOCALE)) else "en")
    try:
        settings.VAR.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Stop(_("the folder %s cannot be made; set KUZNITSA_VAR to another one") % settings.VAR) from error


def state_folder() -> Path:
    """Where the database and the files are unless KUZNITSA_VAR says: beside the sources, else in the user's home."""
    if given := os.environ.get("KUZNITSA_VAR"):
        return Path(given)
    if (ROOT / "pyproject.toml").exists():
        return ROOT / "var"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "kuznitsa"


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turns what Django raises for an operator's mistake into one line."""
    from django.core.management import CommandError
    from django.db import OperationalError

    try:
        yield
    except OperationalError as error:
        raise Stop(_("the database does not answer: %s") % first_line(error)) from error
    except CommandError as error:
        raise Stop(str(error)) from error


def with_django(run: Command) -> Command:
    @wraps(run)
    def wrapped(options: argparse.Namespace) -> int:
        load_django()
        with plain_errors():
            return run(options)

    return wrapped


def first_line(error: object) -> str:
    return (str(error).splitlines() or [""])[0]


def connection_problem() -> str:
    """Why no connection to the database can be made, or an empty string."""
    from django.db import DatabaseError, connection

    probe = connection.copy()
    # A pool would try for half a minute and then say that it did, not why it failed.
    probe.settings_dict["OPTIONS"].pop("pool", None)
    try:
        with closing(probe):
            probe.ensure_connection()
    except DatabaseError as error:
        return _("the database does not answer: %s") % first_line(error)
    return ""


def database_problem() -> str:
    """Why the database cannot be used by this version, or an empty string."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    if problem := connection_problem():
        return problem
    executor = MigrationExecutor(connection)
    if missing := len(executor.migration_plan(executor.loader.graph.leaf_nodes())):
        return _("the database is not of this version (migrations to apply: %d); run: kuznitsa migrate") % missing
    return ""


def static_files_problem() -> str:
    """Why the pages would come without their styles, or an empty string."""
    from django.conf import settings

    state = settings.VAR / "static.state"
    if state.exists() and state.read_text() == static_state():
        return ""
    return _("the static files are not of this version; run: kuznitsa migrate")


def static_state() -> str:
    """A fingerprint of all static files as the applications have them."""
    from django.contrib.staticfiles.finders import get_finders

    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            seen.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return seen.hexdigest()


@contextmanager
def prepared() -> Iterator[None]:
    """Applies migrations; copies the static files, compressed and with hashed names, unless that is done already.

    Nobody else on this machine prepares the same installation until the block ends.
    """
    from django.conf import settings
    from django.core.management import call_command

    require(connection_problem())
    with alone(settings.VAR / "prepare.lock"):
        call_command("migrate", interactive=False, verbosity=0)
        if static_files_problem():
            call_command("collectstatic", interactive=False, verbosity=0)
            (settings.VAR / "static.state").write_text(static_state())
        yield


def require(*problems: str) -> None:
    for problem in problems:
        if problem:
            raise Stop(problem)


def settings_problem() -> str:
    """What Django's own checks find, those for production included if this is one."""
    from django.conf import settings
    from django.core.checks import WARNING, run_checks

    messages = run_checks(include_deployment_checks=settings.PRODUCTION)
    return "\n".join(str(message) for message in messages if message.level >= WARNING and not message.is_silenced())


def folder_problem(folder: Path) -> str:
    if not folder.is_dir():
        return _("the folder is missing")
    return "" if os.access(folder, os.W_OK | os.X_OK) else _("the folder cannot be written")


def mail_problem() -> str:
    """Why letters would not leave: a folder that cannot be written or a server that does not answer."""
    from django.conf import settings
    from django.core.mail import get_connection

    if folder := getattr(settings, "EMAIL_FILE_PATH", None):
        return folder_problem(folder if Path(folder).exists() else Path(folder).parent)
    try:
        with closing(get_connection()) as connection:
            connection.open()
    except OSError as error:
        return _("the mail server does not answer: %s") % first_line(error)
    return ""
