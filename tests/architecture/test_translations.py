"""Translations: every message of the code has a Russian text, and each text can stand in for its message."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from tests.architecture.code import PACKAGE, domain_apps, place

# What the command line says, and what engines say, who know no Django.
CLI_CATALOGUE = PACKAGE / "locale/ru/LC_MESSAGES/cli.po"
CATALOGUES = sorted(PACKAGE.rglob("locale/ru/LC_MESSAGES/*.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd](?!\w)|(?<!\{)\{\w*\}(?!\})")
CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)

APPS_WITH_TEXT = [app for app in [*domain_apps(), "base", "ui", "demo"] if (PACKAGE / app / "__init__.py").exists()]


def catalogue_of(app: str) -> Path:
    return PACKAGE / app / "locale/ru/LC_MESSAGES/django.po"


each_catalogue = pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.relative_to(PACKAGE).parts[0]) for path in CATALOGUES]
)


@each_catalogue
def test_catalogue_is_finished(path):
    catalogue = polib.pofile(str(path))
    wrong = [f"fuzzy: {entry.msgid}" for entry in catalogue.fuzzy_entries()]
    wrong += [f"no translation: {entry.msgid}" for entry in catalogue.untranslated_entries()]
    wrong += [f"no longer used: {entry.msgid}" for entry in catalogue.obsolete_entries()]
    assert wrong == []


@each_catalogue
def test_translations_keep_the_placeholders(path):
    wrong = []
    for entry in polib.pofile(str(path)):
        texts = list(entry.msgstr_plural.values()) or [entry.msgstr]
        originals = [entry.msgid, *([entry.msgid_plural] if entry.msgid_plural else [])]
        allowed = {frozenset(PLACEHOLDER.findall(original)) for original in originals}
        wrong += [
            f"{entry.msgid!r} -> {text!r}" for text in texts if frozenset(PLACEHOLDER.findall(text)) not in allowed
        ]
    assert wrong == []


@each_catalogue
def test_messages_are_english(path):
    assert [entry.msgid for entry in polib.pofile(str(path)) if CYRILLIC.search(entry.msgid)] == []


@each_catalogue
def test_header_names_nobody_and_no_day(path):
    metadata = polib.pofile(str(path)).metadata
    assert set(metadata) <= {"MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Language", "Plural-Forms"}


def test_one_message_has_one_translation():
    """Catalogues of all apps are read as one: of two translations, chance would choose."""
    translations: dict[tuple[str | None, str], dict[str, str]] = {}
    for path in CATALOGUES:
        for entry in polib.pofile(str(path)):
            texts = "|".join(entry.msgstr_plural.values()) or entry.msgstr
            translations.setdefault((entry.msgctxt, entry.msgid), {})[texts] = place(path)
    assert {key: texts for key, texts in translations.items() if len(texts) > 1} == {}


@pytest.fixture(scope="session")
def messages_of_the_code(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, polib.POFile]:
    """Extract the messages anew from a copy of the source, app by app."""
    assert shutil.which("xgettext"), "xgettext is missing: apt-get install gettext"
    copy = tmp_path_factory.mktemp("messages") / "kuznitsa"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("locale", "static", "migrations", "__pycache__"))
    for app in APPS_WITH_TEXT:
        (copy / app / "locale/ru/LC_MESSAGES").mkdir(parents=True)
    (copy / "locale").mkdir()
    django_admin = Path(sys.executable).with_name("django-admin")
    subprocess.run(
        [str(django_admin), "makemessages", "-l", "ru", "--no-wrap", "--verbosity", "0"],
        cwd=copy,
        env={name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        check=True,
        capture_output=True,
        text=True,
    )
    extracted = {catalogue_of(app): copy / app / "locale/ru/LC_MESSAGES/django.po" for app in APPS_WITH_TEXT}
    extracted[CLI_CATALOGUE] = copy / "locale/ru/LC_MESSAGES/django.po"
    return {path: polib.pofile(str(source)) for path, source in extracted.items() if source.exists()}


def test_every_message_of_the_code_is_in_the_catalogue_of_its_app(messages_of_the_code):
    missing = {}
    for path, extracted in messages_of_the_code.items():
        known = polib.pofile(str(path)) if path.exists() else polib.POFile()
        there = {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in known}
        lost = [e.msgid for e in extracted if (e.msgctxt, e.msgid, e.msgid_plural) not in there]
        if lost:
            missing[place(path)] = lost
    assert missing == {}


def test_catalogues_hold_no_message_that_the_code_lost(messages_of_the_code):
    surplus = {}
    for path in set(CATALOGUES) - {CLI_CATALOGUE}:  # argparse has texts of its own, translated there
        used = {(entry.msgctxt, entry.msgid) for entry in messages_of_the_code.get(path, [])}
        lost = [entry.msgid for entry in polib.pofile(str(path)) if (entry.msgctxt, entry.msgid) not in used]
        if lost:
            surplus[place(path)] = lost
    assert surplus == {}
