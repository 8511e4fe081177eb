"""What a run calculates, taken apart into the pieces that are kept, and read back piece by piece."""

import gc
import hashlib
import json
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import RunStage
from kuznitsa.admissions.models import AllocationRun, RunPage, RunPlace
from kuznitsa.admissions.queries.seats import number_in, place_id
from kuznitsa.base.refusal import Refused
from kuznitsa.engines import allocation
from kuznitsa.engines.allocation import Explained, Instance, PlaceReport, Result

# As many applicants as a screen shows at once.
PAGE = 100
# Packs ten times as small in a twentieth of the time that the best packing takes.
QUICK = 1

Report = Callable[[RunStage], None]


class PoolStanding(NamedTuple):
    """Where an applicant stood for a pool that had no seat for them; `queue` and `needed` as the engine says."""

    pool: str
    tagged: bool
    queue: int | None
    needed: int | None


class ChoiceEntry(NamedTuple):
    """What became of one choice; `pools` only where it was refused because seats were taken."""

    place: str
    score: int | None
    reason: str
    pools: list[PoolStanding]


class Entry(NamedTuple):
    """What became of an applicant: place and pool of the seat, "" for none, and every choice, the dearest first."""

    name: str
    place: str
    pool: str
    choices: list[ChoiceEntry]


@dataclass(frozen=True)
class CutOff:
    """The lightest admitted: the score, whether by a right to the quota, and the ticket that decides between equals."""

    tagged: bool
    score: int
    ticket: str


@dataclass(frozen=True)
class PoolRow:
    """A pool of an offer in a run; `name` is "" for the open seats, `cut_off` None while a seat is free."""

    name: str
    tag: str | None
    hard: bool
    seats: int
    taken: int
    cut_off: CutOff | None


@dataclass(frozen=True)
class PlaceRow:
    """An offer in a run: what the engine's `PlaceReport` says, without who waits.

    `company_cut_off` is the lightest admitted to an enterprise whose common limit is reached.
    """

    seats: int
    pools: list[PoolRow]
    first_choices: int
    endings: dict[str, int]
    is_closed: bool
    company_cut_off: CutOff | None

    @property
    def taken(self) -> int:
        return sum(pool.taken for pool in self.pools)

    @property
    def named(self) -> int:
        return sum(self.endings.values())

    @property
    def kept_empty(self) -> int:
        """Seats that only the group they are set aside for may have, and which it did not fill."""
        return sum(pool.seats - pool.taken for pool in self.pools if pool.hard and pool.tag is not None)


@dataclass(frozen=True)
class Calculation:
    """All that is kept of a calculation: files, pages, offers; nothing of it is written yet."""

    result: Result
    instance_hash: str
    applicants: int
    instance_file: bytes
    result_file: bytes
    pages: list[tuple[str, bytes]]
    places: dict[int, tuple[dict[str, Any], str]]


def calculate(instance: Instance, report: Report = lambda stage: None) -> Calculation:
    """Solve, have the result checked independently, and take it apart into what is kept.

    Refused when the check finds anything wrong. `report` is told each stage as it begins.
    """
    with without_looking_for_cycles():
        report(RunStage.SOLVING)
        result, explained = allocation.allocate_explained(instance)
        report(RunStage.CHECKING)
        if problems := allocation.check(instance, result):
            raise Refused(_("The result did not stand the independent check: %(problem)s.") % {"problem": problems[0]})
        report(RunStage.REASONS)
        given = allocation.write_instance(instance)
        digest = hashlib.sha256(given).hexdigest()
        return Calculation(
            result=result,
            instance_hash=digest,
            applicants=len(result.assignment),
            instance_file=zlib.compress(given, QUICK),
            result_file=zlib.compress(allocation.write_result(result, seed=instance.seed, input_sha256=digest), QUICK),
            pages=list(_pages(instance, result, explained)),
            places={
                number_in(report.place): (_place_document(report), " ".join(report.waiting))
                for report in explained.places()
            },
        )


@contextmanager
def without_looking_for_cycles() -> Iterator[None]:
    """While a whole campaign is read or calculated.

    Millions of small values that live to the end: looking through them again and again frees nothing.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _pages(instance: Instance, result: Result, explained: Explained) -> Iterator[tuple[str, bytes]]:
    by_name = {applicant.id: applicant for applicant in instance.applicants}
    names = sorted(result.assignment)
    for start in range(0, len(names), PAGE):
        entries = [_entry(by_name[name], result, explained) for name in names[start : start + PAGE]]
        yield names[start], zlib.compress(json.dumps(entries, ensure_ascii=False).encode(), QUICK)


def _entry(applicant: allocation.Applicant, result: Result, explained: Explained) -> list[Any]:
    name = applicant.id
    choices = [
        [place, choice.score, reason, [[_pool_name(pool), *rest] for pool, *rest in refusals]]
        for choice, (place, reason, refusals) in zip(applicant.choices, explained.refusals(name), strict=True)
    ]
    return [name, result.assignment[name] or "", _pool_name(result.pool.get(name, "")), choices]


def _pool_name(name: str) -> str:
    return "" if name == allocation.OPEN_POOL else name


def _place_document(report: PlaceReport) -> dict[str, Any]:
    pools = [
        PoolRow(
            name=_pool_name(pool.name),
            tag=pool.tag,
            hard=pool.hard,
            seats=pool.seats,
            taken=pool.taken,
            cut_off=_cut_off(pool.cut_off),
        )
        for pool in report.pools
    ]
    row = PlaceRow(
        seats=report.seats,
        pools=pools,
        first_choices=report.first_choices,
        endings={reason.value: number for reason, number in sorted(report.endings.items())},
        is_closed=report.is_closed,
        company_cut_off=_cut_off(report.company_cut_off),
    )
    return asdict(row)


def _cut_off(last: allocation.Weight | None) -> CutOff | None:
    return last and CutOff(last.tagged, last.score, last.ticket)


def place_row(data: dict[str, Any]) -> PlaceRow:
    """Return what a `RunPlace` keeps as `data`."""
    pools = [PoolRow(**{**pool, "cut_off": _read_cut_off(pool["cut_off"])}) for pool in data["pools"]]
    return PlaceRow(**{**data, "pools": pools, "company_cut_off": _read_cut_off(data["company_cut_off"])})


def _read_cut_off(last: dict[str, Any] | None) -> CutOff | None:
    return CutOff(**last) if last else None


def places_of(run: AllocationRun, offers: list[int] | None = None) -> dict[int, PlaceRow]:
    """Return the offers of a run by their ids, all or those named."""
    rows = RunPlace.objects.filter(run=run).order_by("offer")
    if offers is not None:
        rows = rows.filter(offer__in=offers)
    return {offer: place_row(data) for offer, data in rows.values_list("offer", "data")}


def closed_places(run: AllocationRun) -> set[str]:
    """Return the places whose groups were not opened."""
    return {place_id(offer) for offer, row in places_of(run).items() if row.is_closed}


def entries_on(run: AllocationRun, number: int) -> list[Entry]:
    """Return the applicants on a page of the run, counted from 0."""
    data = RunPage.objects.filter(run=run, number=number).values_list("data", flat=True).first()
    return [] if data is None else [_read_entry(*entry) for entry in json.loads(zlib.decompress(data))]


def entry_of(run: AllocationRun, name: str) -> Entry | None:
    """Return what became of the applicant of this pseudonym; None if there is none."""
    firsts = list(RunPage.objects.filter(run=run).order_by("number").values_list("first", flat=True))
    return next((entry for entry in entries_on(run, bisect_right(firsts, name) - 1) if entry.name == name), None)


def _read_entry(name: str, place: str, pool: str, choices: list[Any]) -> Entry:
    return Entry(
        name,
        place,
        pool,
        [
            ChoiceEntry(at, score, reason, [PoolStanding(*pool) for pool in pools])
            for at, score, reason, pools in choices
        ],
    )
