"""Campaigns, offers and what follows from them."""

from datetime import date, datetime
from typing import Any

import factory

from kuznitsa.admissions.actions import applications, checking, runs
from kuznitsa.admissions.enums import CampaignState, OfferState, SupportKind
from kuznitsa.admissions.models import AllocationRun, Application, Campaign, SupportMeasure, TargetOffer
from kuznitsa.facts.models import Thread
from kuznitsa.organisations.enums import Role
from kuznitsa.people.models import Person
from tests.factories.organisations import CollegeFactory, EmployerFactory, member
from tests.factories.people import PersonFactory
from tests.factories.programmes import IntakeFactory


class CampaignFactory(factory.django.DjangoModelFactory):
    """A campaign open for applications at the instant of the tests, 1 September 2026."""

    class Meta:
        model = Campaign

    name = factory.Sequence(lambda number: f"Кампания {number}")
    college = factory.SubFactory(CollegeFactory)
    opens_on = date(2026, 8, 20)
    closes_on = date(2026, 9, 10)
    publishes_on = date(2026, 9, 15)
    draw_source = "тираж государственной лотереи"
    state = CampaignState.OPEN


class TargetOfferFactory(factory.django.DjangoModelFactory):
    """An offer with all its terms but support; `published=True` gives it a campaign and a public state."""

    class Meta:
        model = TargetOffer

    class Params:
        published = factory.Trait(
            state=OfferState.PUBLISHED,
            campaign=factory.SubFactory(CampaignFactory, college=factory.SelfAttribute("..intake.programme.college")),
        )

    number = factory.Sequence(lambda number: f"2026-{number}")
    employer = factory.SubFactory(EmployerFactory)
    intake = factory.SubFactory(IntakeFactory)
    seats = 5
    position = "электролизник"
    duties = "Учиться и пройти практику на заводе."
    exit_terms = "По соглашению сторон."


class SupportMeasureFactory(factory.django.DjangoModelFactory):
    """Five thousand roubles a month."""

    class Meta:
        model = SupportMeasure

    offer = factory.SubFactory(TargetOfferFactory)
    kind = SupportKind.STIPEND
    amount_kopecks = 500_000


class OpenOfferFactory(TargetOfferFactory):
    """A published offer with one seat and its thread, in an open campaign whose seed is known beforehand."""

    state = OfferState.PUBLISHED
    campaign = factory.SubFactory(CampaignFactory, draw_seed="12 7 31")
    intake = factory.SubFactory(IntakeFactory, programme__college=factory.SelfAttribute("...campaign.college"))
    seats = 1
    position = factory.Sequence(lambda number: f"электролизник {number}")
    thread = factory.LazyAttribute(
        lambda offer: Thread.objects.create(
            title=offer.number,
            employer=offer.employer,
            college=offer.campaign.college,
            occupation=offer.intake.programme.occupation,
            year=2028,
        )
    )


def office_of(campaign: Campaign) -> Any:
    """Return a new member of the admissions office of the campaign's college."""
    return member(campaign.college, Role.ADMISSIONS)


def submitted(*offers: TargetOffer, at: datetime, mark: int = 400, person: Person | None = None) -> Application:
    """Return the submitted application of an adult to `offers`, the dearest first."""
    campaign = offers[0].campaign
    application = applications.start_application(campaign=campaign, person=person or PersonFactory(), by=None, at=at)
    applications.edit_application(application=application, offers=offers, average_mark_hundredths=mark, by=None, at=at)
    return applications.submit_application(application=application, by=None, at=at)


def checked(*offers: TargetOffer, at: datetime, mark: int = 400, person: Person | None = None) -> Application:
    """Return an application as `submitted`, confirmed by the office."""
    application = submitted(*offers, at=at, mark=mark, person=person)
    return checking.check_application(application=application, by=None, at=at)


def published(campaign: Campaign, *, at: datetime) -> AllocationRun:
    """Close the campaign, calculate, and have two people publish."""
    campaign.state = CampaignState.CLOSED
    campaign.save()
    run = runs.run_allocation(campaign=campaign, by=None, at=at)
    runs.approve_run(run=run, by=office_of(campaign), at=at)
    return runs.publish_run(run=run, by=office_of(campaign), at=at)
