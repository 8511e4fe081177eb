from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile

from kuznitsa.base.models import AuditEntry
from kuznitsa.base.refusal import Refused
from kuznitsa.organisations import actions
from kuznitsa.organisations.enums import AuthorityKind, OrganisationKind, Role
from kuznitsa.organisations.models import Membership
from tests.factories.accounts import UserFactory
from tests.factories.organisations import (
    EmployerFactory,
    MembershipFactory,
    OrganisationFactory,
    SignatoryFactory,
    SiteFactory,
    member,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("en")]


@pytest.fixture
def plant():
    return EmployerFactory()


@pytest.fixture
def administrator(plant):
    return member(plant, Role.ADMINISTRATOR)


def create(by, at, **details):
    given = {"kind": OrganisationKind.EMPLOYER, "name": "Завод «Пример»", "short_name": "Завод «Пример»"}
    return actions.create_organisation(**given | details, by=by, at=at)


def test_a_coordinator_adds_a_partner(at):
    coordinator = member(OrganisationFactory(), Role.COORDINATOR)

    organisation = create(coordinator, at, tax_number="7707083893")

    assert organisation.slug == "zavod-primer"
    assert AuditEntry.objects.about(organisation).get().verb == "organisations.organisation.created"


def test_the_second_of_a_name_gets_an_address_of_its_own(at):
    assert [create(None, at).slug, create(None, at).slug] == ["zavod-primer", "zavod-primer-2"]


def test_a_wrong_tax_number_is_refused(at):
    with pytest.raises(Refused, match="check digit of this tax number"):
        create(None, at, tax_number="7707083894")


def test_a_tax_number_stands_once_in_the_directory(at):
    create(None, at, tax_number="7707083893")
    with pytest.raises(Refused, match="in the directory already"):
        create(None, at, tax_number="7707083893")


def test_strangers_add_nothing(at):
    with pytest.raises(Refused, match="Only a coordinator"):
        create(UserFactory(), at)


def test_a_keeper_changes_details(plant, administrator, at):
    was = plant.town
    actions.edit_organisation(organisation=plant, town="Новокузнецк", by=administrator, at=at)
    plant.refresh_from_db()
    assert plant.town == "Новокузнецк"
    assert AuditEntry.objects.about(plant).get().details == {"was": {"town": was}}


def test_others_change_no_details(plant, at):
    with pytest.raises(Refused):
        actions.edit_organisation(organisation=plant, town="X", by=member(plant, Role.MENTOR), at=at)


def test_a_keeper_does_not_make_the_organisation_an_authority(plant, administrator, at):
    with pytest.raises(Refused, match="kind of an organisation"):
        actions.edit_organisation(organisation=plant, kind=OrganisationKind.AUTHORITY, by=administrator, at=at)


def test_the_region_of_an_authority_stays(at):
    authority = OrganisationFactory(kind=OrganisationKind.AUTHORITY)
    with pytest.raises(Refused, match="region of an authority"):
        actions.edit_organisation(organisation=authority, region=None, by=member(authority, Role.ADMINISTRATOR), at=at)


def test_sites_are_added_and_changed(plant, administrator, at):
    site = actions.add_site(organisation=plant, name="Цех 1", by=administrator, at=at)
    actions.change_site(site=site, name="Цех 2", address="ул. Примерная, 1", by=administrator, at=at)
    assert plant.sites.get().name == "Цех 2"


def test_a_site_is_named_once(plant, administrator, at):
    site = SiteFactory(organisation=plant)
    with pytest.raises(Refused, match="already has a site"):
        actions.add_site(organisation=plant, name=site.name, by=administrator, at=at)


def test_others_add_no_sites(plant, at):
    with pytest.raises(Refused):
        actions.add_site(organisation=plant, name="Цех", by=UserFactory(), at=at)


def add_signatory(plant, by, at, **details):
    given = {
        "full_name": "Иванов Иван",
        "post": "директор",
        "authority_kind": AuthorityKind.POWER_OF_ATTORNEY,
        "authority_number": "12",
        "authority_from": date(2026, 1, 1),
        "scan": ContentFile(b"%PDF-1.7 paper", name="paper.pdf"),
    }
    return actions.add_signatory(organisation=plant, **given | details, by=by, at=at)


def test_a_keeper_records_a_signatory(plant, administrator, at):
    director = member(plant, Role.DIRECTOR)
    signatory = add_signatory(plant, administrator, at, user=director)
    assert signatory.is_in_authority_on(date(2026, 9, 1))
    assert (signatory.confirmed_at, signatory.confirmed_by) == (at, administrator)


@pytest.mark.parametrize(("kind", "number"), [(AuthorityKind.CHARTER, ""), (AuthorityKind.ORDER, "7")])
def test_a_signatory_has_the_scan_of_the_paper(plant, administrator, at, kind, number):
    with pytest.raises(Refused, match="Attach the scan"):
        add_signatory(plant, administrator, at, authority_kind=kind, authority_number=number, scan=None)


def test_who_enters_herself_signs_only_after_another_person_has_confirmed(plant, administrator, at):
    signatory = add_signatory(plant, administrator, at, user=administrator)
    assert not signatory.is_in_authority_on(at.date())
    with pytest.raises(Refused, match="another person has to confirm"):
        actions.confirm_signatory(signatory=signatory, by=administrator, at=at)

    director = member(plant, Role.DIRECTOR)
    actions.confirm_signatory(signatory=signatory, by=director, at=at)

    signatory.refresh_from_db()
    assert signatory.is_in_authority_on(at.date())
    assert signatory.confirmed_by == director
    assert AuditEntry.objects.about(signatory).filter(verb="organisations.signatory.confirmed").exists()
    with pytest.raises(Refused, match="confirmed already"):
        actions.confirm_signatory(signatory=signatory, by=director, at=at)


@pytest.mark.parametrize(
    "change",
    [{"authority_until": None}, {"authority_number": "13"}, {"authority_until": date(2027, 1, 1)}],
)
def test_who_changes_her_own_paper_has_it_confirmed_anew(plant, administrator, at, change):
    ends = date(2026, 12, 31)
    signatory = add_signatory(plant, member(plant, Role.DIRECTOR), at, user=administrator, authority_until=ends)
    actions.edit_signatory(signatory=signatory, by=administrator, at=at, **change)
    assert not signatory.is_in_authority_on(at.date())


def test_who_puts_herself_into_the_paper_of_another_has_it_confirmed_anew(plant, administrator, at):
    signatory = add_signatory(plant, administrator, at, user=member(plant, Role.DIRECTOR))
    actions.edit_signatory(signatory=signatory, user=administrator, by=administrator, at=at)
    assert not signatory.is_in_authority_on(at.date())


def test_ending_one_s_own_paper_or_changing_another_s_needs_nobody(plant, administrator, at):
    director = member(plant, Role.DIRECTOR)
    signatory = add_signatory(plant, administrator, at, user=director)
    actions.edit_signatory(signatory=signatory, post="head", by=administrator, at=at)
    actions.edit_signatory(signatory=signatory, authority_until=at.date(), by=director, at=at)
    assert signatory.is_in_authority_on(at.date())


def test_a_power_of_attorney_has_a_number(plant, administrator, at):
    with pytest.raises(Refused, match="needs its number"):
        add_signatory(plant, administrator, at, authority_number="")


def test_a_paper_does_not_end_before_it_begins(plant, administrator, at):
    with pytest.raises(Refused, match="ends before it begins"):
        add_signatory(plant, administrator, at, authority_until=date(2025, 1, 1))


def test_who_signs_in_the_product_works_there(plant, administrator, at):
    with pytest.raises(Refused, match="Invite them first"):
        add_signatory(plant, administrator, at, user=UserFactory())


def test_others_record_no_signatories(plant, at):
    with pytest.raises(Refused):
        add_signatory(plant, UserFactory(), at)


def test_a_paper_is_ended_by_a_date(plant, administrator, at):
    signatory = SignatoryFactory(organisation=plant, user=None)
    actions.edit_signatory(signatory=signatory, authority_until=at.date(), by=administrator, at=at)
    assert not signatory.is_in_authority_on(at.date() + timedelta(days=1))


def test_a_role_is_given_once(plant, administrator, at):
    user = UserFactory()
    actions.give_role(organisation=plant, user=user, role=Role.MENTOR, by=administrator, at=at)
    with pytest.raises(Refused, match="already has this role"):
        actions.give_role(organisation=plant, user=user, role=Role.MENTOR, by=administrator, at=at)


def test_a_role_belongs_to_a_kind_of_organisation(plant, administrator, at):
    with pytest.raises(Refused, match="does not exist in an organisation of this kind"):
        actions.give_role(organisation=plant, user=UserFactory(), role=Role.FEDERAL_OPERATOR, by=administrator, at=at)


def test_a_role_ends_with_a_letter_and_comes_back(
    plant, administrator, at, mailoutbox, django_capture_on_commit_callbacks
):
    membership = MembershipFactory(organisation=plant, role=Role.MENTOR)

    with django_capture_on_commit_callbacks(execute=True):
        actions.end_membership(membership=membership, reason="moved", by=administrator, at=at)
    actions.resume_membership(membership=membership, by=administrator, at=at)

    assert Membership.objects.filter(user=membership.user).count() == 2
    assert Membership.objects.current().filter(user=membership.user, role=Role.MENTOR).count() == 1
    assert "moved" in mailoutbox[0].body


def test_everybody_ends_a_role_of_their_own_without_a_letter(
    plant, administrator, at, mailoutbox, django_capture_on_commit_callbacks
):
    membership = MembershipFactory(organisation=plant, role=Role.MENTOR)
    with django_capture_on_commit_callbacks(execute=True):
        actions.end_membership(membership=membership, by=membership.user, at=at)
    assert mailoutbox == []


def test_the_last_administrator_stays(plant, administrator, at):
    with pytest.raises(Refused, match="Somebody must keep"):
        actions.end_membership(membership=administrator.memberships.get(), by=administrator, at=at)


def test_a_role_ends_once(plant, administrator, at):
    membership = MembershipFactory(organisation=plant, role=Role.MENTOR)
    stale = Membership.objects.get(pk=membership.pk)
    actions.end_membership(membership=membership, by=administrator, at=at)
    with pytest.raises(Refused, match="has ended already"):
        actions.end_membership(membership=membership, by=administrator, at=at)
    with pytest.raises(Refused, match="has ended already"):
        actions.end_membership(membership=stale, by=administrator, at=at)


def test_others_end_no_roles(plant, administrator, at):
    membership = MembershipFactory(organisation=plant, role=Role.MENTOR)
    with pytest.raises(Refused):
        actions.end_membership(membership=membership, by=member(plant, Role.EMPLOYER_HR), at=at)


def test_a_role_that_goes_on_does_not_come_back(plant, administrator, at):
    membership = MembershipFactory(organisation=plant, role=Role.MENTOR)
    with pytest.raises(Refused, match="has not ended"):
        actions.resume_membership(membership=membership, by=administrator, at=at)
