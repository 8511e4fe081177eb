"""Pages as a browser has them: their forms, filled in as a person would or as a person should not."""

import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile

PDF = b"%PDF-1.4\n"
LATER = re.compile(r"end|until|due|close|publish|expire|_to")
LONG = "я" * 10_000

# What no field may stumble over, whatever it is for.
ANYWHERE = ("", "\0", LONG, "😀\u202e\ufeff" * 40)
DATES = ("2026-02-31", "вчера")
# Days that a calendar has and nobody means.
FAR_DAYS = ("0001-01-01", "9999-12-31")
NUMBERS = ("-1", "1e999", "9223372036854775808", "9" * 5000)
CHOICES = ("nonsense", "99999999999999999999")


@dataclass(frozen=True)
class Field:
    """A field that a page asks for: `kind` is its type in HTML, `choices` the values it offers."""

    name: str
    kind: str
    value: str = ""
    choices: tuple[str, ...] = ()
    least: str = ""
    is_number: bool = False

    def sensible(self, today: date) -> Any:
        """Return what a person would give; what the field holds already, if anything."""
        if self.kind == "file":
            return SimpleUploadedFile("paper.pdf", PDF, "application/pdf")
        if self.value:
            return self.value
        if self.choices:
            return next(filter(None, self.choices), "")
        if self.kind == "date":
            return str(today + timedelta(days=60 if LATER.search(self.name) else 0))
        if self.kind == "datetime-local":
            return f"{today}T12:00"
        if self.kind == "number" or self.is_number:
            return self.least or "3"
        words = {"email": "someone@example.org", "password": "correct horse battery", "tel": "+79130000000"}
        return words.get(self.kind, "words")

    @property
    def is_date(self) -> bool:
        return self.kind in ("date", "datetime-local")

    @property
    def hostile(self) -> tuple[str, ...]:
        """What is not to be said of this field in particular."""
        if self.is_date:
            return DATES
        if self.choices:
            return CHOICES
        return NUMBERS if self.kind == "number" or self.is_number else ()


@dataclass(frozen=True)
class Form:
    """A form of a page: who sees it, where it goes and what it asks for."""

    viewer: str
    page: str
    action: str
    fields: tuple[Field, ...] = ()
    hidden: dict[str, str] = field(default_factory=dict)
    opening_tag: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two forms the same wherever they are seen."""
        return (self.action, *sorted({each.name for each in self.fields}), *sorted(self.hidden))

    def filled(self, today: date, **other: Any) -> dict[str, Any]:
        """Return what is sent when a person fills the form in, but `other` fields otherwise."""
        values = self.hidden | {each.name: each.sensible(today) for each in self.fields} | other
        return {name: value for name, value in values.items() if name != "csrfmiddlewaretoken"}


class Page(HTMLParser):
    """Collects the forms of a page that are sent by `method`."""

    def __init__(self, html: str, *, viewer: str, path: str, method: str = "post") -> None:
        super().__init__()
        self.viewer, self.path, self.method = viewer, path, method
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.options: list[str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "get").lower() == self.method:
            action = urlsplit(urljoin(self.path, given.get("action", "") or self.path)).path
            self.form = Form(self.viewer, self.path, action, opening_tag=self.get_starttag_text() or "")
        elif tag == "option" and self.options is not None:
            self.options.append(given.get("value", ""))
            if "selected" in given:
                self._amend(value=given.get("value", ""))
        elif self.form and given.get("name") and tag in ("input", "select", "textarea", "button"):
            self._add(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.form:
            self.forms.append(self.form)
            self.form = None
        elif tag == "select" and self.options is not None:
            self._amend(choices=tuple(self.options))
            self.options = None

    def _add(self, tag: str, given: dict[str, str]) -> None:
        assert self.form is not None
        kind = given.get("type", "text") if tag == "input" else tag
        name, value = given["name"], given.get("value", "")
        if kind == "hidden" or (tag == "button" and name not in self.form.hidden):
            self.form.hidden[name] = value
            return
        known = {each.name: each for each in self.form.fields}
        if kind in ("radio", "checkbox") and name in known:
            self._amend(choices=(*known[name].choices, value))
            return
        choices = (value or "on",) if kind in ("radio", "checkbox") else ()
        number = given.get("inputmode") in ("numeric", "decimal")
        found = Field(name, kind, "" if choices else value, choices, given.get("min", ""), number)
        self.form = replace(self.form, fields=(*self.form.fields, found))
        self.options = [] if tag == "select" else None

    def _amend(self, **changes: Any) -> None:
        if self.form and self.form.fields:
            *others, last = self.form.fields
            self.form = replace(self.form, fields=(*others, replace(last, **changes)))
