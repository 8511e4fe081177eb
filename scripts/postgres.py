"""Runs a command over a PostgreSQL server of its own: `python scripts/postgres.py run -- pytest`.

The server listens on a Unix socket in a temporary folder, on no port, and goes with it; DATABASE_URL names it.
With `--data DIR` the data stay in that folder for the next time.
"""

import argparse
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SYSTEM_USER = "postgres"  # the server refuses to run as root
# Nobody keeps this data through a power cut.
FAST = ["fsync=off", "full_page_writes=off", "synchronous_commit=off", "wal_level=minimal", "max_wal_senders=0"]


def programs() -> Path:
    """The folder of initdb and pg_ctl: Debian keeps one for each version, out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    if found:
        return found[-1].parent
    if initdb := shutil.which("initdb"):
        return Path(initdb).parent
    sys.exit("PostgreSQL's server programs are missing. Debian, Ubuntu: sudo apt-get install postgresql")


@contextmanager
def server(data: Path | None = None) -> Iterator[str]:
    """A running server with an empty database (or what was left in `data`); yields its DATABASE_URL."""
    user = SYSTEM_USER if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="kuznitsa-postgres-"))
    store = data.resolve() if data else folder / "data"
    store.mkdir(parents=True, exist_ok=True)
    for path in (folder, store):
        path.chmod(0o700)
        if user:
            os.chown(path, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)

    def call(program: str, *arguments: str) -> None:
        command = [str(programs() / program), "-D", str(store), *arguments]
        done = subprocess.run(
            command,
            user=user,
            cwd=folder,
            text=True,
            stdin=subprocess.DEVNULL,
            # A file, not a pipe: the server that pg_ctl starts keeps it open.
            stdout=(log := (folder / "log").open("a+")),
            stderr=subprocess.STDOUT,
        )
        if done.returncode:
            log.seek(0)
            sys.exit(f"PostgreSQL's {program} failed:\n{log.read()}")

    try:
        if not (store / "PG_VERSION").exists():
            call("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        settings = "".join(f" -c {setting}" for setting in FAST)
        call("pg_ctl", "start", "--wait", "--options", f"-c listen_addresses= -k {folder}{settings}")
        try:
            yield f"postgres://postgres@/postgres?host={folder}"
        finally:
            call("pg_ctl", "stop", "--wait", "--mode", "fast" if data else "immediate")
    finally:
        shutil.rmtree(folder)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["run"])
    parser.add_argument("--data", type=Path, help="keep the data in this folder")
    parser.add_argument("command", nargs="+", help="after --")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with server(options.data) as url:
        try:
            return subprocess.run(options.command, env=os.environ | {"DATABASE_URL": url}).returncode
        except KeyboardInterrupt:
            return 130


if __name__ == "__main__":
    sys.exit(main())
