"""A campaign as the input of the engine: applications under pseudonyms, offers as places."""

import hashlib
from collections import Counter, defaultdict

from kuznitsa.admissions.enums import LIVE_CONTRACT_STATES, ApplicationState, DocumentKind, OfferState
from kuznitsa.admissions.models import Application, ApplicationDocument, Campaign, TargetContract, TargetOffer
from kuznitsa.admissions.queries.seats import place_id, pseudonym
from kuznitsa.engines import allocation
from kuznitsa.engines.allocation import Instance


def build_instance(campaign: Campaign) -> Instance:
    """Return who takes part, what they wish, what the offers hold and how applicants are ranked there.

    Who has withdrawn a consent that applying needs does not take part.

    A choice without a score does not take part at that offer: not checked yet, below the lowest mark, or a
    medical certificate is missing.
    """
    offers = list(campaign.offers.exclude(state=OfferState.DRAFT).order_by("pk"))
    applications = campaign.applications.standing().consented().prefetch_related("choices").order_by("pk")
    medical = _with_medical(campaign)
    by_id = {offer.pk: offer for offer in offers}
    return Instance(
        seed=campaign.draw_seed,
        applicants=tuple(
            allocation.Applicant(
                id=pseudonym(application.pk),
                choices=tuple(
                    allocation.Choice(place_id(offer_id), score_at(application, by_id.get(offer_id), medical))
                    for offer_id in ranked(application)
                ),
            )
            for application in applications
        ),
        places=_places(offers),
    )


def ranked(application: Application) -> list[int]:
    """Return the offers of the list, the dearest first; choices are expected to be prefetched."""
    return [choice.offer_id for choice in sorted(application.choices.all(), key=lambda choice: choice.rank)]


def score_at(application: Application, offer: TargetOffer | None, medical: set[int]) -> int | None:
    """Return the score by which the offer ranks the application; None when it does not."""
    return None if offer is None or shortfall(application, offer, medical) else application.score


def shortfall(application: Application, offer: TargetOffer, medical: set[int]) -> str:
    """Return what the application lacks at the offer: "not_checked", "below_minimum", "no_medical", or ""."""
    mark = application.average_mark_hundredths
    if application.state != ApplicationState.CHECKED or mark is None:
        return "not_checked"
    if offer.minimum_mark_hundredths is not None and mark < offer.minimum_mark_hundredths:
        return "below_minimum"
    return "no_medical" if offer.needs_medical and application.pk not in medical else ""


def fingerprint(instance: Instance) -> str:
    """Return the SHA-256 of the file of an instance: what `sha256sum` says of the download."""
    return hashlib.sha256(allocation.write_instance(instance)).hexdigest()


def _with_medical(campaign: Campaign) -> set[int]:
    rows = ApplicationDocument.objects.filter(application__campaign=campaign, kind=DocumentKind.MEDICAL)
    return set(rows.values_list("application", flat=True))


def medical_of(application: Application) -> set[int]:
    """Return the application's own id if it has a medical certificate."""
    has = application.documents.filter(kind=DocumentKind.MEDICAL).exists()
    return {application.pk} if has else set()


def _places(offers: list[TargetOffer]) -> tuple[allocation.Place, ...]:
    contracts = TargetContract.objects.filter(offer__in=[offer.pk for offer in offers], state__in=LIVE_CONTRACT_STATES)
    taken: Counter[int] = Counter(contracts.values_list("offer", flat=True))
    seats: defaultdict[int, int] = defaultdict(int)
    for offer in offers:
        if offer.state in (OfferState.PUBLISHED, OfferState.CLOSED):
            seats[offer.pk] = max(0, offer.seats - taken[offer.pk])
    return tuple(allocation.Place(id=place_id(offer.pk), capacity=seats[offer.pk]) for offer in offers)
