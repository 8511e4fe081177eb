"""What of contracts waits for somebody: to sign, to have signed, to draw up, to pay."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import ContractRole, ContractState
from kuznitsa.admissions.models import ContractParty, Seat, TargetContract, TargetOffer
from kuznitsa.admissions.permissions.contracts import COLLEGE_OFFICE, CUSTOMER_OFFICE
from kuznitsa.admissions.queries.contracts import seats_without_contract
from kuznitsa.admissions.queries.support import oldest_unpaid_months
from kuznitsa.base.conditions import any_of
from kuznitsa.base.duties import Duty, rows_if_any
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.queries import signed_for, standing
from kuznitsa.people.queries import family_of, names_of


def parties_to_sign(user: Any, today: date) -> QuerySet[ContractParty]:
    """Return what waits for the signature of `user`: their own, and those of organisations they sign for."""
    mine = Q(organisation__in=signed_for(user, today)) | Q(person__in=family_of(user), person__user=user.pk)
    return (
        ContractParty.objects.unsigned()
        .filter(mine, contract__state=ContractState.SIGNING)
        .select_related("contract__person", "contract__offer__employer", "contract__offer__intake")
        .select_related("organisation", "person")
        .order_by("contract__person__search", "pk")
    )


def seats_to_draw_up(user: Any) -> Any:
    """Return accepted seats without a contract for which `user` may draw one up, by name."""
    mine = _drawn_up_by(user)
    return (
        (seats_without_contract().filter(mine) if mine else Seat.objects.none())
        .select_related("application__person", "offer__employer", "offer__intake__programme__college")
        .order_by("offer", "application__person__search")
    )


def _drawn_up_by(user: Any) -> Q:
    """Which contracts and seats are those of the user's plants and colleges; an empty Q when the user has neither."""
    held = standing(user)
    return any_of(
        offer__employer__in=held.employers(*CUSTOMER_OFFICE),
        offer__intake__programme__college__in=held.colleges(*COLLEGE_OFFICE),
    )


def duties_with_contracts(user: Any, today: date) -> list[Duty]:
    """Return the duties of families, signatories and offices.

    A contract is signed before the studies it pays for begin; that day is the clock.
    """
    return [
        *_to_sign(user, today),
        *_signatures_to_see_to(user, today),
        *_to_draw_up(user),
        *_to_pay(user, today),
    ]


def _to_sign(user: Any, today: date) -> list[Duty]:
    if not signed_for(user, today) and not family_of(user):
        return []
    found = rows_if_any(parties_to_sign(user, today))
    own = [party for party in found if party.organisation is None]
    by_organisation = defaultdict(list)
    for party in found:
        if party.organisation is not None:
            by_organisation[party.organisation].append(party)
    duties = [
        Duty(
            title=_("Read and sign the contract of your child")
            if party.role == ContractRole.GUARDIAN
            else _("Read and sign your contract"),
            about=f"№ {party.contract.number}",
            url=party.contract.get_absolute_url(),
            organisation=str(party.contract.offer.employer),
            due_on=party.contract.offer.intake.starts_on,
        )
        for party in own
    ]
    return duties + [
        Duty(
            title=_("Sign contracts"),
            about=names_of(party.contract.person for party in parties),
            url=reverse("admissions:contracts-to-sign"),
            organisation=str(organisation),
            due_on=min(party.contract.offer.intake.starts_on for party in parties),
            count=len(parties),
        )
        for organisation, parties in by_organisation.items()
    ]


def _signatures_to_see_to(user: Any, today: date) -> list[Duty]:
    """For the offices of plant and college: contracts that wait for others alone, above all for paper."""
    held = standing(user)
    colleges = held.colleges(*COLLEGE_OFFICE)
    mine = _drawn_up_by(user)
    if not mine:
        return []
    contracts = TargetContract.objects.filter(mine, state=ContractState.SIGNING)
    if signed_for(user, today) or family_of(user):
        contracts = contracts.exclude(pk__in=parties_to_sign(user, today).order_by().values("contract"))
    by_organisation = defaultdict(list)
    rows = contracts.select_related("person", "offer__employer", "offer__intake__programme__college").defer("terms")
    for contract in sorted(rows_if_any(rows), key=lambda row: (row.person.search, row.pk)):
        college = contract.offer.intake.programme.college
        by_organisation[college if college.pk in colleges else contract.offer.employer].append(contract)
    return [
        Duty(
            title=_("See that contracts are signed by all, on paper too"),
            about=names_of(contract.person for contract in found),
            url=f"{reverse('admissions:contracts')}?state={ContractState.SIGNING.value}",
            organisation=str(organisation),
            due_on=min(contract.offer.intake.starts_on for contract in found),
            count=len(found),
        )
        for organisation, found in by_organisation.items()
    ]


def _to_draw_up(user: Any) -> list[Duty]:
    by_offer = defaultdict(list)
    for seat in rows_if_any(seats_to_draw_up(user)):
        by_offer[seat.offer].append(seat.application.person)
    return [
        Duty(
            title=_("Draw up contracts for accepted seats"),
            about=names_of(persons),
            url=reverse("admissions:contracts-draw-up"),
            organisation=str(offer.employer),
            due_on=offer.intake.starts_on,
            count=len(persons),
        )
        for offer, persons in by_offer.items()
    ]


def _to_pay(user: Any, today: date) -> list[Duty]:
    """What the ledger owes for months of study; a month's support is paid by the end of that month."""
    plants = standing(user).employers(Role.EMPLOYER_HR)
    if not plants:
        return []
    contracts = (
        TargetContract.objects.filter(offer__employer__in=plants, state=ContractState.ACTIVE)
        .select_related("offer__employer")
        .order_by("offer")
    )
    found = list(contracts)
    months = oldest_unpaid_months(found, today)
    owed: dict[TargetOffer, list[date]] = defaultdict(list)
    for contract in found:
        if contract.pk in months:
            owed[contract.offer].append(months[contract.pk])
    return [
        Duty(
            title=_("Pay this month's support"),
            about=offer.position,
            url=reverse("admissions:offer-pay", args=[offer.pk]),
            organisation=str(offer.employer),
            due_on=min(ends),
            count=len(ends),
        )
        for offer, ends in owed.items()
    ]
