"""Campaigns, offers, applications, allocation runs, contracts."""

from kuznitsa.admissions.models.applications import ApplicantImport, Application, ApplicationDocument, Choice
from kuznitsa.admissions.models.calculated import RunFiles, RunPage, RunPlace
from kuznitsa.admissions.models.contracts import ContractParty, SupportPayment, Suspension, TargetContract
from kuznitsa.admissions.models.offers import Campaign, SupportMeasure, TargetOffer
from kuznitsa.admissions.models.records import PublicRecord, Scenario
from kuznitsa.admissions.models.rules import CompanyLimit, OfferPool, QuotaClaim, QuotaGroup
from kuznitsa.admissions.models.runs import AllocationRun, Seat

__all__ = [
    "AllocationRun",
    "ApplicantImport",
    "Application",
    "ApplicationDocument",
    "Campaign",
    "Choice",
    "CompanyLimit",
    "ContractParty",
    "OfferPool",
    "PublicRecord",
    "QuotaClaim",
    "QuotaGroup",
    "RunFiles",
    "RunPage",
    "RunPlace",
    "Scenario",
    "Seat",
    "SupportMeasure",
    "SupportPayment",
    "Suspension",
    "TargetContract",
    "TargetOffer",
]
