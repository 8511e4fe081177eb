"""What the commands of all engines do alike: files whole or not at all, one line, an exit status."""

import errno
import json
import os
import signal
import subprocess
import sys

import pytest

from kuznitsa.engines import commands
from kuznitsa.engines.allocation.command import main as allocate
from kuznitsa.engines.documents import BadInput
from kuznitsa.engines.tally.command import main as tally
from kuznitsa.engines.timetabling.command import main as timetable
from kuznitsa.engines.timetabling.curricula import command as curricula
from kuznitsa.engines.timetabling.planning import command as planning
from kuznitsa.engines.timetabling.planning import search
from tests.engines.timetabling.curricula.cases import TINY
from tests.engines.timetabling.planning.cases import stupino
from tests.guards import ROOT

MARKET = {"format": "alloc-instance/1", "seed": "s", "applicants": [], "places": [], "companies": []}
VOTE = "META\nkey;value\nbudget;9\nvote_type;approval\nPROJECTS\nproject_id;cost\n1;5\nVOTES\nvoter_id;vote\na;1\n"
FEW = ["--iterations", "1000"]
# What is in the file, the command, and its options before and after the file that is written.
CASES = {
    "in.ctt": (TINY, timetable, [*FEW, "--output"]),
    "in.json": (json.dumps(stupino()), timetable, [*FEW, "--output"]),
    "in.pb": (VOTE, tally, ["--rule", "greedy", "--output"]),
    "market.json": (json.dumps(MARKET), allocate, []),
}


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en")


@pytest.fixture(params=CASES)
def case(request, tmp_path):
    """A command with all its arguments, what it says of itself, and the file it is to write."""
    content, main, options = CASES[request.param]
    source, target = tmp_path / request.param, tmp_path / "out"
    source.write_text(content)
    target.write_text("what stood there before")
    name = main.__module__.split(".")[-2].replace("timetabling", "timetable").replace("allocation", "allocate")
    return main, [str(source), *options, str(target)], name, target


def test_result_takes_the_place_of_what_stood_there(case):
    main, arguments, _name, target = case
    before = set(target.parent.iterdir())

    assert main(arguments) == 0

    assert len(target.read_bytes()) > 40
    assert set(target.parent.iterdir()) == before


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_full_disk_leaves_what_stood_there(capsys, monkeypatch, case, code):
    main, arguments, name, target = case
    before = set(target.parent.iterdir())

    def full(_descriptor):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(commands.os, "fsync", full)

    assert main(arguments) == 2
    assert capsys.readouterr().err == f"kuznitsa {name}: {target}: {os.strerror(code)}\n"
    assert target.read_text() == "what stood there before"
    assert set(target.parent.iterdir()) == before


@pytest.fixture
def hears_interrupts():
    """A shell starts what goes on in the background deaf to SIGINT; these tests are about who hears it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("hears_interrupts")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupt_while_writing_leaves_a_whole_file(monkeypatch, case, number):
    main, arguments, _name, target = case
    before = set(target.parent.iterdir())
    monkeypatch.setattr(commands.os, "fsync", lambda _descriptor: os.kill(os.getpid(), number))
    handlers = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)]

    status = main(arguments)

    # Who has searched for long writes what was found; the others leave what was there.
    assert status == (0 if main is timetable else 130)
    assert (target.read_text() == "what stood there before") == (status == 130)
    assert set(target.parent.iterdir()) == before
    assert [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)] == handlers


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("module, name", [(curricula, "in.ctt"), (planning, "in.json")])
def test_interrupt_of_a_search_writes_the_best_so_far(capsys, monkeypatch, tmp_path, module, name, number):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(module, "_progress", lambda *_numbers: os.kill(os.getpid(), number))
    monkeypatch.setattr(search, "WORTH_A_SECOND_CORE", 10**12)
    source, target = tmp_path / name, tmp_path / "out"
    source.write_text(CASES[name][0])

    assert timetable([str(source), "--iterations", str(10**9), "--output", str(target)]) == 0

    assert capsys.readouterr().err == "\n"
    assert len(target.read_bytes()) > 40
    if module is planning:
        assert json.loads(target.read_bytes())["audit"]["complete"] is False


def test_interrupt_elsewhere_is_one_line(capsys):
    assert commands.run("some", lambda: os.kill(os.getpid(), signal.SIGTERM) or 0) == 130

    assert capsys.readouterr().err == "kuznitsa some: the work was interrupted\n"


def test_of_several_files_all_are_written_or_none(capsys, monkeypatch, tmp_path):
    source, plan, drawn = tmp_path / "in.json", tmp_path / "plan.json", tmp_path / "week.svg"
    source.write_text(CASES["in.json"][0])
    arguments = [str(source), *FEW, "--output", str(plan), "--picture"]
    left = [None]

    def full(_descriptor):
        if not left:
            raise OSError(errno.ENOSPC, "No space left on device")
        left.pop()

    assert timetable([*arguments, str(plan)]) == 2
    monkeypatch.setattr(commands.os, "fsync", full)
    assert timetable([*arguments, str(drawn)]) == 2

    same, late = capsys.readouterr().err.splitlines()
    assert same == f"kuznitsa timetable: {plan} is not a file to write the result to."
    assert late == f"kuznitsa timetable: {drawn}: No space left on device"
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize("target", ["in.ctt", "nowhere/out", ".", "link"])
def test_places_that_cannot_be_written_to_are_told_before_the_work(capsys, tmp_path, target):
    source = tmp_path / "in.ctt"
    source.write_text(TINY)
    (tmp_path / "link").symlink_to(source)

    assert timetable([str(source), "--iterations", str(10**12), "--output", str(tmp_path / target)]) == 2

    line = f"kuznitsa timetable: {tmp_path / target} is not a file to write the result to.\n"
    assert capsys.readouterr().err == line


def test_a_link_stays_a_link(case):
    main, arguments, _name, target = case
    elsewhere = target.with_name("elsewhere")
    target.rename(elsewhere)
    target.symlink_to(elsewhere)

    assert main(arguments) == 0

    assert target.readlink() == elsewhere
    assert elsewhere.read_bytes() != b"what stood there before"


def test_a_closed_output_is_no_error(tmp_path):
    source = tmp_path / "market.json"
    source.write_text(json.dumps(MARKET))
    command = f"exec {sys.executable} -m kuznitsa.cli allocate {source} {tmp_path / 'out.json'} >&-"

    done = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")


def test_full_standard_output_is_one_line(tmp_path):
    source = tmp_path / "in.ctt"
    source.write_text(TINY)
    argv = [sys.executable, "-m", "kuznitsa.cli", "timetable", str(source), "--seconds", "0"]
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        done = subprocess.run(argv, stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT)

    assert done.returncode == 2
    assert done.stderr == "kuznitsa timetable: No space left on device\n"


def test_what_is_read_has_a_limit(tmp_path, monkeypatch):
    large = tmp_path / "large"
    large.touch()
    os.truncate(large, 1_000_001)

    for path in (large, commands.Path("/dev/zero")):
        with pytest.raises(BadInput, match=f"^{path}: It is larger than 1 MB"):
            commands.read(path, 1)
    os.truncate(large, 1_000_000)
    assert len(commands.read(large, 1)) == 1_000_000


def test_a_line_is_one_line_in_the_letters_of_its_stream(tmp_path):
    with (tmp_path / "out").open("w", encoding="ascii") as stream:
        commands.say(stream, "  два\nслова\u2028и\r\nещё")

    assert (tmp_path / "out").read_text().encode().decode("unicode_escape") == "  два слова и ещё\n"
