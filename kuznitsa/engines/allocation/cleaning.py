"""Puts an instance right by the published rules and tells what it changed."""

from dataclasses import replace

from kuznitsa.engines.allocation.model import OPEN_POOL, Applicant, Company, Instance, Issue, Place, Pool


def clean(instance: Instance) -> tuple[Instance, tuple[Issue, ...]]:
    """The instance that is really allocated, and the issues found, in an order of their own.

    In the clean instance ids are unique, choices name known places once, and the pools of a place are
    the ones that are tried: none is empty, and together they are its capacity.
    """
    issues: list[Issue] = []
    companies = _clean_companies(instance.companies, issues)
    places = _clean_places(instance.places, companies, issues)
    applicants = _clean_applicants(instance.applicants, places, issues)
    issues.sort(key=lambda issue: tuple(part or "" for part in issue))
    cleaned = replace(
        instance,
        applicants=tuple(applicants),
        places=tuple(places.values()),
        companies=tuple(companies.values()),
    )
    return cleaned, tuple(issues)


def _clean_companies(companies: tuple[Company, ...], issues: list[Issue]) -> dict[str, Company]:
    kept: dict[str, Company] = {}
    for company in companies:
        if company.id in kept:
            issues.append(Issue("duplicate_company", company=company.id))
            continue
        if company.capacity is not None and company.capacity < 0:
            issues.append(Issue("negative_capacity", company=company.id))
            company = replace(company, capacity=0)
        kept[company.id] = company
    return kept


def _clean_places(places: tuple[Place, ...], companies: dict[str, Company], issues: list[Issue]) -> dict[str, Place]:
    kept: dict[str, Place] = {}
    for place in places:
        if place.id in kept:
            issues.append(Issue("duplicate_place", place=place.id))
            continue
        capacity, company = place.capacity, place.company
        if capacity < 0:
            issues.append(Issue("negative_capacity", place=place.id))
            capacity = 0
        pools = _clean_pools(place, capacity, issues)
        if company is not None and company not in companies:
            issues.append(Issue("unknown_company", place=place.id, company=company))
            capacity, company, pools = 0, None, ()
        kept[place.id] = replace(place, capacity=capacity, company=company, pools=pools)
    return kept


def _clean_pools(place: Place, capacity: int, issues: list[Issue]) -> tuple[Pool, ...]:
    """The pools that have seats, the rest of the capacity as the last one."""
    pools = []
    left = capacity
    exceeded = False
    for pool in place.pools:
        if pool.seats < 0:
            issues.append(Issue("negative_capacity", place=place.id))
        exceeded = exceeded or pool.seats > left
        seats = min(max(pool.seats, 0), left)
        left -= seats
        if seats:
            pools.append(replace(pool, seats=seats))
    if exceeded:
        issues.append(Issue("pools_exceed_capacity", place=place.id))
    if left:
        pools.append(Pool(OPEN_POOL, None, left))
    return tuple(pools)


def _clean_applicants(
    applicants: tuple[Applicant, ...], places: dict[str, Place], issues: list[Issue]
) -> list[Applicant]:
    kept = []
    seen_applicants: set[str] = set()
    for applicant in applicants:
        if applicant.id in seen_applicants:
            issues.append(Issue("duplicate_applicant", applicant=applicant.id))
            continue
        seen_applicants.add(applicant.id)
        choices = []
        seen: set[str] = set()
        for choice in applicant.choices:
            place = choice.place
            if place not in places:
                issues.append(Issue("unknown_place", applicant=applicant.id, place=place))
            elif place in seen:
                issues.append(Issue("duplicate_choice", applicant=applicant.id, place=place))
            else:
                seen.add(place)
                choices.append(choice)
        if len(choices) < len(applicant.choices):
            applicant = replace(applicant, choices=tuple(choices))
        kept.append(applicant)
    return kept
