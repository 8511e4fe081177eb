"""Modules: short, without drawers of oddments, with actions that all look the same."""

import ast
from pathlib import Path

import pytest

from tests.architecture.code import NOT_OURS, PACKAGE, ROOT, app_of, module_name_in_app, place, python_files, tree_of

MOST_LINES = 500
DRAWERS = {
    "utils",
    "util",
    "common",
    "core",
    "helpers",
    "helper",
    "services",
    "service",
    "misc",
    "tools",
    "lib",
    "manager",
}
WRITTEN_BY_HAND = {".py", ".html", ".js", ".css", ".typ"}

# Actions that are not one transaction, with the reason.
NOT_ATOMIC = {
    "admissions.sign_many": "every contract is signed or refused on its own",
    "admissions.calculate_run": "others write while it calculates; only the keeping is a transaction",
    "admissions.carry_out_publication": "the record is prepared while others write; the rest is one transaction",
}


def test_no_module_is_too_long():
    folders = [PACKAGE, ROOT / "config", ROOT / "tests", ROOT / "scripts", ROOT / "build_backend"]
    long = [
        f"{place(path)}: {lines} lines"
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in WRITTEN_BY_HAND and not NOT_OURS & set(path.parts)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    ]
    assert long == []


def test_no_module_is_a_drawer():
    drawers = [place(path) for path in PACKAGE.rglob("*") if path.stem in DRAWERS and not NOT_OURS & set(path.parts)]
    assert [name for name in drawers if "static" not in name and "templates" not in name] == []


def action_functions() -> list[tuple[Path, ast.FunctionDef]]:
    return [
        (path, node)
        for path in python_files()
        if module_name_in_app(path) == "actions"
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


@pytest.mark.parametrize(
    ("path", "action"),
    [pytest.param(path, node, id=f"{app_of(path)}.{node.name}") for path, node in action_functions()],
)
def test_action_keeps_the_form(path, action):
    keywords = {argument.arg for argument in action.args.kwonlyargs}
    problems = []
    if action.args.args or action.args.posonlyargs or action.args.vararg:
        problems.append("takes positional arguments")
    problems += [f"has no keyword `{name}`" for name in ("by", "at") if name not in keywords]
    if not ast.get_docstring(action):
        problems.append("has no docstring")
    atomic = "atomic" in " ".join(ast.unparse(decorator) for decorator in action.decorator_list)
    if not atomic and f"{app_of(path)}.{action.name}" not in NOT_ATOMIC:
        problems.append("is not atomic")
    assert problems == [], place(path, action.lineno)


def test_permissions_answer_with_a_reason():
    """`why_not_<verb>(user, obj) -> str`, and no boolean twin that would drift apart from it."""
    wrong = [
        f"{place(path, node.lineno)} {node.name}"
        for path in python_files()
        if module_name_in_app(path) == "permissions"
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef)
        if node.name.startswith(("can_", "may_"))
        or (node.name.startswith("why_not_") and (node.returns is None or ast.unparse(node.returns) != "str"))
    ]
    assert wrong == []


def test_views_are_short():
    longest = 25
    wrong = [
        f"{place(path, node.lineno)} {node.name}: {length} lines"
        for path in python_files()
        if module_name_in_app(path) == "views"
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef)
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > longest
    ]
    assert wrong == []


def test_lists_are_counted_in_queries():
    """An app that shows tables proves that three rows cost what one row costs."""
    uncounted = [
        path.parent.name
        for path in PACKAGE.glob("*/tables*")
        if not any(
            "query_count(" in test.read_text(encoding="utf-8") for test in (ROOT / "tests" / app_of(path)).rglob("*.py")
        )
    ]
    assert uncounted == []
