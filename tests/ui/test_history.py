import pytest

from kuznitsa.base.models import AuditEntry
from kuznitsa.ui import history


def test_move_is_named_by_the_state_it_led_to(en):
    assert str(history.did("admissions.application.guardian")) == "waits for the guardian"


@pytest.mark.parametrize(("verb", "text"), [("a.b.created", "created"), ("a.b.split_in_two", "split in two")])
def test_verb_is_named_by_the_common_list_or_its_own_words(en, verb, text):
    assert str(history.did(verb)) == text


def test_app_may_name_its_verbs(en, monkeypatch):
    monkeypatch.setattr(history, "_labels", {})
    history.register({"a.b.created": "forged"})
    assert history.did("a.b.created") == "forged"


def test_nobody_is_the_system(en, at):
    line = history.line(AuditEntry(verb="a.b.created", actor_name="", at=at, details={"reason": "by order"}))
    assert (line.who, line.did, line.reason) == ("The system", "Created", "by order")
