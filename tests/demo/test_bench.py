"""The benchmark: measures over a generated world, keeps numbers, compares with those before."""

import json

import pytest
from django.core.management import CommandError

from kuznitsa.demo import bench, world
from kuznitsa.demo.bench import measuring, reporting
from kuznitsa.demo.bench.measuring import Measure
from kuznitsa.demo.bench.weight import first_load

pytestmark = pytest.mark.django_db

SMALL = ["--clusters", "1", "--people", "60", "--facts", "1000"]


@pytest.mark.sweep
def test_pages_are_measured_for_who_waits_longest(capsys, monkeypatch):
    monkeypatch.setattr(measuring, "TIMES", 2)
    world.main(SMALL)
    capsys.readouterr()

    assert bench.main(["--only", "insight:thread"]) == 0

    told = capsys.readouterr().out
    assert "| `insight:thread` |" in told
    assert "| `insight:thread of a cluster` |" in told


def test_numbers_are_kept_and_compared(tmp_path, monkeypatch):
    monkeypatch.setattr(reporting, "FOLDER", tmp_path)
    page = {"page": "demand:list", "viewer": "visitor", "queries": 3, "cpu_p50": 9.0, "cpu_p95": 10.0}
    reporting.keep("sqlite", [Measure(**page, wall_p50=10.0, wall_p95=120.0, loop=20.0)], {"ru": {"/": 5_000}})
    reporting.keep("sqlite", [Measure(**page, wall_p50=20.0, wall_p95=30.0, loop=40.0)], {"ru": {"/": 5_000}})

    text = (tmp_path / "benchmark.md").read_text()
    assert "| `demand:list` | visitor | 3 | 20.0 | 30.0 | 10.0 | 40.0 | 1.00 |" in text
    assert "5,000" in text
    assert json.loads((tmp_path / "benchmark-sqlite.json").read_text())["pages"][0]["before"] == 0.5


def test_slow_pages_carry_a_star():
    row = {
        "page": "insight:thread of a cluster",
        "viewer": "mentor",
        "queries": 3,
        "wall_p50": 40.0,
        "cpu_p95": 9.0,
        "loop": 20.0,
    }

    assert "51.0 ★" in reporting.table([{**row, "wall_p95": 51.0}])
    assert "★" not in reporting.table([{**row, "wall_p95": 49.0}])


def test_first_visit_is_weighed_with_all_it_brings(client):
    files = first_load("ru")

    assert "ui/tokens.css" in files
    assert any(name.endswith(".woff2") for name in files)
    assert all(size > 0 for size in files.values())


def test_there_must_be_a_world():
    with pytest.raises(CommandError):
        bench.main([])
