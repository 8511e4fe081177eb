"""Guards that stand around every answer given in a test, whether a test client or a browser asked.

Each of them turns a silent slip (a misspelt variable, a page that writes while it is read, an inline
handler that the content policy will not run) into a failure that names the template or the query.
"""

import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
READING_METHODS = {"GET", "HEAD", "OPTIONS"}
# Pages of other people's packages, which keep other rules.
FOREIGN_PAGES = {"admin"}
WRITING_SQL = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|TRUNCATE|MERGE)\b", re.IGNORECASE)
UNRENDERED = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
DATA_SCRIPTS = {"application/json", "application/ld+json"}


class UndefinedVariable(str):
    """`string_if_invalid`: printing a variable that the view did not give fails, in our own templates."""

    def __new__(cls) -> "UndefinedVariable":
        return super().__new__(cls, "%s")

    def __contains__(self, item: object) -> bool:
        return item == "%s"

    def __mod__(self, variable: Any) -> str:
        template = _template_being_rendered()
        if template is None or not template.is_relative_to(ROOT / "kuznitsa"):
            return ""
        raise AssertionError(f"undefined variable {{{{ {variable} }}}} in {template.relative_to(ROOT)}") from None


def _template_being_rendered() -> Path | None:
    """Return the file of the innermost template on the stack."""
    frame = sys._getframe(2)
    while frame:
        speaker = frame.f_locals.get("self")
        origin = getattr(speaker, "origin", None)
        name = getattr(origin, "name", None)
        if isinstance(name, str) and "render" in frame.f_code.co_name:
            return Path(name)
        frame = frame.f_back
    return None


class GuardMiddleware:
    """Fails a request that writes while it should read, and an answer that is not fit for a browser."""

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        with recorded_writes() as writes:
            response = self.get_response(request)
        match = getattr(request, "resolver_match", None)
        if match and set(match.app_names) & FOREIGN_PAGES:
            return response
        if request.method in READING_METHODS and writes:
            raise AssertionError(f"{request.method} {request.path} writes:\n" + "\n".join(writes))
        if response.status_code < 500 and is_page(response):
            problems = problems_of_html(response.content.decode())
            if problems:
                raise AssertionError(f"{request.method} {request.path} answers with:\n" + "\n".join(problems))
        return response


def is_page(response: Any) -> bool:
    return response.get("Content-Type", "").startswith("text/html") and not response.streaming


@contextmanager
def recorded_writes() -> Iterator[list[str]]:
    """Collect the statements that change rows on any database, in this thread."""
    from django.db import connections  # settings import this module before Django is ready

    writes: list[str] = []
    thread = threading.get_ident()

    def record(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if WRITING_SQL.match(sql) and threading.get_ident() == thread:
            writes.append(f"  {sql[:300]}\n    from {code_origin()}")
        return execute(sql, params, many, context)

    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(record))
        yield writes


def code_origin() -> str:
    """Return where in our code or templates the running call comes from: `file:line function`."""
    places = []
    frame = sys._getframe(1)
    while frame and len(places) < 3:
        path = frame.f_code.co_filename
        if path.startswith(str(ROOT / "kuznitsa")):
            places.append(f"{Path(path).relative_to(ROOT)}:{frame.f_lineno} {frame.f_code.co_name}")
        node = frame.f_locals.get("self")
        if frame.f_code.co_name == "render_annotated" and getattr(node, "token", None) is not None:
            name = getattr(getattr(node, "origin", None), "name", "")
            if str(name).startswith(str(ROOT / "kuznitsa")):
                places.append(f"{Path(name).relative_to(ROOT)}:{node.token.lineno}")
        frame = frame.f_back
    return " < ".join(places) or "unknown"


# Most pages have nothing like this, and the parser need not read them.
SUSPICIOUS = re.compile(r"\s(?:style|on[a-z]+)\s*=|javascript:|<style\b|<script\b(?![^>]*\ssrc=)", re.IGNORECASE)
POST_FORM = re.compile(r"(<form\b[^>]*\bmethod=[\"']?post[^>]*>)(.*?)</form>", re.IGNORECASE | re.DOTALL)


def problems_of_html(html: str) -> list[str]:
    """Return what is wrong with a page or a fragment of one: [] when nothing is."""
    problems = []
    if SUSPICIOUS.search(html):
        page = _Page()
        page.feed(html)
        page.close()
        problems += page.problems
    problems += [
        f"no csrf token in {form}" for form, content in POST_FORM.findall(html) if "csrfmiddlewaretoken" not in content
    ]
    for match in UNRENDERED.finditer(html):
        around = html[max(0, match.start() - 40) : match.end() + 40].replace("\n", " ")
        problems.append(f"unrendered template code: …{around}…")
    return problems


class _Page(HTMLParser):
    """Notes what a strict content policy forbids."""

    def __init__(self) -> None:
        super().__init__()
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.problems += [
            f"inline {name}= in {self.get_starttag_text()}"
            for name in attributes
            if name == "style" or re.fullmatch(r"on[a-z]+", name)
        ]
        self.problems += [
            f"javascript: address in {self.get_starttag_text()}"
            for value in attributes.values()
            if value.strip().lower().startswith("javascript:")
        ]
        if tag == "style" or (
            tag == "script" and "src" not in attributes and attributes.get("type") not in DATA_SCRIPTS
        ):
            self.problems.append(f"inline {self.get_starttag_text()}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
