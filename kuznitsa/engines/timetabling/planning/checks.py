"""An independent look at a plan, straight from the definitions: which rules are broken, and what costs how much.

Shares no code with the solver: an error in its tables or in its arithmetic shows here.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterator

from kuznitsa.engines.language import translate as _
from kuznitsa.engines.timetabling.planning import wording
from kuznitsa.engines.timetabling.planning.model import (
    HARD,
    SOFT,
    Activity,
    Finding,
    LinkKind,
    Model,
    Placed,
    Plan,
    Resource,
    Rule,
)


def check(model: Model, plan: Plan, published: Plan | None = None) -> list[Finding]:
    """Every broken rule and every cost of a plan, in the order of the rules; costs of 0 are left out.

    With a `published` plan, the meetings that were moved count as well.
    """
    look = _Look(model, plan)
    found = [
        *look.activities(),
        *look.resources(),
        *look.rooms(),
        *look.days(),
        *look.links(),
        *look.wishes(),
        *(look.moved(published) if published else ()),
    ]
    order = list(Rule)
    return sorted((f for f in found if f.is_hard or f.cost), key=lambda finding: order.index(finding.rule))


def costs(findings: list[Finding]) -> dict[str, int]:
    """The cost by soft rule, all of them named."""
    return {rule.value: sum(finding.cost for finding in findings if finding.rule == rule) for rule in SOFT}


def is_whole(findings: list[Finding]) -> bool:
    """Whether no hard rule is broken."""
    return not any(finding.rule in HARD for finding in findings)


class _Look:
    def __init__(self, model: Model, plan: Plan) -> None:
        self.model, self.plan = model, plan
        self.held = [(a, plan[a.id]) for a in model.activities if a.id in plan]
        self.of: dict[str, list[tuple[Activity, Placed]]] = defaultdict(list)
        for activity, placed in self.held:
            for id_ in activity.who:
                self.of[id_].append((activity, placed))

    def slots(self, activity: Activity, placed: Placed) -> set[int]:
        """The slots that it fills; those beyond the end of the day are no slots."""
        end = (self.model.day_of(placed.slot) + 1) * len(self.model.periods)
        return set(range(placed.slot, min(placed.slot + activity.duration, end)))

    def name(self, activity: Activity) -> str:
        return wording.activity(self.model, activity)

    def activities(self) -> Iterator[Finding]:
        """Each activity is held, when and where it may be, and rather when and where it likes."""
        for activity in self.model.activities:
            words = {"activity": self.name(activity)}
            placed = self.plan.get(activity.id)
            if placed is None:
                yield Finding(Rule.HELD, _("%(activity)s is not held") % words, 0, (activity.id,))
                continue
            words["slot"] = self.model.slot_name(placed.slot)
            words["room"] = wording.room(self.model, placed.room)
            too_late = len(self.slots(activity, placed)) < activity.duration
            if too_late or (activity.slots is not None and placed.slot not in activity.slots):
                text = _("%(activity)s may not begin on %(slot)s") % words
                yield Finding(Rule.SLOTS, text, 0, (activity.id,))
            if reason := self._why_not_there(activity, placed.room):
                text = _("%(activity)s may not be held in %(room)s: %(reason)s") % (words | {"reason": reason})
                yield Finding(Rule.ROOM, text, 0, (activity.id,))
            if activity.preferred_slots is not None and placed.slot not in activity.preferred_slots:
                text = _("%(activity)s is on %(slot)s, not at a preferred time") % words
                yield Finding(Rule.PREFERRED_SLOTS, text, self.model.weights.preferred_slots, (activity.id,))
            if activity.preferred_rooms is not None and placed.room not in activity.preferred_rooms:
                text = _("%(activity)s is in %(room)s, not in a preferred room") % words
                yield Finding(Rule.PREFERRED_ROOMS, text, self.model.weights.preferred_rooms, (activity.id,))

    def _why_not_there(self, activity: Activity, id_: str | None) -> str:
        if id_ is None:
            return _("it needs a room") if activity.needs_room else ""
        room = self.model.room[id_]
        if not activity.needs_room:
            return _("it takes no room")
        if activity.rooms is not None and id_ not in activity.rooms:
            return _("it is none of its rooms")
        if activity.size > room.places:
            return _("%(size)s people, %(places)s places") % {"size": activity.size, "places": room.places}
        if lacking := activity.equipment - room.equipment:
            return _("no %(equipment)s there") % {"equipment": ", ".join(sorted(lacking))}
        return ""

    def resources(self) -> Iterator[Finding]:
        """Everybody is there, and nobody in more places at once than there are of them."""
        weight = self.model.weights.unwanted
        for resource in self.model.resources:
            at: dict[int, list[str]] = defaultdict(list)
            who = wording.resource(resource)
            for activity, placed in self.of[resource.id]:
                slots = self.slots(activity, placed)
                for slot in slots:
                    at[slot].append(activity.id)
                words = {"who": who, "activity": self.name(activity)}
                if away := slots & resource.unavailable:
                    words["slots"] = wording.slots(self.model, away)
                    text = _("%(who)s is not available: %(slots)s, %(activity)s") % words
                    yield Finding(Rule.AVAILABLE, text, 0, (activity.id,))
                if disliked := slots & resource.unwanted:
                    words["slots"] = wording.slots(self.model, disliked)
                    text = _("%(who)s would rather not: %(slots)s, %(activity)s") % words
                    yield Finding(Rule.UNWANTED, text, weight * len(disliked), (activity.id,))
            yield from self._crowded(Rule.BUSY, who, at, resource.at_once)

    def rooms(self) -> Iterator[Finding]:
        """The same for rooms."""
        weight = self.model.weights.unwanted
        for room in self.model.rooms:
            at: dict[int, list[str]] = defaultdict(list)
            for activity, placed in self.held:
                if placed.room != room.id:
                    continue
                slots = self.slots(activity, placed)
                for slot in slots:
                    at[slot].append(activity.id)
                words = {"who": room.name, "activity": self.name(activity)}
                if shut := slots & room.unavailable:
                    words["slots"] = wording.slots(self.model, shut)
                    text = _("%(who)s is not available: %(slots)s, %(activity)s") % words
                    yield Finding(Rule.AVAILABLE, text, 0, (activity.id,))
                if disliked := slots & room.unwanted:
                    words["slots"] = wording.slots(self.model, disliked)
                    text = _("%(who)s would rather not: %(slots)s, %(activity)s") % words
                    yield Finding(Rule.UNWANTED, text, weight * len(disliked), (activity.id,))
            yield from self._crowded(Rule.ROOM_BUSY, room.name, at, room.at_once)

    def _crowded(self, rule: Rule, who: str, at: dict[int, list[str]], at_once: int) -> Iterator[Finding]:
        for slot, ids in sorted(at.items()):
            if len(ids) > at_once:
                words = {"who": who, "slot": self.model.slot_name(slot), "count": at_once}
                words["activities"] = wording.activities(self.model, ids)
                if at_once == 1:
                    text = _("%(who)s cannot be in several activities at once, %(slot)s: %(activities)s") % words
                else:
                    text = _("%(who)s is enough for %(count)s activities at once, %(slot)s: %(activities)s") % words
                yield Finding(rule, text, 0, tuple(ids))

    def days(self) -> Iterator[Finding]:
        """What each day asks of a resource."""
        for resource in self.model.resources:
            by_day: dict[int, list[tuple[Activity, Placed]]] = defaultdict(list)
            for activity, placed in self.of[resource.id]:
                by_day[self.model.day_of(placed.slot)].append((activity, placed))
            for day, meetings in sorted(by_day.items()):
                yield from self._day(resource, self.model.days[day].name, meetings)

    def _day(self, resource: Resource, day: str, meetings: list[tuple[Activity, Placed]]) -> Iterator[Finding]:
        ids = tuple(activity.id for activity, _placed in meetings)
        words: dict[str, object] = {"who": wording.resource(resource), "day": day}
        total = sum(activity.duration for activity, _placed in meetings)
        if resource.most_a_day is not None and total > resource.most_a_day:
            words |= {"total": total, "most": resource.most_a_day}
            text = _("%(who)s has %(total)s slots on %(day)s, at most %(most)s are allowed") % words
            yield Finding(Rule.MOST_A_DAY, text, 0, ids)
        if resource.few_days:
            yield Finding(Rule.DAYS, _("%(who)s has to come on %(day)s") % words, self.model.weights.days, ids)
        if resource.at_once > 1:
            return
        meetings = sorted(meetings, key=lambda meeting: meeting[1].slot)
        for (before, here), (after, there) in itertools.pairwise(meetings):
            yield from self._way(resource, words, (before, here), (after, there))

    def _way(
        self,
        resource: Resource,
        words: dict[str, object],
        one: tuple[Activity, Placed],
        other: tuple[Activity, Placed],
    ) -> Iterator[Finding]:
        """From one meeting of the day to the next."""
        (before, here), (after, there) = one, other
        sites = self.model.site_of(before, here.room), self.model.site_of(after, there.room)
        far = None not in sites and sites[0] != sites[1]
        needed = self.model.travel.get((sites[0] or "", sites[1] or ""), 0) if far else 0
        idle = there.slot - here.slot - before.duration
        ids = (before.id, after.id)
        words = words | {"one": self.name(before), "other": self.name(after), "needed": needed, "idle": idle}
        if 0 <= idle < needed:
            text = _("%(who)s needs %(needed)s slots from %(one)s to %(other)s on %(day)s, and has %(idle)s") % words
            yield Finding(Rule.TRAVEL, text, 0, ids)
        if not resource.is_one_person:
            return
        if idle > needed:
            text = _("%(who)s waits between %(one)s and %(other)s on %(day)s") % words
            yield Finding(Rule.GAPS, text, (idle - needed) * self.model.weights.gaps, ids)
        if far:
            text = _("%(who)s travels from %(one)s to %(other)s on %(day)s") % words
            yield Finding(Rule.JOURNEYS, text, self.model.weights.journeys, ids)

    def links(self) -> Iterator[Finding]:
        """What is asked of activities together."""
        for link in self.model.links:
            for one, other in link.pairs():
                if one not in self.plan or other not in self.plan or self._kept(link.kind, one, other):
                    continue
                names = {"one": self.name(self.model.activity[one]), "other": self.name(self.model.activity[other])}
                text = wording.link_broken(link.kind) % names
                rule = Rule.LINK if link.weight is None else Rule.SOFT_LINK
                yield Finding(rule, text, (link.weight or 0) * self.model.weights.soft_link, (one, other))

    def _kept(self, kind: LinkKind, one: str, other: str) -> bool:
        (slot, room), (other_slot, other_room) = self.plan[one], self.plan[other]
        same_day = self.model.day_of(slot) == self.model.day_of(other_slot)
        return {
            LinkKind.SAME_TIME: slot == other_slot,
            LinkKind.SAME_DAY: same_day,
            LinkKind.SAME_ROOM: room == other_room,
            LinkKind.ORDER: slot + self.model.activity[one].duration <= other_slot,
            LinkKind.SPREAD: not same_day,
        }[kind]

    def wishes(self) -> Iterator[Finding]:
        """Whoever would like to attend several activities can."""
        for wish in self.model.wishes:
            held = [(self.model.activity[id_], self.plan[id_]) for id_ in wish.activities if id_ in self.plan]
            for number, (one, placed) in enumerate(held):
                for other, other_placed in held[number + 1 :]:
                    # Here the end of the day does not matter: what is too long is broken elsewhere.
                    ends = placed.slot + one.duration, other_placed.slot + other.duration
                    if placed.slot < ends[1] and other_placed.slot < ends[0]:
                        words = {"wish": wish.id, "one": self.name(one), "other": self.name(other)}
                        text = _("%(wish)s cannot attend both %(one)s and %(other)s") % words
                        cost = wish.number * self.model.weights.wishes
                        yield Finding(Rule.WISHES, text, cost, (one.id, other.id))

    def moved(self, published: Plan) -> Iterator[Finding]:
        """What was published stays as it was."""
        for activity, placed in self.held:
            if activity.id in published and published[activity.id] != placed:
                words = {"activity": self.name(activity), "slot": self.model.slot_name(placed.slot)}
                words["room"] = wording.room(self.model, placed.room)
                text = _("%(activity)s is moved to %(slot)s, %(room)s") % words
                yield Finding(Rule.MOVED, text, self.model.weights.moved, (activity.id,))
