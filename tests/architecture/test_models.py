"""Models: who sees which rows, which moves a state allows, how things are named."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import translation

from kuznitsa.base.fields import StateField

# Apps whose rows no screen looks up by themselves, with the reason.
SHOWN_WITH_SOMETHING_ELSE = {"base": "audit, letters and progress are shown with the object they are about"}


def our_models() -> list[type]:
    return [model for model in apps.get_models() if model.__module__.startswith("kuznitsa.")]


def state_fields() -> list[StateField]:
    return [field for model in our_models() for field in model._meta.fields if isinstance(field, StateField)]


def test_every_model_says_who_sees_its_rows():
    silent = [
        model._meta.label
        for model in our_models()
        if model._meta.app_label not in SHOWN_WITH_SOMETHING_ELSE
        if not hasattr(model._default_manager.all(), "visible_to")
    ]
    assert silent == []


@pytest.mark.parametrize("field", [pytest.param(field, id=str(field)) for field in state_fields()])
def test_moves_cover_every_state(field):
    states = set(field.enum)
    reachable, waiting = set(), [field.enum(field.default)]
    while waiting:
        state = waiting.pop()
        if state not in reachable:
            reachable.add(state)
            waiting += field.moves[state]
    assert set(field.moves) == states, "every state has a line in the table of moves, be it an empty one"
    assert {to for targets in field.moves.values() for to in targets} <= states
    assert reachable == states, "every state can be reached from the first one"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_verbose_names_are_lower_case(language):
    with translation.override(language):
        names = [
            (f"{model._meta.label}{suffix}", str(name))
            for model in our_models()
            for suffix, name in [
                ("", model._meta.verbose_name),
                (" (plural)", model._meta.verbose_name_plural),
                *((f".{field.name}", field.verbose_name) for field in model._meta.fields),
            ]
        ]
    assert [(where, name) for where, name in names if _begins_with_a_capital(name)] == []


def _begins_with_a_capital(name: str) -> bool:
    """Abbreviations may: ИНН, ID."""
    first = name.split()[0]
    return first[:1].isupper() and not first.isupper()


def test_money_is_kept_in_whole_kopecks():
    wrong = [
        str(field)
        for model in our_models()
        for field in model._meta.fields
        if field.name.endswith(("_roubles", "_rub", "_amount"))
        or field.get_internal_type() in {"DecimalField", "FloatField"}
    ]
    assert wrong == []


def test_no_order_is_implied():
    assert [model._meta.label for model in our_models() if model._meta.ordering] == []


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
