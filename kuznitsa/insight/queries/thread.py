"""The band of numbers and the facts behind each number."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from kuznitsa.facts.enums import STAYED, FactKind
from kuznitsa.facts.models import Fact, FactQuerySet
from kuznitsa.facts.queries import totals
from kuznitsa.insight.enums import STAGE_BY_KEY, STAGES, STAYED_KINDS, ThreadStage
from kuznitsa.insight.queries.scopes import Scope
from kuznitsa.people.models import Person
from kuznitsa.ui.parts import Stage

MONTHS = {kind: months for months, kind in STAYED.items()}


def band(scope: Scope, *, linked: bool = True) -> list[Stage]:
    """Return the thread of `scope` as stages for `ui`'s band: two small queries, whatever the ledger's size.

    A stage that nothing has reached yet, with nothing after it either, has the value None ("not come to
    this yet"); a zero in the middle is a zero. With `linked` each number leads to the facts behind it.
    """
    sums = totals(scope.threads)
    # Need and promise stand on the thread of the need; an offer's own thread begins with its seats.
    stages = STAGES[STAGES.index(STAGE_BY_KEY["offered"]) :] if scope.offer else STAGES
    numbers = [_number(stage, sums) for stage in stages]
    last = max((index for index, number in enumerate(numbers) if number), default=-1)
    return [
        Stage(
            label=stage.label,
            value=number if index <= last else None,
            url=scope.url("insight:stage", stage.key) if linked and number else "",
            note=_stayed_note(sums) if stage.plus == STAYED_KINDS and number else "",
        )
        for index, (stage, number) in enumerate(zip(stages, numbers, strict=True))
    ]


def _number(stage: ThreadStage, sums: Mapping[FactKind, int]) -> int:
    if stage.plus == STAYED_KINDS:
        furthest = _furthest_stay(sums)
        return sums.get(furthest, 0) if furthest else 0
    return sum(sums.get(kind, 0) for kind in stage.plus) - sum(sums.get(kind, 0) for kind in stage.minus)


def _furthest_stay(sums: Mapping[FactKind, int]) -> FactKind | None:
    return next((kind for kind in STAYED_KINDS if sums.get(kind)), None)


def _stayed_note(sums: Mapping[FactKind, int]) -> str:
    furthest = _furthest_stay(sums)
    return _("after %(months)d months") % {"months": MONTHS[furthest]} if furthest else ""


def facts_of_stage(scope: Scope, stage: ThreadStage, user: Any, *, is_search: bool = False) -> FactQuerySet:
    """Return the facts behind a number that `user` may see, corrections included, newest first.

    A search for a name must not tell who is among those whose names are not shown: with `is_search` only facts
    about persons whom `user` may see are returned.
    """
    kinds: tuple[FactKind, ...] = (*stage.plus, *stage.minus)
    if stage.plus == STAYED_KINDS:
        furthest = _furthest_stay(totals(scope.threads))
        kinds = (furthest,) if furthest else ()
    rows = Fact.objects.visible_to(user).filter(thread__in=scope.threads, kind__in=kinds)
    if is_search:
        rows = rows.filter(person__in=Person.objects.visible_to(user))
    return rows.select_related("organisation", "counterpart", "person", "source_type").newest_first()
