"""The rows of a home page: what needs a person now (`queries.duties()` of every app), and which days come next
(`queries.coming()` of those apps that know dates).
"""

from dataclasses import dataclass
from datetime import date, timedelta

# So far ahead duties look: what has to be ready by a day is shown so long before it.
AHEAD = timedelta(days=14)
# So many coming dates a home shows; no app needs to find more.
COMING = 6


@dataclass(frozen=True)
class Duty:
    """One thing that waits for a user. `title` says what to do, `about` with what, `due_on` until when.

    `due_on` is a day that stands in the data or follows from a rule; without one there is no clock.
    `count` is set when one row stands for many things alike ("check 12 applications").
    """

    title: str
    about: str
    url: str
    organisation: str = ""
    due_on: date | None = None
    count: int = 1


@dataclass(frozen=True)
class Coming:
    """A day ahead that concerns a user. `title` says what will be, `about` with what; `count` as of `Duty`."""

    on: date
    title: str
    about: str
    url: str
    organisation: str = ""
    count: int = 1
