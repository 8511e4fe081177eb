"""The glossary and the code use the same words."""

import re

from django.apps import apps

from tests.guards import ROOT

# Plumbing that nobody speaks of: keeps its place in the code only.
NOT_A_TERM = {"base"}


def terms() -> list[tuple[str, str, str]]:
    """Return Russian term, English term and class (or "") of every row."""
    rows = []
    for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 4 and cells[0] not in {"Russian", "---"}:
            rows.append((cells[0], cells[1], cells[2].strip("`")))
    return rows


def test_every_class_of_the_glossary_exists():
    known = {model._meta.label for model in apps.get_models()}
    assert [label for _, _, label in terms() if label and label not in known] == []


def test_every_class_is_in_the_glossary_once():
    named = [label for _, _, label in terms() if label]
    ours = [
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("kuznitsa.") and model._meta.app_label not in NOT_A_TERM
    ]
    assert sorted(label for label in named if label.split(".")[0] not in NOT_A_TERM) == sorted(ours)


def test_no_term_stands_for_two_things():
    for column in (0, 1):
        words = [row[column] for row in terms()]
        assert sorted(set(words)) == sorted(words)


def test_russian_terms_are_russian():
    assert [russian for russian, _, _ in terms() if not re.search(r"[а-яё]", russian)] == []
