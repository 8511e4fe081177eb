"""The reference says what the code says."""

import re

import pytest
from django.core.management import call_command

from kuznitsa.base.management.commands.reference import pages
from kuznitsa.facts.enums import FACT_CARDS, FactKind
from kuznitsa.organisations.enums import ROLE_CARDS, Role
from tests.guards import ROOT

# A fact may have no counterpart, a command no options, a rule a name that says it all.
MAY_HAVE_EMPTY_CELLS = {"facts.md", "commands.md", "permissions.md"}


def test_reference_is_not_stale():
    call_command("reference", check=True)


@pytest.mark.parametrize("name", sorted(pages()))
def test_every_row_of_the_reference_says_something(name):
    """Whoever adds a job, a permission or a setting says in a docstring or comment what it is for."""
    rows = [line for line in pages()[name].splitlines() if line.startswith("| `")]
    empty = [row for row in rows if re.search(r"\|\s*\|", row)]
    assert empty == [] or name in MAY_HAVE_EMPTY_CELLS


def test_every_kind_of_fact_is_documented():
    assert set(FACT_CARDS) == set(FactKind)


def test_every_role_is_documented():
    assert set(ROLE_CARDS) == set(Role)


def test_links_between_documents_lead_somewhere():
    broken = []
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", path.read_text(encoding="utf-8")):
            if not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)} -> {target}")
    assert broken == []
