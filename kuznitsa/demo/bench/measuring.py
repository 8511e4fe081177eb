"""How long the server takes for a page: through all the middleware, in this process, warm."""

import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from statistics import quantiles
from typing import Any

from django.db import connection
from django.test import Client
from django.utils.translation import gettext as _

from kuznitsa.accounts.models import User
from kuznitsa.base.warm import settle
from kuznitsa.demo.bench.pages import Page

TIMES = 30
LOOP = 60_000
FOUND, BROKEN = 200, 500
# Milliseconds of server time that a page may take at the 95th percentile.
LIMIT = 100.0
LIMITS = {"insight:thread of a cluster": 50.0}


@dataclass(frozen=True)
class Measure:
    """One page as the slowest of its viewers sees it; times in milliseconds.

    `loop` is what a loop of plain Python took in the same moments: the machine's speed, which others share.
    """

    page: str
    viewer: str
    queries: int
    wall_p50: float
    wall_p95: float
    cpu_p50: float
    cpu_p95: float
    loop: float

    @property
    def is_slow(self) -> bool:
        return self.wall_p95 > LIMITS.get(self.page, LIMIT)

    def as_row(self) -> dict[str, Any]:
        return asdict(self)


def clients(viewers: Iterable[User | None]) -> dict[str, Client]:
    """Return a browser for each viewer, by what the viewer is called in the table; the process is as the server's."""
    settle()
    found = {}
    for user in viewers:
        client = Client(
            raise_request_exception=False,
            SERVER_NAME="localhost",
            headers={"accept-language": "ru", "accept-encoding": "gzip"},
        )
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        found.setdefault(user.email.split(".")[0] if user else "visitor", client)
    return found


def measure(page: Page, by: dict[str, Client]) -> Measure | None:
    """Return how fast the page is for the viewer who waits longest; None when it is for nobody."""
    once = {name: took for name, client in by.items() if (took := _seconds(client, page.path)) is not None}
    if not once:
        return None
    viewer = max(once, key=lambda name: once[name])
    client = by[viewer]
    wall, cpu, loops = [], [], [_loop()]
    for _time in range(TIMES):
        wall_began, cpu_began = time.perf_counter(), time.process_time()
        client.get(page.path)
        wall.append(1000 * (time.perf_counter() - wall_began))
        cpu.append(1000 * (time.process_time() - cpu_began))
    loops.append(_loop())
    queries = _queries(lambda: client.get(page.path))
    return Measure(page.name, viewer, queries, *_percentiles(wall), *_percentiles(cpu), round(sum(loops) / 2, 1))


def _loop() -> float:
    """Return the milliseconds of some work that never changes: words, numbers, a dictionary."""
    began = time.process_time()
    words: dict[str, str] = {}
    for number in range(LOOP):
        key = str(number % 977)
        words[key] = words.get(key, "")[:5] + key
    return 1000 * (time.process_time() - began)


def _seconds(client: Client, path: str) -> float | None:
    """Ask twice and time the second; None when the page is not for this viewer."""
    status = client.get(path).status_code
    if status >= BROKEN:
        print(_("This page is broken: %(path)s") % {"path": path})
    if status != FOUND:
        return None
    began = time.perf_counter()
    client.get(path)
    return time.perf_counter() - began


def _queries(ask: Callable[[], Any]) -> int:
    count = 0

    def counting(execute: Any, *arguments: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*arguments)

    with connection.execute_wrapper(counting):
        ask()
    return count


def _percentiles(values: list[float]) -> tuple[float, float]:
    """Return the 50th and the 95th."""
    twentieths = quantiles(values, n=20, method="inclusive")
    return round(twentieths[9], 1), round(twentieths[18], 1)
