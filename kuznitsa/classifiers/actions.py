"""Bringing the classifiers up to date with the files in `data/`."""

import csv
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import models, transaction

from kuznitsa.classifiers.models import Industry, Occupation, Region

DATA = Path(__file__).parent / "data"
NAMES = ("name_ru", "name_en", "search")


@transaction.atomic
def load_classifiers(*, by: Any, at: datetime) -> dict[str, int]:
    """Write regions, industries and occupations from `data/`; rows are found by code, none is deleted.

    Doing it twice leaves what doing it once leaves. Returns how many rows of each classifier the files hold.
    """
    regions = [
        Region(**_names(row), row=_number(row["row"]), column=_number(row["column"])) for row in _read("regions.csv")
    ]
    _upsert(regions, fields=(*NAMES, "row", "column"))
    industries = [Industry(**_names(row)) for row in _read("industries.csv")]
    _upsert(industries, fields=NAMES)
    return {"regions": len(regions), "industries": len(industries), "occupations": _load_occupations()}


def _load_occupations() -> int:
    rows = list(_read("occupations.csv"))
    industries = dict(Industry.objects.values_list("code", "pk"))
    occupations = [
        Occupation(
            **_names(row),
            industry_id=industries[row["industry"]],
            level=row["level"],
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            minimum_age=_number(row["minimum_age"]),
        )
        for row in rows
    ]
    fields = (*NAMES, "industry", "level", "valid_from", "valid_to", "minimum_age")
    _upsert(occupations, fields=fields)
    _name_replacements({row["code"]: row["replaced_by"] for row in rows if row["replaced_by"]})
    return len(occupations)


def _name_replacements(replacements: Mapping[str, str]) -> None:
    found = Occupation.objects.in_bulk({*replacements, *replacements.values()}, field_name="code")
    for old, new in replacements.items():
        found[old].replaced_by = found[new]
    Occupation.objects.bulk_update([found[old] for old in replacements], ["replaced_by"])


def _upsert(rows: list[Any], *, fields: Iterable[str]) -> None:
    model: type[models.Model] = type(rows[0])
    model._default_manager.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=list(fields))


def _read(name: str) -> Iterable[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _names(row: Mapping[str, str]) -> dict[str, str]:
    return {name: row[name] for name in ("code", "name_ru", "name_en")}


def _number(text: str) -> int | None:
    return int(text) if text else None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
