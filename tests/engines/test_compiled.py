"""Loops are compiled once, for everybody, and are found again."""

import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from kuznitsa.cli import commands
from kuznitsa.cli.installation import Stop
from kuznitsa.engines import compiled
from kuznitsa.engines.allocation import fast, gathering
from kuznitsa.engines.allocation import kernel as allocation
from tests.guards import ROOT

HERE = Path(compiled.__file__).parent
TWICE = """
from kuznitsa.cli import commands
from kuznitsa.cli.installation import Stop
from kuznitsa.engines import compiled

@compiled.loop("i8(i8)")
def twice(x):
    return 2 * x

print(sum(twice.stats.cache_misses.values()), twice(21), compiled.is_kept("{package}"))
"""


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "sources" / "twice.py"
    path.parent.mkdir()
    path.write_text(TWICE.format(package=path.parent.name))
    return path


def start(program, cache):
    environment = {"PYTHONPATH": str(ROOT), "NUMBA_CACHE_DIR": str(cache), "PATH": "/usr/bin:/bin"}
    return subprocess.Popen([sys.executable, str(program)], env=environment, stdout=subprocess.PIPE, text=True)


def test_every_module_with_loops_is_named():
    with_loops = {
        ".".join(path.relative_to(HERE).with_suffix("").parts)
        for path in HERE.rglob("*.py")
        if "\n@loop(" in (text := path.read_text()) or "\n@inner" in text
    }

    assert with_loops == set(compiled.MODULES)


@pytest.mark.sweep
def test_two_processes_at_once_compile_once(program, tmp_path):
    both = [start(program, tmp_path / "cache") for _process in range(2)]

    said = sorted(process.communicate(timeout=60)[0].split() for process in both)

    assert said == [["0", "42", "True"], ["1", "42", "True"]]


def test_where_nothing_can_be_written_loops_work_all_the_same(program):
    said = start(program, "/dev/null/cache").communicate(timeout=60)[0].split()

    assert said[1:] == ["42", "False"]


def test_folder_is_the_users_when_that_of_the_package_cannot_be_written(monkeypatch, tmp_path):
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(compiled, "BESIDE", Path("/dev/null/here"))

    place = compiled.folder.__wrapped__()

    assert place.parent == tmp_path / "kuznitsa"


def test_folder_of_what_has_changed_is_another_one(monkeypatch, tmp_path):
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setattr(compiled, "BESIDE", tmp_path)
    before = compiled.folder.__wrapped__()
    monkeypatch.setattr(compiled, "MODULES", compiled.MODULES[1:])

    after = compiled.folder.__wrapped__()

    assert list(tmp_path.iterdir()) == [after]
    assert before != after


@pytest.mark.parametrize("package", ["curricula", "planning", "tally"])
def test_nothing_is_compiled_for_two_kinds_of_numbers(package):
    """Each of them would take as long again, when somebody first comes across it."""
    compiled.load(package)

    modules = [sys.modules[f"kuznitsa.engines.{name}"] for name in compiled.MODULES if package in name.split(".")]
    loops = [one for module in modules for one in vars(module).values() if hasattr(one, "signatures")]
    assert {one.__name__: one.signatures for one in loops if len(one.signatures) > 1} == {}


def test_command_compiles_everything_and_says_where(capsys, monkeypatch, tmp_path):
    done = []
    monkeypatch.setattr(compiled, "load_all", lambda: done.append("all"))
    monkeypatch.setattr(compiled, "folder", lambda: tmp_path)

    assert commands.compile_(Namespace()) == 0

    assert done == ["all"]
    assert str(tmp_path) in capsys.readouterr().out


def test_command_says_when_nothing_can_be_kept(monkeypatch):
    monkeypatch.setattr(compiled, "folder", lambda: None)

    with pytest.raises(Stop, match="NUMBA_CACHE_DIR"):
        commands.compile_(Namespace())


def test_rehearsal_of_allocation_calls_all_that_solving_calls():
    fast.rehearse()

    called = [allocation.hold, allocation.propose, allocation.propose_limited, allocation.pack]
    called += [allocation.emptiest, allocation.shut, allocation.interested, gathering.gather, gathering.settle]
    assert all(one.signatures for one in called)
