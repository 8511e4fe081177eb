"""Impossible by counting: more is to be held than there are slots, rooms or hours for (Hall's theorem, by flows)."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Sequence

from kuznitsa.engines.timetabling.planning.model import Model, Rule
from kuznitsa.engines.timetabling.planning.reasons import Relaxed, reasons_of

Node = Hashable
Graph = dict[Node, dict[Node, int]]

SOURCE, SINK = "source", "sink"
NO_LIMIT = 10**9


def crowded(relaxed: Relaxed) -> Iterator[list[str]]:
    """Sets of activities that cannot all be held, each found by one look: alone, by a resource, by the rooms.

    Necessary for a timetable, not sufficient: each slot of an activity is looked at as if it stood alone.
    """
    options = {id_: relaxed.options(id_) for id_ in relaxed.activities}
    for id_, found in options.items():
        if not found:
            yield [id_]
    filled = {id_: _filled(relaxed, id_, {option.slot for option in found}) for id_, found in options.items()}
    of: dict[str, list[str]] = defaultdict(list)
    for id_ in relaxed.activities:
        for who in relaxed.model.activity[id_].who:
            of[who].append(id_)
    for who, ids in of.items():
        if many := _too_many(_week_of(relaxed, who, ids, filled), ids):
            yield many
    ids = [id_ for id_ in relaxed.activities if relaxed.rooms(id_) is not None]
    if many := _too_many(_rooms(relaxed, ids), ids):
        yield many


def surely_unheld(model: Model, ids: Collection[str]) -> int:
    """How many activities at least find no place, as far as the weeks of those say who are needed for some of them."""
    lacking = []
    for who in dict.fromkeys(who for id_ in ids for who in model.activity[id_].who):
        asking = [activity.id for activity in model.activities if who in activity.who]
        relaxed = Relaxed(model, tuple(asking), frozenset(reasons_of(model, asking)))
        filled = {id_: _filled(relaxed, id_, {option.slot for option in relaxed.options(id_)}) for id_ in asking}
        week = _week_of(relaxed, who, asking, filled)
        _too_many(week, asking)
        # What is left at the source is slots that are asked for and not there.
        longest = max(model.activity[id_].duration for id_ in asking)
        lacking.append((-(-sum(week[SOURCE].values()) // longest), asking))
    found, seen = 0, set[str]()
    for count, asking in sorted(lacking, reverse=True):
        # An activity that two of them lack an hour for is counted once.
        if seen.isdisjoint(asking):
            found += count
            seen.update(asking)
    return found


def _filled(relaxed: Relaxed, id_: str, starts: set[int]) -> list[int]:
    duration = relaxed.model.activity[id_].duration
    return sorted({start + later for start in starts for later in range(duration)})


def _week_of(relaxed: Relaxed, who: str, ids: list[str], filled: dict[str, list[int]]) -> Graph:
    """Activities take slots of a resource, slots take hours of their day."""
    resource, graph = relaxed.model.resource[who], _graph(relaxed, ids)
    limited = resource.most_a_day is not None and relaxed.has(Rule.MOST_A_DAY, who)
    for id_ in ids:
        for slot in filled[id_]:
            day = ("day", relaxed.model.day_of(slot))
            graph[id_][slot] = 1
            graph[slot][day] = resource.at_once if relaxed.has(Rule.BUSY, who) else NO_LIMIT
            graph[day][SINK] = resource.most_a_day or 0 if limited else NO_LIMIT
    return graph


def _rooms(relaxed: Relaxed, ids: list[str]) -> Graph:
    """Activities take slots of rooms; rooms in which the same fit at the same hours count as one."""
    model = relaxed.model
    asked: dict[str, list[str]] = defaultdict(list)
    for id_ in ids:
        for room in relaxed.rooms(id_) or ():
            asked[room.id].append(id_)
    alike: dict[tuple[tuple[str, ...], frozenset[int]], int] = defaultdict(int)
    for room_id, askers in asked.items():
        shut = relaxed.has(Rule.AVAILABLE, room_id, is_room=True)
        limited = relaxed.has(Rule.ROOM_BUSY, room_id, is_room=True)
        key = tuple(askers), model.room[room_id].unavailable if shut else frozenset[int]()
        alike[key] += model.room[room_id].at_once if limited else NO_LIMIT
    graph = _graph(relaxed, ids)
    filled = {id_: _filled(relaxed, id_, set(relaxed.starts(id_))) for id_ in ids}
    for number, ((members, shut_slots), places) in enumerate(alike.items()):
        for id_ in members:
            for slot in filled[id_]:
                if slot not in shut_slots:
                    graph[id_][number, slot] = 1
                    graph[number, slot][SINK] = places
    return graph


def _graph(relaxed: Relaxed, ids: list[str]) -> Graph:
    graph: Graph = defaultdict(dict)
    graph[SOURCE] = {id_: relaxed.model.activity[id_].duration for id_ in ids}
    return graph


def _too_many(graph: Graph, ids: list[str]) -> list[str]:
    """The activities that ask for more than there is; none when all can have what they ask for."""
    source = graph[SOURCE]
    for id_ in ids:
        while source[id_] > 0 and SINK in (came_from := _reached(graph, [id_])):
            source[id_] -= 1
            node: Node = SINK
            while node != id_:
                before = came_from[node]
                graph[before][node] -= 1
                graph[node][before] = graph[node].get(before, 0) + 1
                node = before
    lacking = [id_ for id_ in ids if source[id_] > 0]
    found = _reached(graph, lacking)
    return [id_ for id_ in ids if id_ in found]


def _reached(graph: Graph, starts: Sequence[Node]) -> dict[Node, Node]:
    """Where one comes to along edges with something left, each with where from; no further than the sink."""
    came_from = {node: node for node in starts}
    queue = list(starts)
    for node in queue:
        for following, left in graph[node].items():
            if left > 0 and following not in came_from:
                came_from[following] = node
                queue.append(following)
        if SINK in came_from:
            break
    return came_from
