"""What of contracts waits for somebody: to sign, to draw up, to pay."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import ContractRole, ContractState, Period
from kuznitsa.admissions.models import ContractParty, TargetContract, TargetOffer
from kuznitsa.admissions.permissions.contracts import COLLEGE_OFFICE, CUSTOMER_OFFICE
from kuznitsa.admissions.queries.contracts import seats_without_contract
from kuznitsa.admissions.queries.support import balances
from kuznitsa.base.duties import Duty
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.models import Signatory
from kuznitsa.organisations.queries import standing


def parties_to_sign(user: Any, today: date) -> QuerySet[ContractParty]:
    """Return what waits for the signature of `user`: their own, and those of organisations they sign for."""
    papers = Signatory.objects.in_authority_on(today).filter(user=user.pk)
    mine = Q(organisation__in=papers.values("organisation")) | Q(person__user=user.pk)
    return (
        ContractParty.objects.unsigned()
        .filter(mine, contract__state=ContractState.SIGNING)
        .select_related("contract__person", "contract__offer__employer", "organisation", "person")
        .order_by("contract__person__search", "pk")
    )


def seats_to_draw_up(user: Any) -> Any:
    """Return accepted seats without a contract for which `user` may draw one up, by name."""
    held = standing(user)
    mine = Q(offer__employer__in=held.organisations(*CUSTOMER_OFFICE)) | Q(
        offer__intake__programme__college__in=held.organisations(*COLLEGE_OFFICE)
    )
    return (
        seats_without_contract()
        .filter(mine)
        .select_related("application__person", "offer__employer", "offer__intake__programme__college")
        .order_by("offer", "application__person__search")
    )


def duties_with_contracts(user: Any, today: date) -> list[Duty]:
    """Return the duties of families, signatories and offices."""
    return [*_to_sign(user, today), *_to_draw_up(user), *_to_pay(user, today)]


def _to_sign(user: Any, today: date) -> list[Duty]:
    found = list(parties_to_sign(user, today))
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
        )
        for party in own
    ]
    return duties + [
        Duty(
            title=_("Sign contracts"),
            about=_first_names([party.contract.person for party in parties]),
            url=reverse("admissions:contracts-to-sign"),
            organisation=str(organisation),
            count=len(parties),
        )
        for organisation, parties in by_organisation.items()
    ]


def _to_draw_up(user: Any) -> list[Duty]:
    by_offer = defaultdict(list)
    for seat in seats_to_draw_up(user):
        by_offer[seat.offer].append(seat.application.person)
    return [
        Duty(
            title=_("Draw up contracts for accepted seats"),
            about=_first_names(persons),
            url=reverse("admissions:contracts-draw-up"),
            organisation=str(offer.employer),
            count=len(persons),
        )
        for offer, persons in by_offer.items()
    ]


def _to_pay(user: Any, today: date) -> list[Duty]:
    plants = standing(user).organisations(Role.EMPLOYER_HR)
    contracts = (
        TargetContract.objects.filter(offer__employer__in=plants, state=ContractState.ACTIVE)
        .select_related("offer__employer")
        .order_by("offer")
    )
    owed: dict[TargetOffer, int] = defaultdict(int)
    found = list(contracts) if plants else []
    lines = balances(found, today) if found else {}
    for contract in found:
        if any(line.period == Period.MONTHLY and line.owed_kopecks for line in lines[contract.pk]):
            owed[contract.offer] += 1
    return [
        Duty(
            title=_("Pay this month's support"),
            about=offer.position,
            url=reverse("admissions:offer-pay", args=[offer.pk]),
            organisation=str(offer.employer),
            count=count,
        )
        for offer, count in owed.items()
    ]


def _first_names(persons: list[Any]) -> str:
    return ", ".join(person.short_name for person in persons[:3]) + ("…" if len(persons) > 3 else "")
