"""The way in: a newcomer's account, for whom an application is, links to sign in that the office sends."""

from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user
from django.urls import reverse

from kuznitsa.accounts.models import SignInLink, User
from kuznitsa.admissions import actions, permissions
from kuznitsa.admissions.enums import ApplicationState
from kuznitsa.admissions.models import Application
from kuznitsa.base.models import AuditEntry
from kuznitsa.base.refusal import Refused
from kuznitsa.organisations.enums import Role
from kuznitsa.people.actions import affiliate
from kuznitsa.people.enums import AffiliationKind
from kuznitsa.people.models import Guardianship, Person
from tests.factories.accounts import SignInLinkFactory, UserFactory
from tests.factories.admissions import OpenOfferFactory, office_of
from tests.factories.organisations import SchoolFactory, member
from tests.factories.people import GuardianshipFactory, PersonFactory

pytestmark = pytest.mark.django_db

NEWCOMER = "newcomer@example.org"
CHILD = {"family_name": "Петров", "given_name": "Пётр", "born_on": "2011-05-01", "kind": "parent"}
PARENT = {"own_family_name": "Петрова", "own_given_name": "Анна"}


def url(name, obj, **query):
    return reverse(f"admissions:{name}", args=[obj.pk], query=query or None)


@pytest.fixture
def offer(at):
    return OpenOfferFactory()


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def lead(school):
    return member(school, Role.CAREERS_LEAD)


@pytest.fixture
def pupil(at, school):
    person = PersonFactory(minor=True, school=school)
    affiliate(person=person, organisation=school, kind=AffiliationKind.PUPIL, on=date(2025, 9, 1), by=None, at=at)
    return person


def link_in(mailoutbox):
    """The page of the link in the last letter."""
    return urlsplit(next(word for word in mailoutbox[-1].body.split() if "/sign-in/links/" in word)).path


# --- a newcomer's account ---


def test_a_newcomer_comes_from_the_offer_to_the_application_with_that_offer(
    client_as, offer, mailoutbox, django_capture_on_commit_callbacks
):
    other = OpenOfferFactory(campaign=offer.campaign)
    client = client_as(None)
    start = url("application-start", offer.campaign, offer=other.pk)
    assert start in client.get(other.get_absolute_url()).text
    join = client.get(start).url
    assert join == url("join", offer.campaign, offer=other.pk)
    with django_capture_on_commit_callbacks(execute=True):
        sent = client.post(join, {"email": " Newcomer@Example.org "})
    assert client.get(sent.url).status_code == 200
    assert not User.objects.filter(email=NEWCOMER).exists()

    letter = link_in(mailoutbox)
    assert client.get(letter).status_code == 200
    assert not User.objects.filter(email=NEWCOMER).exists()
    assert client.post(letter).url == start

    user = get_user(client)
    assert (user.email, user.has_usable_password(), user.memberships.count()) == (NEWCOMER, False, 0)
    assert client.get(start).status_code == 200
    me = {"family_name": "Иванов", "given_name": "Иван", "born_on": "2000-01-02"}
    edit = client.post(f"{start}&for=me", me).url
    user.refresh_from_db()
    assert user.full_name == "Иванов Иван"
    assert client.get(edit).context["form"]["rank_1"].initial == other.pk


def test_an_address_with_an_account_gets_the_same_answer_and_a_link_to_sign_in(
    client_as, offer, mailoutbox, django_capture_on_commit_callbacks
):
    known = UserFactory(email="known@example.org")
    client, join = client_as(None), url("join", offer.campaign)
    with django_capture_on_commit_callbacks(execute=True):
        answers = [client.post(join, {"email": email}) for email in ("KNOWN@example.org", NEWCOMER)]
    assert answers[0].url == answers[1].url
    assert mailoutbox[0].to == [known.email]
    link = SignInLink.objects.get(user=known)
    assert link.next_url == url("application-start", offer.campaign)
    assert User.objects.filter(email__iexact=known.email).count() == 1


def test_nobody_joins_when_no_application_can_be_made(client_as, offer):
    offer.campaign.closes_on = date(2026, 8, 31)
    offer.campaign.save()
    client = client_as(None)
    for page in (url("join", offer.campaign), reverse("admissions:join-any")):
        assert client.get(page).context["why_not"]
        assert client.post(page, {"email": NEWCOMER}).status_code == 200
    assert not SignInLink.objects.exists()
    assert "/join/" not in client.get(reverse("accounts:sign-in")).text


def test_requests_of_newcomers_are_limited(client_as, offer):
    client, join = client_as(None, language="en"), url("join", offer.campaign)
    answers = [client.post(join, {"email": NEWCOMER}) for _number in range(4)]
    assert answers[0].status_code == 302
    assert "Too many attempts" in answers[-1].text
    assert SignInLink.objects.count() < 4


@pytest.mark.parametrize("evil", ["https://elsewhere.example/", "//elsewhere.example/", "http://[", "/no/such/page/"])
def test_the_page_to_go_on_to_is_one_of_ours(client_as, offer, evil):
    client = client_as(None)
    client.post(url("join", offer.campaign, next=evil, offer="x"), {"email": NEWCOMER})
    assert SignInLink.objects.get().next_url == url("application-start", offer.campaign)
    page = client.get(reverse("admissions:join-sent", query={"next": evil}))
    assert page.context["again_url"] == reverse("admissions:join-any")


def test_the_page_of_sign_in_leads_to_an_account_for_the_same_offer(client_as, offer):
    start = url("application-start", offer.campaign, offer=offer.pk)
    page = client_as(None).get(reverse("accounts:sign-in", query={"next": start}))
    assert url("join", offer.campaign, offer=offer.pk) in page.text


def test_who_is_signed_in_goes_straight_on(client_as, offer):
    answer = client_as(UserFactory()).get(url("join", offer.campaign))
    assert answer.url == url("application-start", offer.campaign)


def test_a_newcomers_link_that_is_too_old_offers_a_fresh_one(
    at, client_as, offer, mailoutbox, django_capture_on_commit_callbacks
):
    start = url("application-start", offer.campaign)
    SignInLinkFactory(secret="abc", user=None, email=NEWCOMER, next_url=start, expires_at=at - timedelta(seconds=1))
    client = client_as(None, language="en")
    assert "too old" in client.post(reverse("accounts:link", args=["abc"])).text
    assert not User.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("accounts:link-again", args=["abc"]))
    assert mailoutbox[0].to == [NEWCOMER]
    assert client.post(link_in(mailoutbox)).url == start
    assert get_user(client).email == NEWCOMER


# --- for whom ---


def test_a_mother_begins_for_her_child_and_is_the_guardian_not_the_applicant(client_as, offer):
    user = UserFactory(full_name="")
    client = client_as(user)
    start = url("application-start", offer.campaign)
    assert client.get(start).context["ways"] == ["me", "child"]
    client.post(f"{start}?for=child", CHILD | PARENT)

    application = Application.objects.get()
    guardianship = Guardianship.objects.get()
    assert (application.person.given_name, application.person.user) == ("Пётр", None)
    assert guardianship.child == application.person
    assert (guardianship.guardian.user, guardianship.guardian.given_name) == (user, "Анна")
    assert client.get(application.get_absolute_url()).status_code == 200
    client.post(url("application-edit", application), {"rank_1": offer.pk, "average_mark_hundredths": "4.5"})
    client.post(url("application-submit", application))
    application.refresh_from_db()
    assert application.state == ApplicationState.AWAITING_GUARDIAN
    # What she begins later is for a child that is known, or for another one; her own name is not asked for again.
    page = client.get(start)
    assert [one.person for one in page.context["known"] if one.application] == [application.person]
    client.post(f"{start}?for=child", {**CHILD, "given_name": "Олег"})
    assert Person.objects.filter(user=user).count() == 1
    assert Guardianship.objects.filter(guardian__user=user).count() == 2


def test_what_a_stranger_enters_as_their_child_shows_nobody_elses(client_as, offer):
    taken = PersonFactory(family_name="Петров", given_name="Пётр", patronymic="", born_on=date(2011, 5, 1))
    user = UserFactory()
    client_as(user).post(f"{url('application-start', offer.campaign)}?for=child", CHILD | PARENT)
    assert Application.objects.get().person != taken
    assert not Person.objects.visible_to(user).filter(pk=taken.pk).exists()


def test_a_child_of_nobody_is_not_entered_when_the_application_is_refused(client_as, offer):
    client = client_as(UserFactory())
    client.post(f"{url('application-start', offer.campaign)}?for=child", CHILD | {"own_family_name": "Петрова"})
    assert not Person.objects.exists()


def test_for_me_is_asked_of_those_only_who_are_nobody_yet(client_as, offer):
    person = PersonFactory(user=UserFactory())
    client, start = client_as(person.user), url("application-start", offer.campaign)
    assert "me" not in client.get(start).context["ways"]
    client.post(f"{start}?for=me", {"family_name": "А", "given_name": "Б", "born_on": "2000-01-02"})
    assert not Application.objects.exists()
    client.post(start, {"person": person.pk})
    assert Application.objects.get().person == person


def test_nobody_begins_for_a_person_who_is_not_theirs(client_as, offer):
    person = PersonFactory()
    for whom in ("", "?for=pupil", "?for=new-pupil", "?for=applicant"):
        client_as(UserFactory()).post(url("application-start", offer.campaign) + whom, {"person": person.pk})
    assert not Application.objects.exists()


def test_an_office_begins_for_its_own_child_too(client_as, offer):
    office = office_of(offer.campaign)
    client_as(office).post(f"{url('application-start', offer.campaign)}?for=child", CHILD | PARENT)
    assert Guardianship.objects.get().guardian.user == office


# --- a school that helps ---


def test_a_careers_lead_fills_in_for_a_pupil_and_the_guardian_agrees(client_as, offer, lead, pupil):
    guardian = GuardianshipFactory(child=pupil, guardian=PersonFactory(user=UserFactory())).guardian
    client, start = client_as(lead), url("application-start", offer.campaign)
    assert "pupil" in client.get(start).context["ways"]
    client.post(f"{start}?for=pupil", {"person": pupil.pk})
    application = Application.objects.get(person=pupil)
    client.post(url("application-edit", application), {"rank_1": offer.pk, "average_mark_hundredths": "4.5"})
    client.post(url("application-submit", application))
    application.refresh_from_db()
    assert application.state == ApplicationState.AWAITING_GUARDIAN

    consents = {"processing": "on", "employer": "on", "target_contract": "on"}
    client.post(url("application-agree", application), consents)
    client.post(url("application-decline", application), {"reason": "нет"})
    application.refresh_from_db()
    assert (application.state, application.guardian) == (ApplicationState.AWAITING_GUARDIAN, None)
    assert not pupil.consents.exists()

    client_as(guardian.user).post(url("application-agree", application), consents)
    application.refresh_from_db()
    assert (application.state, application.guardian) == (ApplicationState.SUBMITTED, guardian)


def test_a_careers_lead_registers_a_pupil_of_the_own_school(client_as, offer, lead, school):
    start = f"{url('application-start', offer.campaign)}?for=new-pupil"
    new = {"family_name": "Петров", "given_name": "Пётр", "born_on": "2011-05-01"}
    client = client_as(lead)
    assert client.post(start, {**new, "school": SchoolFactory().pk}).status_code == 200
    client.post(start, {**new, "school": school.pk})
    person = Application.objects.get().person
    assert (person.school, person.user) == (school, None)
    assert person.affiliations.current().filter(organisation=school, kind=AffiliationKind.PUPIL).exists()
    assert Application.objects.seen_whole_by(lead).exists()


def test_a_school_helps_its_own_pupils_only(at, offer, lead):
    for person in (PersonFactory(minor=True), PersonFactory(minor=True, school=SchoolFactory())):
        with pytest.raises(Refused):
            actions.start_application(campaign=offer.campaign, person=person, by=lead, at=at)


def test_to_name_a_school_is_not_to_be_its_pupil(at, offer, lead, school):
    """The school must have said so: what a person enters about themselves opens nothing to others."""
    person = PersonFactory(minor=True, school=school)
    application = actions.start_application(campaign=offer.campaign, person=person, by=None, at=at)
    assert permissions.why_not_edit_application(lead, application)


def test_an_adult_pupil_sends_and_withdraws_in_person(at, offer, lead, pupil):
    pupil.born_on = date(2008, 8, 1)
    pupil.save()
    application = actions.start_application(campaign=offer.campaign, person=pupil, by=lead, at=at)
    actions.edit_application(application=application, offers=[offer], average_mark_hundredths=400, by=lead, at=at)
    with pytest.raises(Refused):
        actions.submit_application(application=application, by=lead, at=at)
    with pytest.raises(Refused):
        actions.withdraw_application(application=application, reason="x", by=lead, at=at)
    actions.submit_application(application=application, by=None, at=at)
    with pytest.raises(Refused):
        actions.revise_application(application=application, by=lead, at=at)


def test_papers_are_not_the_schools(at, client_as, offer, lead, pupil):
    application = actions.start_application(campaign=offer.campaign, person=pupil, by=lead, at=at)
    assert not permissions.why_not_edit_application(lead, application)
    assert permissions.why_not_add_paper(lead, application)
    client_as(lead).post(url("application-add-document", application), {"kind": "school"})
    assert not application.documents.exists()


# --- links that the office sends ---


@pytest.fixture
def application(at, offer):
    child = PersonFactory(minor=True, email="child@example.org")
    GuardianshipFactory(child=child, guardian=PersonFactory(email="mother@example.org"))
    return actions.start_application(campaign=offer.campaign, person=child, by=None, at=at)


def test_the_office_lets_applicant_and_guardian_in(
    client_as, application, mailoutbox, django_capture_on_commit_callbacks
):
    office = client_as(office_of(application.campaign))
    assert "child@example.org" in office.get(application.get_absolute_url()).text
    guardian = application.person.guardianships.get().guardian
    for person in (application.person, guardian, guardian):
        with django_capture_on_commit_callbacks(execute=True):
            office.post(url("application-send-way-in", application), {"person": person.pk})
    assert [letter.to for letter in mailoutbox] == [["child@example.org"], *[["mother@example.org"]] * 2]
    assert AuditEntry.objects.about(application).filter(verb="admissions.application.way_in_sent").count() == 3

    mother = client_as(None)
    assert mother.post(link_in(mailoutbox)).url == application.get_absolute_url()
    assert mother.get(application.get_absolute_url()).status_code == 200
    guardian.refresh_from_db()
    assert guardian.user == get_user(mother)


@pytest.mark.parametrize("whose", ["family", "stranger"])
def test_nobody_else_sends_links(at, application, whose):
    guardian = application.person.guardianships.get().guardian
    guardian.user = UserFactory()
    guardian.save()
    by = guardian.user if whose == "family" else UserFactory()
    with pytest.raises(Refused):
        actions.send_way_in(application=application, person=application.person, by=by, at=at)
    assert not SignInLink.objects.exists()


def test_a_link_goes_to_the_family_only_and_to_an_address_of_their_own(at, application):
    office = office_of(application.campaign)
    for person in (PersonFactory(email="other@example.org"), PersonFactory()):
        with pytest.raises(Refused):
            actions.send_way_in(application=application, person=person, by=office, at=at)
    for email in ("", office.email.upper()):
        Person.objects.filter(pk=application.person.pk).update(email=email)
        application.person.refresh_from_db()
        with pytest.raises(Refused):
            actions.send_way_in(application=application, person=application.person, by=office, at=at)
    assert not SignInLink.objects.exists()


def test_links_to_a_closed_account_or_too_many_are_refused_not_recorded(at, application):
    person, office = application.person, office_of(application.campaign)
    for _number in range(5):
        actions.send_way_in(application=application, person=person, by=office, at=at)
    with pytest.raises(Refused):
        actions.send_way_in(application=application, person=person, by=office, at=at)
    person.user.is_active = False
    person.user.save()
    with pytest.raises(Refused):
        actions.send_way_in(application=application, person=person, by=office, at=at + timedelta(hours=2))
    assert AuditEntry.objects.filter(verb="admissions.application.way_in_sent").count() == 5


def test_a_school_that_helps_sends_links_too(at, client_as, offer, lead, pupil):
    pupil.email = "pupil@example.org"
    pupil.save()
    application = actions.start_application(campaign=offer.campaign, person=pupil, by=lead, at=at)
    client_as(lead).post(url("application-send-way-in", application), {"person": pupil.pk})
    pupil.refresh_from_db()
    assert pupil.user.email == "pupil@example.org"
