"""What in admissions needs a person now."""

from datetime import date
from typing import Any

from kuznitsa.admissions.queries.campaigns import duties_with_campaigns
from kuznitsa.admissions.queries.contract_duties import duties_with_contracts
from kuznitsa.admissions.queries.offers import duties_with_offers
from kuznitsa.admissions.queries.waiting import duties_with_applications
from kuznitsa.base.duties import Duty


def duties(user: Any, today: date) -> list[Duty]:
    """Return what of campaigns, offers, applications, runs and contracts waits for `user`."""
    return [
        *duties_with_campaigns(user, today),
        *duties_with_offers(user, today),
        *duties_with_applications(user, today),
        *duties_with_contracts(user, today),
    ]
