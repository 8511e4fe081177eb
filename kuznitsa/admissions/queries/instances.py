"""A campaign as the input of the engine: applications under pseudonyms, offers as places."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator

from kuznitsa.admissions.enums import LIVE_CONTRACT_STATES, ApplicationState, DocumentKind, OfferState
from kuznitsa.admissions.models import (
    Application,
    ApplicationDocument,
    Campaign,
    Choice,
    OfferPool,
    QuotaClaim,
    TargetContract,
    TargetOffer,
)
from kuznitsa.admissions.queries.seats import place_id
from kuznitsa.engines import allocation
from kuznitsa.engines.allocation import Instance


def build_instance(campaign: Campaign) -> Instance:
    """Return who takes part, what they wish, what the offers hold and how applicants are ranked there.

    Who has withdrawn a consent that applying needs does not take part, nor who came late: what is left is for them.

    A choice without a score does not take part at that offer: not checked yet, below the lowest mark, or a
    medical certificate is missing.
    """
    offers = list(campaign.offers.exclude(state=OfferState.DRAFT).order_by("pk"))
    limits = dict(campaign.company_limits.order_by("employer").values_list("employer", "seats"))
    return Instance(
        seed=campaign.draw_seed,
        applicants=tuple(_applicants(campaign, offers)),
        places=_places(offers, limits),
        companies=_companies(limits, offers),
        rules=allocation.Rules(allocation.MinSize(campaign.min_size_rule)),
    )


def _applicants(campaign: Campaign, offers: list[TargetOffer]) -> Iterator[allocation.Applicant]:
    """Return who takes part, read as plain values: objects of a nation's applications would take a minute."""
    wishes, medical, tags = _wishes(campaign), _with_medical(campaign), tags_of(campaign)
    by_id = {offer.pk: offer for offer in offers}
    # Who has a score has it at all of these; most offers ask for nothing, and of millions of choices it is felt.
    undemanding = {
        offer.pk: place_id(offer.pk)
        for offer in offers
        if offer.minimum_mark_hundredths is None and not offer.needs_medical
    }
    # By pseudonym: the order of a public file must not tell who applied when.
    applications = campaign.applications.in_time().consented().order_by("pseudonym")
    fields = ("pk", "pseudonym", "state", "average_mark_hundredths", "achievement_points")
    for pk, name, state, mark, points in applications.values_list(*fields).iterator(chunk_size=20_000):
        score = None if state != ApplicationState.CHECKED or mark is None else mark + points
        choices = []
        for offer_id in wishes.get(pk, ()):
            if place := undemanding.get(offer_id):
                choices.append(allocation.Choice(place, score))
                continue
            offer = by_id.get(offer_id)
            lacks = score is None or offer is None or _lack(state, mark, offer, has_medical=pk in medical)
            choices.append(allocation.Choice(place_id(offer_id), None if lacks else score))
        yield allocation.Applicant(id=name, choices=tuple(choices), tags=tags.get(pk, frozenset()))


def _wishes(campaign: Campaign) -> defaultdict[int, list[int]]:
    """Return the offers that every application names, the dearest first."""
    rows = Choice.objects.filter(application__campaign=campaign).order_by("application", "rank")
    found: defaultdict[int, list[int]] = defaultdict(list)
    for application, offer in rows.values_list("application", "offer").iterator(chunk_size=20_000):
        found[application].append(offer)
    return found


def ranked(application: Application) -> list[int]:
    """Return the offers of the list, the dearest first; choices are expected to be prefetched."""
    return [choice.offer_id for choice in sorted(application.choices.all(), key=lambda choice: choice.rank)]


def shortfall(application: Application, offer: TargetOffer, medical: set[int]) -> str:
    """Return what the application lacks at the offer: "not_checked", "below_minimum", "no_medical", or ""."""
    mark = application.average_mark_hundredths
    return _lack(application.state, mark, offer, has_medical=application.pk in medical)


def _lack(state: str, mark: int | None, offer: TargetOffer, *, has_medical: bool) -> str:
    if state != ApplicationState.CHECKED or mark is None:
        return "not_checked"
    if offer.minimum_mark_hundredths is not None and mark < offer.minimum_mark_hundredths:
        return "below_minimum"
    return "no_medical" if offer.needs_medical and not has_medical else ""


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


def tags_of(campaign: Campaign) -> dict[int, frozenset[str]]:
    """Return the names of the quota groups to which the college has confirmed that an application belongs."""
    confirmed = QuotaClaim.objects.confirmed().filter(application__campaign=campaign)
    found: defaultdict[int, set[str]] = defaultdict(set)
    for application, group in confirmed.values_list("application", "group__name"):
        found[application].add(group)
    return {application: frozenset(groups) for application, groups in found.items()}


def _places(offers: list[TargetOffer], limits: dict[int, int]) -> tuple[allocation.Place, ...]:
    taken = _contracts_of_their_own(offers)
    pools: defaultdict[int, list[allocation.Pool]] = defaultdict(list)
    for pool in OfferPool.objects.filter(offer__in=offers).select_related("group").order_by("offer", "order"):
        tag = pool.group.name if pool.group else None
        pools[pool.offer_id].append(allocation.Pool(pool.name, tag, pool.seats, pool.is_hard))
    seats: defaultdict[int, int] = defaultdict(int)
    for offer in offers:
        if offer.state in (OfferState.PUBLISHED, OfferState.CLOSED):
            seats[offer.pk] = max(0, offer.seats - taken[offer.pk])
    return tuple(
        allocation.Place(
            id=place_id(offer.pk),
            capacity=seats[offer.pk],
            company=company_id(offer.employer_id) if offer.employer_id in limits else None,
            min_size=offer.minimum_group,
            pools=tuple(pools[offer.pk]),
        )
        for offer in offers
    )


def company_id(employer_id: int) -> str:
    """Return the name of an enterprise in the public record."""
    return f"E-{employer_id}"


def _companies(limits: dict[int, int], offers: list[TargetOffer]) -> tuple[allocation.Company, ...]:
    """Return the limits; whoever has a contract of their own counts for it already."""
    employers = {offer.pk: offer.employer_id for offer in offers}
    taken: Counter[int] = Counter()
    for offer, number in _contracts_of_their_own(offers).items() if limits else ():
        taken[employers[offer]] += number
    return tuple(
        allocation.Company(company_id(employer), max(0, limit - taken[employer])) for employer, limit in limits.items()
    )


def _contracts_of_their_own(offers: list[TargetOffer]) -> Counter[int]:
    contracts = TargetContract.objects.filter(offer__in=[offer.pk for offer in offers], state__in=LIVE_CONTRACT_STATES)
    return Counter(contracts.values_list("offer", flat=True))
