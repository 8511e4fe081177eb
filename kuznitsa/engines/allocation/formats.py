"""The files: `alloc-instance/1` in, `alloc-result/1` out. Reading is strict, writing is the same bytes everywhere."""

import json
import re
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from kuznitsa import __version__
from kuznitsa.engines.allocation.model import (
    Applicant,
    BadInput,
    Choice,
    Company,
    Instance,
    Issue,
    MinSize,
    Outcome,
    Place,
    Pool,
    Reason,
    Result,
    Rules,
    Seat,
)
from kuznitsa.engines.language import translate as _

INSTANCE = "alloc-instance/1"
RESULT = "alloc-result/1"
SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")

Json = dict[str, Any]
T = TypeVar("T")


def read_instance(data: bytes) -> Instance:
    """The instance in a file. Raises BadInput with the place in the file and what is wrong with it."""
    document = read_document(data)
    _expect_format(document, INSTANCE)
    return Instance(
        seed=_text(document, "seed", ""),
        applicants=tuple(_each(document, "applicants", _applicant)),
        places=tuple(_each(document, "places", _place)),
        companies=tuple(_each(document, "companies", _company)),
        rules=_rules(document),
    )


def read_result(data: bytes) -> tuple[Result, Json]:
    """The result in a file, and its document to see which optional parts it has. Raises BadInput."""
    document = read_document(data)
    _expect_format(document, RESULT)
    assignment = _object(document, "assignment")
    for applicant, place in assignment.items():
        if place is not None and type(place) is not str:
            _refuse(f"assignment.{applicant}", _("a text or null"), place)
    pool = _object(document, "pool") if "pool" in document else {}
    for applicant in pool:
        _text(pool, applicant, "pool.")
    issues = _each(document, "issues", _issue) if "issues" in document else []
    explanations = _object(document, "explanations") if "explanations" in document else {}
    result = Result(
        assignment=assignment,
        pool=pool,
        closed=tuple(_texts(document, "closed", "")),
        issues=tuple(issues),
        explanations={
            applicant: tuple(_each(explanations, applicant, _outcome, "explanations.")) for applicant in explanations
        },
    )
    return result, document


def write_instance(instance: Instance) -> bytes:
    """The file of an instance; reading it gives the instance back."""
    return _bytes(
        {
            "format": INSTANCE,
            "seed": instance.seed,
            "applicants": [_applicant_document(applicant) for applicant in instance.applicants],
            "places": [
                {
                    "id": place.id,
                    "company": place.company,
                    "capacity": place.capacity,
                    "min_size": place.min_size,
                    "pools": [
                        {"name": pool.name, "tag": pool.tag, "seats": pool.seats, "hard": pool.hard}
                        for pool in place.pools
                    ],
                }
                for place in instance.places
            ],
            "companies": [{"id": company.id, "capacity": company.capacity} for company in instance.companies],
            "rules": {"min_size": instance.rules.min_size}
            | ({"closed": list(instance.rules.closed)} if instance.rules.closed else {}),
        }
    )


def write_result(result: Result, *, seed: str, input_sha256: str) -> bytes:
    """The file of a result, the same for any order of the records that gave it (but for the input's hash)."""
    return _bytes(
        {
            "format": RESULT,
            "assignment": dict(sorted(result.assignment.items())),
            "closed": list(result.closed),
            "pool": dict(sorted(result.pool.items())),
            "issues": [
                {name: value for name, value in issue._asdict().items() if value is not None} for issue in result.issues
            ],
            "explanations": {
                applicant: [{"place": place, "reason": reason.value} for place, reason in outcomes]
                for applicant, outcomes in sorted(result.explanations.items())
            },
            "audit": {"input_sha256": input_sha256, "seed": seed, "version": __version__},
        }
    )


def _applicant_document(applicant: Applicant) -> Json:
    document: Json = {
        "id": applicant.id,
        "choices": [{"place": place, "score": score} for place, score in applicant.choices],
        "tags": sorted(applicant.tags),
    }
    if applicant.holds is not None:
        document["holds"] = applicant.holds._asdict()
    return document


def _bytes(document: Json) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode() + b"\n"


def read_document(data: bytes) -> Json:
    """The JSON object in a file. Raises BadInput when it is anything else."""
    try:
        text = data.decode("utf-8-sig")
        document = json.loads(text, object_pairs_hook=_unique_keys, parse_constant=_no_constant)
        if SURROGATE_ESCAPE.search(text):
            json.dumps(document, ensure_ascii=False).encode()
    except UnicodeError:
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
        raise BadInput(_("The key %(key)s appears twice in one object.") % {"key": _shown(twice)})
    return document


def _no_constant(name: str) -> NoReturn:
    raise BadInput(_("%(name)s is not a JSON number.") % {"name": name})


def _expect_format(document: Json, expected: str) -> None:
    found = _text(document, "format", "")
    if found != expected:
        _refuse("format", expected, found)


def _applicant(entry: Json, where: str) -> Applicant:
    return Applicant(
        id=_text(entry, "id", where),
        choices=tuple(_choices(entry, where)),
        tags=frozenset(_texts(entry, "tags", where)) if "tags" in entry else frozenset(),
        holds=_seat(entry, where) if "holds" in entry else None,
    )


def _choices(entry: Json, where: str) -> list[Choice]:
    """Written out in one loop: almost all of a large file is choices."""
    choices = []
    for number, choice in enumerate(_list(entry, "choices", where)):
        if type(choice) is not dict:
            _refuse(f"{where}choices[{number}]", _("an object"), choice)
        score = choice.get("score")
        if score is not None and type(score) is not int:
            _refuse(f"{where}choices[{number}].score", _("an integer or null"), score)
        place = choice.get("place")
        choices.append(
            Choice(place if type(place) is str else _text(choice, "place", f"{where}choices[{number}]."), score)
        )
    return choices


def _seat(entry: Json, where: str) -> Seat:
    seat = _object(entry, "holds", where)
    return Seat(_text(seat, "place", f"{where}holds."), _text(seat, "pool", f"{where}holds."))


def _place(entry: Json, where: str) -> Place:
    return Place(
        id=_text(entry, "id", where),
        company=_text_or_null(entry, "company", where) if "company" in entry else None,
        capacity=_integer(entry, "capacity", where),
        min_size=_integer(entry, "min_size", where) if "min_size" in entry else 0,
        pools=tuple(_each(entry, "pools", _pool, where)) if "pools" in entry else (),
    )


def _pool(entry: Json, where: str) -> Pool:
    hard = _value(entry, "hard", where)
    if type(hard) is not bool:
        _refuse(f"{where}hard", _("true or false"), hard)
    return Pool(
        name=_text(entry, "name", where),
        tag=_text_or_null(entry, "tag", where),
        seats=_integer(entry, "seats", where),
        hard=hard,
    )


def _company(entry: Json, where: str) -> Company:
    capacity = _value(entry, "capacity", where)
    return Company(
        id=_text(entry, "id", where), capacity=None if capacity is None else _integer(entry, "capacity", where)
    )


def _rules(document: Json) -> Rules:
    if "rules" not in document:
        return Rules()
    rules = _object(document, "rules")
    min_size = _text(rules, "min_size", "rules.") if "min_size" in rules else MinSize.IGNORE
    if min_size not in list(MinSize):
        _refuse("rules.min_size", ", ".join(MinSize), min_size)
    closed = _texts(rules, "closed", "rules.") if "closed" in rules else []
    return Rules(MinSize(min_size), tuple(closed))


def _issue(entry: Json, where: str) -> Issue:
    named = {name: _text(entry, name, where) for name in ("applicant", "place", "company") if name in entry}
    return Issue(_text(entry, "kind", where), **named)


def _outcome(entry: Json, where: str) -> Outcome:
    reason = _text(entry, "reason", where)
    if reason not in list(Reason):
        _refuse(f"{where}reason", ", ".join(Reason), reason)
    return Outcome(_text(entry, "place", where), Reason(reason))


def _each(entry: Json, name: str, read: Callable[[Json, str], T], where: str = "") -> list[T]:
    found = []
    for number, item in enumerate(_list(entry, name, where)):
        if type(item) is not dict:
            _refuse(f"{where}{name}[{number}]", _("an object"), item)
        found.append(read(item, f"{where}{name}[{number}]."))
    return found


def _texts(entry: Json, name: str, where: str) -> list[str]:
    items = _list(entry, name, where)
    for number, item in enumerate(items):
        if type(item) is not str:
            _refuse(f"{where}{name}[{number}]", _("a text"), item)
    return items


def _value(entry: Json, name: str, where: str) -> Any:
    if name not in entry:
        raise BadInput(_("%(where)s is missing.") % {"where": where + name})
    return entry[name]


def _object(entry: Json, name: str, where: str = "") -> Json:
    value = _value(entry, name, where)
    if type(value) is not dict:
        _refuse(where + name, _("an object"), value)
    return value


def _list(entry: Json, name: str, where: str) -> list[Any]:
    value = _value(entry, name, where)
    if type(value) is not list:
        _refuse(where + name, _("a list"), value)
    return value


def _text(entry: Json, name: str, where: str) -> str:
    value = _value(entry, name, where)
    if type(value) is not str:
        _refuse(where + name, _("a text"), value)
    return value


def _text_or_null(entry: Json, name: str, where: str) -> str | None:
    return None if _value(entry, name, where) is None else _text(entry, name, where)


def _integer(entry: Json, name: str, where: str) -> int:
    value = _value(entry, name, where)
    if type(value) is not int:
        _refuse(where + name, _("an integer"), value)
    return value


def _refuse(where: str, expected: str, found: object) -> NoReturn:
    words = {"where": where, "expected": expected, "found": _shown(found)}
    raise BadInput(_("%(where)s must be %(expected)s, not %(found)s.") % words)


def _shown(value: object) -> str:
    """A value on one short line."""
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= 40 else text[:39] + "…"
