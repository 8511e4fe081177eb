"""Templates: all of them used, tag libraries loaded in order and needed, blocks in the order of the page."""

import re
from functools import cache

import pytest
from django.template import engines
from django.template.library import import_library

from tests.architecture.code import PACKAGE, ROOT, line_of, place, python_files, template_source, templates

# Templates that are found by name, by Django or by a package.
FOUND_BY_NAME = re.compile(
    r"(40\d|500|403_csrf|base)\.html|(admin|django|account|registration|django_tables2|django_filters)/.*"
)
EXTENDS = re.compile(r"""\{%\s*extends\s+['"]([\w./-]+)['"]""")
BLOCK = re.compile(r"\{%\s*(block|endblock)\b\s*(\w*)")
LOAD = re.compile(r"\{%\s*load\s+([^%]+?)\s*%\}")
CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)


@pytest.fixture(scope="module")
def every_text() -> str:
    """All code and templates in one string."""
    return "\n".join(
        [path.read_text(encoding="utf-8") for path in python_files(PACKAGE, ROOT / "config")]
        + [template_source(path) for path in templates().values()]
    )


def test_every_template_is_used(every_text):
    unused = [
        place(path)
        for name, path in templates().items()
        if not FOUND_BY_NAME.fullmatch(name) and not is_named(name.removesuffix(path.suffix), every_text)
    ]
    assert unused == []


def is_named(name: str, text: str) -> bool:
    """Whether `demand/letters/met` is named whole, or as `f"demand/letters/{letter}.txt"` and "met"."""
    folder, _, stem = name.rpartition("/")
    return name in text or (f"{folder}/{{" in text and f'"{stem}"' in text)


@cache
def libraries() -> dict[str, str]:
    return engines["django"].engine.libraries


def tags_and_filters(library: str) -> set[str]:
    found = import_library(libraries()[library])
    return {*found.tags, *found.filters}


def test_loaded_libraries_are_sorted_and_used():
    wrong = []
    for path in templates().values():
        source = template_source(path)
        for match in LOAD.finditer(source):
            where = place(path, line_of(source, match.start()))
            names = match[1].split()
            if "from" in names:
                names = names[names.index("from") + 1 :]
            if names != sorted(names):
                wrong.append(f"{where} is not sorted: {names}")
            for name in names:
                words = "|".join(sorted(map(re.escape, tags_and_filters(name))))
                if not re.search(rf"(?:\{{%\s*|\|\s*)(?:{words})\b", source):
                    wrong.append(f"{where} loads {name} for nothing")
        loaded = [match[1] for match in LOAD.finditer(source)]
        if loaded != sorted(loaded):
            wrong.append(f"{place(path)} loads libraries in the order {loaded}")
    assert wrong == []


def blocks(name: str) -> list[str]:
    """Return the outermost blocks of a template in their order."""
    depth, found = 0, []
    for match in BLOCK.finditer(template_source(templates()[name])):
        if match[1] == "endblock":
            depth -= 1
            continue
        if depth == 0:
            found.append(match[2])
        depth += 1
    return found


def all_blocks(name: str) -> list[str]:
    """Return the blocks of a template and of those it extends, in the order of the page."""
    source = template_source(templates()[name])
    own = [match[2] for match in BLOCK.finditer(source) if match[1] == "block"]
    parent = EXTENDS.search(source)
    inherited = all_blocks(parent[1]) if parent and parent[1] in templates() else []
    return inherited + [block for block in own if block not in inherited]


def test_blocks_follow_the_order_of_the_page():
    wrong = []
    for name, path in templates().items():
        parent = EXTENDS.search(template_source(path))
        if not parent or parent[1] not in templates():
            continue
        order = all_blocks(parent[1])
        mine = blocks(name)
        wrong += [f"{place(path)}: nothing shows block {block}" for block in mine if block not in order]
        known = [block for block in mine if block in order]
        if known != sorted(known, key=order.index):
            wrong.append(f"{place(path)}: blocks {known}, the page has {[b for b in order if b in known]}")
    assert wrong == []


def test_text_of_screens_goes_through_gettext():
    """Russian stands in the catalogues; papers in Russian are Typst files and not looked at."""
    wrong = [
        f"{place(path, number)} {line.strip()}"
        for path in templates().values()
        if path.suffix in {".html", ".txt"}
        for number, line in enumerate(template_source(path).splitlines(), 1)
        if CYRILLIC.search(line)
    ]
    assert wrong == []


def test_blocktranslate_is_trimmed():
    wrong = [
        place(path, line_of(source, match.start()))
        for path in templates().values()
        if path.suffix == ".html"
        for source in [template_source(path)]
        for match in re.finditer(r"\{%\s*blocktrans(?:late)?\b([^%]*)%\}", source)
        if "trimmed" not in match[1]
    ]
    assert wrong == []


def test_no_behaviour_or_look_inside_the_page():
    """Static twin of the guard on answers: it also sees pages that no test has opened."""
    wrong = [
        f"{place(path, line_of(source, match.start()))} {match[0].strip()}"
        for path in templates().values()
        if path.suffix == ".html" and "/mail/" not in str(path)
        for source in [template_source(path)]
        for match in re.finditer(r"\s(?:style|on[a-z]+)\s*=\s*[\"']|<style\b|javascript:", source)
    ]
    assert wrong == []


def test_templates_live_in_a_folder_of_their_app():
    wrong = [
        place(path)
        for name, path in templates().items()
        if not FOUND_BY_NAME.fullmatch(name)
        if name.split("/")[0] != path.relative_to(PACKAGE).parts[0]
    ]
    assert wrong == []
