"""Impossible by proof: the activities and rules as a problem for CP-SAT, each with a switch.

OR-Tools takes seconds to load: only who has found nothing by counting comes here.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from kuznitsa.engines.timetabling.planning.model import Link, LinkKind, Rule
from kuznitsa.engines.timetabling.planning.reasons import UNARY, Option, Reason, Relaxed

# What it costs to write a problem down.
BUILDING = 0.01


class Core(NamedTuple):
    """Activities that cannot all be held under these rules, apart from what restricts each of them alone."""

    activities: list[str]
    reasons: set[Reason]


def core(relaxed: Relaxed, effort: float) -> tuple[Core | None, float]:
    """A clash, usually much smaller than what was given; None when there is a timetable or none was refuted.

    `effort` is in CP-SAT's own deterministic time, about seconds; what was spent of it comes back as well.
    """
    problem = _Problem(relaxed)
    switches = problem.switches()
    problem.model.add_assumptions([literal for literal, _what in switches])
    if not problem.is_infeasible(effort):
        return None, problem.spent
    found = set(problem.solver.sufficient_assumptions_for_infeasibility())
    named = [what for literal, what in switches if literal.index in found]
    ids = [what for what in named if isinstance(what, str)]
    return Core(ids, {what for what in named if isinstance(what, Reason)}), problem.spent


def is_impossible(relaxed: Relaxed, effort: float) -> tuple[bool, float]:
    """Whether these activities are proved to have no timetable under these rules, and the effort spent."""
    problem = _Problem(relaxed)
    problem.model.add_bool_and([literal for literal, _what in problem.switches()])
    return problem.is_infeasible(effort), problem.spent


class _Problem:
    def __init__(self, relaxed: Relaxed) -> None:
        from ortools.sat.python import cp_model

        self.cp_model, self.relaxed = cp_model, relaxed
        self.model, self.solver = cp_model.CpModel(), cp_model.CpSolver()
        self.spent = 0.0
        self.held = {id_: self.model.new_bool_var("") for id_ in relaxed.activities}
        self.options: dict[str, list[tuple[Option, Any]]] = {}
        for id_ in relaxed.activities:
            self.options[id_] = [(option, self.model.new_bool_var("")) for option in relaxed.options(id_)]
            chosen = [literal for _option, literal in self.options[id_]]
            self.model.add_at_most_one(chosen)
            self.model.add_bool_or([*chosen, ~self.held[id_]])
        self.rules = {reason: self.model.new_bool_var("") for reason in relaxed.reasons if reason.rule not in UNARY}
        for reason in sorted(self.rules):
            self._add(reason)

    def switches(self) -> list[tuple[Any, str | Reason]]:
        """A literal for every activity to be held and every rule to be kept, and what it stands for."""
        return [
            *((literal, id_) for id_, literal in self.held.items()),
            *((self.rules[reason], reason) for reason in sorted(self.rules)),
        ]

    def is_infeasible(self, effort: float) -> bool:
        # Counted, not timed: the same everywhere.
        self.solver.parameters.num_workers = 1
        self.solver.parameters.random_seed = 1
        self.solver.parameters.max_deterministic_time = effort
        status = self.solver.solve(self.model)
        self.spent = BUILDING + self.solver.response_proto.deterministic_time
        return bool(status == self.cp_model.INFEASIBLE)

    def _add(self, reason: Reason) -> None:
        if reason.rule == Rule.ROOM_BUSY:
            self._limit(reason, list(self.options), self.relaxed.model.room[reason.subject].at_once, reason.subject)
        elif reason.rule == Rule.BUSY:
            self._limit(reason, self._of(reason), self.relaxed.model.resource[reason.subject].at_once, None)
        elif reason.rule == Rule.MOST_A_DAY:
            self._most_a_day(reason)
        elif reason.rule == Rule.TRAVEL:
            self._travel(reason)
        else:
            link = next(link for link in self.relaxed.model.links if link.id == reason.subject)
            for one, other in link.pairs():
                if one in self.options and other in self.options:
                    self._link(link, one, other, [self.rules[reason], self.held[one], self.held[other]])

    def _of(self, reason: Reason) -> list[str]:
        return [id_ for id_ in self.options if reason.subject in self.relaxed.model.activity[id_].who]

    def _limit(self, reason: Reason, ids: Sequence[str], at_once: int, room: str | None) -> None:
        at: dict[int, list[Any]] = defaultdict(list)
        for id_ in ids:
            for option, literal in self.options[id_]:
                if room is None or option.room == room:
                    for later in range(self.relaxed.model.activity[id_].duration):
                        at[option.slot + later].append(literal)
        for literals in at.values():
            if len(literals) > at_once:
                self.model.add(sum(literals) <= at_once).only_enforce_if(self.rules[reason])

    def _most_a_day(self, reason: Reason) -> None:
        most = self.relaxed.model.resource[reason.subject].most_a_day
        by_day: dict[int, list[Any]] = defaultdict(list)
        for id_ in self._of(reason):
            for option, literal in self.options[id_]:
                by_day[self.relaxed.model.day_of(option.slot)].append(
                    literal * self.relaxed.model.activity[id_].duration
                )
        for terms in by_day.values():
            self.model.add(sum(terms) <= most).only_enforce_if(self.rules[reason])

    def _travel(self, reason: Reason) -> None:
        """Between two places there is at least the shortest way, whatever is done on it."""
        way, model = self._ways(), self.relaxed.model
        starts: dict[str, dict[tuple[int, str], list[Any]]] = {}
        for id_ in self._of(reason):
            at: dict[tuple[int, str], list[Any]] = defaultdict(list)
            for option, literal in self.options[id_]:
                no_room = option.room is None and model.activity[id_].needs_room
                site = None if no_room else model.site_of(model.activity[id_], option.room)
                if site is not None:
                    at[option.slot, site].append(literal)
            starts[id_] = at
        for one, begins in starts.items():
            for other, others in starts.items():
                if one == other:
                    continue
                for (slot, site), literals in begins.items():
                    last = slot + model.activity[one].duration
                    for (later, there), more in others.items():
                        near = site != there and 0 <= later - last < way[site, there]
                        if near and model.day_of(slot) == model.day_of(later):
                            self.model.add(sum(literals) + sum(more) <= 1).only_enforce_if(self.rules[reason])

    def _ways(self) -> dict[tuple[str, str], int]:
        model = self.relaxed.model
        sites = [site.id for site in model.sites]
        way = {(a, b): 0 if a == b else model.travel.get((a, b), 0) for a in sites for b in sites}
        for middle in sites:
            for a in sites:
                for b in sites:
                    way[a, b] = min(way[a, b], way[a, middle] + way[middle, b])
        return way

    def _link(self, link: Link, one: str, other: str, switches: list[Any]) -> None:
        if link.kind == LinkKind.ORDER:
            ends = sum((o.slot + self.relaxed.model.activity[one].duration) * x for o, x in self.options[one])
            begins = sum(o.slot * x for o, x in self.options[other])
            self.model.add(ends <= begins).only_enforce_if(switches)
            return
        first, second = self._by(link.kind, one), self._by(link.kind, other)
        for key in {*first, *second}:
            mine, theirs = sum(first.get(key, [])), sum(second.get(key, []))
            if link.kind == LinkKind.SPREAD:
                self.model.add(mine + theirs <= 1).only_enforce_if(switches)
            elif None not in (*first, *second):
                self.model.add(mine == theirs).only_enforce_if(switches)

    def _by(self, kind: LinkKind, id_: str) -> dict[Any, list[Any]]:
        """The options by slot, day or room, as the kind of link compares them."""
        found: dict[Any, list[Any]] = defaultdict(list)
        for option, literal in self.options[id_]:
            if kind == LinkKind.SAME_TIME:
                found[option.slot].append(literal)
            elif kind == LinkKind.SAME_ROOM:
                # Who may do without a room because no rule asks for one can be in any.
                needs = self.relaxed.model.activity[id_].needs_room
                found[option.room if option.room or needs else ""].append(literal)
            else:
                found[self.relaxed.model.day_of(option.slot)].append(literal)
        return found
