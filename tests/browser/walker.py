"""Somebody who walks through the screens: signs in, fills in forms, presses buttons. Knows no words, only places."""

import re
from typing import Any

from django.core import mail
from django.urls import reverse
from playwright.sync_api import Locator, Page

from kuznitsa.demo.cast import DOMAIN, PASSWORD


class Walker:
    def __init__(self, page: Page, language: str) -> None:
        self.page = page
        self.language = language
        self._sessions: dict[str, Any] = {}

    def sign_in(self, address: str) -> None:
        """Go on as the member of the cast with this address: by the password, or in the browser that knows them."""
        if self._come_back(address):
            return
        self.go("accounts:sign-in")
        self.fill(email=f"{address}@{DOMAIN}", password=PASSWORD)
        self.save()
        self._sessions[address] = self.page.context.cookies()

    def sign_in_by_link(self, email: str) -> None:
        """Ask for a link, open the letter, press the button behind the link; later the browser knows them."""
        if self._come_back(email):
            return
        self.go("accounts:link-request")
        self.fill(email=email)
        self.save()
        self.open_letter(email)

    def open_letter(self, email: str) -> None:
        """Open the newest letter to this address, in a browser of their own, and use the link in it."""
        self.page.context.clear_cookies()
        letter = next(letter for letter in reversed(mail.outbox) if letter.to == [email])
        found = re.search(r"/sign-in/links/[^\s/]+/", str(letter.body))
        assert found, letter.body
        self.page.goto(found[0])
        self._send(self.page.locator(f'form[action="{found[0]}"]'))
        self._sessions[email] = self.page.context.cookies()

    def _come_back(self, who: str) -> bool:
        self.page.context.clear_cookies()
        known = self._sessions.get(who)
        if known:
            self.page.context.add_cookies(known)
        return known is not None

    def go(self, name: str, *arguments: Any, query: str = "") -> None:
        self.page.goto(reverse(name, args=arguments) + query)
        assert self.page.locator("html").get_attribute("lang") == self.language

    def fill(self, scope: Locator | None = None, **values: Any) -> None:
        """Fill in fields by their names; __ stands for the hyphen of numbered rows."""
        for name, value in values.items():
            fields = (scope or self.page.locator("main")).locator(f'[name="{name.replace("__", "-")}"]')
            self._set(fields, value)

    def save(self) -> None:
        """Send the first form of the page that is not in a small window."""
        self._send(self.page.locator("main form.k-form").first)

    def press(self, name: str, *arguments: Any, **values: Any) -> None:
        """Send the form that goes to this address, with `values`, opening the small window around it."""
        form = self.page.locator(f'main form[action="{reverse(name, args=arguments)}"]').first
        window = form.locator("xpath=ancestor::details[not(@open)]")
        if window.count():
            window.first.locator("summary").first.click()
        self.fill(form, **values)
        self._send(form)

    def tick(self, name: str, value: Any) -> None:
        self.page.locator(f'main [name="{name}"][value="{value}"]').check()

    def _set(self, fields: Locator, value: Any) -> None:
        first = fields.first
        kind = first.get_attribute("type") or ""
        if first.evaluate("field => field.tagName") == "SELECT":
            first.select_option(str(value))
        elif kind == "radio":
            fields.and_(self.page.locator(f'[value="{value}"]')).check()
        elif kind == "checkbox":
            first.set_checked(bool(value))
        else:
            first.fill(str(value))

    def _send(self, form: Locator) -> None:
        """Press the button of the form, and say what the product answers if it refuses."""
        with self.page.expect_navigation():
            form.locator('button[type="submit"]:not([name])').last.click()
        refused = self.page.locator(".k-alert--danger, .k-error")
        assert not refused.count(), f"{self.page.url}: {refused.all_inner_texts()}"
