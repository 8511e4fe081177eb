"""The band of numbers and the facts behind each number."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kuznitsa.clusters.models import Cluster
from kuznitsa.facts.enums import STAYED, FactKind
from kuznitsa.facts.models import Fact, FactQuerySet
from kuznitsa.facts.queries import applicants, hired_until, totals
from kuznitsa.insight.enums import STAGE_BY_KEY, STAGES, STAYED_AFTER, ThreadStage
from kuznitsa.insight.queries.scopes import Scope
from kuznitsa.organisations.queries import standing
from kuznitsa.outcomes.queries import add_months
from kuznitsa.people.models import Person
from kuznitsa.ui.parts import Stage, Tab

OFFERED, APPLIED, CONTRACT, STAYED_STAGE = (STAGE_BY_KEY[key] for key in ("offered", "applied", "contract", "stayed"))
# Of fewer people the share who stayed says nothing; an earlier check point says more.
TELLING = 5


@dataclass(frozen=True)
class Stay:
    """How many still worked there so many `months` after they were hired, of those who were hired so long ago."""

    months: int
    stayed: int
    could: int


def band(scope: Scope, *, linked: bool = True) -> list[Stage]:
    """Return the thread of `scope` as stages for `ui`'s band: at most three small queries, whatever the ledger's size.

    A stage that nothing has reached yet, with nothing after it either, has the value None ("not come to
    this yet"); a zero in the middle is a zero. With `linked` each number leads to the facts behind it.
    """
    sums = totals(scope.threads)
    stay = furthest(stays(scope, sums))
    people = applicants(scope.threads) if sums.get(FactKind.APPLIED) else 0
    # Need and promise stand on the thread of the need; an offer's own thread begins with its seats.
    stages = STAGES[STAGES.index(OFFERED) :] if scope.offer else STAGES
    numbers = {stage.key: stage.count(sums) for stage in stages}
    numbers |= {APPLIED.key: people, STAYED_STAGE.key: stay.stayed if stay else 0}
    notes = _notes(numbers, sums, stay)
    last = max((index for index, number in enumerate(numbers.values()) if number), default=-1)
    return [
        Stage(
            label=stage.label,
            value=numbers[stage.key] if index <= last else None,
            url=scope.url("insight:stage", stage.key) if linked and numbers[stage.key] else "",
            note=notes.get(stage.key, ""),
            part_of=(stay.could if stay and stage == STAYED_STAGE else None) if stage.is_part else 0,
        )
        for index, stage in enumerate(stages)
    ]


def _notes(numbers: Mapping[str, int], sums: Mapping[FactKind, int], stay: Stay | None) -> dict[str, str]:
    notes = {}
    seats, people, ended = numbers[OFFERED.key], numbers[APPLIED.key], sums.get(FactKind.CONTRACT_ENDED, 0)
    if seats > 0 and people:
        notes[APPLIED.key] = _("%(people)s per seat") % {"people": number_format(people / seats, 1)}
    if ended:
        notes[CONTRACT.key] = ngettext("%(count)d ended early", "%(count)d ended early", ended) % {"count": ended}
    if stay:
        numbers_of_stay = {"months": stay.months, "could": stay.could}
        notes[STAYED_STAGE.key] = _("after %(months)d months, of %(could)d possible") % numbers_of_stay
    return notes


def stays(scope: Scope, sums: Mapping[FactKind, int]) -> list[Stay]:
    """Return how many stayed until each check point, the first first; `sums` are those of the scope's threads.

    One query if anybody has stayed at all, else none.
    """
    if not STAYED_STAGE.count(sums):
        return []
    today = timezone.localdate()
    hired = hired_until(scope.threads, {months: _hired_by(today, months) for months in STAYED})
    found = [(months, sums.get(kind, 0)) for months, kind in STAYED.items()]
    return [Stay(months, stayed, max(stayed, hired[months])) for months, stayed in found]


def furthest(found: list[Stay]) -> Stay | None:
    """Return the last check point that enough people could have reached to tell something; else the last reached."""
    reached = [stay for stay in found if stay.stayed]
    telling = [stay for stay in reached if stay.could >= TELLING]
    return (telling or reached)[-1] if reached else None


def _hired_by(today: date, months: int) -> date:
    """Return the last day of hire from which so many months have passed."""
    day = add_months(today, -months)
    if today.day == monthrange(today.year, today.month)[1]:
        return day.replace(day=monthrange(day.year, day.month)[1])
    return day


def stage_of(scope: Scope, key: str, months: str) -> ThreadStage:
    """Return the stage of that key; of those who stayed, after `months` ("": as in the band). KeyError for others."""
    stage = STAGE_BY_KEY[key]
    if stage != STAYED_STAGE:
        return stage
    if months:
        return {str(count): after for count, after in STAYED_AFTER.items()}[months]
    stay = furthest(stays(scope, totals(scope.threads)))
    return STAYED_AFTER[stay.months if stay else min(STAYED)]


def number_of(scope: Scope, stage: ThreadStage) -> int:
    """Return the number of a stage of the thread."""
    return applicants(scope.threads) if stage == APPLIED else stage.count(totals(scope.threads))


def heading(scope: Scope, stage: ThreadStage, user: Any) -> dict[str, Any]:
    """Return what stands over the facts of a stage: its number, the check points, whether all is seen, the way back."""
    return {
        "sees_all": standing(user).oversees_all,
        "total": number_of(scope, stage),
        "tabs": stay_tabs(scope, stage),
        "thread_url": scope.url("insight:thread"),
    }


def stay_tabs(scope: Scope, stage: ThreadStage) -> list[Tab]:
    """Return the check points one by one, if `stage` is of those who stayed."""
    if stage.key != STAYED_STAGE.key:
        return []
    text, early = _("after %(months)d months: %(stayed)d of %(could)d"), _("after %(months)d months: too early")
    return [
        Tab(
            (text if stay.could else early) % {"months": stay.months, "stayed": stay.stayed, "could": stay.could},
            scope.url("insight:stage", stage.key, months=stay.months),
            stage.kinds == (STAYED[stay.months],),
        )
        for stay in stays(scope, totals(scope.threads))
    ]


def sees_facts(scope: Scope, user: Any) -> bool:
    """Whether facts of the scope may be visible to `user`: so that a number leads somewhere. At most one query."""
    held = standing(user)
    if held.oversees_all or not held.roles:
        return held.oversees_all
    mine = held.organisations()
    own = Q(employer__in=mine) | Q(college__in=mine) | Q(cluster__in=Cluster.objects.of(user))
    return scope.threads.filter(own).exists()


def facts_of_stage(scope: Scope, stage: ThreadStage, user: Any, *, is_search: bool = False) -> FactQuerySet:
    """Return the facts behind a number that `user` may see, corrections included, newest first.

    A search for a name must not tell who is among those whose names are not shown: with `is_search` only facts
    about persons whom `user` may see are returned.
    """
    rows = Fact.objects.visible_to(user).of(scope.threads).filter(kind__in=stage.kinds)
    if is_search:
        rows = rows.filter(person__in=Person.objects.visible_to(user))
    return rows.newest_first()
