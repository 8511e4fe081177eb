"""One migrated database for all workers of a run: to migrate takes a worker ten seconds, to copy none.

`python -m tests.databases FOLDER` makes it while the workers still collect their tests.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.guards import ROOT

ON_POSTGRES = "test_migrated"
ON_SQLITE = "migrated.sqlite3"


def start_migrating(folder: Path) -> subprocess.Popen[bytes]:
    """Whoever holds the lock is still at work: the process inherits it, and it goes with the process."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return subprocess.Popen(
            [sys.executable, "-m", "tests.databases", str(folder)],
            cwd=ROOT,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
            pass_fds=[lock.fileno()],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def is_there(folder: Path) -> bool:
    """Whether the database is made; waits as long as somebody is at work on it."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
    return (folder / "done").exists()


def begin_with_copy(connection: Any, folder: Path) -> None:
    """Let the test database begin as a copy. If there is none, the worker migrates and shows what is wrong."""
    if not is_there(folder):
        return
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = ON_POSTGRES
        return
    create = connection.creation._create_test_db

    def copy(*arguments: Any, **options: Any) -> str:
        name = create(*arguments, **options)
        shutil.copyfile(folder / ON_SQLITE, name)
        return name

    connection.creation._create_test_db = copy


def migrate(folder: Path) -> None:
    import django

    django.setup()
    from django.db import connection

    is_postgres = connection.vendor == "postgresql"
    connection.settings_dict["TEST"]["NAME"] = ON_POSTGRES if is_postgres else str(folder / ON_SQLITE)
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    (folder / "done").touch()


if __name__ == "__main__":
    migrate(Path(sys.argv[1]))
