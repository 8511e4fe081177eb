"""The archive of a public record: packed the same everywhere, verified by one command, refused when tampered with."""

import io
import json
import subprocess
import sys
import zipfile

import pytest
from hypothesis import given

from kuznitsa.engines import allocation
from kuznitsa.engines.allocation.command import main
from tests.engines.allocation.markets import instances

INSTANCE = allocation.Instance(
    seed="05 11 17",
    applicants=tuple(
        allocation.Applicant(f"A-{n}", (allocation.Choice("O-1", 400 + n), allocation.Choice("O-2", 400 + n)), tags)
        for n, tags in enumerate([frozenset({"district"}), frozenset(), frozenset(), frozenset()])
    ),
    places=(
        allocation.Place("O-1", 2, "E-1", pools=(allocation.Pool("quota", "district", 1),)),
        allocation.Place("O-2", 1),
    ),
    companies=(allocation.Company("E-1", 2),),
)


@pytest.fixture
def archive():
    return allocation.write_record(INSTANCE, allocation.allocate(INSTANCE), {"campaign": "Кампания"})


def unpacked(archive):
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        return {name: files.read(name) for name in files.namelist()}


def packed(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_a_record_tells_what_it_holds(archive):
    record = allocation.read_record(archive)
    assert record.manifest["counts"] == {
        "applicants": 4,
        "places": 2,
        "seats": 3,
        "placed": 3,
        "first_choice": 2,
        "not_placed": 1,
        "empty_seats": 0,
        "closed_places": 0,
    }
    assert record.manifest["about"] == {"campaign": "Кампания"}
    pools = json.loads(record.files["cut-offs.json"])["pools"]
    assert [(pool["pool"], pool["taken"], pool["last"]["score"]) for pool in pools] == [
        ("quota", 1, 400),
        ("open", 1, 403),
        ("open", 1, 402),
    ]
    assert json.loads(record.files["cut-offs.json"])["companies"][0]["taken"] == 2


def test_a_record_is_verified_in_a_fresh_process(archive, tmp_path):
    path = tmp_path / "record.zip"
    path.write_bytes(archive)
    command = [sys.executable, "-m", "kuznitsa.cli", "allocate", "--verify", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@given(instances())
def test_any_record_holds_and_is_the_same_bytes(instance):
    result = allocation.allocate(instance)
    archive = allocation.write_record(instance, result, {})
    assert archive == allocation.write_record(instance, result, {})
    assert allocation.read_record(archive).manifest["counts"]["placed"] == sum(
        place is not None for place in result.assignment.values()
    )


@pytest.mark.parametrize(
    ("name", "was", "now", "difference"),
    [
        ("input.json", b'"05 11 17"', b'"05 11 18"', "input_sha256"),
        ("cut-offs.json", b'"taken": 1', b'"taken": 2', "the hash of cut-offs.json is another one"),
        ("record.json", b'"placed": 3', b'"placed": 4', "the counts are others"),
        ("record.json", b'"seed": "05', b'"seed": "06', "the seed is another one"),
        ("record.json", b'"blocking_contracts": 0', b'"blocking_contracts": 1', "no contract blocks"),
    ],
)
def test_a_record_that_was_touched_does_not_hold(archive, tmp_path, capsys, name, was, now, difference):
    files = unpacked(archive)
    assert was in files[name]
    files[name] = files[name].replace(was, now, 1)
    path = tmp_path / "record.zip"
    path.write_bytes(packed(files))
    assert main(["--verify", str(path)]) == 1
    assert difference in capsys.readouterr().out


def test_cut_offs_that_were_forged_with_their_hash_do_not_hold(archive, tmp_path, capsys):
    files = unpacked(archive)
    manifest = json.loads(files["record.json"])
    files["cut-offs.json"] = files["cut-offs.json"].replace(b'"score": 403', b'"score": 303')
    manifest["files"]["cut-offs.json"] = allocation.record.sha256(files["cut-offs.json"])
    manifest["engine"]["source_sha256"] = "0" * 64
    files["record.json"] = json.dumps(manifest).encode()
    path = tmp_path / "record.zip"
    path.write_bytes(packed(files))
    assert main(["--verify", str(path)]) == 1
    said = capsys.readouterr().out
    assert "the cut-offs are others" in said
    assert "another version of the engine" in said


def test_what_is_no_record_is_refused(archive, tmp_path, capsys):
    files = unpacked(archive)
    without = {name: data for name, data in files.items() if name != "result.json"}
    bad = {
        "no archive": b"{}",
        "cut off": archive[: len(archive) // 2],
        "damaged": archive[:60] + bytes(20) + archive[80:],
        "lacks result.json": packed(without),
        "another format": packed({**files, "record.json": b'{"format": "x/1", "files": {}}'}),
    }
    for number, data in enumerate(bad.values()):
        path = tmp_path / f"{number}.zip"
        path.write_bytes(data)
        assert main(["--verify", str(path)]) == 2
        said = capsys.readouterr()
        assert said.err.count("\n") == 1
        assert not said.out
