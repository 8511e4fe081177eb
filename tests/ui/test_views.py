import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_gallery_is_for_builders_only(client):
    assert client.get(reverse("ui:gallery")).status_code == 404


@pytest.mark.parametrize("word", ["ru", "en"])
def test_gallery_opens_in_both_languages(client, settings, word):
    settings.UI_GALLERY = True
    client.cookies["django_language"] = word
    response = client.get(reverse("ui:gallery"))
    assert f'<html lang="{word}"' in response.content.decode()


def test_gallery_rows_come_alone_for_htmx(client, settings):
    settings.UI_GALLERY = True
    html = client.get(reverse("ui:gallery"), headers={"HX-Request": "true", "HX-Target": "rows"}).content.decode()
    assert html.lstrip().startswith('<div id="rows"')


def test_theme_is_remembered_and_drawn_by_the_server(client, settings):
    settings.UI_GALLERY = True
    response = client.post(reverse("ui:theme"), {"theme": "dark", "next": "/_ui/"})
    assert (response.status_code, response["Location"]) == (302, "/_ui/")
    assert 'data-bs-theme="dark"' in client.get("/_ui/").content.decode()


@pytest.mark.parametrize("data", [{"theme": "pink"}, {"theme": "dark", "next": "https://elsewhere.example/"}])
def test_strange_theme_and_strange_way_back_are_refused(client, data):
    response = client.post(reverse("ui:theme"), data)
    assert response["Location"] == "/"
    assert client.cookies.get("theme", None) is None or client.cookies["theme"].value != "pink"


def test_language_is_remembered(client):
    client.post(reverse("ui:language"), {"language": "en", "next": "/"})
    assert client.cookies["django_language"].value == "en"


@pytest.mark.parametrize("name", ["404", "403", "403_csrf", "500"])
def test_error_page_needs_nothing_but_itself(language, name):
    html = render_to_string(f"{name}.html")
    assert f'<html lang="{language}"' in html
    assert "<h1" in html


def test_dark_theme_is_the_same_chosen_or_by_the_device():
    css = Path(finders.find("ui/tokens.css")).read_text(encoding="utf-8")
    chosen = re.search(r'\n  \[data-bs-theme="dark"\] \{(.*?)\}', css, re.DOTALL)[1].split()
    by_device = re.search(r'\n  \[data-bs-theme="auto"\] \{(.*?)\}', css, re.DOTALL)[1].split()
    assert chosen == by_device
