"""What if: a campaign calculated with other seats, pools, minimums or limits, beside the rules as they are."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from kuznitsa.admissions.models import Campaign, Scenario, TargetOffer
from kuznitsa.admissions.queries.instances import build_instance, company_id, fingerprint
from kuznitsa.admissions.queries.seats import number_in, place_id
from kuznitsa.engines import allocation
from kuznitsa.engines.allocation import Company, Instance, MinSize, Place, Pool, Result, Rules

OPEN_FIRST, REVERSED = "open_first", "reversed"


@dataclass(frozen=True)
class Changes:
    """What is different: seats, pools and smallest group of one offer, the limit of one enterprise, a rule.

    None and "" leave things as they are. `pool_order` is OPEN_FIRST or REVERSED.
    """

    offer: int | None = None
    extra_seats: int = 0
    pool_order: str = ""
    minimum: int | None = None
    employer: int | None = None
    limit: int | None = None
    min_size_rule: str = ""

    @property
    def is_empty(self) -> bool:
        of_offer = self.offer is not None and (self.extra_seats or self.pool_order or self.minimum is not None)
        of_employer = self.employer is not None and self.limit is not None
        return not (of_offer or of_employer or self.min_size_rule)


@dataclass(frozen=True)
class Column:
    """One way to allocate in the table: the rules as they are, or a scenario; numbers of the engine."""

    title: str
    numbers: dict[str, Any]
    pools: dict[str, list[dict[str, Any]]]
    scenario: Scenario | None = None
    is_stale: bool = False


@dataclass(frozen=True)
class OfferRow:
    """An offer in every column: the pools with seats, taken, lowest points."""

    offer: TargetOffer
    cells: list[tuple[Column, list[dict[str, Any]]]]


def trial_seed(campaign: Campaign) -> str:
    """Return the seed of trials: known to everybody, so that no trial can tell how the draw will fall."""
    return f"trial-{campaign.pk}"


def changed(instance: Instance, changes: Changes) -> Instance:
    """Return the input with what is different."""
    place = place_id(changes.offer) if changes.offer else ""
    places = [_place(one, changes) if one.id == place else one for one in instance.places]
    companies, rules = instance.companies, instance.rules
    if changes.employer is not None and changes.limit is not None:
        name = company_id(changes.employer)
        companies = (*(one for one in companies if one.id != name), Company(name, changes.limit))
        own = {place_id(pk) for pk in _offers_of(changes.employer, instance)}
        places = [replace(one, company=name) if one.id in own else one for one in places]
    if changes.min_size_rule:
        rules = Rules(MinSize(changes.min_size_rule), rules.closed)
    return replace(instance, places=tuple(places), companies=companies, rules=rules)


def _offers_of(employer: int, instance: Instance) -> Iterable[int]:
    numbers = [number_in(place.id) for place in instance.places]
    return TargetOffer.objects.filter(pk__in=numbers, employer=employer).values_list("pk", flat=True)


def _place(place: Place, changes: Changes) -> Place:
    capacity = max(0, place.capacity + changes.extra_seats)
    pools = place.pools
    if changes.pool_order:
        left = max(0, capacity - sum(pool.seats for pool in pools))
        rest = (Pool(allocation.OPEN_POOL, None, left),) if left else ()
        pools = (*rest, *(reversed(pools) if changes.pool_order == REVERSED else pools))
    minimum = place.min_size if changes.minimum is None else changes.minimum
    return replace(place, capacity=capacity, pools=tuple(pools), min_size=minimum)


def compare(campaign: Campaign, changes: Changes) -> dict[str, Any]:
    """Calculate the campaign by its rules and by the changed ones, with the same trial seed; nothing is written."""
    base = replace(build_instance(campaign), seed=trial_seed(campaign))
    other = changed(base, changes)
    before, after = allocation.allocate(base), allocation.allocate(other)
    better, worse = _moved(base, before, after)
    return {
        "input": fingerprint(base),
        "base": _numbers(base, before),
        "changed": {**_numbers(other, after), "better": better, "worse": worse},
    }


def _numbers(instance: Instance, result: Result) -> dict[str, Any]:
    table = allocation.cut_offs(instance, result)["pools"]
    pools: dict[str, list[dict[str, Any]]] = {place.id: [] for place in instance.places}
    for row in table:
        cut_off = row["last"] and row["last"]["score"]
        pools[row["place"]].append(
            {"pool": row["pool"], "seats": row["seats"], "taken": row["taken"], "cut_off": cut_off}
        )
    return {**allocation.counts(instance, result), "closed": list(result.closed), "pools": pools}


def _moved(instance: Instance, before: Result, after: Result) -> tuple[int, int]:
    """Return how many applicants get a dearer choice than before, and how many a less dear one or none."""
    better = worse = 0
    for applicant in instance.applicants:
        ranks = {choice.place: rank for rank, choice in enumerate(applicant.choices)}
        none = len(ranks)
        was, now = (ranks.get(result.assignment[applicant.id] or "", none) for result in (before, after))
        better += now < was
        worse += now > was
    return better, worse


def columns_of(scenarios: list[Scenario]) -> list[Column]:
    """Return the rules as they are, by the newest calculation, and every scenario that is ready."""
    ready = [scenario for scenario in scenarios if scenario.outcome]
    if not ready:
        return []
    newest = ready[-1].outcome
    base = Column("", newest["base"], newest["base"]["pools"])
    return [
        base,
        *(
            Column(
                scenario.name,
                scenario.outcome["changed"],
                scenario.outcome["changed"]["pools"],
                scenario,
                is_stale=scenario.outcome["input"] != newest["input"],
            )
            for scenario in ready
        ),
    ]


def rows_of(campaign: Campaign, columns: list[Column]) -> list[OfferRow]:
    """Return the offers of the campaign with their pools in every column."""
    offers = campaign.offers.select_related("employer").order_by("position", "pk")
    rows = [
        OfferRow(offer, [(column, column.pools.get(place_id(offer.pk), [])) for column in columns]) for offer in offers
    ]
    return [row for row in rows if any(pools for _column, pools in row.cells)]


def stored(changes: Changes) -> dict[str, Any]:
    """Return the changes as a scenario keeps them."""
    return asdict(changes)
