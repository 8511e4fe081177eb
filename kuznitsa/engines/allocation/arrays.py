"""Markets as plain arrays, for scale: one pool a place, integer numbers for names, NumPy's own files.

In the file: `ptr` (n + 1), `place` and `score` (one for every choice, best first), `ticket` (n, unique, the smaller
wins), `capacity` and `company` (m; NONE without a limit), `company_capacity`. Out: `match` (n; NONE for nobody).
"""

import io
import zlib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from kuznitsa.engines.allocation import fast, paths, solver
from kuznitsa.engines.allocation.model import BadInput, Reason
from kuznitsa.engines.allocation.solver import NONE, Problem
from kuznitsa.engines.language import translate as _

Numbers = npt.NDArray[np.integer]
Match = npt.NDArray[np.int32]

# Reasons by number, as `reasons` gives them.
CODES = tuple(Reason)
# Applicants looked at in one go by the check, so that it needs little memory.
CHUNK = 100_000


@dataclass(frozen=True, slots=True)
class ArrayMarket:
    """A market as in the file; contracts of applicant a are the rows `ptr[a]:ptr[a + 1]`, or end at `end[a]`."""

    ptr: Numbers
    place: Numbers
    score: Numbers
    ticket: Numbers
    capacity: Numbers
    company: Numbers
    company_capacity: Numbers
    end: Numbers | None = None

    @property
    def ends(self) -> Numbers:
        """The end of every applicant's list."""
        return self.ptr[1:] if self.end is None else self.end

    def is_first(self) -> npt.NDArray[np.bool_]:
        """Say of every choice whether it names its place for the first time in its list; only those count."""
        if paths.is_compiled():
            from kuznitsa.engines.allocation import kernel

            return np.asarray(kernel.named_first(self.ptr, self.place, len(self.capacity)))
        owner = np.repeat(np.arange(len(self.ticket)), np.diff(self.ptr))
        _pairs, rows = np.unique(owner * max(len(self.capacity), 1) + self.place, return_index=True)
        first = np.zeros(len(self.place), dtype=bool)
        first[rows] = True
        return first

    def luck(self) -> Match:
        """Rank of every ticket; larger wins."""
        applicants = len(self.ticket)
        luck = np.empty(applicants, dtype=np.int32)
        luck[np.argsort(self.ticket)] = np.arange(applicants - 1, -1, -1, dtype=np.int32)
        return luck


def read_market(path: Path) -> ArrayMarket:
    """Return the market of a file. Raises BadInput for one that is none, OSError for one that cannot be read."""
    arrays = _arrays(path)
    names = [field.name for field in fields(ArrayMarket) if field.name != "end"]
    for name in names:
        if name not in arrays:
            raise BadInput(_("%(where)s is missing.") % {"where": name})
        if arrays[name].ndim != 1 or arrays[name].dtype.kind not in "iu":
            raise BadInput(_("%(name)s must be a list of integers.") % {"name": name})
        if arrays[name].dtype == np.uint64:
            raise BadInput(_("%(name)s must be a list of integers.") % {"name": name})
    # Whatever the order of bytes in the file, from here on it is the machine's.
    market = ArrayMarket(
        **{name: arrays[name].astype(arrays[name].dtype.newbyteorder("="), copy=False) for name in names}
    )
    if problem := _problem(market):
        raise BadInput(problem)
    return market


def read_match(path: Path) -> Numbers:
    """Return the published match of a file. Raises BadInput, OSError."""
    arrays = _arrays(path)
    if "match" not in arrays or arrays["match"].ndim != 1 or arrays["match"].dtype.kind != "i":
        raise BadInput(_("%(name)s must be a list of integers.") % {"name": "match"})
    return arrays["match"]


def match_file(match: Match) -> bytes:
    """Return the bytes of the file of a match."""
    file = io.BytesIO()
    np.savez(file, match=match)
    return file.getvalue()


def _arrays(path: Path) -> dict[str, Numbers]:
    with path.open("rb") as raw:
        try:
            file = np.load(raw, allow_pickle=False)
            if isinstance(file, np.lib.npyio.NpzFile):
                return {name: array for name in file.files if isinstance(array := file[name], np.ndarray)}
        except (BadZipFile, ValueError, EOFError, KeyError, NotImplementedError, zlib.error):
            pass
    raise BadInput(_("It is not a file of NumPy arrays (.npz)."))


def _problem(market: ArrayMarket) -> str:
    """Return what is wrong with a market, or nothing."""
    applicants, rows, places = len(market.ticket), len(market.place), len(market.capacity)
    ptr = market.ptr
    if len(ptr) != applicants + 1 or ptr[0] != 0 or ptr[-1] != rows or (np.diff(ptr) < 0).any():
        return _("ptr must rise from 0 to the number of choices, one step for every ticket.")
    if len(market.score) != rows:
        return _("place and score must be of one length.")
    if rows and (int(market.place.min()) < 0 or int(market.place.max()) >= places):
        return _("place must name places by their number, from 0; there are %(count)s.") % {"count": places}
    if rows and int(market.score.min()) < 0:
        return _("A score must not be negative.")
    if len(market.company) != places:
        return _("capacity and company must be of one length.")
    companies = len(market.company_capacity)
    if places and (int(market.company.min()) < NONE or int(market.company.max()) >= companies):
        return _("company must name companies by their number, from 0, or be -1; there are %(count)s.") % {
            "count": companies
        }
    ordered = np.sort(market.ticket)
    return _("Two applicants have the same ticket.") if (ordered[1:] == ordered[:-1]).any() else ""


def match(market: ArrayMarket) -> Match:
    """Return the place of every applicant, or NONE: the best stable outcome for applicants."""
    held = _held(market)
    found = np.full(len(held), NONE, dtype=np.int32)
    seated = held != NONE
    found[seated] = market.place[held[seated]]
    return found


def _held(market: ArrayMarket) -> Numbers:
    """Return the contract of every applicant, or NONE."""
    if paths.is_compiled():
        try:
            tables = fast.Market(
                fast.Arrays(
                    first=market.ptr,
                    pool=np.where(market.is_first(), market.place, np.int32(len(market.capacity))),
                    score=market.score,
                    luck=market.luck(),
                    seats=market.capacity,
                    company=market.company,
                    company_capacity=market.company_capacity,
                    end=market.end,
                )
            )
        except fast.TooLarge:
            pass
        else:
            tables.run(np.zeros(len(market.capacity), dtype=bool))
            return tables.holdings()
    return np.array(solver.solve(plain_problem(market)).held, dtype=np.int64)


def plain_problem(market: ArrayMarket) -> Problem:
    """Return the problem of the plain path; rows that do not count are given to a pool without seats."""
    applicants, places = len(market.ticket), len(market.capacity)
    luck = market.luck().tolist()
    applicant = np.repeat(np.arange(applicants), np.diff(market.ptr)).tolist()
    score = market.score.tolist()
    pool = np.where(market.is_first(), market.place, places)
    if market.end is not None:
        pool[np.arange(len(pool)) >= np.repeat(market.end, np.diff(market.ptr))] = places
    return Problem(
        first=market.ptr.tolist(),
        pool=pool.tolist(),
        weight=[score[row] * applicants + luck[applicant[row]] for row in range(len(score))],
        pool_seats=[*np.maximum(market.capacity, 0).tolist(), 0],
        pool_place=list(range(places + 1)),
        place_company=[*market.company.tolist(), NONE],
        company_capacity=np.maximum(market.company_capacity, 0).tolist(),
        place_open=[True] * (places + 1),
        min_size=(0,) * (places + 1),
    )


def rerun(
    market: ArrayMarket, match: Match, *, withdrawn: npt.NDArray[np.bool_], final: npt.NDArray[np.bool_] | None = None
) -> ArrayMarket:
    """Return the market of the next round: `withdrawn` leave, `final` keep what they hold, the others may improve.

    Every list ends with the seat held. As lists only become shorter, nobody who holds a seat can lose it.
    """
    ends = market.ends.astype(market.ptr.dtype, copy=True)
    ptr = market.ptr
    position = position_of(market, match)
    held = position != NONE
    ends[held] = position[held] + 1
    ends[withdrawn] = ptr[:-1][withdrawn]
    if final is None or not final.any():
        return replace(market, end=ends)
    keep = final & held & ~withdrawn
    place, score = market.place.copy(), market.score.copy()
    # The seat held becomes the first and only choice.
    place[ptr[:-1][keep]], score[ptr[:-1][keep]] = place[position[keep]], score[position[keep]]
    ends[keep] = ptr[:-1][keep] + 1
    return replace(market, place=place, score=score, end=ends)


def position_of(market: ArrayMarket, match: Numbers) -> Numbers:
    """Return the row of every applicant's list that names the place matched, or NONE."""
    position = np.full(len(match), NONE, dtype=np.int64)
    for start in range(0, len(match), CHUNK):
        stop = min(start + CHUNK, len(match))
        first, end = int(market.ptr[start]), int(market.ptr[stop])
        owner = np.repeat(np.arange(start, stop), np.diff(market.ptr[start : stop + 1]))
        rows = np.arange(first, end)
        hits = np.flatnonzero((market.place[first:end] == match[owner]) & (rows < market.ends[owner]))
        # Written from the last to the first, so that the first stays.
        position[owner[hits[::-1]]] = rows[hits[::-1]]
    return position


def check(market: ArrayMarket, match: Numbers) -> list[str]:
    """Return what is wrong with a match: impossible, or a contract that applicant and company both prefer.

    Shares nothing with the paths that compute it but the rank of the tickets.
    """
    if len(match) != len(market.ticket) or (match < NONE).any() or (match >= len(market.capacity)).any():
        return [_("the match is not about exactly the applicants and places of the input")]
    position = position_of(market, match)
    if (lost := np.flatnonzero((match != NONE) & (position == NONE))).size:
        return [_("applicant %(applicant)s did not ask for place %(place)s")
                % {"applicant": lost[0], "place": match[lost[0]]}]  # fmt: skip
    cut_offs = _CutOffs(market, match, position)
    if cut_offs.problem:
        return [cut_offs.problem]
    counts = market.is_first()
    for start in range(0, len(match), CHUNK):
        stop = min(start + CHUNK, len(match))
        first, end = int(market.ptr[start]), int(market.ptr[stop])
        owner = np.repeat(np.arange(start, stop), np.diff(market.ptr[start : stop + 1]))
        rows = np.arange(first, end)
        better = np.where(position[owner] == NONE, market.ends[owner], position[owner])
        wanted = counts[first:end] & (rows < better)
        blocking = np.flatnonzero(wanted & cut_offs.admit(market.place[first:end], cut_offs.weight(rows, owner)))
        if blocking.size:
            row = blocking[0]
            return [_("applicant %(applicant)s should have a seat at place %(place)s")
                    % {"applicant": owner[row], "place": market.place[first + row]}]  # fmt: skip
    return []


class _CutOffs:
    """The lightest admitted to every full place and company; whoever is heavier would be admitted as well."""

    def __init__(self, market: ArrayMarket, match: Numbers, position: Numbers) -> None:
        self.market = market
        self.luck = market.luck().astype(np.int64)
        # Weights as pairs would need two passes; scores of 32 bits and luck of 31 fit into one number.
        self.base = max(len(match), 1)
        seated = np.flatnonzero(position != NONE)
        weights = self.weight(position[seated], seated)
        places = match[seated].astype(np.int64)
        self.place = self._of(places, weights, market.capacity, _("place"))
        companies = market.company[places].astype(np.int64)
        limited = companies != NONE
        self.company = self._of(companies[limited], weights[limited], market.company_capacity, _("company"))

    problem = ""

    def _of(self, groups: Numbers, weights: Numbers, capacity: Numbers, kind: str) -> Numbers:
        limits = np.maximum(capacity, 0).astype(np.int64)
        filled = np.bincount(groups, minlength=len(limits))
        if (over := np.flatnonzero(filled > limits)).size:
            self.problem = _("%(kind)s %(number)s has %(filled)s for %(seats)s seats") % {
                "kind": kind, "number": over[0], "filled": filled[over[0]], "seats": limits[over[0]]
            }  # fmt: skip
        lightest = np.full(len(limits), np.iinfo(np.int64).max)
        np.minimum.at(lightest, groups, weights)
        return np.where(filled < limits, np.int64(NONE), lightest)

    def weight(self, rows: Numbers, owner: Numbers) -> Numbers:
        return self.market.score[rows].astype(np.int64) * self.base + self.luck[owner]

    def admit(self, places: Numbers, weights: Numbers) -> npt.NDArray[np.bool_]:
        company = self.market.company[places]
        limit = np.where(company == NONE, NONE, self.company[company] if len(self.company) else NONE)
        return (weights > self.place[places]) & (weights > limit)


def reasons(market: ArrayMarket, match: Match) -> npt.NDArray[np.uint8]:
    """Return for every choice the number in `CODES` of the reason why it ended as it did. Needs numba."""
    from kuznitsa.engines.allocation import kernel

    position = kernel.positions(market.ptr, market.ends, market.place, match)
    luck = market.luck()
    lightest = np.full(len(market.capacity), kernel.SHUT, dtype=np.int64)
    luck_bits = max(len(match) - 1, 0).bit_length()
    filled = np.zeros(len(market.capacity), dtype=np.int64)
    kernel.lightest_admitted(position, match, market.score, luck, luck_bits, lightest, filled)
    cut_off = np.where(filled < market.capacity, np.int64(NONE), lightest)
    has_seats = market.capacity > 0
    limited = market.company != NONE
    if limited.any():
        has_seats &= ~limited | (market.company_capacity[market.company] > 0)
    codes = np.empty(len(market.place), dtype=np.uint8)
    numbers = np.array(
        [CODES.index(reason) for reason in (
            Reason.ASSIGNED, Reason.NOT_NEEDED, Reason.DUPLICATE_CHOICE, Reason.NO_SEATS, Reason.PLACE_FULL,
            Reason.COMPANY_FULL,
        )],
        dtype=np.uint8,
    )  # fmt: skip
    kernel.judge(market.ptr, market.place, market.score, luck, luck_bits, position, cut_off, has_seats, numbers, codes)
    return codes
