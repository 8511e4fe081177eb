"""The public record of an allocation: one archive that holds all that is needed to recompute it, with hashes.

`record.json` in it (format `alloc-record/1`) names every other file with its SHA-256, the seed, the engine that
computed the result, counts, and `about`, which the publisher adds. The same record is the same bytes everywhere.
"""

import hashlib
import io
import json
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kuznitsa import __version__
from kuznitsa.engines.allocation.explain import CutOffs
from kuznitsa.engines.allocation.formats import Json, read_document, write_instance, write_result
from kuznitsa.engines.allocation.market import Market
from kuznitsa.engines.allocation.model import BadInput, Instance, Result
from kuznitsa.engines.allocation.solver import NONE
from kuznitsa.engines.language import translate as _

RECORD = "alloc-record/1"
INPUT, RESULT, CUT_OFFS, MANIFEST = "input.json", "result.json", "cut-offs.json", "record.json"
LARGEST_FILE = 1_000_000_000
# An archive of the same files is the same bytes: no file remembers when it was packed.
PACKED_AT = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Record:
    """An archive that has been read: its files by name, and what `record.json` says of them."""

    files: Mapping[str, bytes]
    manifest: Json


def write_record(instance: Instance, result: Result, about: Json, *, extra: Mapping[str, bytes] | None = None) -> bytes:
    """Pack a checked result; `about` is told in `record.json`, `extra` are more files, such as how to verify."""
    given = write_instance(instance)
    files = {
        INPUT: given,
        RESULT: write_result(result, seed=instance.seed, input_sha256=sha256(given)),
        CUT_OFFS: _bytes(cut_offs(instance, result)),
        **(extra or {}),
    }
    manifest = {
        "format": RECORD,
        "files": {name: sha256(data) for name, data in sorted(files.items())},
        "seed": instance.seed,
        "engine": {"version": __version__, "source_sha256": source_sha256()},
        "counts": counts(instance, result),
        "blocking_contracts": 0,
        "about": about,
    }
    return _packed({MANIFEST: _bytes(manifest), **files})


def read_record(data: bytes) -> Record:
    """Return what an archive holds. Raises BadInput when it is no record."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if any(entry.file_size > LARGEST_FILE for entry in archive.infolist()):
                raise BadInput(_("It is larger than 1 GB."))
            files = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error):
        raise BadInput(_("It is no archive of a public record.")) from None
    missing = [name for name in (MANIFEST, INPUT, RESULT, CUT_OFFS) if name not in files]
    if missing:
        raise BadInput(_("The archive lacks %(name)s.") % {"name": missing[0]})
    manifest = read_document(files.pop(MANIFEST))
    if manifest.get("format") != RECORD or not isinstance(manifest.get("files"), dict):
        raise BadInput(_("It is no archive of a public record."))
    return Record(files, manifest)


def differences(record: Record, instance: Instance, computed: Result) -> list[str]:
    """Return what the record says otherwise than its own files and the result computed anew, in words."""
    manifest, found = record.manifest, []
    for name in sorted({*record.files, *manifest["files"]}):
        if name not in record.files or manifest["files"].get(name) != sha256(record.files[name]):
            found.append(_("the hash of %(name)s is another one") % {"name": name})
    if manifest.get("seed") != instance.seed:
        found.append(_("the seed is another one"))
    if manifest.get("counts") != counts(instance, computed):
        found.append(_("the counts are others"))
    if manifest.get("blocking_contracts") != 0:
        found.append(_("it does not say that no contract blocks it"))
    if record.files[CUT_OFFS] != _bytes(cut_offs(instance, computed)):
        found.append(_("the cut-offs are others"))
    return found


def is_of_this_engine(record: Record) -> bool:
    """Whether the record was computed by exactly this source code."""
    engine = record.manifest.get("engine")
    return isinstance(engine, dict) and engine.get("source_sha256") == source_sha256()


def counts(instance: Instance, result: Result) -> dict[str, int]:
    """Return the numbers of an allocation: who was placed, who at the first choice, which seats stayed empty."""
    filled = Counter(place for place in result.assignment.values() if place is not None)
    first = {applicant.id: applicant.choices[0].place for applicant in instance.applicants if applicant.choices}
    seats = sum(max(place.capacity, 0) for place in instance.places)
    return {
        "applicants": len(result.assignment),
        "places": len(instance.places),
        "seats": seats,
        "placed": sum(filled.values()),
        "first_choice": sum(
            place is not None and first.get(applicant) == place for applicant, place in result.assignment.items()
        ),
        "not_placed": len(result.assignment) - sum(filled.values()),
        "empty_seats": seats - sum(filled.values()),
        "closed_places": len(result.closed),
    }


def cut_offs(instance: Instance, result: Result) -> Json:
    """Return for every pool and limited company the seats, how many are taken, and the last admitted.

    `last` is {"holds", "tagged", "score", "ticket"}, larger wins, of tickets the smaller one; null while a seat is
    free.
    """
    market = Market(instance)
    held = market.held(result)
    lightest = CutOffs(market, held)
    filled = Counter(market.contract_pool[contract] for contract in held if contract != NONE)
    company_of = market.problem.place_company
    in_company: Counter[int] = Counter()
    for pool, number in filled.items():
        in_company[company_of[market.problem.pool_place[pool]]] += number
    return {
        "format": "alloc-cut-offs/1",
        "pools": [
            {
                "place": place,
                "pool": pool.name,
                "tag": pool.tag,
                "seats": pool.seats,
                "taken": filled[number],
                "last": _last(market, lightest.pool[number]),
            }
            for number, (place, pool) in enumerate(market.pools)
        ],
        "companies": [
            {
                "company": company.id,
                "seats": company.capacity,
                "taken": in_company[number],
                "last": _last(market, lightest.company[number]),
            }
            for number, company in enumerate(market.instance.companies)
            if company.capacity is not None
        ],
    }


def _last(market: Market, contract: int) -> Json | None:
    return None if contract == NONE else market.weight(contract)._asdict()


@cache
def source_sha256() -> str:
    """Return the SHA-256 over the source files of the engine, by name and content, in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(f"{path.name}\n{sha256(path.read_bytes())}\n".encode())
    return digest.hexdigest()


def sha256(data: bytes) -> str:
    """Return the hash that `sha256sum` prints."""
    return hashlib.sha256(data).hexdigest()


def _bytes(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _packed(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, PACKED_AT)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, data)
    return buffer.getvalue()
