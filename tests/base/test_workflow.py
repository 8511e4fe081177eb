import pytest
from django.db import connection, models
from django.test.utils import isolate_apps

from kuznitsa.base.audit import audit
from kuznitsa.base.fields import SearchField, StateField
from kuznitsa.base.models import AuditEntry
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.workflow import move, why_not_move


class Door(models.TextChoices):
    SHUT = "shut", "shut"
    OPEN = "open", "open"
    GONE = "gone", "gone"


DOOR_MOVES = {Door.SHUT: {Door.OPEN}, Door.OPEN: {Door.SHUT, Door.GONE}}


@pytest.fixture
def doors(transactional_db):
    """A model with a state, in a table of its own."""
    with isolate_apps("kuznitsa.base"):

        class House(models.Model):
            name = models.CharField(max_length=50)
            state = StateField(Door, moves=DOOR_MOVES)
            search = SearchField(of=("name",))

            class Meta:
                app_label = "base"

            def __str__(self):
                return self.name

        with connection.schema_editor() as schema:
            schema.create_model(House)
        yield House
        with connection.schema_editor() as schema:
            schema.delete_model(House)


def test_a_move_of_the_table_is_made_and_remembered(doors, at):
    door = doors.objects.create(name="Ворота")

    move(door, Door.OPEN, by=None, at=at, reason="morning")

    door.refresh_from_db()
    assert door.state == Door.OPEN
    entry = AuditEntry.objects.about(door).get()
    assert (entry.verb, entry.object_name, entry.actor_id, entry.at) == ("base.house.open", "Ворота", None, at)
    assert entry.details == {"was": "shut", "reason": "morning"}


def test_a_move_that_is_not_in_the_table_is_refused(doors, at):
    door = doors.objects.create(name="Ворота")

    assert why_not_move(door, Door.OPEN) == ""
    assert why_not_move(door, Door.GONE) == "This cannot become “gone”: it is “shut” now."
    with pytest.raises(Refused, match="cannot become"):
        move(door, Door.GONE, by=None, at=at)
    assert not AuditEntry.objects.exists()


def test_of_two_people_who_act_at_once_the_second_is_refused(doors, at):
    door = doors.objects.create(name="Ворота")
    same_door = doors.objects.get(pk=door.pk)

    move(door, Door.OPEN, by=None, at=at)

    with pytest.raises(Refused, match="Somebody else"):
        move(same_door, Door.OPEN, by=None, at=at)


def test_search_is_filled_on_saving(doors):
    doors.objects.create(name="Ёлочные  Ворота")

    assert doors.objects.filter(search__contains="елочные ворота").exists()


def test_an_entry_leaves_out_what_is_empty(doors, at):
    door = doors.objects.create(name="Ворота")

    audit("base.door.painted", door, by=None, at=at, colour="red", note="", price=None, coats=0)

    assert AuditEntry.objects.get().details == {"colour": "red", "coats": 0}


def test_an_empty_reason_refuses_nothing():
    refuse_if("")
    with pytest.raises(Refused) as refusal:
        refuse_if("The campaign is closed.")
    assert refusal.value.reason == "The campaign is closed."
