"""Every address for every role: who gets in is a table that people review.

The table is `matrix.txt`. After a change that was meant, `pytest tests/permissions --update-matrix`
writes it anew; read the difference before you commit it. Cells:

200  a page          in   led to sign-in          no   refused with a reason, nothing done
302  led on          403, 404, 405 as in HTTP     …    other codes as they are
"""

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.contrib.messages import constants, get_messages
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.permissions.samples import NOT_TRIED, SAMPLES
from tests.permissions.world import VIEWERS, build_world

pytestmark = [pytest.mark.django_db, pytest.mark.sweep]

TABLE = Path(__file__).with_name("matrix.txt")
METHODS = ("GET", "POST")
NAME_WIDTH = 52
ARGUMENT = re.compile(r"([\w-]*)/<(?:\w+:)?(\w+)>")
Matrix = dict[str, dict[str, str]]


def addresses(resolver: Any = None, namespace: str = "", route: str = "") -> Iterator[tuple[str, str]]:
    """Yield the name and the route of every address."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern, inner, route + str(pattern.pattern))
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{namespace}{pattern.name}", route + str(pattern.pattern)


def tried_addresses() -> dict[str, str]:
    """Return the addresses of the matrix with their routes."""
    return {name: route for name, route in addresses() if re.split("[:_]", name)[0] not in NOT_TRIED}


def path_to(name: str, route: str, world: SimpleNamespace) -> str:
    arguments = {}
    for noun, argument in ARGUMENT.findall(route):
        sample = SAMPLES.get(f"{name}/{argument}") or SAMPLES.get(f"{noun}/{argument}")
        assert sample, f"{name}: say in tests/permissions/samples.py what stands for {noun}/{argument}"
        arguments[argument] = sample(world)
    return reverse(name, kwargs=arguments)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The world lives as long as this module and is then rolled back."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media), transaction.atomic():
        world = build_world()
        world.media = media
        yield world
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def clients(world: SimpleNamespace) -> dict[str, Client]:
    clients = {}
    for viewer in VIEWERS:
        clients[viewer] = Client(headers={"accept-language": "en"})
        if world.viewers[viewer]:
            clients[viewer].force_login(world.viewers[viewer], "django.contrib.auth.backends.ModelBackend")
    return clients


def outcome(client: Client, method: str, path: str) -> str:
    """Ask, take everything back, and return the cell of the table."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        response = client.generic(method, path, content_type="application/x-www-form-urlencoded")
        if response.streaming:
            list(response)  # closes the file
        transaction.set_rollback(True)
    client.cookies = cookies
    if response.status_code == 302:
        if response["Location"].startswith(reverse(settings.LOGIN_URL)):
            return "in"
        if any(message.level == constants.ERROR for message in get_messages(response.wsgi_request)):
            return "no"
    return str(response.status_code)


def rows_of(namespace: str, world: SimpleNamespace, clients: dict[str, Client]) -> Matrix:
    """Try every address of an app; those that crash are named together."""
    rows: Matrix = {}
    crashes = []
    for name, route in tried_addresses().items():
        if name.rpartition(":")[0] != namespace:
            continue
        path = path_to(name, route, world)
        found: Matrix = {}
        for method in METHODS:
            try:
                if outcome(clients["staff"], method, path) != "405":
                    found[method] = {viewer: outcome(clients[viewer], method, path) for viewer in VIEWERS}
            except Exception as error:  # noqa: BLE001 every kind of crash is a finding
                crashes.append(f"{name} {method} {path}: {type(error).__name__}: {error}")
        if len(found) == 2 and found["GET"] == found["POST"]:
            found = {"GET, POST": found["GET"]}
        rows |= {f"{name} {method}": cells for method, cells in found.items()}
    assert not crashes, "\n".join(crashes)
    return rows


def read_table() -> Matrix:
    if not TABLE.exists():
        return {}
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    viewers = lines[0].split()[1:]
    return {line[:NAME_WIDTH].strip(): dict(zip(viewers, line[NAME_WIDTH:].split(), strict=True)) for line in lines[1:]}


def write_table(matrix: Matrix) -> None:
    head = f"{'address':{NAME_WIDTH}}" + " ".join(VIEWERS)
    lines = [head]
    for row in sorted(matrix):
        cells = " ".join(f"{matrix[row][viewer]:{len(viewer)}}" for viewer in VIEWERS)
        lines.append(f"{row:{NAME_WIDTH}}{cells}".rstrip())
    explanation = [f"# {line}".rstrip() for line in (__doc__ or "").splitlines()]
    TABLE.write_text("\n".join([*explanation, *lines, ""]), encoding="utf-8")


def differences(expected: Matrix, found: Matrix) -> list[str]:
    """Say for every row what has changed: `demand:edit GET: mentor 200, was no`."""
    changes = [f"{row}: the table has no such row" for row in found.keys() - expected.keys()]
    changes += [f"{row}: only the table has this row" for row in expected.keys() - found.keys()]
    for row in found.keys() & expected.keys():
        cells = [
            f"{viewer} {found[row][viewer]}, was {expected[row].get(viewer)}"
            for viewer in VIEWERS
            if found[row][viewer] != expected[row].get(viewer)
        ]
        if cells:
            changes.append(f"{row}: {'; '.join(cells)}")
    return sorted(changes)


def namespaces() -> list[str]:
    return sorted({name.rpartition(":")[0] for name in tried_addresses()})


@pytest.mark.parametrize("namespace", namespaces())
def test_every_address_lets_in_whom_the_table_says(namespace, world, clients, request, caplog, settings):
    settings.MEDIA_ROOT = world.media
    caplog.set_level("ERROR", "django.request")  # refusals are what is looked for
    found = rows_of(namespace, world, clients)
    table = read_table()
    expected = {row: cells for row, cells in table.items() if row.split()[0].rpartition(":")[0] == namespace}
    if request.config.getoption("--update-matrix"):
        write_table({row: cells for row, cells in table.items() if row not in expected} | found)
        return
    changes = differences(expected, found)
    assert not changes, "\n".join([*changes, "If it was meant: pytest tests/permissions --update-matrix"])


def test_the_table_has_no_row_of_an_address_that_is_gone():
    known = tried_addresses()
    assert [row for row in read_table() if row.split()[0] not in known] == []
