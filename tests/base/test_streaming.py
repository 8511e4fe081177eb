"""Rows written as plain values are those that objects would have been."""

import pytest
from django.db import IntegrityError

from kuznitsa.base.models import AuditEntry
from kuznitsa.base.streaming import stream_alike

pytestmark = pytest.mark.django_db


def plain(entry):
    return {name: value for name, value in vars(entry).items() if name not in ("id", "_state")}


def test_rows_alike_are_what_objects_would_have_been(at):
    alike = {"object_type": "test", "object_name": "ё", "actor_name": "", "at": at, "details": {"why": "ё"}}
    stream_alike(AuditEntry, ["object_id", "verb"], [("1", "a"), ("2", "b")], **alike)
    AuditEntry.objects.create(**alike, object_id="2", verb="b")
    first, second, made = AuditEntry.objects.order_by("pk")
    assert (first.object_id, first.verb) == ("1", "a")
    assert plain(second) == plain(made)


def test_what_the_table_does_not_have_and_does_not_allow_is_an_error(at):
    with pytest.raises(TypeError):
        stream_alike(AuditEntry, ["verb"], [("test.done",)], colour="red")
    with pytest.raises(IntegrityError):
        stream_alike(AuditEntry, ["verb"], [(None,)], at=at)
