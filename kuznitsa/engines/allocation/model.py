"""What goes into an allocation and what comes out, as plain values."""

import hashlib
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, TypeVar

from kuznitsa.engines.documents import BadInput as BadInput

OPEN_POOL = "open"

K = TypeVar("K", bound=Hashable)


class MinSize(StrEnum):
    """What happens to places that stay below their minimum size."""

    IGNORE = "ignore"
    CLOSE = "close"
    CLOSE_REOPEN = "close_reopen"


class Reason(StrEnum):
    """Why a choice ended as it did."""

    ASSIGNED = "assigned"
    NOT_NEEDED = "not_needed"
    UNKNOWN_PLACE = "unknown_place"
    DUPLICATE_CHOICE = "duplicate_choice"
    NO_SEATS = "no_seats"
    NOT_ELIGIBLE = "not_eligible"
    GROUP_NOT_OPENED = "group_not_opened"
    PLACE_FULL = "place_full"
    COMPANY_FULL = "company_full"


class Choice(NamedTuple):
    """A place an applicant asks for; score None = the place did not rank the applicant."""

    place: str
    score: int | None = None


class Seat(NamedTuple):
    """A seat of a place, named by its pool."""

    place: str
    pool: str


@dataclass(frozen=True, slots=True)
class Applicant:
    """Choices are in order of preference, best first.

    `holds` is a seat won in an earlier round: in its pool this applicant comes before everybody else.
    """

    id: str
    choices: tuple[Choice, ...] = ()
    tags: frozenset[str] = frozenset()
    holds: Seat | None = None


@dataclass(frozen=True, slots=True)
class Pool:
    """Seats set aside: for holders of `tag` only (hard) or first (soft); tag None = for anyone."""

    name: str
    tag: str | None
    seats: int
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A place with seats. What its pools leave of the capacity is the pool "open", tried last."""

    id: str
    capacity: int
    company: str | None = None
    min_size: int = 0
    pools: tuple[Pool, ...] = ()


@dataclass(frozen=True, slots=True)
class Company:
    """A common limit over several places; capacity None = no limit."""

    id: str
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """`closed` names places that are announced as not opened before anything is computed."""

    min_size: MinSize = MinSize.IGNORE
    closed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Instance:
    """Everything that decides an allocation."""

    seed: str
    applicants: tuple[Applicant, ...]
    places: tuple[Place, ...]
    companies: tuple[Company, ...] = ()
    rules: Rules = Rules()


class Issue(NamedTuple):
    """Something in the input that was put right."""

    kind: str
    applicant: str | None = None
    place: str | None = None
    company: str | None = None


class Outcome(NamedTuple):
    """How one choice ended."""

    place: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Result:
    """An allocation. Every applicant of the input is a key of `assignment` and of `explanations`.

    Where pools of a place share a name, `pool_number` tells in which of the place's pools a holder sits: files do not
    say it, and without it the independent check would have to guess.
    """

    assignment: dict[str, str | None]
    pool: dict[str, str]
    closed: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()
    explanations: dict[str, tuple[Outcome, ...]] = field(default_factory=dict)
    pool_number: dict[str, int] = field(default_factory=dict, compare=False)


def ticket(seed: str, applicant: str) -> str:
    """The applicant's lottery ticket, the same at every place: the smaller text wins a tie.

    Anybody can recompute it: `printf 'seed|applicant' | sha256sum`.
    """
    return hashlib.sha256(f"{seed}|{applicant}".encode()).hexdigest()


def index_of(keys: Iterable[K]) -> dict[K, int]:
    """The position of every key."""
    return {key: position for position, key in enumerate(keys)}
