"""What needs a person now: the rows of their home page, collected from every app's `queries.duties()`."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Duty:
    """One thing that waits for a user. `title` says what to do, `about` with what, `due_on` until when.

    `count` is set when one row stands for many things alike ("check 12 applications").
    """

    title: str
    about: str
    url: str
    organisation: str = ""
    due_on: date | None = None
    count: int = 1
