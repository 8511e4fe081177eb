"""The files: `alloc-instance/1` in, `alloc-result/1` out. Reading is strict, writing is the same bytes everywhere."""

import json

from kuznitsa import __version__
from kuznitsa.engines.allocation.model import (
    Applicant,
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
from kuznitsa.engines.documents import (
    Json,
    each,
    expect_format,
    integer,
    list_of,
    object_of,
    read_document,
    refuse,
    text,
    text_or_null,
    texts,
    value_of,
)
from kuznitsa.engines.language import translate as _

INSTANCE = "alloc-instance/1"
RESULT = "alloc-result/1"
REASONS = {reason.value: reason for reason in Reason}


def read_instance(data: bytes) -> Instance:
    """The instance in a file. Raises BadInput with the place in the file and what is wrong with it."""
    document = read_document(data)
    expect_format(document, INSTANCE)
    return Instance(
        seed=text(document, "seed", ""),
        applicants=tuple(each(document, "applicants", _applicant)),
        places=tuple(each(document, "places", _place)),
        companies=tuple(each(document, "companies", _company)),
        rules=_rules(document),
    )


def read_result(data: bytes) -> tuple[Result, Json]:
    """The result in a file, and its document to see which optional parts it has. Raises BadInput."""
    document = read_document(data)
    expect_format(document, RESULT)
    assignment = object_of(document, "assignment")
    for applicant, place in assignment.items():
        if place is not None and type(place) is not str:
            refuse(f"assignment.{applicant}", _("a text or null"), place)
    pool = object_of(document, "pool") if "pool" in document else {}
    for applicant in pool:
        text(pool, applicant, "pool.")
    issues = each(document, "issues", _issue) if "issues" in document else []
    explanations = object_of(document, "explanations") if "explanations" in document else {}
    result = Result(
        assignment=assignment,
        pool=pool,
        closed=tuple(texts(document, "closed", "")),
        issues=tuple(issues),
        explanations={
            applicant: tuple(each(explanations, applicant, _outcome, "explanations.")) for applicant in explanations
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


def _applicant(entry: Json, where: str) -> Applicant:
    return Applicant(
        id=text(entry, "id", where),
        choices=tuple(_choices(entry, where)),
        tags=frozenset(texts(entry, "tags", where)) if "tags" in entry else frozenset(),
        holds=_seat(entry, where) if "holds" in entry else None,
    )


def _choices(entry: Json, where: str) -> list[Choice]:
    """Written out in one loop: almost all of a large file is choices."""
    choices = []
    for number, choice in enumerate(list_of(entry, "choices", where)):
        if type(choice) is not dict:
            refuse(f"{where}choices[{number}]", _("an object"), choice)
        score = choice.get("score")
        if score is not None and type(score) is not int:
            refuse(f"{where}choices[{number}].score", _("an integer or null"), score)
        place = choice.get("place")
        choices.append(
            Choice(place if type(place) is str else text(choice, "place", f"{where}choices[{number}]."), score)
        )
    return choices


def _seat(entry: Json, where: str) -> Seat:
    seat = object_of(entry, "holds", where)
    return Seat(text(seat, "place", f"{where}holds."), text(seat, "pool", f"{where}holds."))


def _place(entry: Json, where: str) -> Place:
    return Place(
        id=text(entry, "id", where),
        company=text_or_null(entry, "company", where) if "company" in entry else None,
        capacity=integer(entry, "capacity", where),
        min_size=integer(entry, "min_size", where) if "min_size" in entry else 0,
        pools=tuple(each(entry, "pools", _pool, where)) if "pools" in entry else (),
    )


def _pool(entry: Json, where: str) -> Pool:
    hard = value_of(entry, "hard", where)
    if type(hard) is not bool:
        refuse(f"{where}hard", _("true or false"), hard)
    return Pool(
        name=text(entry, "name", where),
        tag=text_or_null(entry, "tag", where),
        seats=integer(entry, "seats", where),
        hard=hard,
    )


def _company(entry: Json, where: str) -> Company:
    capacity = value_of(entry, "capacity", where)
    return Company(
        id=text(entry, "id", where), capacity=None if capacity is None else integer(entry, "capacity", where)
    )


def _rules(document: Json) -> Rules:
    if "rules" not in document:
        return Rules()
    rules = object_of(document, "rules")
    min_size = text(rules, "min_size", "rules.") if "min_size" in rules else MinSize.IGNORE
    if min_size not in list(MinSize):
        refuse("rules.min_size", ", ".join(MinSize), min_size)
    closed = texts(rules, "closed", "rules.") if "closed" in rules else []
    return Rules(MinSize(min_size), tuple(closed))


def _issue(entry: Json, where: str) -> Issue:
    named = {name: text(entry, name, where) for name in ("applicant", "place", "company") if name in entry}
    return Issue(text(entry, "kind", where), **named)


def _outcome(entry: Json, where: str) -> Outcome:
    reason = text(entry, "reason", where)
    if reason not in REASONS:
        refuse(f"{where}reason", ", ".join(Reason), reason)
    return Outcome(text(entry, "place", where), REASONS[reason])
