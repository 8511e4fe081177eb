"""The repository: nothing in it ties it to one machine or one package index."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture.code import ROOT

INDEX = re.compile(
    r"--(?:extra-)?index-url|--find-links|--trusted-host|file://|\bgit\+|\"resolved\"|^registry\s*=", re.MULTILINE
)
MACHINE = re.compile(r"(?<![\w.])/(?:home|root|Users|work)/\w+")
LOCKS = ["requirements/*.txt", "package-lock.json", "package.json", ".npmrc", "pyproject.toml"]


def committed_files() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    return [path for name in names if name and (path := ROOT / name).is_file()]


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@pytest.mark.parametrize("pattern", LOCKS)
def test_lock_files_name_no_index(pattern):
    wrong = [f"{path.name}: {match[0]}" for path in ROOT.glob(pattern) for match in INDEX.finditer(text_of(path))]
    assert wrong == []


def test_requirements_name_no_host():
    wrong = [
        f"{path.name}:{number} {line}"
        for path in (ROOT / "requirements").glob("*.txt")
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if "://" in line
    ]
    assert wrong == []


def test_no_file_names_a_place_on_one_machine():
    wrong = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in committed_files()
        for match in MACHINE.finditer(text_of(path))
    ]
    assert wrong == []


def test_compiled_and_downloaded_files_are_not_committed():
    wrong = [
        str(path.relative_to(ROOT))
        for path in committed_files()
        if path.suffix in {".mo", ".pyc", ".sqlite3", ".woff2"} or path.name.endswith((".min.js", ".min.css"))
    ]
    assert wrong == []
