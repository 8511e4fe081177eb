"""Forms of admissions."""

from kuznitsa.admissions.forms.campaigns import CampaignForm, ReopeningForm, SeedForm
from kuznitsa.admissions.forms.offers import CalculatorForm, OfferForm, OfferReasonForm, SeatsForm, support_forms

__all__ = [
    "CalculatorForm",
    "CampaignForm",
    "OfferForm",
    "OfferReasonForm",
    "ReopeningForm",
    "SeatsForm",
    "SeedForm",
    "support_forms",
]
