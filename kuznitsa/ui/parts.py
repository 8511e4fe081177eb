"""What components are given: small frozen values that views build and tags draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Crumb:
    """A step of the way to this page; the last one needs no address."""

    label: Any
    url: str = ""


@dataclass(frozen=True)
class Tab:
    """A view of the same thing; `count` is shown beside the label."""

    label: Any
    url: str
    active: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Step:
    """A step of a process; `state` is "done", "current", "todo" or "failed"."""

    label: Any
    state: str = "todo"
    note: Any = ""
    url: str = ""


@dataclass(frozen=True)
class Event:
    """Something on a timeline; `tone` as of `badge`; `planned` draws it as not yet happened."""

    on: date | datetime
    title: Any
    text: Any = ""
    url: str = ""
    icon: str = ""
    tone: str = "neutral"
    planned: bool = False


@dataclass(frozen=True)
class Stage:
    """A stage of the thread; `value` None means that it has not come to this yet.

    `part_of` is what its share is counted of: None is the stage before, 0 that it is a share of nothing.
    """

    label: Any
    value: int | None
    url: str = ""
    note: Any = ""
    part_of: int | None = None


@dataclass(frozen=True)
class Series:
    """A row of numbers of a chart, one a category; series with the same `stack` stand on each other.

    `tone` is "steel", "ember", "success", "info" or one of these with "-soft".
    """

    label: Any
    values: Sequence[int]
    tone: str = "steel"
    stack: str = ""


@dataclass(frozen=True)
class Fact:
    """A line of a definition list: `value` is shown as it is; "" and None are shown as a dash."""

    label: Any
    value: Any
    url: str = ""
    note: Any = ""
