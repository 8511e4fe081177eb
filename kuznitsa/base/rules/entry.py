"""One entry of the table."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Status = Literal["confirmed", "to_be_confirmed"]
CONFIRMED: Status = "confirmed"
TO_BE_CONFIRMED: Status = "to_be_confirmed"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One number (or text, or list) of the law: in force from `valid_from` to `valid_to` inclusive.

    `applies_to` narrows it: the keys of a question must lie in these ranges. `unit` is what `value` counts.
    """

    name: str
    value: Any
    unit: str
    source: str
    valid_from: date
    valid_to: date | None = None
    status: Status = CONFIRMED
    applies_to: Mapping[str, Container[Any]] = field(default_factory=dict)

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def answers(self, keys: Mapping[str, Any]) -> bool:
        return self.applies_to.keys() == keys.keys() and all(keys[name] in self.applies_to[name] for name in keys)
