"""Finding the rule that is in force on a day."""

from datetime import date
from typing import Any

from kuznitsa.base.rules.entry import Rule
from kuznitsa.base.rules.table import TABLE


class NoRuleInForce(LookupError):
    """No entry of the table answers the question on that day."""


def rule(name: str, *, on: date, **keys: Any) -> Rule:
    """Return the rule `name` in force on the day `on` for `keys` (`age=16`).

    Raises `NoRuleInForce` when the table has none: a gap in the data, or a question about another time.
    """
    for entry in entries(name):
        if entry.is_in_force(on) and entry.answers(keys):
            return entry
    raise NoRuleInForce(f"{name} on {on:%d.%m.%Y} for {keys}")


def entries(name: str = "") -> list[Rule]:
    """Return all entries of the table, or those of the rule `name`, as they stand there."""
    return [entry for entry in TABLE if not name or entry.name == name]
