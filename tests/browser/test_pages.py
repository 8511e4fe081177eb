"""Every main page of the demonstration world as somebody who works with it: no mistakes of WCAG, both themes."""

import pytest
from django.test import Client

from kuznitsa.accounts.models import User
from kuznitsa.demo import building
from kuznitsa.demo.bench.pages import pages
from kuznitsa.demo.cast import DOMAIN

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

VIEWERS = (
    *("coordinator", "admissions", "hr", "director", "plant.director", "practice", "mentor", "expert"),
    *("administrator", "student", "parent", "school", "region", "federal", "admin"),
)


def _page_of_every_template(language: str) -> dict[str, tuple[str, User | None]]:
    """Return an address and somebody who may see it, by the template that answers there."""
    users = [None, *(User.objects.get(email=f"{name}@{DOMAIN}") for name in VIEWERS)]
    clients = [Client(headers={"accept-language": language}) for _user in users]
    for client, user in zip(clients[1:], users[1:], strict=True):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    found: dict[str, tuple[str, User | None]] = {}
    for page in pages():
        answers = ((client.get(page.path), user) for client, user in zip(clients, users, strict=True))
        seen = next(((answer, user) for answer, user in answers if answer.status_code == 200), None)
        if seen and seen[0].streaming:
            seen[0].close()  # a paper, not a page
            continue
        if seen and seen[0]["Content-Type"].startswith("text/html"):
            found.setdefault(seen[0].templates[0].name, (page.path, seen[1]))
    return found


@pytest.mark.parametrize(
    ("width", "height", "language", "dark"),
    [(390, 844, "ru", True), (1280, 900, "en", False)],
    ids=["phone-ru-dark", "desktop-en-light"],
)
def test_every_page_is_accessible(open_window, sign_in, assert_accessible, width, height, language, dark):
    building.build_afresh("hired")
    User.objects.update(language=language)
    window = open_window(width=width, height=height, language=language, dark=dark)
    problems = []
    for template, (path, user) in sorted(_page_of_every_template(language).items()):
        window.context.clear_cookies()
        if user is not None:
            sign_in(window, user)
        window.goto(path)
        try:
            assert_accessible(window)
        except AssertionError as problem:
            problems.append(f"{template}, {user}: {str(problem).partition('assert ')[0]}")
    assert problems == []


LISTS = (
    *("/agreements/", "/applications/", "/balance/", "/campaigns/", "/clusters/", "/contracts/", "/exams/", "/hires/"),
    *("/needs/", "/obligations/", "/offers/", "/organisations/", "/people/", "/placements/", "/practice/"),
    *("/programmes/", "/thread/hired/"),
)
CUT_OFF = """() => [...document.querySelectorAll('.k-rows .k-table-wrap')]
    .filter(wrap => wrap.querySelector('.k-table').scrollWidth > wrap.clientWidth).length"""


def test_long_lists_show_their_last_column(open_window, sign_in):
    """On laptops, where the menu stands beside them, on tablets, and just before and after what is shown changes."""
    building.build_afresh("hired")
    window = open_window(width=1280, height=900, language="ru")
    sign_in(window, User.objects.get(email=f"coordinator@{DOMAIN}"))
    cut_off = []
    for path in LISTS:
        window.goto(path)
        assert window.locator(".k-rows .k-table-wrap").count(), path
        for width in (1440, 1361, 1359, 1280, 1249, 1247, 1024, 961, 959, 768):
            window.set_viewport_size({"width": width, "height": 900})
            if window.evaluate(CUT_OFF):
                cut_off.append((path, width))
    assert cut_off == []
