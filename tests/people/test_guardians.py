"""Who is a guardian: stated by anybody, confirmed by an office that has seen the document."""

import pytest
from django.urls import reverse

from kuznitsa.base.models import AuditEntry
from kuznitsa.base.refusal import Refused
from kuznitsa.organisations.enums import Role
from kuznitsa.people import actions, permissions, queries
from kuznitsa.people.enums import AffiliationKind, ConsentPurpose
from kuznitsa.people.models import Affiliation, Consent, Guardianship, Person
from tests.factories.accounts import UserFactory
from tests.factories.organisations import CollegeFactory, EmployerFactory, member
from tests.factories.people import ConsentFactory, GuardianshipFactory, PersonFactory

pytestmark = pytest.mark.django_db

CERTIFICATE = "свидетельство о рождении IV-АБ 123456"


@pytest.fixture
def college():
    return CollegeFactory()


@pytest.fixture
def office(college):
    return member(college, Role.ADMISSIONS)


@pytest.fixture
def child(college):
    person = PersonFactory(minor=True, user=UserFactory())
    Affiliation.objects.create(
        person=person, organisation=college, kind=AffiliationKind.APPLICANT, started_on="2026-06-20"
    )
    return person


@pytest.fixture
def stated(child):
    """What a child has typed: a guardian with an account under an address of the child's choice."""
    return GuardianshipFactory(
        child=child,
        guardian__user=UserFactory(email="invented@example.org"),
        guardian__email="invented@example.org",
        stated_by=child.user,
        stated=True,
    )


def typed(**more):
    return {"family_name": "Примерова", "given_name": "Ольга", "kind": "parent", **more}


def test_a_child_states_a_guardian_who_may_not_consent(client_as, child, at):
    client = client_as(child.user)
    address = reverse("people:add-guardian", args=[child.pk])
    assert "подтвердят позже" in client.get(address).text

    page = client.post(address, typed(email="mine@example.org", document=CERTIFICATE), follow=True).text
    guardianship = child.guardianships.get()
    client.post(reverse("people:open-account-of-guardian", args=[guardianship.pk]))
    guardianship.guardian.refresh_from_db()
    made_up = guardianship.guardian.user

    assert "ждёт подтверждения" in page
    assert (guardianship.stated_by, guardianship.confirmed_at) == (child.user, None)
    client_as(made_up).post(reverse("people:give-consent", args=[child.pk, ConsentPurpose.PROCESSING]))
    assert not Consent.objects.exists()
    with pytest.raises(Refused, match="законный представитель"):
        actions.give_consent(
            person=child, purpose=ConsentPurpose.IMAGE, given_by=guardianship.guardian, by=made_up, at=at
        )


def test_an_unconfirmed_guardian_reads_no_data_and_is_told_what_is_awaited(client_as, child, stated, at):
    client = client_as(stated.guardian.user)

    for name in ("detail", "edit", "consents", "add-guardian"):
        assert client.get(reverse(f"people:{name}", args=[child.pk])).status_code == 404
    home, own = client.get("/home/").text, client.get(stated.guardian.get_absolute_url()).text
    assert "Подтвердите в колледже или школе" in home
    assert "вас назвали законным представителем" in own
    assert child.family_name not in home + own


def test_the_office_confirms_on_the_page_of_the_child(client_as, child, stated, office, college, at):
    client = client_as(office)
    assert [(duty.url, duty.organisation) for duty in queries.duties(office, at.date())] == [
        (child.get_absolute_url(), str(college))
    ]
    address = reverse("people:confirm-guardianship", args=[stated.pk])
    assert address in client.get(child.get_absolute_url()).text

    client.post(address, {"document": CERTIFICATE, "email": "Invented@example.org"})

    stated.refresh_from_db()
    assert (stated.document, stated.confirmed_by, stated.confirmed_at.date()) == (CERTIFICATE, office, at.date())
    assert queries.duties(office, at.date()) == []
    page = client.get(child.get_absolute_url()).text
    assert CERTIFICATE in page
    assert str(office) in page
    assert client_as(stated.guardian.user).get(child.get_absolute_url()).status_code == 200
    assert AuditEntry.objects.about(child).filter(verb="people.guardian.confirmed").exists()


def test_an_office_that_keeps_the_child_confirms_by_entering_the_document(client_as, child, office, at):
    address = reverse("people:add-guardian", args=[child.pk])
    page = client_as(office).post(address, typed(document=CERTIFICATE), follow=True).text

    guardianship = child.guardianships.get()
    assert "записан и подтверждён" in page
    assert (guardianship.confirmed_by, guardianship.stated_by) == (office, office)


def test_without_a_document_the_office_only_states(child, office, at):
    guardianship = actions.register_guardian(child=child, by=office, at=at, family_name="А", given_name="Б")

    assert guardianship.confirmed_at is None


def test_one_of_the_office_does_not_make_themselves_a_guardian(child, office, at):
    mother = PersonFactory(user=office)
    guardianship = actions.add_guardian(child=child, guardian=mother, document=CERTIFICATE, by=office, at=at)

    assert guardianship.confirmed_at is None
    with pytest.raises(Refused, match="коллега"):
        actions.confirm_guardianship(guardianship=guardianship, document=CERTIFICATE, email="", by=office, at=at)


@pytest.mark.parametrize("who", ["child", "guardian", "confirmed guardian", "other college", "plant's HR"])
def test_only_an_office_that_keeps_the_child_confirms(child, stated, college, who, at):
    if who == "plant's HR":
        plant = EmployerFactory()
        actions.affiliate(
            person=child, organisation=plant, kind=AffiliationKind.APPLICANT, on=at.date(), by=None, at=at
        )
        user = member(plant, Role.EMPLOYER_HR)
    else:
        user = {
            "child": child.user,
            "guardian": stated.guardian.user,
            "confirmed guardian": GuardianshipFactory(child=child, guardian__user=UserFactory()).guardian.user,
            "other college": member(CollegeFactory(), Role.ADMISSIONS),
        }[who]

    with pytest.raises(Refused):
        actions.confirm_guardianship(
            guardianship=stated, document=CERTIFICATE, email="invented@example.org", by=user, at=at
        )

    stated.refresh_from_db()
    assert stated.confirmed_at is None


@pytest.mark.parametrize(
    ("document", "email", "words"),
    [("", "invented@example.org", "какой документ"), (CERTIFICATE, "mother@example.org", "другим адресом")],
)
def test_confirming_is_refused_without_a_document_or_for_an_account_that_is_not_the_guardians(
    client_as, child, stated, office, document, email, words, at
):
    with pytest.raises(Refused, match=words):
        actions.confirm_guardianship(guardianship=stated, document=document, email=email, by=office, at=at)


def test_the_page_says_what_the_form_of_confirming_lacks(client_as, child, stated, office, at):
    address = reverse("people:confirm-guardianship", args=[stated.pk])
    page = client_as(office).post(address, {"document": "", "email": "x"}, follow=True)

    assert page.redirect_chain
    stated.refresh_from_db()
    assert stated.confirmed_at is None


def test_the_address_named_in_person_replaces_the_one_that_the_child_typed(child, office, at):
    guardianship = GuardianshipFactory(child=child, guardian__email="mine@example.org", stated=True)

    actions.confirm_guardianship(
        guardianship=guardianship, document=CERTIFICATE, email="mother@example.org", by=office, at=at
    )

    guardianship.guardian.refresh_from_db()
    assert guardianship.guardian.email == "mother@example.org"


def test_confirming_twice_or_after_the_end_is_refused(child, stated, office, at):
    how = {"document": CERTIFICATE, "email": "invented@example.org", "by": office, "at": at}
    actions.confirm_guardianship(guardianship=stated, **how)
    with pytest.raises(Refused, match="уже подтверждено"):
        actions.confirm_guardianship(guardianship=Guardianship.objects.get(pk=stated.pk), **how)

    actions.end_guardianship(guardianship=stated, on=at.date(), by=office, at=at)
    with pytest.raises(Refused, match="уже прекращено"):
        actions.confirm_guardianship(guardianship=Guardianship.objects.get(pk=stated.pk), **how)


def test_the_family_takes_back_what_was_only_stated_and_nothing_else(client_as, child, stated, at):
    client = client_as(child.user)
    confirmed = GuardianshipFactory(child=child)
    page = client.get(child.get_absolute_url()).text
    addresses = {row: reverse("people:end-guardianship", args=[row.pk]) for row in (stated, confirmed)}
    assert addresses[stated] in page
    assert addresses[confirmed] not in page

    for address in addresses.values():
        client.post(address)

    assert list(Guardianship.objects.current()) == [confirmed]


def test_many_unconfirmed_guardians_are_one_duty_that_leads_to_a_list(client_as, child, stated, office, college, at):
    other = PersonFactory(minor=True)
    actions.affiliate(person=other, organisation=college, kind=AffiliationKind.PUPIL, on=at.date(), by=None, at=at)
    GuardianshipFactory(child=other, stated=True)
    quiet = PersonFactory(minor=True)
    actions.affiliate(person=quiet, organisation=college, kind=AffiliationKind.PUPIL, on=at.date(), by=None, at=at)
    GuardianshipFactory(child=quiet)

    [duty] = queries.duties(office, at.date())
    page = client_as(office).get(duty.url).text

    assert duty.count == 2
    assert other.full_name in page
    assert quiet.full_name not in page


@pytest.mark.parametrize("other", ["none", "stated", "confirmed"])
def test_a_consent_outlives_its_giver_only_while_another_guardian_could_withdraw_it(child, other, at):
    mother = GuardianshipFactory(child=child)
    purpose = ConsentPurpose.TARGET_CONTRACT
    consent = actions.give_consent(person=child, purpose=purpose, given_by=mother.guardian, by=None, at=at)
    if other != "none":
        GuardianshipFactory(child=child, stated=other == "stated")

    actions.end_guardianship(guardianship=mother, on=at.date(), by=None, at=at)

    consent.refresh_from_db()
    assert (consent.withdrawn_at is None) == (other == "confirmed")
    assert (permissions.why_not_enrol(child, purpose, at.date()) == "") == (other == "confirmed")


def test_a_new_guardian_consents_anew(child, at):
    mother, purpose = GuardianshipFactory(child=child), ConsentPurpose.TARGET_CONTRACT
    actions.give_consent(person=child, purpose=purpose, given_by=mother.guardian, by=None, at=at)
    actions.end_guardianship(guardianship=mother, on=at.date(), by=None, at=at)
    aunt = GuardianshipFactory(child=child)
    assert "ещё не дал согласия" in permissions.why_not_enrol(child, purpose, at.date())

    actions.give_consent(person=child, purpose=purpose, given_by=aunt.guardian, by=None, at=at)

    assert permissions.why_not_enrol(child, purpose, at.date()) == ""


def test_where_no_guardian_remains_an_old_consent_begins_nothing(child, at):
    mother, purpose = GuardianshipFactory(child=child), ConsentPurpose.TARGET_CONTRACT
    actions.give_consent(person=child, purpose=purpose, given_by=mother.guardian, by=None, at=at)
    child.guardianships.update(ended_on=at.date())  # as it was ended before consents ended with it

    assert "не записан" in permissions.why_not_enrol(child, purpose, at.date())


def test_who_has_come_of_age_keeps_what_the_guardian_has_consented_to(at):
    person = PersonFactory()
    mother = GuardianshipFactory(child=person)
    consent = ConsentFactory(person=person, given_by=mother.guardian)

    actions.end_guardianship(guardianship=mother, on=at.date(), by=None, at=at)

    consent.refresh_from_db()
    assert consent.withdrawn_at is None


def test_nobody_decides_while_the_guardian_is_not_confirmed(child, stated, at):
    assert "ещё не подтверждён" in permissions.why_no_guardian(child)
    assert "не записан" in permissions.why_no_guardian(PersonFactory(minor=True))
    assert permissions.why_no_guardian(GuardianshipFactory().child) == ""
    assert list(Person.objects.own_and_wards(stated.guardian.user)) == [stated.guardian]


def test_a_guardian_who_signs_in_already_is_tied_to_a_second_child(child, office, at):
    mother = PersonFactory(user=UserFactory(email="olga@example.org"), family_name="Примерова", given_name="Ольга")
    details = {"family_name": "Примерова", "given_name": "ОЛЬГА", "patronymic": mother.patronymic}

    guardianship = actions.register_guardian(
        child=child, document=CERTIFICATE, email="Olga@example.org", by=office, at=at, **details
    )

    assert guardianship.guardian == mother
    assert guardianship.confirmed_at is not None
    assert child in Person.objects.own_and_wards(mother.user)


def test_an_address_of_somebody_of_another_name_makes_nobody_a_guardian(child, office, at):
    PersonFactory(user=UserFactory(email="olga@example.org"))

    with pytest.raises(Refused, match="с другим именем"):
        actions.register_guardian(child=child, email="olga@example.org", by=office, at=at, **typed())

    assert not child.guardianships.exists()
