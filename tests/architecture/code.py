"""The source as the architecture tests see it: the map, the modules, the templates."""

import ast
import configparser
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "kuznitsa"
# Third-party files and what is generated.
NOT_OURS = {"migrations", "vendor", "node_modules", "__pycache__"}


@cache
def import_law() -> configparser.ConfigParser:
    law = configparser.ConfigParser()
    law.read(ROOT / ".importlinter")
    return law


def _names(text: str) -> list[str]:
    return [name.strip("() ") for name in text.split("|")]


@cache
def heights() -> dict[str, int]:
    """Return how high every app stands in the map; the lowest is 0. Neighbours on a line stand equally high."""
    lines = [line for line in import_law()["importlinter:contract:map"]["layers"].splitlines() if line.strip()]
    return {name: height for height, line in enumerate(reversed(lines)) for name in _names(line)}


@cache
def domain_apps() -> tuple[str, ...]:
    """Return the apps that keep the vocabulary of file names."""
    containers = import_law()["importlinter:contract:app"]["containers"].split()
    return tuple(name.removeprefix("kuznitsa.") for name in containers)


def may_know(app: str, other: str) -> bool:
    """Whether `app` may name things of `other`: its own, and those of apps below it in the map."""
    return app == other or heights()[other] < heights()[app]


def python_files(*folders: Path) -> Iterator[Path]:
    for folder in folders or (PACKAGE,):
        for path in sorted(folder.rglob("*.py")):
            if not NOT_OURS & set(path.parts):
                yield path


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def app_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def module_name_in_app(path: Path) -> str:
    """Return `actions` for `demand/actions.py` and for `demand/actions/import_.py`."""
    parts = path.relative_to(PACKAGE).parts
    return parts[1].removesuffix(".py") if len(parts) > 1 else ""


def place(path: Path, line: int | None = None) -> str:
    where = str(path.relative_to(ROOT))
    return where if line is None else f"{where}:{line}"


@cache
def templates() -> dict[str, Path]:
    """Return the templates of the product by the name under which they are loaded."""
    found = {}
    for folder in sorted(PACKAGE.glob("*/templates")):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in {".html", ".txt", ".typ", ".xml", ".svg"}:
                found[str(path.relative_to(folder))] = path
    return found


COMMENTS = re.compile(r"\{% comment .*?%\}.*?\{% endcomment %\}|\{#.*?#\}", re.DOTALL)


@cache
def template_source(path: Path) -> str:
    """Return the source without comments, with as many lines as before."""
    return COMMENTS.sub(lambda match: "\n" * match[0].count("\n"), path.read_text(encoding="utf-8"))


def line_of(source: str, position: int) -> int:
    return source.count("\n", 0, position) + 1
