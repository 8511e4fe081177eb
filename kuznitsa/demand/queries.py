"""Needs as lists and sums; what waits for those who speak for a plant."""

from datetime import date
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from kuznitsa.base.duties import Duty
from kuznitsa.demand.enums import Confidence, NeedState
from kuznitsa.demand.models import Need
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Thread
from kuznitsa.facts.queries import totals
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.models import Organisation
from kuznitsa.organisations.queries import standing


def hired_for(need: Need) -> int:
    """Return how many graduates were hired on the thread of the need and of the offers that answer it."""
    if need.thread is None:
        return 0
    return totals(Thread.objects.all().with_branches(need.thread)).get(FactKind.HIRED, 0)


def employers_spoken_for(user: Any) -> list[Organisation]:
    """Return the enterprises for which the user may state needs, by name."""
    mine = standing(user).organisations(Role.EMPLOYER_HR, Role.DIRECTOR, Role.COORDINATOR)
    return list(Organisation.objects.employers().filter(pk__in=mine).order_by("search"))


def duties(user: Any, today: date) -> list[Duty]:
    """Drafts to state, soft needs of next year to make firm, open needs whose year is over."""
    mine = standing(user).organisations(Role.EMPLOYER_HR)
    if not mine:
        return []
    needs = Need.objects.filter(employer__in=mine)
    soft = needs.open().filter(year__lte=today.year + 1).exclude(confidence=Confidence.FIRM)
    groups = [
        (_("State the needs that are drafts"), NeedState.DRAFT, needs.filter(state=NeedState.DRAFT)),
        (_("Say whether these needs still stand"), NeedState.STATED, soft.filter(year__gte=today.year)),
        (_("End the needs of past years"), NeedState.STATED, needs.open().filter(year__lt=today.year)),
    ]
    employers = Organisation.objects.in_bulk(mine)
    return [
        Duty(
            title=title,
            about=_("Needs"),
            url=f"{reverse('demand:list')}?state={state}",
            organisation=str(employers[row["employer"]]),
            count=row["needs"],
        )
        for title, state, rows in groups
        for row in rows.values("employer").annotate(needs=Count("pk")).order_by("employer")
    ]
