"""Files in, files out: what the command says and writes, and what it refuses."""

import argparse
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kuznitsa.engines import commands
from kuznitsa.engines.timetabling.planning import Model, command, read_plan
from tests.engines.timetabling.planning.cases import entry, kulebaki, model_of, stupino

ROOT = Path(__file__).parents[4]
PICTURE = ROOT / "docs" / "images" / "timetable.svg"


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en")


def arguments(file, **more):
    fields = {
        "file": file,
        "seconds": None,
        "seed": 1,
        "iterations": 20_000,
        "output": None,
        "check": None,
        "explain": False,
        "repair": None,
        "picture": None,
        "quiet": False,
    }
    return argparse.Namespace(**(fields | more))


def run_plan(given):
    """The exit status of the command."""
    return commands.run("timetable", lambda: command.run_plan(given))


def save(path, content):
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def refused(capsys, file, **more):
    """Run the command, expect bad input, give back its one line without the name of the file."""
    assert run_plan(arguments(file, **more)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("kuznitsa timetable: ")
    assert err.endswith("\n")
    assert err.count("\n") == 1
    return err.removeprefix("kuznitsa timetable: ").removeprefix(f"{file}: ").rstrip("\n")


def test_plan_is_written_and_holds(capsys, tmp_path):
    source, target = save(tmp_path / "in.json", stupino()), tmp_path / "out.json"

    assert run_plan(arguments(source, output=target)) == 0
    assert "Held: 24 of 24." in capsys.readouterr().out
    document = json.loads(target.read_bytes())
    assert document["format"] == "timetable-result/1"
    assert document["plan"][0].keys() == {"activity", "day", "period", "room"}
    assert document["cost"]["total"] == sum(document["cost"]["rules"].values())
    assert document["audit"]["iterations"] == 20_000
    assert sorted(tmp_path.iterdir()) == [source, target]

    assert run_plan(arguments(source, check=target)) == 0
    assert f"Broken rules: 0. Cost: {document['cost']['total']}." in capsys.readouterr().out


def test_same_file_and_seed_give_the_same_bytes(tmp_path):
    source = save(tmp_path / "in.json", kulebaki())
    for name in ("one", "other"):
        assert run_plan(arguments(source, output=tmp_path / name)) == 0

    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


@pytest.mark.sweep
def test_two_cores_give_the_same_plan_again(tmp_path, monkeypatch):
    monkeypatch.setattr("kuznitsa.engines.timetabling.planning.search.WORTH_A_SECOND_CORE", 1)
    source = save(tmp_path / "in.json", kulebaki())
    for name in ("one", "other"):
        assert run_plan(arguments(source, output=tmp_path / name)) == 0

    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_time_limit_of_nothing_gives_a_whole_plan(tmp_path):
    source, target = save(tmp_path / "in.json", stupino()), tmp_path / "out.json"

    run_plan(arguments(source, output=target, iterations=None, seconds=0.0))

    document = json.loads(target.read_bytes())
    assert len(document["plan"]) + len(document["unplaced"]) == 24


def test_time_to_search_includes_the_start(tmp_path, monkeypatch):
    source, seen = save(tmp_path / "in.json", stupino()), []

    def solve(_model, options, **_more):
        seen.append(options.seconds)

    monkeypatch.setattr("kuznitsa.engines.timetabling.planning.search.solve", solve)
    monkeypatch.setattr(command, "BEFORE", 40.0)

    for is_kept, seconds in ((True, 100.0), (True, 1.0), (False, 1.0)):
        monkeypatch.setattr(command.compiled, "is_kept", lambda _package, is_kept=is_kept: is_kept)
        run_plan(arguments(source, iterations=None, seconds=seconds))

    assert 0 < seen[0] <= 60.0
    # Where the search has to be compiled first, there is some time for it all the same.
    assert seen[1:] == [0.0, 1.0]


def test_check_names_each_broken_rule(capsys, tmp_path):
    source, target = save(tmp_path / "in.json", stupino()), tmp_path / "out.json"
    run_plan(arguments(source, output=target))
    document = json.loads(target.read_bytes())
    forge = [row for row in document["plan"] if row["activity"].endswith("forge")]
    forge[0] |= {"day": forge[1]["day"], "period": forge[1]["period"], "room": "press"}
    document["plan"].remove(forge[2])
    save(target, document)
    capsys.readouterr()

    assert run_plan(arguments(source, check=target)) == 1

    out = capsys.readouterr().out
    assert "is not held" in out
    assert "may not be held in Цех press: it is none of its rooms" in out
    assert "mentor Наставник forge cannot be in several activities at once" in out


def test_explains_and_does_not_plan_the_impossible(capsys, tmp_path):
    document = stupino()
    entry(document, "resources", "m-cut")["unavailable"] = ["*/2", "w1"]
    source, target = save(tmp_path / "in.json", document), tmp_path / "out.json"

    assert run_plan(arguments(source, output=target, explain=True)) == 1

    out = capsys.readouterr().out
    assert out.startswith("There is no timetable. These cannot all be held: ")
    assert "  – mentor Наставник cut can be in one activity at a time: 6 slots needed, 5 left\n" in out
    assert not target.exists()


def test_explains_the_prices_of_a_good_plan(capsys, tmp_path):
    source, target = save(tmp_path / "in.json", kulebaki()), tmp_path / "out.json"

    assert run_plan(arguments(source, output=target, explain=True)) == 0
    assert "(ВШЭ) has to come on Четверг: costs 5; " in capsys.readouterr().out
    assert run_plan(arguments(source, check=target, explain=True)) == 0
    assert "(ВШЭ) has to come on Четверг: costs 5; " in capsys.readouterr().out


@pytest.mark.sweep
def test_clash_that_counting_does_not_see_is_explained_after_the_search(capsys, tmp_path):
    document = stupino()
    document["links"].append({"id": "both", "kind": "same_time", "activities": ["p0-forge", "p1-forge"]})
    source = save(tmp_path / "in.json", document)

    assert run_plan(arguments(source, explain=True)) == 1

    assert "at the same time: “Практика: forge” (П-1)" in capsys.readouterr().out


def test_published_plan_is_repaired(capsys, tmp_path):
    document = kulebaki()
    source, published, target = save(tmp_path / "in.json", document), tmp_path / "old.json", tmp_path / "new.json"
    run_plan(arguments(source, output=published))
    capsys.readouterr()
    entry(document, "resources", "tech")["unavailable"] = ["mon", "wed/1"]
    save(source, document)

    assert run_plan(arguments(source, repair=published, output=target)) == 0

    moved = json.loads(target.read_bytes())["moved"]
    out = capsys.readouterr().out
    assert f"Moved: {len(moved)}; could not stay: " in out
    assert out.count("is moved to") == len(moved)
    assert run_plan(arguments(source, check=target, repair=published)) == 0
    assert capsys.readouterr().out.count("moved: ") == len(moved)


def test_picture_in_the_docs_is_the_plan_of_kulebaki(tmp_path, monkeypatch, request):
    monkeypatch.setenv("LANGUAGE", "ru")
    source, drawn = save(tmp_path / "in.json", kulebaki()), tmp_path / "week.svg"

    assert run_plan(arguments(source, picture=drawn, iterations=60_000)) == 0

    if request.config.getoption("--update-pictures"):
        PICTURE.write_bytes(drawn.read_bytes())
    assert drawn.read_bytes() == PICTURE.read_bytes()


def test_checked_plan_is_drawn(tmp_path):
    source, target, drawn = save(tmp_path / "in.json", stupino()), tmp_path / "out.json", tmp_path / "rota.svg"
    run_plan(arguments(source, output=target))

    assert run_plan(arguments(source, check=target, picture=drawn)) == 0

    assert drawn.read_text(encoding="utf-8").startswith("<svg ")


@pytest.mark.parametrize(
    "content, message",
    [
        (b"", "It is not JSON: line 1, column 1."),
        (b"[]", "It is not a JSON object."),
        (b'{"format": "timetable-plan/1",\n "days": [', "It is not JSON: line 2, column 11."),
        ("{}".encode("utf-16"), "It is not text in UTF-8: line 1."),
        ('{\n"name": "Неделя"}'.encode("cp1251"), "It is not text in UTF-8: line 2."),
        (b'{"name": NaN}', "NaN is not a JSON number."),
        (b'{"name": 1, "name": 2}', 'The key "name" appears twice in one object.'),
        (b'{"places": 1' + b"0" * 5000 + b"}", "It has a number with too many digits."),
        (b"{}", "format is missing."),
        (b'{"format": "timetable-result/1"}', 'format must be timetable-plan/1, not "timetable-result/1".'),
    ],
)
def test_file_that_is_no_model_is_refused(capsys, tmp_path, content, message):
    source, target = save(tmp_path / "in.json", content), tmp_path / "out.json"

    assert refused(capsys, source, output=target) == message
    assert not target.exists()


@pytest.mark.parametrize(
    "part, change, message",
    [
        ("days", {"id": "a/b"}, 'days[0].id must be a text without /, neither empty nor *, not "a/b".'),
        ("days", {"id": "w2"}, 'days[1].id: "w2" is there twice.'),
        ("rooms", {"places": -1}, "rooms[0].places must be an integer from 0 to 1000000, not -1."),
        ("rooms", {"places": 10**12}, "rooms[0].places must be an integer from 0 to 1000000, not 1000000000000."),
        ("rooms", {"places": 8.5}, "rooms[0].places must be an integer, not 8.5."),
        ("rooms", {"places": True}, "rooms[0].places must be an integer, not true."),
        ("rooms", {"at_once": 0}, "rooms[0].at_once must be an integer from 1 to 1000000, not 0."),
        ("rooms", {"site": "moon"}, 'rooms[0].site: "moon" is not known.'),
        ("rooms", {"unavailable": "w1"}, 'rooms[0].unavailable must be a list, not "w1".'),
        (
            "rooms",
            {"unavailable": ["w1", "w9/1"]},
            'rooms[0].unavailable[1] must be day/period with known ids, or * for any, not "w9/1".',
        ),
        ("rooms", {"unwanted": [3]}, "rooms[0].unwanted[0] must be a text, not 3."),
        ("rooms", {"unavalable": []}, "rooms[0].unavalable is not known here."),
        (
            "resources",
            {"kind": "robot"},
            'resources[0].kind must be group, participant, teacher, mentor, guide, vehicle, equipment, not "robot".',
        ),
        ("resources", {"few_days": 1}, "resources[0].few_days must be true or false, not 1."),
        ("activities", {"who": ["p0", "nobody"]}, 'activities[0].who[1]: "nobody" is not known.'),
        ("activities", {"who": ["p0", "p0"]}, 'activities[0].who: "p0" is there twice.'),
        ("activities", {"duration": 3}, "activities[0].duration must be at most the periods of a day, 2, not 3."),
        ("activities", {"site": "cmk"}, "activities[0].rooms: an activity with a site has no room."),
        ("activities", {"rooms": ["cellar"]}, 'activities[0].rooms[0]: "cellar" is not known.'),
        ("activities", {"id": "p1-forge"}, 'activities[4].id: "p1-forge" is there twice.'),
        ("links", {"activities": ["p0-forge", "x"]}, 'links[0].activities[1]: "x" is not known.'),
        ("links", {"weight": 5000}, "links[0].weight must be an integer from 0 to 1000, not 5000."),
        ("travel", {"slots": -1}, "travel[0].slots must be an integer from 0 to 2000, not -1."),
        ("travel", {"to": "cmk"}, 'travel[0]: "cmk - cmk" is there twice.'),
    ],
)
def test_what_is_wrong_is_told_with_its_place(capsys, tmp_path, part, change, message):
    document = stupino()
    document[part][0].update(change)

    assert refused(capsys, save(tmp_path / "in.json", document)) == message


@pytest.mark.parametrize(
    "change, message",
    [
        ({"days": []}, "There must be at least one day and one period."),
        ({"days": [{"id": f"d{number}"} for number in range(1001)]}, "There are more than 2000 slots."),
        ({"weights": {"gaps": 1.0}}, "weights.gaps must be an integer, not 1.0."),
        ({"weights": {"gap": 1}}, "weights.gap is not known here."),
        ({"activities": {}}, "activities must be a list, not {}."),
        ({"activities": [7]}, "activities[0] must be an object, not 7."),
        ({"notes": "x"}, "notes is not known here."),
        ({"name": None}, "name must be a text, not null."),
    ],
)
def test_wrong_document_is_refused(capsys, tmp_path, change, message):
    assert refused(capsys, save(tmp_path / "in.json", stupino() | change)) == message


@pytest.mark.parametrize(
    "row, message",
    [
        ({"activity": "x"}, 'plan[0].activity: "x" is not known.'),
        ({"room": "x"}, 'plan[0].room: "x" is not known.'),
        ({"day": "x"}, 'plan[0].day: "x" is not known.'),
        ({"period": 1}, "plan[0].period must be a text, not 1."),
        ({"place": 1}, "plan[0].place is not known here."),
    ],
)
def test_wrong_result_is_refused(capsys, tmp_path, row, message):
    source = save(tmp_path / "in.json", stupino())
    row = {"activity": "p0-forge", "day": "w1", "period": "1", "room": "forge"} | row
    result = save(tmp_path / "out.json", {"format": "timetable-result/1", "plan": [row, row]})

    assert refused(capsys, source, check=result) == f"{result}: {message}"


def test_meeting_that_is_there_twice_is_refused(capsys, tmp_path):
    source = save(tmp_path / "in.json", stupino())
    row = {"activity": "p0-forge", "day": "w1", "period": "1", "room": "forge"}
    result = save(tmp_path / "out.json", {"format": "timetable-result/1", "plan": [row, row]})

    assert refused(capsys, source, check=result) == f'{result}: plan[1].activity: "p0-forge" is there twice.'


def test_what_is_gone_is_left_out_of_a_published_plan():
    model: Model = model_of(stupino())
    rows = [
        {"activity": "gone", "day": "w1", "period": "1", "room": "forge"},
        {"activity": "p0-forge", "day": "w1", "period": "1", "room": "gone"},
    ]
    data = json.dumps({"format": "timetable-result/1", "plan": rows}).encode()

    assert read_plan(data, model, of_an_earlier_model=True) == {"p0-forge": (0, "gone")}


def test_missing_file_and_wrong_targets(capsys, tmp_path):
    assert refused(capsys, tmp_path / "none.json") == "No such file or directory"
    source = save(tmp_path / "in.json", stupino())
    assert refused(capsys, source, output=source) == f"{source} is not a file to write the result to."
    assert refused(capsys, source, picture=tmp_path) == f"{tmp_path} is not a file to write the result to."


def test_result_that_the_check_refutes_is_not_written(capsys, tmp_path, monkeypatch):
    source, target = save(tmp_path / "in.json", stupino()), tmp_path / "out.json"
    monkeypatch.setattr(command, "is_whole", lambda findings: False)

    assert refused(capsys, source, output=target).startswith("The engine refutes its own result: ")
    assert not target.exists()


@pytest.mark.sweep
def test_interrupt_from_outside_ends_both_searches(tmp_path):
    source, target = save(tmp_path / "in.json", kulebaki()), tmp_path / "out.json"
    program = [sys.executable, "-m", "kuznitsa.cli", "timetable", str(source), "--iterations", str(10**12)]
    process = subprocess.Popen([*program, "--output", str(target)], cwd=ROOT)
    # Its only child is the second search, which begins when there is a first plan.
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while not (begun := children.read_text().split()):
        assert process.poll() is None
        time.sleep(0.1)

    process.send_signal(signal.SIGTERM)

    # An early plan may still leave something out.
    assert process.wait() in (0, 1)
    assert not Path(f"/proc/{begun[0]}").exists()
    document = json.loads(target.read_bytes())
    assert document["audit"]["complete"] is False
    assert len(document["plan"]) + len(document["unplaced"]) == 32


def test_interrupt_before_a_plan_writes_nothing(capsys, tmp_path, monkeypatch):
    source, target = save(tmp_path / "in.json", stupino()), tmp_path / "out.json"
    monkeypatch.setattr("kuznitsa.engines.timetabling.planning.search.solve", lambda *_args, **_more: None)

    assert run_plan(arguments(source, output=target)) == 130

    assert "nothing is written" in capsys.readouterr().err
    assert not target.exists()
