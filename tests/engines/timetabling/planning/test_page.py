"""The page that describes the files says what the code does."""

import json
import re
from dataclasses import fields

from kuznitsa.engines.timetabling.planning import Kind, LinkKind, Model, Resource, Room, Rule, check, formats, is_whole
from kuznitsa.engines.timetabling.planning.model import HARD, SOFT, Activity, Link, Weights, Wish
from kuznitsa.engines.timetabling.planning.repair import ITERATIONS
from kuznitsa.engines.timetabling.planning.search import WORTH_A_SECOND_CORE, Options, solve
from tests.engines.timetabling.planning.cases import model_of, stupino
from tests.guards import ROOT

PAGE = (ROOT / "docs" / "reference" / "timetable-json.md").read_text(encoding="utf-8")


def row(name):
    """The row of a table that begins with a name."""
    return re.search(rf"^\| (?:`\w+`, )?`{name}`.*$", PAGE, re.MULTILINE)[0]


def named(text):
    return set(re.findall(r"`(\w+)`", text))


def test_every_part_and_field_is_described():
    for part in fields(Model):
        assert row(part.name)
    for part, kind in (("rooms", Room), ("resources", Resource), ("links", Link), ("wishes", Wish)):
        assert {field.name for field in fields(kind)} <= named(row(part)), part
    # Whether it needs a room is said by whether it has a site.
    assert {field.name for field in fields(Activity)} - {"needs_room"} <= named(row("activities"))
    assert set(Kind) <= named(row("resources"))
    assert set(LinkKind) <= named(row("links"))


def test_every_rule_is_described_with_its_weight():
    hard, soft = PAGE.split("### Hard rules")[1].split("### An example")[0].split("### Soft rules")
    assert named(" ".join(re.findall(r"^\|[^|]*\|", hard, re.MULTILINE))) == set(HARD)
    weights = dict(re.findall(r"^\| `(\w+)` \| (\d+) \|", soft, re.MULTILINE))
    assert {rule: int(weight) for rule, weight in weights.items()} == {rule: getattr(Weights(), rule) for rule in SOFT}
    assert len(Rule) == len(HARD) + len(weights)


def test_numbers_are_those_of_the_code():
    for number in (formats.MOST_SLOTS, formats.MOST, ITERATIONS, WORTH_A_SECOND_CORE):
        assert f"{number:,}" in PAGE
    assert Options().seconds == 10.0
    assert formats.MOST_STARTS == 10_000_000


def test_example_can_be_planned():
    example = json.loads(re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)[1])
    model = model_of(example)

    result = solve(model, Options(iterations=1000))

    assert is_whole(check(model, result.plan))


def test_every_field_of_a_result_is_described():
    model = model_of(stupino())
    result = solve(model, Options(iterations=1000))
    document = json.loads(formats.write_result(model, result, costs={}, seed=1, input_sha256=""))

    described = PAGE.split("## What comes out")[1]
    assert {*document, *document["audit"], *document["cost"], *document["plan"][0]} - {"format"} <= named(described)
