"""A real browser: Debian's Chromium driven by Playwright.

A page that logs an error, breaks the content policy or asks for something that is not there fails the test.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.guards import ROOT

SCREENSHOTS = ROOT / "var" / "screenshots"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 10_000

# Playwright runs an event loop in this thread, and Django then suspects every query of being called from it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "localhost"]))


def chromium() -> str:
    """Return the browser to drive; KUZNITSA_CHROMIUM names another than the one on the PATH."""
    named = os.environ.get("KUZNITSA_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert named, "no Chromium: apt-get install chromium, or name one in KUZNITSA_CHROMIUM"
    return named


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_window(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """`open_window(width=…, height=…, language=…)`: a fresh visitor's page; complaints of it fail the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(*, width: int, height: int, language: str, dark: bool = False, scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            locale={"ru": "ru-RU", "en": "en-GB"}[language],
            timezone_id=settings.TIME_ZONE,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            has_touch=width < 600,
            java_script_enabled=scripts,
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        listen_to(page, complaints)
        return page

    yield make
    for context in contexts:
        context.close()
    if complaints:
        pytest.fail("the browser complains:\n" + "\n".join(complaints), pytrace=False)


def listen_to(page: Page, complaints: list[str]) -> None:
    """Note console errors (broken content policy among them), exceptions and requests that fail."""

    def on_console(message: Any) -> None:
        # The answer to a refused request is reported by `response` below, with its address.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            complaints.append(f"console: {message.text} ({message.location.get('url')})")

    def on_response(response: Any) -> None:
        expected = getattr(page, "expected_statuses", set())
        if response.status >= 400 and response.status not in expected:
            complaints.append(f"{response.status} {response.request.method} {response.url}")

    def on_failure(request: Any) -> None:
        if request.failure != "net::ERR_ABORTED":  # the page was left while something was under way
            complaints.append(f"{request.failure} {request.method} {request.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(f"exception: {error}"))
    page.on("response", on_response)
    page.on("requestfailed", on_failure)


@pytest.fixture
def expect_status() -> Callable[..., None]:
    """`expect_status(page, 404)`: this page may meet such answers; they are what the test is about."""

    def expect(page: Page, *statuses: int) -> None:
        page.expected_statuses = set(statuses)  # type: ignore[attr-defined]

    return expect


@pytest.fixture
def phone(open_window: Callable[..., Page]) -> Page:
    """A phone whose owner reads Russian."""
    return open_window(width=390, height=844, language="ru")


@pytest.fixture
def desktop(open_window: Callable[..., Page]) -> Page:
    """An office screen whose user reads English."""
    return open_window(width=1280, height=900, language="en")


@pytest.fixture
def sign_in(live_server: Any) -> Callable[[Page, Any], None]:
    """`sign_in(page, user)`: go on as that user, in the language the page already has."""

    def sign_in(page: Page, user: Any) -> None:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": live_server.url}]
        )

    return sign_in


@pytest.fixture
def shot() -> Callable[..., Path]:
    """`shot(page, "front")`: the whole page into var/screenshots/front-phone.png, or -desktop.png."""

    def take(page: Page, name: str) -> Path:
        width = (page.viewport_size or {"width": 1280})["width"]
        path = SCREENSHOTS / f"{name}-{'phone' if width < 600 else 'desktop'}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=path, full_page=True)
        return path

    return take


@pytest.fixture
def settle() -> Callable[[Page], None]:
    """`settle(page)`: wait until htmx has put its answer into the page."""

    def wait(page: Page) -> None:
        page.wait_for_load_state("networkidle")
        page.locator(".htmx-request, .htmx-swapping, .htmx-settling").first.wait_for(state="detached")

    return wait


@pytest.fixture(scope="session")
def _axe() -> Axe:
    return Axe()


@pytest.fixture
def assert_accessible(_axe: Axe) -> Callable[..., None]:
    """`assert_accessible(page)`: no violation of WCAG 2.2 AA that axe can see, and nothing wider than the screen."""
    rules = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}

    def check(page: Page) -> None:
        violations = _axe.run(page, options=rules).response["violations"]
        report = [
            f"{violation['id']} ({violation['impact']}): {violation['help']}\n    "
            + "\n    ".join(re.sub(r"\s+", " ", node["html"])[:160] for node in violation["nodes"][:5])
            for violation in violations
        ]
        assert not report, f"{page.url}\n" + "\n".join(report)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.viewport_size["width"], f"{page.url} is {width} px wide: it scrolls sideways"

    return check
