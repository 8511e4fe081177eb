"""What a move would break and cost: one evaluation, the solver's own, for an editor."""

from dataclasses import dataclass

import numpy as np

from kuznitsa.engines.timetabling.planning import kernel
from kuznitsa.engines.timetabling.planning.arrays import State, Tables, arrays_of, tables
from kuznitsa.engines.timetabling.planning.checks import check
from kuznitsa.engines.timetabling.planning.model import HARD, Finding, Model, Placed, Plan, Rule


@dataclass(frozen=True, slots=True)
class Consequence:
    """What changes by a move: units broken more (or less) of each rule, and the cost, weights included."""

    rules: dict[Rule, int]
    cost: int

    @property
    def breaks(self) -> dict[Rule, int]:
        """The hard rules that are broken more often than before."""
        return {rule: units for rule, units in self.rules.items() if rule in HARD and units > 0}


class Editor:
    """A plan in which moves are tried. Needs NumPy and numba."""

    def __init__(self, model: Model, plan: Plan, published: Plan | None = None) -> None:
        self.model, self.plan, self.published = model, dict(plan), published
        self._t: Tables = tables(model, published)
        self._state = State(self._t, *arrays_of(model, plan))
        self._number = {activity.id: a for a, activity in enumerate(model.activities)}
        self._room: dict[str | None, int] = {room.id: number for number, room in enumerate(model.rooms)}
        self._room[None] = len(model.rooms)

    def what_breaks(self, activity: str, slot: int, room: str | None) -> Consequence:
        """What holding the activity then and there would change. Raises KeyError for unknown ids."""
        return self._compared(activity, [(slot, self._room[room])])[0]

    def everywhere(self, activity: str) -> dict[Placed, Consequence]:
        """The same for every slot and every room in which the activity fits."""
        a = self._number[activity]
        t = self._t
        rooms = t.rooms[t.rooms_first[a] : t.rooms_first[a + 1]]
        ids = [*(room.id for room in self.model.rooms), None]
        places = [(slot, int(room)) for slot in range(self.model.slots) for room in rooms]
        found = self._compared(activity, places)
        return {Placed(slot, ids[room]): one for (slot, room), one in zip(places, found, strict=True)}

    def words(self, activity: str, slot: int, room: str | None) -> list[Finding]:
        """What a move would break and cost that is not so now, by name."""
        before = set(check(self.model, self.plan, self.published))
        after = check(self.model, self.plan | {activity: Placed(slot, room)}, self.published)
        return [finding for finding in after if finding not in before]

    def move(self, activity: str, slot: int, room: str | None) -> None:
        """Hold the activity then and there."""
        a = self._number[activity]
        state, t = self._state, self._t.flat
        kernel.place(t, *state.arrays, a, state.slot[a], state.room[a], -1)
        kernel.place(t, *state.arrays, a, slot, self._room[room], 1)
        self.plan[activity] = Placed(slot, room)

    def _compared(self, activity: str, places: list[tuple[int, int]]) -> list[Consequence]:
        a = self._number[activity]
        state, t = self._state, self._t.flat
        parts, now = np.zeros(kernel.PARTS, np.int64), np.zeros(kernel.PARTS, np.int64)
        line = np.zeros(len(state.slot) + 1, np.int64)
        slot, room = state.slot[a], state.room[a]
        kernel.place(t, *state.arrays, a, slot, room, -1)
        kernel.price(t, *state.arrays, a, slot, room, now, line)
        found = []
        for to_slot, to_room in places:
            kernel.price(t, *state.arrays, a, to_slot, to_room, parts, line)
            change = parts - now
            rules = {rule: int(change[number]) for number, rule in enumerate(Rule) if change[number]}
            found.append(Consequence(rules, int(change @ self._t.weights)))
        kernel.place(t, *state.arrays, a, slot, room, 1)
        return found


def what_breaks(model: Model, plan: Plan, activity: str, slot: int, room: str | None) -> Consequence:
    """What holding one activity then and there would break and cost; for many moves keep an `Editor`."""
    return Editor(model, plan).what_breaks(activity, slot, room)
