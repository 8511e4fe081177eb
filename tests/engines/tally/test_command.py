import json
import os
import signal
import subprocess
import sys
from hashlib import sha256

import pytest

from kuznitsa.cli import main as kuznitsa
from kuznitsa.engines.tally import command, paths
from kuznitsa.engines.tally.command import main

VOTE = b"""META
key;value
budget;100.5
vote_type;approval
PROJECTS
project_id;cost
1;60
2;40.5
VOTES
voter_id;vote
a;1,2
b;2,9
c;
"""


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en")


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "vote.pb"
    path.write_bytes(VOTE)
    return path


def refused(capsys, *argv):
    """Run the command, expect bad input, give back its one line."""
    assert main([str(argument) for argument in argv]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("kuznitsa tally: ")
    assert err.endswith("\n")
    assert err.count("\n") == 1
    return err


def test_vote_is_counted(capsys, source):
    assert main([str(source), "--rule", "greedy"]) == 0

    out, err = capsys.readouterr()
    assert json.loads(out) == {
        "rule": "greedy",
        "parameters": {"vote_type": "approval", "ties": "id"},
        "ballots": 3,
        "distinct_ballots": 3,
        "budget": "100.5",
        "winners": ["2", "1"],
        "cost": "100.5",
        "effective_support": {"1": "1", "2": "1"},
        "issues": [{"kind": "unknown_project", "project": "9", "ballots": 1}],
        "input_sha256": sha256(VOTE).hexdigest(),
    }
    assert err == f"kuznitsa tally: {source}: line 12: there is no project 9; dropped from 1 ballots\n"


def test_every_parameter_is_told(capsys, source):
    argv = ["--rule", "equal-shares", "--utility", "count", "--completion", "add1-then-greedy", "--step", "0.5%"]
    argv += ["--stop", "last-feasible", "--ties", "cheapest-votes-draw", "--seed", "жребий", "--explain"]

    assert main([str(source), *argv]) == 0

    result = json.loads(capsys.readouterr().out)
    assert result["parameters"] == {
        "vote_type": "approval",
        "utility": "count",
        "completion": "add1-then-greedy",
        "step": "0.5%",
        "stop": "last-feasible",
        "ties": "cheapest-votes-draw",
        "seed": "жребий",
    }
    assert set(result["explanations"]) == {"1", "2"}
    assert {"share", "steps"} <= set(result)


def test_result_can_be_a_file_and_be_written_again(capsys, source, tmp_path):
    target = tmp_path / "result.json"
    target.write_text("an older result")

    assert main([str(source), "--rule", "greedy", "--output", str(target)]) == 0

    assert capsys.readouterr().out == ""
    assert json.loads(target.read_bytes())["winners"] == ["2", "1"]
    assert sorted(tmp_path.iterdir()) == [target, source]


def test_what_is_wrong_is_told_with_file_and_line(capsys, source):
    source.write_bytes(VOTE.replace(b"100.5", b"-3"))

    assert refused(capsys, source, "--rule", "greedy") == (
        f"kuznitsa tally: {source}: line 3: -3 is not a number from 0 to 10^18\n"
    )


def test_it_is_told_in_russian(capsys, source, monkeypatch):
    monkeypatch.setenv("LANGUAGE", "ru")
    source.write_bytes(VOTE.replace(b"100.5", b"-3"))

    assert f"{source}: строка 3: -3 — не число от 0 до 10^18" in refused(capsys, source, "--rule", "greedy")


def test_paths_that_cannot_be_used_are_refused(capsys, source, tmp_path):
    rule = ("--rule", "greedy")
    assert "No such file" in refused(capsys, tmp_path / "none.pb", *rule)
    assert "Is a directory" in refused(capsys, tmp_path, *rule)
    assert "is not a file to write" in refused(capsys, source, *rule, "--output", source)
    assert "is not a file to write" in refused(capsys, source, *rule, "--output", tmp_path)
    assert "is not a file to write" in refused(capsys, source, *rule, "--output", tmp_path / "none" / "out")
    assert list(tmp_path.iterdir()) == [source]


def test_input_larger_than_a_gigabyte_is_refused(capsys, source):
    os.truncate(source, command.MEGABYTES * 10**6 + 1)

    assert "It is larger than 1000 MB." in refused(capsys, source, "--rule", "greedy")


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["vote.pb"],
        ["vote.pb", "--rule", "loudest"],
        ["vote.pb", "--rule", "greedy", "--step", "0"],
        ["vote.pb", "--rule", "greedy", "--step", "-1"],
        ["vote.pb", "--rule", "greedy", "--step", "1%%"],
        ["vote.pb", "--rule", "greedy", "--step", "٣"],
        ["vote.pb", "other.pb", "--rule", "greedy"],
    ],
)
def test_wrong_usage_is_told_in_one_line(capsys, argv):
    refused(capsys, *argv)


def test_help_is_shown(capsys):
    assert main(["--help"]) == 0

    assert "equal-shares" in capsys.readouterr().out


def test_it_is_a_command_of_the_product(capsys, source):
    assert kuznitsa(["tally", str(source), "--rule", "greedy"]) == 0

    assert json.loads(capsys.readouterr().out)["winners"] == ["2", "1"]


RUN = "import sys; from kuznitsa.cli import main; sys.exit(main(['tally', *sys.argv[1:]]))"


def test_full_disk_is_told(source):
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        argv = [sys.executable, "-c", RUN, str(source), "--rule", "greedy"]
        done = subprocess.run(argv, stdout=full, stderr=subprocess.PIPE, text=True, env=os.environ | {"LANGUAGE": "en"})

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == "kuznitsa tally: No space left on device"
    assert "Traceback" not in done.stderr


def test_interrupt_leaves_nothing(capsys, source, monkeypatch, tmp_path):
    def interrupted(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "tally", interrupted)

    assert (
        kuznitsa(["tally", str(source), "--rule", "greedy", "--output", str(tmp_path / "out")]) == 128 + signal.SIGINT
    )
    assert list(tmp_path.iterdir()) == [source]
    assert capsys.readouterr().out == ""


def test_reader_that_goes_away_is_no_error(source):
    argv = f'"{sys.executable}" -c "{RUN}" "{source}" --rule greedy | true'
    done = subprocess.run(argv, shell=True, stderr=subprocess.PIPE, text=True)

    assert "Traceback" not in done.stderr


SMALL = """
import sys
from kuznitsa.cli import main
main(["tally", sys.argv[1], "--rule", "equal-shares", "--completion", "add1", "--explain"])
assert not {"numba", "numpy", "django"} & set(sys.modules), "a small vote loads no heavy module"
"""


def test_small_votes_load_no_heavy_module(source):
    subprocess.run([sys.executable, "-c", SMALL, str(source)], check=True, capture_output=True)


def test_without_the_compiler_all_is_counted_plainly(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    assert not paths.is_compiled()
