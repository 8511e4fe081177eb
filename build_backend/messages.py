"""Compiles the translations: every `<name>.po` under kuznitsa/ to the `<name>.mo` beside it.

polib does it, so that set-up, tests and the wheel need no gettext on the machine.
"""

import os
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent


def catalogues(root: Path = ROOT) -> list[Path]:
    """The `.po` files of the product."""
    return sorted(root.glob("kuznitsa/**/locale/*/LC_MESSAGES/*.po"))


def is_stale(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime_ns < po.stat().st_mtime_ns


def compile_catalogue(po: Path) -> None:
    """Writes the `.mo`; whoever reads it meanwhile (a test process) sees the old one or the new one, whole."""
    part = po.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(polib.pofile(str(po)).to_binary())
    part.replace(po.with_suffix(".mo"))


def compile_stale(root: Path = ROOT) -> list[Path]:
    """Compiles what is absent or older than its source; returns the catalogues compiled."""
    stale = [po for po in catalogues(root) if is_stale(po)]
    for po in stale:
        compile_catalogue(po)
    return stale


if __name__ == "__main__":
    for compiled in compile_stale():
        print(f"compiled {compiled.relative_to(ROOT)}")
