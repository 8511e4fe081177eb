"""The rows of a home page: what needs a person now (`queries.duties()` of every app), and which days come next
(`queries.coming()` of those apps that know dates).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

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


def rows_if_any(rows: QuerySet) -> list[Any]:
    """Return the rows, asked for with all that is shown of them only when there are any.

    Most of what may wait for a user does not wait today, and to ask for a dozen joined tables takes a while even then.
    """
    return list(rows) if rows.exists() else []
