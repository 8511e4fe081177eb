"""Which days of campaigns, seats and contracts come next for somebody."""

from datetime import date
from operator import itemgetter
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import CampaignState, SeatState
from kuznitsa.admissions.models import Seat, TargetContract
from kuznitsa.admissions.queries.campaigns import BEFORE_RESULTS, ON_THE_SPOT, campaigns_before_results
from kuznitsa.base.duties import COMING, Coming
from kuznitsa.organisations.queries import standing
from kuznitsa.people.queries import family_of
from kuznitsa.programmes.models import Intake
from kuznitsa.programmes.queries import days_of_intakes

# Whoever oversees the country has to do with all its campaigns. More days than are shown: duties name some of them.
ENOUGH = 4 * COMING


def coming(user: Any, today: date) -> list[Coming]:
    """Return the days of the campaigns one has to do with, and the first and last days of study under contract."""
    if not user.is_authenticated:
        return []
    return [*_campaigns(user, today), *_studies(user, today)]


def _campaigns(user: Any, today: date) -> list[Coming]:
    days = (
        ("opens_on", [CampaignState.DRAFT], _("Applications open")),
        ("closes_on", [CampaignState.DRAFT, CampaignState.OPEN], _("Last day of applications")),
        ("publishes_on", BEFORE_RESULTS, _("Results of the allocation")),
    )
    ahead = [row for row in campaigns_before_results(user) if row.publishes_on > today]
    found = [
        (getattr(row, field), title, row.name, str(row.college), row)
        for field, states, title in days
        for row in ahead
        if row.state in states and getattr(row, field) > today
    ]
    nearest = sorted(found, key=itemgetter(0, 1, 2, 3))[:ENOUGH]
    return [Coming(day, title, name, row.get_absolute_url(), college) for day, title, name, college, row in nearest]


def _studies(user: Any, today: date) -> list[Coming]:
    """Of those who hold a seat or a contract, and of the plants that study with them."""
    mine, family = _organisations(user), family_of(user)
    if not mine and not family:
        return []
    seats = Seat.objects.filter(application__person__in=family, state=SeatState.ACCEPTED)
    contracts = TargetContract.objects.live().filter(Q(person__in=family) | Q(offer__employer__in=mine))
    intakes = Intake.objects.filter(
        Q(pk__in=seats.values("offer__intake")) | Q(pk__in=contracts.values("offer__intake"))
    )
    return days_of_intakes(intakes, today)


def _organisations(user: Any) -> set[int]:
    return {pk for pk, roles in standing(user).roles.items() if roles - ON_THE_SPOT}
