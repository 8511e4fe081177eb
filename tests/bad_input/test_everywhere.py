"""Every form and every address of the product, pressed twice and fed with what nobody should type."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as project_settings
from django.contrib.messages import constants, get_messages
from django.db import connection, transaction
from django.forms.forms import BaseForm
from django.test import Client
from django.urls import reverse

from kuznitsa.base.once import FIELD, token
from kuznitsa.facts.models import Fact
from tests.bad_input.pages import ANYWHERE, FAR_DAYS, LONG, Form, Page
from tests.guards import WRITING_SQL
from tests.permissions.test_matrix import ARGUMENT, path_to, tried_addresses
from tests.permissions.world import build_world

pytestmark = pytest.mark.sweep

# Who between them see every form.
WHO = (
    "anonymous",
    "coordinator",
    "director",
    "employer_hr",
    "practice_lead",
    "student",
    "guardian",
    "staff",
)
# Sent twice they do what they do once, and must work again from a page that was left open: no token.
SWITCHES = ("/language/", "/theme/", "/sign-out/")
# The tables of the frame, not of the product: what a press leaves there is not what it does.
FRAME = ("base_usedtoken", "django_session", "last_login")
# Many pages that have no form and are slow to draw.
WITHOUT_FORMS = {"ui:gallery"}


@pytest.fixture(scope="module")
def db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One world for all tests of this module: every request is taken back."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="module")
def world(db: None, media: Any) -> Iterator[SimpleNamespace]:
    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(project_settings, "MEDIA_ROOT", media)
        yield build_world()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def clients(world: SimpleNamespace) -> dict[str, Client]:
    clients = {}
    for viewer in WHO:
        clients[viewer] = Client(headers={"accept-language": "en"})
        if world.viewers[viewer]:
            clients[viewer].force_login(world.viewers[viewer], "django.contrib.auth.backends.ModelBackend")
    return clients


@pytest.fixture(autouse=True)
def _where_the_files_of_the_world_are(settings, media, caplog):
    settings.MEDIA_ROOT = media
    caplog.set_level("ERROR", "django.request")


@pytest.fixture(scope="module")
def paths(world: SimpleNamespace) -> dict[str, str]:
    """The path of every address."""
    return {name: path_to(name, route, world) for name, route in tried_addresses().items()}


@pytest.fixture(scope="module")
def pages(paths: dict[str, str], clients: dict[str, Client]) -> list[tuple[str, str, str]]:
    """Every page for everybody who sees it: viewer, path, text."""
    found = []
    for name, path in paths.items():
        for viewer in WHO if name not in WITHOUT_FORMS else ():
            with taken_back(clients[viewer]):
                response = clients[viewer].get(path)
                whole(response)
            if response.status_code == 200 and response.get("Content-Type", "").startswith("text/html"):
                found.append((viewer, path, response.content.decode()))
    return found


@pytest.fixture(scope="module")
def forms(pages: list[tuple[str, str, str]]) -> list[Form]:
    """Every form that is sent by POST, once, wherever and by whomever it is seen."""
    seen = [form for viewer, path, html in pages for form in Page(html, viewer=viewer, path=path).forms]
    return list({form.key: form for form in reversed(seen)}.values())


@contextmanager
def taken_back(client: Client) -> Iterator[None]:
    cookies = client.cookies.copy()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies = cookies


@contextmanager
def recorded_effects() -> Iterator[list[str]]:
    """Collect the statements that change something of the product and are not rolled back."""
    effects: list[str] = []

    def record(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("ROLLBACK TO SAVEPOINT"):
            name = sql.rpartition(" ")[2]
            del effects[effects.index(f"SAVEPOINT {name}") :]
        elif sql.startswith("SAVEPOINT") or (WRITING_SQL.match(sql) and not any(name in sql for name in FRAME)):
            effects.append(sql[:200])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record):
        yield effects
    effects[:] = [sql for sql in effects if not sql.startswith("SAVEPOINT")]


def is_refused(response: Any) -> bool:
    """Whether nothing was done: the form came back, or somebody was told why not."""
    told = any(message.level >= constants.WARNING for message in get_messages(response.wsgi_request))
    return told or response.status_code != 302


def whole(response: Any) -> bytes:
    """Read an answer to its end; what is streamed is closed by that."""
    return b"".join(response) if response.streaming else response.content


def told(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error)[:300]}"


def press(client: Client, form: Form, values: dict[str, Any]) -> Any:
    for value in values.values():
        if hasattr(value, "seek"):
            value.seek(0)
    return client.post(form.action, values, headers={"referer": f"http://testserver{form.page}"})


def test_every_form_is_sent_once_and_from_our_pages(forms):
    without = [
        f"{form.page}: {form.opening_tag}"
        for form in forms
        if "csrfmiddlewaretoken" not in form.hidden or (FIELD not in form.hidden and form.action not in SWITCHES)
    ]
    assert without == []


def test_every_form_pressed_twice_is_done_once(forms, clients, world):
    """The second press of the same form does nothing and leads to where the first has led."""
    wrong, done = [], 0
    for form in forms:
        if form.action in SWITCHES:
            continue
        client, values = clients[form.viewer], form.filled(world.today) | {FIELD: token()}
        cookies = client.cookies.copy()
        with taken_back(client):
            try:
                first = press(client, form, values)
                client.cookies = cookies.copy()  # both presses leave the browser before an answer comes
                with recorded_effects() as effects:
                    second = press(client, form, values)
            except Exception as error:  # noqa: BLE001  everything that is wrong is told at once
                wrong.append(f"{form.viewer} {form.action}: {told(error)}")
                continue
        done += not is_refused(first)
        if effects:
            wrong.append(f"{form.viewer} {form.action} twice: {effects[0]}")
        if (first.status_code, first.get("Location")) != (second.status_code, second.get("Location")):
            wrong.append(f"{form.action} leads to {first.get('Location')}, then to {second.get('Location')}")
    assert wrong == []
    assert done > len(forms) / 3, "too few forms were filled in well enough to be done"


def test_a_button_pressed_on_two_open_pages_writes_its_facts_once(forms, clients, world):
    """Two pages have two tokens: what has no fields to tell one press from another is guarded by its state."""
    wrong, recording = [], 0
    for form in forms:
        if form.fields or form.action in SWITCHES:
            continue
        client, before = clients[form.viewer], Fact.objects.count()
        with taken_back(client):
            press(client, form, form.filled(world.today) | {FIELD: token()})
            once = Fact.objects.count()
            press(client, form, form.filled(world.today) | {FIELD: token()})
            twice = Fact.objects.count()
        recording += once > before
        if twice != once:
            wrong.append(f"{form.viewer} {form.action}: {once - before} facts, then {twice - once} more")
    assert wrong == []
    assert recording, "no button records a fact: is the world empty?"


def test_every_form_answers_what_nobody_should_type(forms, clients, world):
    """No value makes an error of ours, and a form that is refused has done nothing."""
    wrong = []
    for form in forms:
        for case, values in hostile_cases(form, world):
            client = clients[form.viewer]
            with taken_back(client):
                try:
                    with recorded_effects() as effects:
                        response = press(client, form, values)
                    refused = is_refused(response)
                except Exception as error:  # noqa: BLE001
                    wrong.append(f"{form.viewer} {form.action} {case}: {told(error)}")
                    continue
            if response.status_code >= 500:
                wrong.append(f"{form.viewer} {form.action} {case}: {response.status_code}")
            elif refused and effects:
                wrong.append(f"{form.viewer} {form.action} {case} is refused and yet: {effects[0]}")
            elif not refused and case.endswith(FAR_DAYS):
                wrong.append(f"{form.viewer} {form.action} takes {case}")
    assert wrong == []


def hostile_cases(form: Form, world: SimpleNamespace) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the form with all fields wrong in the same way, then the fields of a kind, then far days one at a time."""
    for value in ANYWHERE:
        yield f"all={value[:20]!r}", form.filled(world.today, **{each.name: value for each in form.fields})
    for kind in {each.hostile for each in form.fields}:
        for value in kind:
            those = {each.name: value for each in form.fields if each.hostile == kind}
            yield f"{sorted(those)}={value[:20]!r}", form.filled(world.today, **those)
    for each in form.fields:
        for day in FAR_DAYS if each.is_date else ():
            yield f"{each.name}={day}", form.filled(world.today, **{each.name: day})
    buttons = form.hidden.keys() - {FIELD, "csrfmiddlewaretoken"}
    for value in ("\0", "nonsense") if buttons else ():
        yield f"{sorted(buttons)}={value!r}", form.filled(world.today, **dict.fromkeys(buttons, value))


def test_addresses_whose_form_is_not_to_be_seen_answer_nonsense_too(forms, paths, clients):
    """A form is hidden where it must not be sent; a page that was left open sends it nevertheless."""
    seen = {form.action for form in forms}
    names = {name for kind in all_subclasses(BaseForm) for name in getattr(kind, "base_fields", {})} | {"reason"}
    values = {
        "nothing": "",
        "null": "\0",
        "long": LONG[:999],
        "number": "9" * 20,
        "far": "9999-12-31",
        "word": "nonsense",
    }
    wrong = []
    for path in sorted(set(paths.values()) - seen):
        for viewer in ("director", "coordinator"):
            for case, value in values.items():
                with taken_back(clients[viewer]):
                    try:
                        response = clients[viewer].post(path, dict.fromkeys(names, value))
                        whole(response)
                    except Exception as error:  # noqa: BLE001
                        wrong.append(f"{viewer} {path} {case}: {told(error)}")
                        continue
                if response.status_code >= 500:
                    wrong.append(f"{viewer} {path} {case}: {response.status_code}")
                if response.status_code in (404, 405):
                    break
    assert wrong == []


def all_subclasses(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield each
        yield from all_subclasses(each)


def test_every_address_answers_parameters_that_make_no_sense(pages, clients):
    wrong = []
    for path, viewer, queries in hostile_queries(pages):
        for query in queries:
            with taken_back(clients[viewer]):
                try:
                    response = clients[viewer].get(path, query)
                    whole(response)
                except Exception as error:  # noqa: BLE001
                    wrong.append(f"{viewer} {path} {str(query)[:80]}: {told(error)}")
                    continue
            if response.status_code >= 500:
                wrong.append(f"{viewer} {path} {str(query)[:80]}: {response.status_code}")
    assert wrong == []


def hostile_queries(pages: list[tuple[str, str, str]]) -> Iterator[tuple[str, str, list[dict[str, str]]]]:
    for path, (viewer, html) in {path: (viewer, html) for viewer, path, html in pages}.items():
        asked = {each for form in Page(html, viewer=viewer, path=path, method="get").forms for each in form.fields}
        queries = [
            {"page": "-1", "per_page": "-1", "sort": "nonsense", "q": "\0", "export": "exe", "year": "\0"},
            {"page": "x", "per_page": "x", "sort": "-\0", "q": LONG[:2000], "year": "99999999999999"},
            {"page": "9" * 30, "sort": "-pk,;--", "q": "%_\\'\"", "export": "xlsx", "next": "//evil.example"},
        ]
        names = {each.name for each in asked}
        queries += [dict.fromkeys(names, value) for value in ("a\0b", "9999-12-31")] if names else []
        queries += [{name: "99999999999999999999"} for name in names]
        yield path, viewer, queries


def test_every_address_answers_arguments_of_nothing(world, clients):
    wrong = []
    for name, route in tried_addresses().items():
        arguments = [argument for _noun, argument in ARGUMENT.findall(route)]
        for value in ("0", "99999999999999999999", "9" * 300) if arguments else ():
            path = reverse(name, kwargs=dict.fromkeys(arguments, value))
            for viewer, method in (("coordinator", "GET"), ("employer_hr", "POST"), ("anonymous", "GET")):
                with taken_back(clients[viewer]):
                    try:
                        status = clients[viewer].generic(method, path).status_code
                    except Exception as error:  # noqa: BLE001
                        status = f"{told(error)}"
                if status not in (302, 404, 405):
                    wrong.append(f"{viewer} {method} {path[:80]}: {status}")
    assert wrong == []
