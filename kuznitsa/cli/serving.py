"""The web server and its worker as processes."""

import gettext
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from ipaddress import ip_address
from typing import Any, NoReturn

from kuznitsa.cli.installation import Stop

_ = gettext.gettext


def port_problem(host: str, port: int) -> str:
    """Why nothing can listen there, or an empty string."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(family, kind, protocol)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        return _("cannot listen on %(host)s:%(port)s (%(reason)s); choose another --port") % {
            "host": host,
            "port": port,
            "reason": reason,
        }
    return ""


def site_url(host: str, port: int) -> str:
    """Where a browser on this machine finds what listens there."""
    with suppress(ValueError):
        host = "localhost" if ip_address(host).is_unspecified else host
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def server_command(host: str, port: int, processes: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(processes), "--blocking-threads", "4", "--respawn-failed-workers", "--log-level", "warning"),
        "config.wsgi:application",
    ]


def serve_with_worker(host: str, port: int) -> int:
    """Serves until interrupted, or until either process ends."""

    def interrupted(*_: Any) -> NoReturn:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    commands = [server_command(host, port, 1), [sys.executable, "-m", "kuznitsa.cli", "worker"]]
    quiet = {"KUZNITSA_LOG_LEVEL": "WARNING"} | os.environ
    # Sessions of their own: a Ctrl-C reaches only this process, which stops both in order.
    processes = [subprocess.Popen(command, start_new_session=True, env=quiet) for command in commands]
    try:
        wait_until_answered(host, port)
        print(_("Open %(url)s  (Ctrl-C stops)") % {"url": site_url(host, port)}, flush=True)
        while all(process.poll() is None for process in processes):
            time.sleep(0.3)
        raise Stop(_("the server or its worker ended; the reason stands above"))
    except KeyboardInterrupt:
        print()
        return 0
    finally:
        stop(processes)


def wait_until_answered(host: str, port: int, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection((host, port), timeout=1):
            return
        time.sleep(0.1)


def stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Asks all to end, and makes those that have not within ten seconds."""
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
