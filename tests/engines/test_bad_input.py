"""Whatever is in a file: one line that says where and what is wrong, exit status 2, and nothing is written."""

import json
import re

import pytest

from kuznitsa.engines.tally.command import main as tally
from kuznitsa.engines.timetabling.command import main as timetable
from tests.engines.timetabling.curricula.cases import TINY
from tests.engines.timetabling.planning.cases import stupino

PLAN = json.dumps(stupino(), ensure_ascii=False, indent=1)
VOTE = (
    "META\nkey;value\nbudget;100\nvote_type;scoring\nnum_projects;2\nnum_votes;2\nmax_points;5\n"
    "PROJECTS\nproject_id;cost\n1;60\nж;40\nVOTES\nvoter_id;vote;points\na;1,ж;3,4\nb;ж;1\n"
)
GOOD = {"ctt": TINY.replace("vera", "Вера"), "json": PLAN, "pb": VOTE}
COMMANDS = {
    "ctt": (timetable, ["--iterations", "500"]),
    "json": (timetable, ["--iterations", "500"]),
    "pb": (tally, ["--rule", "equal-shares"]),
}
# Where in the file: a line, or in JSON also a path in the document.
PLACE = re.compile(r"line \d+|^\S+ (must be|is) |^\S+: |^The (section|key) |^It ")
# Of each format a number that may stand in it, with what stands before and behind.
NUMBERS = {
    "ctt": [("Days: ", "2", "\n"), ("anna 2 2 ", "30", "\n"), ("Welding ", "0", " 0"), ("first ", "2", " ")],
    "json": [('"places": ', "8", ","), ('"size": ', "8", "\n"), ('"slots": ', "1", "\n")],
    "pb": [("budget;", "100", "\n"), ("1;", "60", "\n"), ("ж;3,", "", ""), ("num_votes;", "2", "\n")],
}
WRONG_NUMBERS = ["-1", "1e400", "1" + "0" * 30, "9" * 5000, "NaN", "Infinity", "-Infinity", "0x10", "٣", "--1", "1 1"]
CHANGES = {
    "ctt": {
        "one course fewer": ("Courses: 4", "Courses: 3"),
        "one course more": ("Courses: 4", "Courses: 5"),
        "one room more": ("Rooms: 2", "Rooms: 3"),
        "one curriculum fewer": ("Curricula: 2", "Curricula: 1"),
        "one constraint fewer": ("Constraints: 2", "Constraints: 1"),
        "a course of a curriculum unknown": ("Physics Welding", "Physics Nothing"),
        "two courses of a name": ("Chemistry anna", "Physics anna"),
    },
    "json": {
        "unknown place": ('"site": "cmk"', '"site": "moon"'),
        "unknown field": ('"places": 8', '"plates": 8'),
        "unknown person": ('"m-forge"\n', '"nobody"\n'),
        "two of a name": ('"id": "press"', '"id": "forge"'),
        "nested deeply": ('"name": "Практика по цехам"', '"name": ' + "[" * 100_000),
        "nested deeply and closed": ('"name": "Практика по цехам"', '"name": ' + "[" * 100_000 + "]" * 100_000),
        "a key twice": ('"name": "Практика по цехам"', '"name": "a", "name": "b"'),
    },
    "pb": {
        "one project more": ("num_projects;2", "num_projects;3"),
        "one vote more": ("num_votes;2", "num_votes;3"),
        "two projects of an id": ("ж;40", "1;40"),
        "a budget of zero": ("budget;100", "budget;0"),
        "a ballot over the limit": ("3,4", "3,6"),
        "fewer points than names": ("3,4", "3"),
        "a row cut short": ("b;ж;1", "b;ж"),
        "an unknown kind": ("scoring", "shouting"),
        "nested deeply": ("META", "[" * 100_000),
    },
}


def wrong_files():
    """Name, format and bytes of each."""
    for kind, text in GOOD.items():
        data = text.encode()
        for length in range(0, len(data.rstrip()) - 4, len(data) // 40):
            # A vote may end anywhere in its last row: that it has as many rows as it says is checked all the same.
            if kind != "pb" or data.count(b"\n", 0, length) < data.count(b"\n") - 1:
                yield f"{kind}: cut off at {length}", kind, data[:length]
        for encoding in ("utf-16", "utf-16-le", "utf-32", "cp1251"):
            yield f"{kind}: {encoding}", kind, text.encode(encoding)
        for part in range(5):
            at = len(data) * part // 5
            yield f"{kind}: NUL at {at}", kind, data[:at] + b"\0" + data[at:]
        yield f"{kind}: blank", kind, b"\n" * 1000
        for before, number, behind in NUMBERS[kind]:
            for wrong in WRONG_NUMBERS:
                assert before + number + behind in text
                changed = text.replace(before + number + behind, before + wrong + behind, 1)
                yield f"{kind}: {before.strip()} {wrong[:12]}", kind, changed.encode()
        for name, (old, new) in CHANGES[kind].items():
            assert old in text
            yield f"{kind}: {name}", kind, text.replace(old, new, 1).encode()


def test_the_files_are_good_before_anything_is_changed(tmp_path):
    for kind, text in GOOD.items():
        main, options = COMMANDS[kind]
        (tmp_path / f"in.{kind}").write_text(text)
        assert main([str(tmp_path / f"in.{kind}"), *options, "--output", str(tmp_path / "out")]) == 0


def test_every_wrong_file_is_refused_in_one_line(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("LANGUAGE", "en")
    wrong = []
    tried = 0
    for name, kind, data in wrong_files():
        main, options = COMMANDS[kind]
        source, target = tmp_path / f"in.{kind}", tmp_path / "out"
        source.write_bytes(data)
        status = main([str(source), *options, "--output", str(target)])
        out, err = capsys.readouterr()
        head, _path, said = err.partition(f": {source}: ")
        is_told = head.startswith("kuznitsa ") and PLACE.search(said) and said.count("\n") == 1 and len(said) < 300
        if status != 2 or out or not is_told or target.exists():
            wrong.append((name, status, err[:300]))
        target.unlink(missing_ok=True)
        tried += 1
    assert wrong == []
    assert tried > 250


@pytest.mark.parametrize("kind", ["ctt", "json"])
def test_wrong_plans_are_refused_as_well(capsys, monkeypatch, tmp_path, kind):
    monkeypatch.setenv("LANGUAGE", "en")
    source, plan = tmp_path / f"in.{kind}", tmp_path / "plan"
    source.write_text(GOOD[kind])
    assert timetable([str(source), "--iterations", "500", "--output", str(plan)]) in (0, 1)
    data = plan.read_bytes()
    capsys.readouterr()

    for wrong in (data[: len(data) // 2 + 3], data.decode().encode("utf-16"), b"\0" + data, b"[" * 100_000):
        plan.write_bytes(wrong)
        assert timetable([str(source), "--check", str(plan)]) == 2
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert err.startswith(f"kuznitsa timetable: {plan}: ")
