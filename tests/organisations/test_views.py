from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kuznitsa.accounts.models import User
from kuznitsa.organisations.enums import AuthorityKind, OrganisationKind, Role
from kuznitsa.organisations.models import Invitation, Membership, Organisation, Signatory
from kuznitsa.organisations.queries import duties
from tests.factories.accounts import UserFactory
from tests.factories.clusters import ParticipationFactory
from tests.factories.organisations import (
    CollegeFactory,
    EmployerFactory,
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    SignatoryFactory,
    SiteFactory,
    member,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def plant():
    return EmployerFactory()


@pytest.fixture
def administrator(plant):
    return member(plant, Role.ADMINISTRATOR, language="en")


@pytest.fixture
def client(client_as, administrator):
    return client_as(administrator, language="en")


@pytest.fixture
def visitor(client_as):
    return client_as(None, language="en")


def text(answer) -> str:
    return answer.content.decode()


def test_the_directory_is_public_and_searched_in_any_case(visitor):
    EmployerFactory(short_name="Алюминиевый завод")
    CollegeFactory(short_name="Техникум Бардина")
    answer = visitor.get(reverse("organisations:list"), {"q": "ТЕХНИКУМ"})
    assert "Техникум Бардина" in text(answer)
    assert "Алюминиевый завод" not in text(answer)


def test_the_directory_is_filtered_and_exported(visitor):
    plant, college = EmployerFactory(), CollegeFactory()
    answer = visitor.get(reverse("organisations:list"), {"kind": "college", "region": college.region_id})
    assert college.short_name in text(answer)
    assert plant.short_name not in text(answer)
    assert visitor.get(reverse("organisations:list"), {"export": "csv"}).status_code == 200


def test_the_directory_costs_the_same_for_many(visitor, query_count):
    query_count(lambda: visitor.get(reverse("organisations:list")), OrganisationFactory)


def test_the_rows_alone_are_a_part_of_the_page(visitor, assert_fragment):
    EmployerFactory()
    assert_fragment(visitor, reverse("organisations:list"), **{"hx-target": "rows"})


def test_visitors_see_neither_signatories_nor_people(visitor, plant):
    SignatoryFactory(organisation=plant, full_name="Ivan Sample")
    answer = visitor.get(plant.get_absolute_url())
    assert "Ivan Sample" not in text(answer)
    assert visitor.get(reverse("organisations:people", args=[plant.slug])).status_code == 302


def test_members_see_who_signs_and_until_when(client, plant):
    SignatoryFactory(organisation=plant, full_name="Ivan Sample", authority_until=date(2026, 9, 20))
    assert "Ivan Sample" in text(client.get(plant.get_absolute_url()))


def test_a_coordinator_adds_an_organisation(client_as):
    coordinator = member(CollegeFactory(), Role.COORDINATOR)
    data = {"kind": "employer", "name": "ООО «Пример»", "short_name": "Пример", "tax_number": "7707 083893"}

    answer = client_as(coordinator).post(reverse("organisations:create"), data)

    made = Organisation.objects.get(tax_number="7707083893")
    assert answer["Location"] == made.get_absolute_url()


def test_a_wrong_tax_number_gets_a_clear_message_and_nothing_is_lost(client_as):
    coordinator = member(CollegeFactory(), Role.COORDINATOR)
    data = {"kind": "employer", "name": "ООО «Пример»", "short_name": "Пример", "tax_number": "7707083894"}
    answer = client_as(coordinator, language="en").post(reverse("organisations:create"), data)
    assert "check digit of this tax number does not fit" in text(answer)
    assert "ООО «Пример»" in text(answer)
    assert not Organisation.objects.filter(short_name="Пример").exists()


def test_coordinators_do_not_add_authorities(client_as):
    coordinator = member(CollegeFactory(), Role.COORDINATOR)
    data = {"kind": "authority", "name": "Министерство", "short_name": "Министерство"}
    assert client_as(coordinator).post(reverse("organisations:create"), data).status_code == 200
    assert not Organisation.objects.filter(kind=OrganisationKind.AUTHORITY).exists()


def test_others_keep_what_they_typed_and_read_why_not(client_as):
    data = {"kind": "school", "name": "Школа 1", "short_name": "Школа 1"}
    answer = client_as(UserFactory(), language="en").post(reverse("organisations:create"), data)
    assert "Only a coordinator" in text(answer)
    assert "Школа 1" in text(answer)


def test_details_are_edited(client, plant):
    data = {"name": plant.name, "short_name": "Новое имя", "town": "Ступино"}
    assert client.get(reverse("organisations:edit", args=[plant.slug])).status_code == 200
    assert client.post(reverse("organisations:edit", args=[plant.slug]), data).status_code == 302
    plant.refresh_from_db()
    assert (plant.short_name, plant.town) == ("Новое имя", "Ступино")


def test_others_edit_nothing(client_as, plant):
    data = {"name": "X", "short_name": "X"}
    url = reverse("organisations:edit", args=[plant.slug])
    answer = client_as(member(plant, Role.MENTOR), language="en").post(url, data)
    assert "Only an administrator" in text(answer)
    plant.refresh_from_db()
    assert plant.name != "X"


def test_sites_are_added_and_changed(client, plant):
    client.post(reverse("organisations:add-site", args=[plant.slug]), {"name": "Цех 1", "address": ""})
    site = plant.sites.get()
    assert client.get(reverse("organisations:edit-site", args=[site.pk])).status_code == 200
    client.post(reverse("organisations:edit-site", args=[site.pk]), {"name": "Цех 2", "address": ""})
    assert "Цех 2" in text(client.get(plant.get_absolute_url()))


def test_a_site_named_twice_comes_back_with_a_message(client, plant):
    site = SiteFactory(organisation=plant)
    answer = client.post(reverse("organisations:add-site", args=[plant.slug]), {"name": site.name, "address": "там"})
    assert "already has a site" in text(answer)
    assert "там" in text(answer)


SIGNATORY = {
    "full_name": "Ivan Sample",
    "post": "director",
    "authority_kind": AuthorityKind.POWER_OF_ATTORNEY,
    "authority_number": "12",
    "authority_from": "2026-01-01",
}


def test_a_signatory_is_recorded_with_a_scan_that_members_open(client, client_as, plant):
    scan = SimpleUploadedFile("power of attorney.pdf", b"%PDF-1.7 paper")
    client.post(reverse("organisations:add-signatory", args=[plant.slug]), SIGNATORY | {"scan": scan})
    signatory = Signatory.objects.get()
    url = reverse("organisations:signatory-scan", args=[signatory.pk])

    assert b"".join(client.get(url)) == b"%PDF-1.7 paper"
    assert client_as(UserFactory()).get(url).status_code == 404

    client.post(reverse("organisations:edit-signatory", args=[signatory.pk]), SIGNATORY | {"post": "head"})
    signatory.refresh_from_db()
    assert (signatory.post, bool(signatory.scan)) == ("head", True)


def test_who_enters_herself_waits_and_the_coordinator_of_the_cluster_confirms(client, client_as, administrator, plant):
    cluster = ParticipationFactory(organisation=plant).cluster
    coordinator = member(ParticipationFactory(cluster=cluster).organisation, Role.COORDINATOR)
    scan = SimpleUploadedFile("charter.pdf", b"%PDF-1.7 paper")
    data = SIGNATORY | {"user": administrator.pk, "scan": scan}
    answer = client.post(reverse("organisations:add-signatory", args=[plant.slug]), data, follow=True)
    assert "another person has to confirm the paper before you sign" in text(answer)
    signatory = Signatory.objects.get()
    url = reverse("organisations:confirm-signatory", args=[signatory.pk])
    client.post(url)
    signatory.refresh_from_db()
    assert signatory.confirmed_at is None

    assert "Ivan Sample" in [duty.about for duty in duties(coordinator, date(2026, 9, 1))]
    office = client_as(coordinator, language="en")
    assert url in office.get(plant.get_absolute_url()).content.decode()
    scan_url = reverse("organisations:signatory-scan", args=[signatory.pk])
    assert b"".join(office.get(scan_url)) == b"%PDF-1.7 paper"
    assert "Ivan Sample may sign now" in text(office.post(url, follow=True))

    signatory.refresh_from_db()
    assert signatory.confirmed_by == coordinator
    assert "Ivan Sample" not in [duty.about for duty in duties(coordinator, date(2026, 9, 1))]


def test_strangers_confirm_no_signatories(client_as, plant):
    signatory = SignatoryFactory(organisation=plant, confirmed_at=None)
    url = reverse("organisations:confirm-signatory", args=[signatory.pk])
    assert client_as(UserFactory()).post(url).status_code == 404


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"authority_number": ""}, "needs its number"),
        ({"authority_until": "2025-12-31"}, "ends before it begins"),
        ({"authority_from": "31 February"}, "Enter a valid date"),
        ({"scan": SimpleUploadedFile("a.pdf", b"<html>")}, "another kind than expected"),
        ({"scan": ""}, "This field is required"),
    ],
)
def test_a_wrong_paper_comes_back_with_a_message(client, plant, change, message):
    scan = {"scan": SimpleUploadedFile("paper.pdf", b"%PDF-1.7 paper")}
    answer = client.post(reverse("organisations:add-signatory", args=[plant.slug]), SIGNATORY | scan | change)
    assert message in text(answer)
    assert "Ivan Sample" in text(answer)
    assert not Signatory.objects.exists()


def test_the_people_page_shows_roles_and_invitations(client, plant, at):
    MembershipFactory(organisation=plant, user__full_name="Olga Member", role=Role.MENTOR)
    MembershipFactory(organisation=plant, user__full_name="Petr Former", role=Role.MENTOR, ended_at=at)
    InvitationFactory(organisation=plant, full_name="Anna Invited")
    page = text(client.get(reverse("organisations:people", args=[plant.slug])))
    for name in ("Olga Member", "Petr Former", "Anna Invited"):
        assert name in page


def test_the_people_page_is_for_members(client_as, plant):
    url = reverse("organisations:people", args=[plant.slug])
    assert client_as(UserFactory()).get(url).status_code == 404
    assert client_as(member(plant, Role.MENTOR)).get(url).status_code == 200
    assert client_as(UserFactory(is_staff=True)).get(url).status_code == 200


def test_the_people_page_costs_the_same_for_many(client, plant, query_count):
    def add():
        MembershipFactory(organisation=plant, role=Role.MENTOR)
        InvitationFactory(organisation=plant)

    query_count(lambda: client.get(reverse("organisations:people", args=[plant.slug])), add)


def test_inviting_withdrawing_and_sending_again(client, plant):
    url = reverse("organisations:invite", args=[plant.slug])
    assert "Meets trainees" in text(client.get(url))
    client.post(url, {"email": "anna@example.org", "full_name": "Anna", "role": Role.MENTOR})
    invitation = Invitation.objects.get()
    Invitation.objects.update(invited_at=invitation.invited_at - timedelta(hours=1))

    client.post(reverse("organisations:send-invitation-again", args=[invitation.pk]))
    assert Invitation.objects.get().secret_hash != invitation.secret_hash
    client.post(reverse("organisations:withdraw-invitation", args=[invitation.pk]))
    assert not Invitation.objects.waiting().exists()


def test_an_invitation_twice_comes_back_with_a_message(client, plant):
    InvitationFactory(organisation=plant, email="anna@example.org")
    data = {"email": "anna@example.org", "full_name": "Anna", "role": Role.MENTOR}
    assert "invited already" in text(client.post(reverse("organisations:invite", args=[plant.slug]), data))


def test_a_role_is_ended_and_given_back(client, plant):
    membership = MembershipFactory(organisation=plant, role=Role.MENTOR)
    client.post(reverse("organisations:end-membership", args=[membership.pk]), {"reason": "moved"})
    assert not Membership.objects.current().filter(user=membership.user).exists()
    client.post(reverse("organisations:resume-membership", args=[membership.pk]))
    assert Membership.objects.current().filter(user=membership.user).exists()


def test_strangers_end_no_roles(client_as, plant):
    membership = MembershipFactory(organisation=plant, role=Role.MENTOR)
    url = reverse("organisations:end-membership", args=[membership.pk])
    assert client_as(UserFactory()).post(url).status_code == 404


def test_a_newcomer_looks_and_accepts(visitor, at):
    invitation = InvitationFactory(secret="abc", email="anna@example.org")
    page = text(visitor.get(reverse("organisations:invitation", args=["abc"])))
    assert "Meets trainees" in page
    assert Invitation.objects.waiting().exists()

    answer = visitor.post(
        reverse("organisations:accept-invitation", args=["abc"]),
        {"full_name": "Анна Новикова", "language": "ru", "password": ""},
    )

    assert answer.status_code == 302
    user = get_user(visitor)
    assert (user.email, user.full_name) == ("anna@example.org", "Анна Новикова")
    assert Membership.objects.current().get(user=user).organisation == invitation.organisation


def test_a_weak_password_comes_back_with_a_message(visitor, at):
    InvitationFactory(secret="abc")
    answer = visitor.post(
        reverse("organisations:accept-invitation", args=["abc"]),
        {"full_name": "Анна Новикова", "language": "en", "password": "123"},
    )
    assert "too short" in text(answer)
    assert "Анна Новикова" in text(answer)
    assert not User.objects.filter(full_name="Анна Новикова").exists()


def test_who_has_an_account_signs_in_first(visitor, client_as, at):
    user = UserFactory(email="anna@example.org")
    InvitationFactory(secret="abc", email="anna@example.org")
    url = reverse("organisations:invitation", args=["abc"])
    assert "Sign in, and this page comes back" in text(visitor.get(url))

    client_as(user).post(reverse("organisations:accept-invitation", args=["abc"]))
    assert Membership.objects.current().filter(user=user).exists()


def test_another_person_is_told_whom_it_is_for(client_as, at):
    InvitationFactory(secret="abc", email="anna@example.org")
    answer = client_as(UserFactory(), language="en").get(reverse("organisations:invitation", args=["abc"]))
    assert "This invitation is for anna@example.org" in text(answer)


def test_an_expired_invitation_offers_a_fresh_letter(visitor, at, mailoutbox, django_capture_on_commit_callbacks):
    InvitationFactory(secret="abc", email="anna@example.org", expires_at=at - timedelta(days=1))
    page = text(visitor.get(reverse("organisations:invitation", args=["abc"])))
    assert "has expired" in page
    assert "Send a fresh letter" in page

    with django_capture_on_commit_callbacks(execute=True):
        answer = visitor.post(reverse("organisations:ask-invitation-again", args=["abc"]))
    assert "on its way" in text(answer)
    assert mailoutbox[0].to == ["anna@example.org"]
    assert visitor.get(reverse("organisations:invitation", args=["abc"])).status_code == 404


@pytest.mark.parametrize(
    ("state", "message"), [("accepted_at", "accepted already"), ("withdrawn_at", "been withdrawn")]
)
def test_a_spent_invitation_says_so(visitor, at, state, message):
    InvitationFactory(secret="abc", **{state: at})
    assert message in text(visitor.get(reverse("organisations:invitation", args=["abc"])))


def test_roles_are_described(visitor, language):
    assert visitor.get(reverse("organisations:roles")).status_code == 200


def test_the_profile_lists_roles(client, plant):
    assert plant.short_name in text(client.get(reverse("accounts:profile")))


@pytest.mark.usefixtures("en")
def test_duties_are_invitations_and_papers_that_end(administrator, plant, at):
    today = at.date()
    InvitationFactory(organisation=plant, email=administrator.email.upper())
    SignatoryFactory(organisation=plant, full_name="Ends", authority_until=today + timedelta(days=30))
    SignatoryFactory(organisation=plant, full_name="Later", authority_until=today + timedelta(days=31))
    SignatoryFactory(organisation=plant, full_name="Renewed", authority_until=today + timedelta(days=1))
    SignatoryFactory(organisation=plant, full_name="Renewed", authority_until=None)
    SignatoryFactory(full_name="Elsewhere", authority_until=today)

    found = duties(administrator, today)

    assert [(duty.about, duty.due_on) for duty in found] == [
        ("mentor", date(2026, 9, 8)),
        ("Ends", today + timedelta(days=30)),
    ]
    assert duties(UserFactory(), today) == []
