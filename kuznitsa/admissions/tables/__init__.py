"""Lists of admissions."""

from kuznitsa.admissions.tables.campaigns import CampaignFilter, CampaignTable
from kuznitsa.admissions.tables.offers import OfferFilter, OfferTable

__all__ = ["CampaignFilter", "CampaignTable", "OfferFilter", "OfferTable"]
