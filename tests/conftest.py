"""Fixtures for every test. What fails a test without being asked stands in `guards.py`."""

import gc
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import hypothesis
import pytest
import time_machine
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.utils import translation

from build_backend.messages import compile_stale
from kuznitsa.base.warm import THRESHOLDS
from tests.databases import ON_SQLITE, begin_with_copy, is_there, start_migrating
from tests.guards import code_origin
from tests.rows import RowsOfSetUp

MOSCOW = ZoneInfo("Europe/Moscow")
MIGRATED = pytest.StashKey[Path]()

hypothesis.settings.register_profile("quick", max_examples=25, deadline=None)
hypothesis.settings.register_profile("thorough", max_examples=500, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-matrix", action="store_true", help="write tests/permissions/matrix.txt anew")
    parser.addoption("--update-pictures", action="store_true", help="take the pictures of docs/images anew")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        compile_stale()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Several workers: a database for them is migrated while they collect their tests."""
    folder = node.config.stash.get(MIGRATED, None)
    if folder is None:
        folder = node.config.stash[MIGRATED] = Path(tempfile.mkdtemp(prefix="kuznitsa-migrated-"))
        process = start_migrating(folder)
        node.config.add_cleanup(lambda: (process.terminate(), process.wait(), shutil.rmtree(folder)))
    node.workerinput["migrated"] = str(folder)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, request: pytest.FixtureRequest) -> None:
    workerinput = getattr(request.config, "workerinput", None)
    if workerinput is not None:
        begin_with_copy(connection, Path(workerinput["migrated"]))


@pytest.fixture(scope="session")
def migrated(request: pytest.FixtureRequest) -> Path | None:
    """The migrated SQLite database, to copy. None on PostgreSQL, and in a run without several workers."""
    workerinput = getattr(request.config, "workerinput", None)
    if workerinput is None or connection.vendor != "sqlite" or not is_there(Path(workerinput["migrated"])):
        return None
    return Path(workerinput["migrated"]) / ON_SQLITE


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector need not walk through it hundreds of times in a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)


@pytest.fixture(scope="session")
def uploads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A new folder for every test, made when something is put into it: to make thousands takes seconds."""
    folder = tmp_path_factory.mktemp("uploads")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def _nothing_left_over(settings: Any, uploads: Iterator[Path]) -> Iterator[None]:
    """Each test starts in the language of the installation, with an empty cache and no uploads."""
    settings.MEDIA_ROOT = next(uploads)
    cache.clear()
    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test with real transactions empties the tables: what migrations and classifiers wrote is to come back."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker is not None and marker.kwargs.get("transaction"):
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Let every connection know the rows that are to come back: in browser tests it is another object."""
    with django_db_blocker.unblock():
        if hasattr(connection, "_test_serialized_contents"):
            del connection._test_serialized_contents
            type(connections["default"])._test_serialized_contents = RowsOfSetUp(connection)
            type(connection.creation).deserialize_db_from_string = lambda _creation, rows: rows.put_back()


@pytest.fixture(autouse=True)
def _rows_of_set_up_come_back(django_db_serialized_rollback: None) -> None:
    """The same for tests that ask for real transactions by a fixture."""


@pytest.fixture
def at() -> Iterator[datetime]:
    """The instant of the test: a Tuesday in September, 9:00 in Moscow. The machine's clock stands there as well."""
    instant = datetime(2026, 9, 1, 9, 0, tzinfo=MOSCOW)
    with time_machine.travel(instant, tick=True):
        yield instant


@pytest.fixture(params=["ru", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """Runs the test once in each language."""
    with translation.override(request.param):
        yield request.param


@pytest.fixture
def ru() -> Iterator[str]:
    with translation.override("ru"):
        yield "ru"


@pytest.fixture
def en() -> Iterator[str]:
    with translation.override("en"):
        yield "en"


@pytest.fixture
def client_as(db: None) -> Callable[..., Client]:
    """`client_as(user)`: a signed-in client; `client_as(None)`: a visitor; `language=` what its browser asks for."""

    def make(user: Any, *, language: str = "ru") -> Client:
        client = Client(headers={"accept-language": language})
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def query_count(db: None) -> Callable[..., None]:
    """`query_count(ask, add)`: asking must cost the same number of queries for one row as for three.

    `add()` makes one more row, `ask()` reads them: `query_count(lambda: client.get(url), NeedFactory)`.
    """

    def check(ask: Callable[[], Any], add: Callable[[], Any]) -> None:
        add()
        ask()  # warms up caches that live as long as the process: content types, sites
        one = _queries_of(ask)
        add()
        add()
        three = _queries_of(ask)
        if len(one) != len(three):
            listing = "\n".join(f"{number:3} {query}" for number, query in enumerate(three, 1))
            pytest.fail(f"{len(one)} queries for one row, {len(three)} for three:\n{listing}", pytrace=False)

    return check


def _queries_of(ask: Callable[[], Any]) -> list[str]:
    queries: list[str] = []

    def record(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        queries.append(f"{sql[:160]}\n      from {code_origin()}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record):
        ask()
    return queries


@pytest.fixture
def assert_fragment() -> Callable[..., None]:
    """`assert_fragment(client, url)`: what htmx gets for `url` is, word for word, a part of the full page."""

    def check(client: Client, url: str, **headers: str) -> None:
        page = client.get(url)
        fragment = client.get(url, headers={"hx-request": "true", **headers})
        assert page.status_code == fragment.status_code == 200
        assert "<html" not in fragment.content.decode().lower(), "htmx got a whole page"
        assert _comparable(fragment) in _comparable(page)

    return check


def _comparable(response: Any) -> str:
    """The text of an answer without white space that does not matter and tokens that differ each time."""
    html = response.content.decode()
    html = re.sub(r'(name="(?:csrfmiddlewaretoken|_once)" value=")[^"]*', r"\1", html)
    return " ".join(html.split())
