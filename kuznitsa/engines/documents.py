"""Strict reading of the engines' JSON files: what is wrong is told with its place in the document."""

import json
import re
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from kuznitsa.engines.language import translate as _

SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")

Json = dict[str, Any]
T = TypeVar("T")


class BadInput(ValueError):
    """The input cannot be worked on; the message is one line for a person."""


def read_document(data: bytes) -> Json:
    """The JSON object in a file. Raises BadInput when it is anything else."""
    try:
        content = data.decode("utf-8-sig")
        document = json.loads(content, object_pairs_hook=_unique_keys, parse_constant=_no_constant)
        if SURROGATE_ESCAPE.search(content):
            json.dumps(document, ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInput(_("It is not text in UTF-8: line %(line)s.") % {"line": line}) from None
    except UnicodeEncodeError:
        raise BadInput(_("It is not text in UTF-8.")) from None
    except RecursionError:
        raise BadInput(_("It is nested too deeply.")) from None
    except BadInput:
        raise
    except json.JSONDecodeError as error:
        where = {"line": error.lineno, "column": error.colno}
        raise BadInput(_("It is not JSON: line %(line)s, column %(column)s.") % where) from None
    except ValueError:
        # Python refuses to read integers of thousands of digits.
        raise BadInput(_("It has a number with too many digits.")) from None
    if type(document) is not dict:
        raise BadInput(_("It is not a JSON object."))
    return document


def _unique_keys(pairs: list[tuple[str, Any]]) -> Json:
    document = dict(pairs)
    if len(document) < len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise BadInput(_("The key %(key)s appears twice in one object.") % {"key": shown(twice)})
    return document


def _no_constant(name: str) -> NoReturn:
    raise BadInput(_("%(name)s is not a JSON number.") % {"name": name})


def expect_format(document: Json, expected: str) -> None:
    """Refuse a document of another format."""
    found = text(document, "format", "")
    if found != expected:
        refuse("format", expected, found)


def each(entry: Json, name: str, read: Callable[[Json, str], T], where: str = "") -> list[T]:
    """What `read` makes of every object of a list; `where` is the path of the entry, with a dot at its end."""
    found = []
    for number, item in enumerate(list_of(entry, name, where)):
        if type(item) is not dict:
            refuse(f"{where}{name}[{number}]", _("an object"), item)
        found.append(read(item, f"{where}{name}[{number}]."))
    return found


def texts(entry: Json, name: str, where: str) -> list[str]:
    """A list of texts."""
    items = list_of(entry, name, where)
    for number, item in enumerate(items):
        if type(item) is not str:
            refuse(f"{where}{name}[{number}]", _("a text"), item)
    return items


def value_of(entry: Json, name: str, where: str) -> Any:
    """Whatever stands under a name that must be there."""
    if name not in entry:
        raise BadInput(_("%(where)s is missing.") % {"where": where + name})
    return entry[name]


def object_of(entry: Json, name: str, where: str = "") -> Json:
    """An object."""
    value = value_of(entry, name, where)
    if type(value) is not dict:
        refuse(where + name, _("an object"), value)
    return value


def list_of(entry: Json, name: str, where: str) -> list[Any]:
    """A list."""
    value = value_of(entry, name, where)
    if type(value) is not list:
        refuse(where + name, _("a list"), value)
    return value


def text(entry: Json, name: str, where: str) -> str:
    """A text."""
    value = value_of(entry, name, where)
    if type(value) is not str:
        refuse(where + name, _("a text"), value)
    return value


def text_or_null(entry: Json, name: str, where: str) -> str | None:
    """A text, or None for null."""
    return None if value_of(entry, name, where) is None else text(entry, name, where)


def integer(entry: Json, name: str, where: str) -> int:
    """An integer; true and 1.0 are none."""
    value = value_of(entry, name, where)
    if type(value) is not int:
        refuse(where + name, _("an integer"), value)
    return value


def refuse(where: str, expected: str, found: object) -> NoReturn:
    """Raise BadInput: at this place something else is expected."""
    words = {"where": where, "expected": expected, "found": shown(found)}
    raise BadInput(_("%(where)s must be %(expected)s, not %(found)s.") % words)


def shown(value: object) -> str:
    """A value on one short line."""
    line = json.dumps(value, ensure_ascii=True, default=str)
    return line if len(line) <= 40 else line[:39] + "…"
