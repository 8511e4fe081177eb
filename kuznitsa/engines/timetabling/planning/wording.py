"""How people, activities and hours are called in what is said to the user."""

from collections.abc import Iterable

from kuznitsa.engines.language import translate as _
from kuznitsa.engines.timetabling.planning.model import Activity, Kind, LinkKind, Model, Resource

MOST_NAMED = 4


def resource(one: Resource) -> str:
    """What somebody or something is, and its name."""
    words = {
        Kind.GROUP: _("group %(name)s"),
        Kind.PARTICIPANT: _("participant %(name)s"),
        Kind.TEACHER: _("teacher %(name)s"),
        Kind.MENTOR: _("mentor %(name)s"),
        Kind.GUIDE: _("guide %(name)s"),
        Kind.VEHICLE: _("vehicle %(name)s"),
        Kind.EQUIPMENT: _("equipment %(name)s"),
    }
    return words[one.kind] % {"name": one.name}


def activity(model: Model, one: Activity) -> str:
    """The name of an activity and whose it is: many bear one name."""
    groups = [model.resource[id_].name for id_ in one.who if model.resource[id_].kind == Kind.GROUP]
    groups = groups or [model.resource[id_].name for id_ in one.who]
    return (
        _("“%(name)s” (%(who)s)") % {"name": one.name, "who": listed(groups)}
        if groups
        else _("“%(name)s”") % {"name": one.name}
    )


def activities(model: Model, ids: Iterable[str]) -> str:
    """Some activities, the first few by name."""
    return listed([activity(model, model.activity[id_]) for id_ in ids])


def room(model: Model, id_: str | None) -> str:
    """The name of a room."""
    return _("no room") if id_ is None else model.room[id_].name


def slots(model: Model, numbers: Iterable[int]) -> str:
    """Some slots, the first few by name."""
    return listed([model.slot_name(number) for number in sorted(numbers)])


def listed(names: list[str]) -> str:
    """Names with commas; of many, the first few and how many more."""
    if len(names) <= MOST_NAMED:
        return ", ".join(names)
    few = {"names": ", ".join(names[: MOST_NAMED - 1]), "count": len(names) - MOST_NAMED + 1}
    return _("%(names)s and %(count)s more") % few


def link_broken(kind: LinkKind) -> str:
    """What is said when two activities break a link; with %(one)s and %(other)s."""
    return {
        LinkKind.SAME_TIME: _("%(one)s and %(other)s are not at the same time"),
        LinkKind.SAME_DAY: _("%(one)s and %(other)s are not on the same day"),
        LinkKind.SAME_ROOM: _("%(one)s and %(other)s are not in the same room"),
        LinkKind.ORDER: _("%(one)s is not over before %(other)s"),
        LinkKind.SPREAD: _("%(one)s and %(other)s are on the same day"),
    }[kind]


def link_asked(kind: LinkKind) -> str:
    """What a link asks of its %(activities)s."""
    return {
        LinkKind.SAME_TIME: _("at the same time: %(activities)s"),
        LinkKind.SAME_DAY: _("on the same day: %(activities)s"),
        LinkKind.SAME_ROOM: _("in the same room: %(activities)s"),
        LinkKind.ORDER: _("one after the other: %(activities)s"),
        LinkKind.SPREAD: _("on different days: %(activities)s"),
    }[kind]
