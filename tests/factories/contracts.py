"""Target contracts in their states, with everybody who signs them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kuznitsa.accounts.models import User
from kuznitsa.admissions import actions
from kuznitsa.admissions.enums import ContractRole
from kuznitsa.admissions.models import ContractParty, TargetContract, TargetOffer
from kuznitsa.organisations.enums import Role
from kuznitsa.people.enums import ConsentPurpose
from kuznitsa.people.models import Person
from tests.factories.accounts import UserFactory
from tests.factories.admissions import OpenOfferFactory, SupportMeasureFactory
from tests.factories.organisations import SignatoryFactory, member
from tests.factories.people import ConsentFactory, GuardianshipFactory, PersonFactory


@dataclass
class Side:
    """An offer with support, and who speaks and signs for its plant and its college."""

    offer: TargetOffer
    hr: User
    admissions: User
    director: User
    college_director: User


def side(*, seats: int = 5, starts_on: date = date(2026, 9, 1), **offer: Any) -> Side:
    """Return an offer of five thousand roubles a month, and its people."""
    offer = OpenOfferFactory(seats=seats, intake__starts_on=starts_on, **offer)
    SupportMeasureFactory(offer=offer)
    college = offer.intake.programme.college
    return Side(
        offer=offer,
        hr=member(offer.employer, Role.EMPLOYER_HR),
        admissions=member(college, Role.ADMISSIONS),
        director=SignatoryFactory(organisation=offer.employer).user,
        college_director=SignatoryFactory(organisation=college).user,
    )


def minor_with_guardian(*purposes: ConsentPurpose) -> Person:
    """Return a fifteen-year-old with a user, whose guardian (with a user) has consented to `purposes`."""
    child = PersonFactory(minor=True, user=UserFactory())
    guardian = GuardianshipFactory(child=child, guardian__user=UserFactory()).guardian
    for purpose in purposes or (ConsentPurpose.TARGET_CONTRACT, ConsentPurpose.PROCESSING, ConsentPurpose.PRACTICE):
        ConsentFactory(person=child, purpose=purpose, given_by=guardian)
    return child


def drawn_up(sides: Side, *, at: datetime, person: Person | None = None, **options: Any) -> TargetContract:
    """Return a contract of an adult that nobody has signed."""
    person = person or PersonFactory(user=UserFactory())
    return actions.draw_up_contract(person=person, offer=sides.offer, by=sides.hr, at=at, **options)


def signed(sides: Side, *, at: datetime, person: Person | None = None, **options: Any) -> TargetContract:
    """Return a contract in force."""
    contract = drawn_up(sides, at=at, person=person, **options)
    for party in contract.parties.order_by("pk"):
        actions.sign_contract(party=party, by=signer(sides, party), at=at)
    contract.refresh_from_db()
    return contract


def signer(sides: Side, party: ContractParty) -> User:
    """Return the user who signs for a party."""
    if party.role == ContractRole.CUSTOMER:
        return sides.director
    if party.role == ContractRole.COLLEGE:
        return sides.college_director
    return party.person.user
