from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from kuznitsa.organisations import permissions
from kuznitsa.organisations.enums import AuthorityKind, OrganisationKind, Role
from kuznitsa.organisations.queries import signatories_on, signatory_for
from tests.factories.accounts import UserFactory
from tests.factories.organisations import (
    EmployerFactory,
    MembershipFactory,
    OrganisationFactory,
    SignatoryFactory,
    member,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("en")]

DAY = date(2026, 9, 1)


def test_a_signatory_signs_on_a_day_of_the_paper():
    signatory = SignatoryFactory(authority_from=DAY, authority_until=DAY)

    assert permissions.why_not_sign_for(signatory.user, signatory.organisation, DAY) == ""
    assert signatory_for(signatory.user, signatory.organisation, DAY) == signatory
    assert list(signatories_on(signatory.organisation, DAY)) == [signatory]


def test_a_paper_that_has_ended_is_named():
    signatory = SignatoryFactory(
        authority_kind=AuthorityKind.POWER_OF_ATTORNEY, authority_number="12", authority_until=DAY - timedelta(days=1)
    )

    why = permissions.why_not_sign_for(signatory.user, signatory.organisation, DAY)

    assert "“power of attorney 12” ended on Aug. 31, 2026" in why
    assert signatory_for(signatory.user, signatory.organisation, DAY) is None


def test_a_paper_that_has_not_begun_is_named():
    signatory = SignatoryFactory(authority_from=DAY + timedelta(days=1))
    assert "begins on Sept. 2, 2026" in permissions.why_not_sign_for(signatory.user, signatory.organisation, DAY)


def test_others_are_told_who_signs():
    signatory = SignatoryFactory(full_name="Ivan Sample")
    director = member(signatory.organisation, Role.DIRECTOR)
    assert "These may sign for it: Ivan Sample." in permissions.why_not_sign_for(director, signatory.organisation, DAY)


def test_without_any_paper_it_says_what_to_add():
    plant = EmployerFactory()
    assert "Add one on the page" in permissions.why_not_sign_for(member(plant, Role.DIRECTOR), plant, DAY)


def test_who_has_left_does_not_sign(at):
    signatory = SignatoryFactory()
    MembershipFactory(organisation=signatory.organisation, user=signatory.user, role=Role.DIRECTOR, ended_at=at)
    assert "You no longer work for" in permissions.why_not_sign_for(signatory.user, signatory.organisation, DAY)


def test_a_visitor_does_not_sign():
    assert permissions.why_not_sign_for(AnonymousUser(), EmployerFactory(), DAY) == "Sign in first."


@pytest.mark.parametrize(
    ("role", "allowed"),
    [(Role.ADMINISTRATOR, True), (Role.DIRECTOR, True), (Role.EMPLOYER_HR, False), (Role.AUDITOR, False)],
)
def test_an_organisation_is_kept_by_its_administrator_and_director(role, allowed):
    plant = EmployerFactory()
    assert (permissions.why_not_keep(member(plant, role), plant) == "") is allowed


def test_a_coordinator_keeps_a_partner_until_it_has_a_keeper_of_its_own():
    coordinator = member(OrganisationFactory(), Role.COORDINATOR)
    partner = EmployerFactory()
    assert permissions.why_not_keep(coordinator, partner) == ""

    member(partner, Role.ADMINISTRATOR)

    assert permissions.why_not_keep(coordinator, partner) != ""


def test_a_coordinator_does_not_keep_an_authority():
    coordinator = member(OrganisationFactory(), Role.COORDINATOR)
    authority = OrganisationFactory(kind=OrganisationKind.AUTHORITY)
    assert permissions.why_not_keep(coordinator, authority) != ""
    assert permissions.why_not_create(coordinator, OrganisationKind.AUTHORITY) != ""
    assert permissions.why_not_create(coordinator, OrganisationKind.SCHOOL) == ""


def test_strangers_add_no_organisations():
    assert permissions.why_not_create(UserFactory(), OrganisationKind.SCHOOL) != ""
    assert permissions.why_not_create(UserFactory(is_staff=True), OrganisationKind.AUTHORITY) == ""


def test_the_region_of_an_authority_is_set_by_staff():
    authority = OrganisationFactory(kind=OrganisationKind.AUTHORITY)
    administrator = member(authority, Role.ADMINISTRATOR)
    assert permissions.why_not_keep(administrator, authority) == ""
    assert permissions.why_not_move(administrator, authority) != ""
    assert permissions.why_not_move(UserFactory(is_staff=True), authority) == ""
