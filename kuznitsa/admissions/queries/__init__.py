"""Reads for the screens of admissions."""

from kuznitsa.admissions.queries.campaigns import (
    colleges_with_campaigns_of,
    duties_with_campaigns,
    listed_campaigns,
)
from kuznitsa.admissions.queries.cards import Card, Exit, card_of, duration, exits_of, support_over
from kuznitsa.admissions.queries.coming import coming
from kuznitsa.admissions.queries.duties import duties
from kuznitsa.admissions.queries.offers import (
    duties_with_offers,
    employers_of,
    listed_offers,
    missing_terms,
    next_number,
    offers_of_list,
    open_offers,
    seats_held,
    seats_promised_of,
)

__all__ = [
    "Card",
    "Exit",
    "card_of",
    "colleges_with_campaigns_of",
    "coming",
    "duration",
    "duties",
    "duties_with_campaigns",
    "duties_with_offers",
    "employers_of",
    "exits_of",
    "listed_campaigns",
    "listed_offers",
    "missing_terms",
    "next_number",
    "offers_of_list",
    "open_offers",
    "seats_held",
    "seats_promised_of",
    "support_over",
]
