from django.db.models import TextChoices

from kuznitsa.base.diagrams import mermaid


class Door(TextChoices):
    SHUT = "shut", "Shut"
    OPEN = "open", "Open"
    GONE = "gone", "Gone"


def test_a_table_of_moves_becomes_a_diagram():
    moves = {Door.SHUT: {Door.OPEN}, Door.OPEN: {Door.GONE, Door.SHUT}}

    assert mermaid(Door, moves).splitlines() == [
        "stateDiagram-v2",
        "    shut: Shut",
        "    open: Open",
        "    gone: Gone",
        "    [*] --> shut",
        "    shut --> open",
        "    open --> shut",
        "    open --> gone",
        "    gone --> [*]",
    ]
