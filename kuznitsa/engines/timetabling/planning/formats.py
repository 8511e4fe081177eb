"""The files: `timetable-plan/1` in, `timetable-result/1` out. Described in docs/reference/timetable-json.md."""

import json
from collections.abc import Collection
from dataclasses import fields
from enum import StrEnum
from typing import TypeVar

from kuznitsa import __version__
from kuznitsa.engines.documents import (
    BadInput,
    Json,
    each,
    expect_format,
    integer,
    list_of,
    object_of,
    read_document,
    refuse,
    shown,
    text,
    texts,
    value_of,
)
from kuznitsa.engines.language import translate as _
from kuznitsa.engines.timetabling.planning.model import (
    Activity,
    Kind,
    Link,
    LinkKind,
    Model,
    Named,
    Placed,
    Plan,
    Resource,
    Result,
    Room,
    Weights,
    Wish,
)

PLAN = "timetable-plan/1"
RESULT = "timetable-result/1"
LARGEST = 1_000_000
HEAVIEST = 1000
MOST_SLOTS = 2000
MOST = 10_000
MOST_STARTS = 10_000_000

EnumT = TypeVar("EnumT", bound=StrEnum)


def read_model(data: bytes) -> Model:
    """The model in a file. Raises BadInput with the place in the file and what is wrong with it."""
    document = read_document(data)
    expect_format(document, PLAN)
    return _Reader(document).model()


def read_plan(data: bytes, model: Model, *, of_an_earlier_model: bool = False) -> Plan:
    """The plan in a result file. Raises BadInput for what the model does not know.

    A published plan may be `of_an_earlier_model`: meetings of activities, days, periods and rooms that are gone are
    left out, or keep only their slot.
    """
    document = read_document(data)
    expect_format(document, RESULT)
    days = {day.id: number for number, day in enumerate(model.days)}
    periods = {period.id: number for number, period in enumerate(model.periods)}
    plan: Plan = {}
    for number, entry in enumerate(each(document, "plan", lambda entry, _where: entry)):
        where = f"plan[{number}]."
        _only(entry, {"activity", "day", "period", "room"}, where)
        id_, day, period = (text(entry, name, where) for name in ("activity", "day", "period"))
        room = value_of(entry, "room", where)
        if room is not None:
            room = text(entry, "room", where)
        if id_ in plan:
            raise BadInput(_("%(where)s: %(id)s is there twice.") % {"where": f"{where}activity", "id": shown(id_)})
        known = id_ in model.activity and day in days and period in periods
        if of_an_earlier_model and not known:
            continue
        for name, value, names in (("activity", id_, model.activity), ("day", day, days), ("period", period, periods)):
            _known(value, names, where + name)
        if room is not None and not of_an_earlier_model:
            _known(room, model.room, f"{where}room")
        plan[id_] = Placed(days[day] * len(periods) + periods[period], room)
    return plan


def write_result(model: Model, result: Result, *, costs: dict[str, int], seed: int, input_sha256: str) -> bytes:
    """The file of a result: one meeting a line, in the order of time."""
    rows = []
    for id_, placed in sorted(result.plan.items(), key=lambda item: (item[1].slot, item[1].room or "", item[0])):
        day, period = divmod(placed.slot, len(model.periods))
        row = {"activity": id_, "day": model.days[day].id, "period": model.periods[period].id, "room": placed.room}
        rows.append(json.dumps(row, ensure_ascii=False))
    rest = {
        "unplaced": list(result.unplaced),
        "moved": list(result.moved),
        "cost": {"total": result.cost, "rules": costs},
        "audit": {
            "input_sha256": input_sha256,
            "seed": seed,
            "iterations": result.iterations,
            "complete": result.complete,
            "version": __version__,
        },
    }
    ending = json.dumps(rest, ensure_ascii=False)[1:]
    head = json.dumps(RESULT)
    listed = ",\n".join(rows)
    return f'{{"format": {head},\n"plan": [\n{listed}\n],\n{ending}\n'.encode()


class _Reader:
    """Reads a document part by part; later parts know the names of earlier ones."""

    def __init__(self, document: Json) -> None:
        self.document = document
        _only(document, {"format", *(field.name for field in fields(Model))}, "")
        self.days = self._named("days")
        self.periods = self._named("periods")
        if not self.days or not self.periods:
            raise BadInput(_("There must be at least one day and one period."))
        if len(self.days) * len(self.periods) > MOST_SLOTS:
            raise BadInput(_("There are more than %(most)s %(what)s.") % {"most": MOST_SLOTS, "what": "slots"})
        self.sites = self._named("sites") if "sites" in document else ()
        self.site_ids = {site.id for site in self.sites}
        self.day_numbers = {day.id: number for number, day in enumerate(self.days)}
        self.period_numbers = {period.id: number for number, period in enumerate(self.periods)}

    def model(self) -> Model:
        rooms = self._listed("rooms", self._room)
        self.room_ids = {room.id for room in rooms}
        resources = self._listed("resources", self._resource)
        self.sizes = {resource.id: resource.size for resource in resources}
        activities = self._listed("activities", self._activity)
        if len(activities) * len(self.days) * len(self.periods) > MOST_STARTS:
            words = {"most": MOST_STARTS, "what": "activities × slots"}
            raise BadInput(_("There are more than %(most)s %(what)s.") % words)
        self.activity_ids = {activity.id for activity in activities}
        return Model(
            name=text(self.document, "name", "") if "name" in self.document else "",
            days=self.days,
            periods=self.periods,
            sites=self.sites,
            travel=self._travel(),
            rooms=rooms,
            resources=resources,
            activities=activities,
            links=self._listed("links", self._link),
            wishes=self._listed("wishes", self._wish),
            weights=self._weights(),
        )

    def _listed(self, name: str, read):  # type: ignore[no-untyped-def]
        if name not in self.document:
            return ()
        found = tuple(each(self.document, name, read))
        if len(found) > MOST:
            raise BadInput(_("There are more than %(most)s %(what)s.") % {"most": MOST, "what": name})
        _unique(found, name)
        return found

    def _named(self, name: str) -> tuple[Named, ...]:
        def read(entry: Json, where: str) -> Named:
            _only(entry, {"id", "name"}, where)
            return Named(*self._id_and_name(entry, where))

        found = tuple(each(self.document, name, read))
        _unique(found, name)
        return found

    def _id_and_name(self, entry: Json, where: str) -> tuple[str, str]:
        id_ = text(entry, "id", where)
        if not id_ or "/" in id_ or id_ == "*":
            refuse(f"{where}id", _("a text without /, neither empty nor *"), id_)
        return id_, text(entry, "name", where) if "name" in entry else id_

    def _room(self, entry: Json, where: str) -> Room:
        _only(entry, {field.name for field in fields(Room)}, where)
        id_, name = self._id_and_name(entry, where)
        return Room(
            id=id_,
            name=name,
            places=_number(entry, "places", where),
            site=self._site(entry, where) if "site" in entry else None,
            equipment=frozenset(texts(entry, "equipment", where)) if "equipment" in entry else frozenset(),
            at_once=_number(entry, "at_once", where, default=1, least=1),
            unavailable=self._slots(entry, "unavailable", where) or frozenset(),
            unwanted=self._slots(entry, "unwanted", where) or frozenset(),
        )

    def _resource(self, entry: Json, where: str) -> Resource:
        _only(entry, {field.name for field in fields(Resource)}, where)
        id_, name = self._id_and_name(entry, where)
        few_days = entry.get("few_days", False)
        if type(few_days) is not bool:
            refuse(f"{where}few_days", _("true or false"), few_days)
        return Resource(
            id=id_,
            name=name,
            kind=_one_of(Kind, entry, "kind", where),
            size=_number(entry, "size", where, default=0),
            at_once=_number(entry, "at_once", where, default=1, least=1),
            organisation=text(entry, "organisation", where) if "organisation" in entry else None,
            unavailable=self._slots(entry, "unavailable", where) or frozenset(),
            unwanted=self._slots(entry, "unwanted", where) or frozenset(),
            most_a_day=_number(entry, "most_a_day", where) if "most_a_day" in entry else None,
            few_days=few_days,
        )

    def _activity(self, entry: Json, where: str) -> Activity:
        _only(entry, {field.name for field in fields(Activity)} - {"needs_room"}, where)
        id_, name = self._id_and_name(entry, where)
        who = self._ids(entry, "who", where, self.sizes) if "who" in entry else ()
        duration = _number(entry, "duration", where, default=1, least=1)
        if duration > len(self.periods):
            refuse(
                f"{where}duration", _("at most the periods of a day, %(most)s") % {"most": len(self.periods)}, duration
            )
        needs_room = "site" not in entry
        for field_name in ("rooms", "preferred_rooms", "equipment"):
            if field_name in entry and not needs_room:
                raise BadInput(_("%(where)s: an activity with a site has no room.") % {"where": where + field_name})
        return Activity(
            id=id_,
            name=name,
            who=who,
            kind=text(entry, "kind", where) if "kind" in entry else "",
            duration=duration,
            size=_number(entry, "size", where, default=min(sum(self.sizes[id_] for id_ in who), LARGEST)),
            needs_room=needs_room,
            site=None if needs_room or entry["site"] is None else self._site(entry, where),
            equipment=frozenset(texts(entry, "equipment", where)) if "equipment" in entry else frozenset(),
            rooms=self._rooms(entry, "rooms", where),
            slots=self._slots(entry, "slots", where),
            preferred_rooms=self._rooms(entry, "preferred_rooms", where),
            preferred_slots=self._slots(entry, "preferred_slots", where),
        )

    def _link(self, entry: Json, where: str) -> Link:
        _only(entry, {field.name for field in fields(Link)}, where)
        return Link(
            id=self._id_and_name(entry, where)[0],
            kind=_one_of(LinkKind, entry, "kind", where),
            activities=self._ids(entry, "activities", where, self.activity_ids),
            weight=_number(entry, "weight", where, most=HEAVIEST) if "weight" in entry else None,
        )

    def _wish(self, entry: Json, where: str) -> Wish:
        _only(entry, {field.name for field in fields(Wish)}, where)
        return Wish(
            id=self._id_and_name(entry, where)[0],
            activities=self._ids(entry, "activities", where, self.activity_ids),
            number=_number(entry, "number", where, default=1, most=HEAVIEST),
        )

    def _weights(self) -> Weights:
        if "weights" not in self.document:
            return Weights()
        entry = object_of(self.document, "weights")
        _only(entry, {field.name for field in fields(Weights)}, "weights.")
        return Weights(**{name: _number(entry, name, "weights.", most=HEAVIEST) for name in entry})

    def _travel(self) -> dict[tuple[str, str], int]:
        def read(entry: Json, where: str) -> tuple[str, str, int]:
            _only(entry, {"from", "to", "slots"}, where)
            ends = [text(entry, name, where) for name in ("from", "to")]
            for name, end in zip(("from", "to"), ends, strict=True):
                _known(end, self.site_ids, where + name)
            return ends[0], ends[1], _number(entry, "slots", where, most=MOST_SLOTS)

        found: dict[tuple[str, str], int] = {}
        for number, (start, end, slots) in enumerate(
            each(self.document, "travel", read) if "travel" in self.document else ()
        ):
            if start == end or (start, end) in found:
                words = {"where": f"travel[{number}]", "id": shown(f"{start} - {end}")}
                raise BadInput(_("%(where)s: %(id)s is there twice.") % words)
            found[start, end] = found[end, start] = slots
        return found

    def _site(self, entry: Json, where: str) -> str:
        site = text(entry, "site", where)
        _known(site, self.site_ids, f"{where}site")
        return site

    def _rooms(self, entry: Json, name: str, where: str) -> frozenset[str] | None:
        return frozenset(self._ids(entry, name, where, self.room_ids)) if name in entry else None

    def _ids(self, entry: Json, name: str, where: str, known: Collection[str]) -> tuple[str, ...]:
        ids = texts(entry, name, where)
        for number, id_ in enumerate(ids):
            _known(id_, known, f"{where}{name}[{number}]")
        if len(set(ids)) < len(ids):
            twice = next(id_ for id_ in ids if ids.count(id_) > 1)
            raise BadInput(_("%(where)s: %(id)s is there twice.") % {"where": where + name, "id": shown(twice)})
        return tuple(ids)

    def _slots(self, entry: Json, name: str, where: str) -> frozenset[int] | None:
        """Slots are written `day/period`; either may be `*`, and a day alone is all of it."""
        if name not in entry:
            return None
        found: set[int] = set()
        for number, item in enumerate(list_of(entry, name, where)):
            place = f"{where}{name}[{number}]"
            if type(item) is not str:
                refuse(place, _("a text"), item)
            day, _slash, period = item.partition("/")
            days = range(len(self.days)) if day == "*" else [self.day_numbers.get(day, -1)]
            periods = range(len(self.periods)) if period in ("", "*") else [self.period_numbers.get(period, -1)]
            if -1 in days or -1 in periods:
                refuse(place, _("day/period with known ids, or * for any"), item)
            found.update(one * len(self.periods) + other for one in days for other in periods)
        return frozenset(found)


def _only(entry: Json, names: Collection[str], where: str) -> None:
    for name in entry:
        if name not in names:
            raise BadInput(
                _("%(where)s is not known here.") % {"where": where + (name if name.isidentifier() else shown(name))}
            )


def _known(id_: str, ids: Collection[str], where: str) -> None:
    if id_ not in ids:
        raise BadInput(_("%(where)s: %(id)s is not known.") % {"where": where, "id": shown(id_)})


def _unique(things: Collection[Named | Room | Resource | Activity | Link | Wish], where: str) -> None:
    seen: set[str] = set()
    for number, thing in enumerate(things):
        if thing.id in seen:
            words = {"where": f"{where}[{number}].id", "id": shown(thing.id)}
            raise BadInput(_("%(where)s: %(id)s is there twice.") % words)
        seen.add(thing.id)


def _number(
    entry: Json, name: str, where: str, *, default: int | None = None, least: int = 0, most: int = LARGEST
) -> int:
    if default is not None and name not in entry:
        return default
    number = integer(entry, name, where)
    if not least <= number <= most:
        refuse(where + name, _("an integer from %(least)s to %(most)s") % {"least": least, "most": most}, number)
    return number


def _one_of(kind: type[EnumT], entry: Json, name: str, where: str) -> EnumT:
    value = text(entry, name, where)
    if value not in list(kind):
        refuse(where + name, ", ".join(kind), value)
    return kind(value)
