"""Apps point one way: imports, foreign keys, addresses and templates."""

import ast
import re
import subprocess
import sys
from pathlib import Path

from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField

from tests.architecture.code import (
    PACKAGE,
    ROOT,
    app_of,
    domain_apps,
    heights,
    line_of,
    may_know,
    place,
    python_files,
    template_source,
    templates,
    tree_of,
)

# What one app may import from another.
PUBLIC = {"actions", "queries", "models", "enums", "permissions", "signals"}
# Apps that are tools: all of them may be used by everybody above.
TOOLS = {"base", "ui", "engines", "demo", "cli"}
# A place where an app names an address above it, with the reason.
ADDRESSES_ABOVE: dict[tuple[str, str], str] = {}

URL_TAG = re.compile(r"""\{%\s*url\s+['"]([\w-]+):""")
TEMPLATE_TAG = re.compile(r"""\{%\s*(?:include|extends)\s+['"]([\w./-]+)""")
REVERSING = {"reverse", "reverse_lazy", "redirect", "resolve_url"}


def test_import_law_is_kept():
    law = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert law.returncode == 0, law.stdout + law.stderr


def test_every_app_of_the_product_keeps_the_vocabulary():
    found = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert found - TOOLS == set(domain_apps()) & found


def test_other_apps_are_used_through_their_public_modules():
    wrong = []
    for path in python_files():
        app = app_of(path)
        for node in ast.walk(tree_of(path)):
            for line, module in _imported_modules(node):
                parts = module.split(".")
                if parts[0] != "kuznitsa" or len(parts) < 3:
                    continue
                if parts[1] in {app, *TOOLS} or parts[2] in PUBLIC:
                    continue
                # Admin classes, urls and views may show themselves to the root addresses only.
                wrong.append(f"{place(path, line)} imports {module}")
    assert wrong == []


def _imported_modules(node: ast.AST) -> list[tuple[int, str]]:
    if isinstance(node, ast.Import):
        return [(node.lineno, alias.name) for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        if re.fullmatch(r"kuznitsa\.\w+", node.module):
            return [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
        return [(node.lineno, node.module)]
    return []


def test_foreign_keys_point_down():
    wrong = [
        f"{field} -> {target}"
        for model in _our_models()
        for field in [*model._meta.fields, *model._meta.many_to_many]
        if isinstance(field, ForeignKey | ManyToManyField) and (target := field.related_model)
        if target.__module__.startswith("kuznitsa.")
        if not may_know(model._meta.app_label, target._meta.app_label)
    ]
    assert wrong == []


def _our_models() -> list[type]:
    return [model for model in apps.get_models() if model.__module__.startswith("kuznitsa.")]


def test_addresses_in_templates_point_down():
    wrong = []
    for path in templates().values():
        source = template_source(path)
        for match in URL_TAG.finditer(source):
            if _points_up(app_of(path), match[1]):
                wrong.append(f"{place(path, line_of(source, match.start()))} names {match[1]}:…")
    assert wrong == []


def test_addresses_in_code_point_down():
    wrong = []
    for path in python_files():
        for node in ast.walk(tree_of(path)):
            if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            name = node.args[0].value
            if called in REVERSING and isinstance(name, str) and ":" in name:
                namespace = name.split(":")[0]
                if _points_up(app_of(path), namespace):
                    wrong.append(f"{place(path, node.lineno)} names {name}")
    assert wrong == []


def _points_up(app: str, namespace: str) -> bool:
    if namespace not in heights():
        return False
    return not may_know(app, namespace) and (app, namespace) not in ADDRESSES_ABOVE


def test_templates_use_templates_of_lower_apps():
    wrong = []
    for path in templates().values():
        source = template_source(path)
        for match in TEMPLATE_TAG.finditer(source):
            owner = match[1].split("/")[0]
            if owner in heights() and not may_know(app_of(path), owner):
                wrong.append(f"{place(path, line_of(source, match.start()))} uses {match[1]}")
    assert wrong == []
