from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from kuznitsa.organisations import permissions
from kuznitsa.organisations.enums import AuthorityKind, OrganisationKind, Role
from kuznitsa.organisations.queries import signatories_on, signatory_for
from tests.factories.accounts import UserFactory
from tests.factories.clusters import ClusterFactory, ParticipationFactory
from tests.factories.organisations import (
    EmployerFactory,
    MembershipFactory,
    OrganisationFactory,
    SchoolFactory,
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


def coordinator_of(cluster):
    """A coordinator whose college takes part in `cluster`."""
    return member(ParticipationFactory(cluster=cluster).organisation, Role.COORDINATOR)


def test_a_coordinator_keeps_a_partner_until_it_has_a_keeper_of_its_own():
    partner = ParticipationFactory(organisation=EmployerFactory())
    coordinator = coordinator_of(partner.cluster)
    assert permissions.why_not_keep(coordinator, partner.organisation) == ""

    member(partner.organisation, Role.ADMINISTRATOR)

    assert permissions.why_not_keep(coordinator, partner.organisation) != ""


def test_a_coordinator_keeps_no_organisation_outside_her_clusters():
    elsewhere = ParticipationFactory(organisation=EmployerFactory()).organisation
    coordinator = coordinator_of(ClusterFactory())
    for organisation in (elsewhere, EmployerFactory()):
        assert "not the coordinator of a cluster" in permissions.why_not_keep(coordinator, organisation)


def test_the_partner_of_another_cluster_is_not_taken_over_by_adding_it_to_one_s_own():
    first = ParticipationFactory(organisation=EmployerFactory())
    second = ParticipationFactory(organisation=first.organisation)
    assert permissions.why_not_keep(coordinator_of(second.cluster), first.organisation) != ""
    assert permissions.why_not_keep(coordinator_of(first.cluster), first.organisation) == ""

    first.ended_on = first.started_on
    first.save()

    assert permissions.why_not_keep(coordinator_of(second.cluster), first.organisation) == ""


def test_a_coordinator_keeps_what_she_entered_until_another_cluster_takes_it_in():
    coordinator = coordinator_of(ClusterFactory())
    school = SchoolFactory(entered_by=coordinator)
    assert permissions.why_not_keep(coordinator, school) == ""

    ParticipationFactory(organisation=school)

    assert permissions.why_not_keep(coordinator, school) != ""


def test_who_entered_an_organisation_and_coordinates_nothing_does_not_keep_it():
    user = UserFactory()
    assert permissions.why_not_keep(user, SchoolFactory(entered_by=user)) != ""


def test_a_paper_that_waits_is_confirmed_by_a_keeper_or_the_coordinator_of_the_cluster():
    partner = ParticipationFactory(organisation=EmployerFactory())
    plant = partner.organisation
    administrator = member(plant, Role.ADMINISTRATOR)
    signatory = SignatoryFactory(organisation=plant, user=administrator, confirmed_at=None)

    for user in (member(plant, Role.DIRECTOR), coordinator_of(partner.cluster), UserFactory(is_staff=True)):
        assert permissions.why_not_confirm(user, signatory) == ""
    for user in (member(plant, Role.EMPLOYER_HR), coordinator_of(ClusterFactory()), UserFactory()):
        assert "Papers of authority are confirmed by" in permissions.why_not_confirm(user, signatory)


def test_a_paper_that_waits_gives_no_authority():
    signatory = SignatoryFactory(confirmed_at=None)
    why = permissions.why_not_sign_for(signatory.user, signatory.organisation, DAY)
    assert "waits until another person has confirmed it" in why
    assert signatory_for(signatory.user, signatory.organisation, DAY) is None
    assert list(signatories_on(signatory.organisation, DAY)) == []


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
