"""The guards themselves: each must fail what it is there for."""

import pytest
from django.db import connection
from django.http import HttpResponse
from django.template import Context, Engine
from django.test import RequestFactory

from tests.guards import ROOT, GuardMiddleware, UndefinedVariable, problems_of_html


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ('<p onclick="x()">', "inline onclick="),
        ('<p style="color: red">', "inline style="),
        ("<script>x()</script>", "inline <script>"),
        ("<style>p {}</style>", "inline <style>"),
        ('<a href="javascript:x()">', "javascript: address"),
        ("<p>{{ name }}</p>", "unrendered"),
        ("<p>{% url %}</p>", "unrendered"),
        ('<form method="post"><input name="x"></form>', "no csrf token"),
    ],
)
def test_html_that_is_not_fit_for_a_browser_is_named(html, problem):
    assert problem in problems_of_html(html)[0]


@pytest.mark.parametrize(
    "html",
    [
        '<p class="on" data-once="1">on{ }</p>',
        '<script src="/x.js"></script>',
        '<script type="application/json">{"a": {"b": 1}}</script>'.replace("}}", "} }"),
        '<form method="get"></form>',
        '<form method="post"><input name="csrfmiddlewaretoken"></form>',
    ],
)
def test_html_that_is_fit_passes(html):
    assert problems_of_html(html) == []


@pytest.mark.django_db
def test_reading_that_writes_fails():
    def view(request):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_session")
        return HttpResponse("")

    request = RequestFactory().get("/somewhere/")
    with pytest.raises(AssertionError, match="GET /somewhere/ writes"):
        GuardMiddleware(view)(request)


@pytest.mark.django_db
def test_writing_may_write():
    def view(request):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_session")
        return HttpResponse("")

    assert GuardMiddleware(view)(RequestFactory().post("/somewhere/")).status_code == 200


def test_an_undefined_variable_in_our_template_fails():
    engine = Engine(string_if_invalid=UndefinedVariable())
    template = engine.from_string("{{ nme }}")
    template.origin.name = str(ROOT / "kuznitsa/pages/templates/pages/front.html")
    with pytest.raises(AssertionError, match="undefined variable {{ nme }} in kuznitsa/pages"):
        template.render(Context({"name": "x"}))


def test_an_undefined_variable_in_a_foreign_template_is_empty():
    template = Engine(string_if_invalid=UndefinedVariable()).from_string("[{{ nme }}]")
    assert template.render(Context({})) == "[]"
