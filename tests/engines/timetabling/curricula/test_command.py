"""Files in, files out: what the command says and writes, and what it refuses."""

import pytest

from kuznitsa.engines.timetabling.command import main
from kuznitsa.engines.timetabling.curricula import check, is_feasible, read_instance, read_solution, solver
from tests.engines.timetabling.curricula.cases import TINY, changed

FEW = ["--iterations", "2000", "--quiet"]


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "tiny.ctt"
    path.write_text(TINY)
    return path


def refused(capsys, *arguments):
    """Run the command, expect bad input, give back its one line."""
    assert main([str(argument) for argument in arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("kuznitsa timetable: ")
    assert err.count("\n") == 1
    return err.removeprefix("kuznitsa timetable: ").rstrip("\n")


def test_solution_is_written_and_checked(capsys, tmp_path, file):
    output = tmp_path / "tiny.sol"
    assert main([str(file), *FEW, "--output", str(output)]) == 0
    said = capsys.readouterr()
    assert said.out == "Broken rules: 0. Cost: 2.\n  compactness: 2\n"
    assert said.err == ""
    instance = read_instance(TINY.encode())
    lectures = [lecture for _line, lecture in read_solution(output.read_bytes(), instance)]
    assert is_feasible(check(instance, lectures))
    assert main([str(file), "--check", str(output)]) == 0
    assert capsys.readouterr().out.endswith(said.out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tiny.ctt", "tiny.sol"]


def test_broken_rules_are_told_with_an_exit_status(capsys, tmp_path, file):
    plan = tmp_path / "bad.sol"
    plan.write_text("Physics hall 0 0\nPhysics hall 0 0\n")
    assert main([str(file), "--check", str(plan)]) == 1
    out = capsys.readouterr().out
    assert "conflict: day 0, period 0: two lectures of course Physics\n" in out
    assert "min_days: course Physics is spread over 1 days instead of 2 [5]\n" in out
    assert "Broken rules: 5." in out


def test_in_russian(capsys, monkeypatch, tmp_path, file):
    monkeypatch.setenv("LANGUAGE", "ru")
    plan = tmp_path / "bad.sol"
    plan.write_text("Physics hall 0 0\nPhysics attic 1 0\n")
    assert main([str(file), "--check", str(plan)]) == 2
    assert capsys.readouterr().err == f"kuznitsa timetable: {plan}: строка 2: нет аудитории «attic»\n"


def test_no_time_still_gives_a_feasible_solution(tmp_path, file):
    output = tmp_path / "tiny.sol"
    assert main([str(file), "--seconds", "0", "--output", str(output)]) == 0
    assert output.read_text().count("\n") == 7


def test_no_feasible_solution_is_one_line(capsys, monkeypatch, tmp_path):
    # A first solution is looked for at least two seconds, on the clock.
    monkeypatch.setattr(solver, "construct", lambda *_arguments: None)
    path = tmp_path / "full.ctt"
    path.write_bytes(changed("vera 2 2 28", "vera 6 2 28"))
    output = tmp_path / "full.sol"
    assert main([str(path), "--seconds", "0", "--output", str(output)]) == 1
    said = capsys.readouterr()
    assert said.err == f"kuznitsa timetable: {path}: no feasible solution was found in the time\n"
    assert not output.exists()


@pytest.mark.sweep
def test_two_searches_for_a_time(tmp_path, file):
    output = tmp_path / "tiny.sol"
    assert main([str(file), "--seconds", "3", "--quiet", "--output", str(output)]) == 0
    assert output.read_text().count("\n") == 7


def test_bad_instance_is_told_with_file_and_line(capsys, tmp_path):
    path = tmp_path / "bad.ctt"
    path.write_bytes(changed("lab 15", "lab fifteen"))
    problem = f"{path}: line 17: SIZE must be a number from 0 to 1000000, not “fifteen”"
    assert refused(capsys, path, "--output", tmp_path / "bad.sol") == problem
    assert not (tmp_path / "bad.sol").exists()


def test_bad_usage(capsys, tmp_path, file):
    assert refused(capsys, tmp_path / "no.ctt") == f"{tmp_path / 'no.ctt'}: No such file or directory"
    assert "the file must be a .json or a .ctt" in refused(capsys, tmp_path / "plan.txt")
    assert "a time is a number of seconds" in refused(capsys, file, "--seconds", "-1")
    assert "a time is a number of seconds" in refused(capsys, file, "--seconds", "nan")
    assert "iterations are a whole number from 1" in refused(capsys, file, "--iterations", "0")
    assert "a seed is a whole number" in refused(capsys, file, "--seed", "1" * 19)
    assert refused(capsys, file, "--explain") == "--explain is for .json files only"
    assert refused(capsys, file, "--check", file, "--output", file) == "--check writes nothing: leave --output out"
    assert refused(capsys, file, *FEW, "--output", file) == f"{file} is not a file to write the result to."
    away = tmp_path / "away" / "tiny.sol"
    assert refused(capsys, file, *FEW, "--output", away) == f"{away} is not a file to write the result to."


def test_help(capsys):
    assert main(["--help"]) == 0
    assert "FILE.ctt" in capsys.readouterr().out
