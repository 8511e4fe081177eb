"""Runs as screens show them."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from kuznitsa.admissions.enums import ApplicationState
from kuznitsa.admissions.models import AllocationRun, Application, Campaign, TargetOffer
from kuznitsa.admissions.queries.seats import instance_of, number_in, numbers_of
from kuznitsa.people.models import Person


@dataclass(frozen=True)
class OfferLine:
    """An offer in a run: seats, how many were given, how many asked, the lowest score that got a seat."""

    offer: TargetOffer
    name: str
    seats: int
    given: int
    asked: int
    first_choices: int
    cut_off: int | None


@dataclass(frozen=True)
class ApplicantLine:
    """An application in a run, with the person for those who may see them."""

    name: str
    person: Person | None
    offer: TargetOffer | None
    rank: int | None
    application: int


def runs_of(campaign: Campaign, user: Any) -> Any:
    """Return the runs of a campaign that the user may see, the newest first."""
    runs = AllocationRun.objects.visible_to(user).filter(campaign=campaign)
    return runs.select_related("created_by", "approved_by", "published_by").order_by("-number")


def unchecked(campaign: Campaign) -> int:
    """Return how many sent applications the office has not checked; they do not compete."""
    return campaign.applications.filter(state=ApplicationState.SUBMITTED).count()


def cut_offs(run: AllocationRun) -> list[OfferLine]:
    """Return the offers of a run with their numbers; [] while it is being calculated."""
    if not run.result:
        return []
    instance = instance_of(run)
    assignment = run.result["assignment"]
    offers = {
        offer.pk: offer
        for offer in TargetOffer.objects.filter(
            pk__in=[number_in(place.id) for place in instance.places]
        ).select_related("employer")
    }
    asked: Counter[str] = Counter()
    first: Counter[str] = Counter()
    admitted: dict[str, list[int]] = {place.id: [] for place in instance.places}
    for applicant in instance.applicants:
        asked.update(choice.place for choice in applicant.choices)
        first.update(choice.place for choice in applicant.choices[:1])
        scores = {choice.place: choice.score for choice in applicant.choices}
        place_id = assignment[applicant.id]
        if place_id is not None:
            admitted[place_id].append(scores[place_id] or 0)
    return [
        OfferLine(
            offer=offers[number_in(place.id)],
            name=place.id,
            seats=place.capacity,
            given=len(admitted[place.id]),
            asked=asked[place.id],
            first_choices=first[place.id],
            cut_off=min(admitted[place.id])
            if admitted[place.id] and len(admitted[place.id]) >= place.capacity
            else None,
        )
        for place in instance.places
    ]


def names_in(run: AllocationRun, user: Any) -> list[ApplicantLine]:
    """Return who is placed where; persons only where the user may see the application, the others by pseudonym."""
    if not run.result:
        return []
    assignment = run.result["assignment"]
    numbers = numbers_of(assignment)
    seen = Application.objects.visible_to(user).filter(pk__in=numbers.values()).select_related("person")
    persons = {application.pk: application.person for application in seen}
    offers = TargetOffer.objects.filter(campaign=run.campaign_id).select_related("employer")
    by_id = {offer.pk: offer for offer in offers}
    ranks = {applicant.id: [choice.place for choice in applicant.choices] for applicant in instance_of(run).applicants}
    return [
        ApplicantLine(
            name=name,
            person=persons.get(numbers[name]),
            offer=by_id.get(number_in(place)) if place else None,
            rank=ranks[name].index(place) + 1 if place else None,
            application=numbers[name],
        )
        for name, place in sorted(assignment.items())
    ]
