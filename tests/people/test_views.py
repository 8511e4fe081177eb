import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kuznitsa.organisations.enums import Role
from kuznitsa.people.enums import AffiliationKind, ConsentPurpose
from kuznitsa.people.models import Affiliation, Consent, Guardianship, Person
from tests.factories.accounts import UserFactory
from tests.factories.organisations import CollegeFactory, EmployerFactory, member
from tests.factories.people import ConsentFactory, GuardianshipFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def college():
    return CollegeFactory()


@pytest.fixture
def client(client_as, college):
    return client_as(member(college, Role.ADMISSIONS))


def applicant(college, **details):
    person = PersonFactory(**details)
    Affiliation.objects.create(
        person=person, organisation=college, kind=AffiliationKind.APPLICANT, started_on="2026-06-20"
    )
    return person


@pytest.fixture
def child(college):
    return applicant(college, minor=True)


@pytest.fixture
def mother(child):
    user = UserFactory()
    GuardianshipFactory(child=child, guardian__user=user)
    return user


def test_list_shows_those_who_have_to_do_with_ones_organisations(client, college, at):
    seen, unseen = applicant(college), PersonFactory()

    page = client.get(reverse("people:list")).content.decode()

    assert seen.full_name in page
    assert unseen.full_name not in page


def test_list_finds_cyrillic_in_any_case_and_filters_by_kind(client, college, at):
    person = applicant(college, family_name="Ёлкин")

    def found(query):
        return person.full_name in client.get(reverse("people:list") + query).content.decode()

    assert found("?q=елКИН")
    assert not found("?q=сосновский")
    assert found("?kind=applicant")
    assert not found("?kind=employee")


def test_list_costs_the_same_for_one_person_and_three(client, college, query_count, assert_fragment, at):
    url = reverse("people:list")

    query_count(lambda: client.get(url), lambda: applicant(college))
    assert_fragment(client, url, **{"hx-target": "rows"})


def test_stranger_finds_nobody(client_as, child, at):
    assert client_as(member(CollegeFactory(), Role.ADMISSIONS)).get(child.get_absolute_url()).status_code == 404


def test_office_registers_a_person_and_errors_keep_what_was_typed(client, at):
    given = {"family_name": "Примерова", "given_name": "Анна", "born_on": "2030-01-01"}

    page = client.post(reverse("people:create"), given).content.decode()
    assert "01.01.2030" in page
    assert 'value="Примерова"' in page

    client.post(reverse("people:create"), {**given, "born_on": "2011-01-01"})
    assert Person.objects.get(family_name="Примерова").born_on.year == 2011


def test_edit_by_the_guardian(client_as, child, mother, at):
    given = {"family_name": child.family_name, "given_name": "Иван", "born_on": "2011-03-14", "phone": "8 000"}

    client_as(mother).post(reverse("people:edit", args=[child.pk]), given)

    child.refresh_from_db()
    assert (child.given_name, child.phone) == ("Иван", "8 000")


def test_a_child_does_not_come_of_age_by_a_form(client_as, child, at):
    child.user = UserFactory()
    child.save()
    client = client_as(child.user)
    address = f"/people/{child.pk}/edit/"
    assert "disabled" in client.get(address).text
    typed = {"family_name": child.family_name, "given_name": child.given_name, "born_on": "2000-01-01"}
    client.post(address, typed)
    born_on = child.born_on
    child.refresh_from_db()
    assert child.born_on == born_on


def test_office_adds_and_ends_a_guardian(client, child, at):
    given = {"family_name": "Примерова", "given_name": "Ольга", "kind": "parent", "document": "свидетельство"}
    client.post(reverse("people:add-guardian", args=[child.pk]), given)
    guardianship = Guardianship.objects.get(child=child)
    assert guardianship.guardian.given_name == "Ольга"

    client.post(reverse("people:end-guardianship", args=[guardianship.pk]))
    assert not Guardianship.objects.current().exists()


def test_guardian_consents_and_withdraws(client_as, child, mother, at):
    client = client_as(mother)
    url = reverse("people:consents", args=[child.pk])
    assert "Даю согласие" in client.get(url).content.decode()

    client.post(reverse("people:give-consent", args=[child.pk, ConsentPurpose.PROCESSING]))
    consent = Consent.objects.get()
    assert consent.given_by.user == mother

    client.post(reverse("people:withdraw-consent", args=[consent.pk]), {"reason": "передумали"})
    consent.refresh_from_db()
    assert consent.withdrawal_reason == "передумали"
    assert "передумали" in client.get(url).content.decode()


def test_who_withdraws_reads_beforehand_what_follows_and_finds_the_version_afterwards(client_as, child, mother, at):
    consent = ConsentFactory(person=child, purpose=ConsentPurpose.EMPLOYER, given_by=child.guardianships.get().guardian)
    client, url = client_as(mother), reverse("people:consents", args=[child.pk])
    page = client.get(url).text
    assert "места не предложат, предприятия перестанут видеть" in page
    assert 'name="reason"' in page

    page = client.post(
        reverse("people:withdraw-consent", args=[consent.pk]), {"reason": "передумали"}, follow=True
    ).text

    assert f"дано: {consent.given_by}" in page
    assert "версия текста 1" in page
    assert "передумали" in page


def test_a_namesake_born_on_the_same_day_is_shown_before_a_second_one_is_registered(client, college, at):
    known = applicant(college, family_name="Ёлкина", given_name="Анна", born_on="2011-01-01")
    unseen = PersonFactory(family_name="Ёлкина", given_name="Анна", born_on="2011-01-01")
    applicant(college, family_name="Ёлкина", given_name="Анна", born_on="2011-01-02")
    url = reverse("people:create")
    typed = {"family_name": "ёлкина", "given_name": "Анна", "patronymic": "Иная", "born_on": "2011-01-01"}
    assert "is_another" not in client.get(url).text

    page = client.post(url, typed)

    assert page.context["namesakes"] == [known]
    assert known.get_absolute_url() in page.text
    assert unseen.get_absolute_url() not in page.text
    assert 'value="Иная"' in page.text
    assert Person.objects.filter(patronymic="Иная").count() == 0

    client.post(url, {**typed, "is_another": "on"})
    assert Person.objects.filter(patronymic="Иная").count() == 1


def test_another_name_or_an_unknown_birthday_is_no_namesake(client, college, at):
    applicant(college, family_name="Ёлкина", given_name="Анна", born_on="2011-01-01")

    client.post(reverse("people:create"), {"family_name": "Ёлкина", "given_name": "Аннабелла", "born_on": "2011-01-01"})
    client.post(reverse("people:create"), {"family_name": "Ёлкина", "given_name": "Анна"})

    assert Person.objects.filter(family_name="Ёлкина").count() == 3


def test_child_cannot_consent_alone(client_as, child, mother, at):
    child.user = UserFactory()
    child.save()

    client_as(child.user).post(reverse("people:give-consent", args=[child.pk, ConsentPurpose.PROCESSING]))

    assert not Consent.objects.exists()


def test_office_records_a_paper_consent_with_its_scan(client, child, mother, at):
    scan = SimpleUploadedFile("согласие.pdf", b"%PDF-1.7\n%%EOF")

    client.post(
        reverse("people:give-consent", args=[child.pk, ConsentPurpose.PRACTICE]),
        {"given_by": child.guardianships.get().guardian_id, "scan": scan},
    )

    consent = Consent.objects.get()
    answer = client.get(reverse("people:consent-scan", args=[consent.pk]))
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


def test_where_the_original_lies_is_enough_and_the_page_shows_who_recorded_it(client, client_as, child, mother, at):
    url = reverse("people:consents", args=[child.pk])
    assert "Записать с бумаги" in client.get(url).text
    guardian = child.guardianships.get().guardian

    client.post(
        reverse("people:give-consent", args=[child.pk, ConsentPurpose.PRACTICE]),
        {"given_by": guardian.pk, "original": "личное дело 12"},
    )

    consent = Consent.objects.get()
    assert (consent.channel, consent.given_by, consent.original) == ("paper", guardian, "личное дело 12")
    for page in (client.get(url).text, client_as(mother).get(url).text):
        assert "личное дело 12" in page
        assert str(consent.recorded_by) in page


@pytest.mark.parametrize("given", [{}, {"original": " "}, {"given_by": ""}])
def test_the_office_does_not_consent_on_screen_for_somebody(client, child, mother, given, at):
    given = {"given_by": child.guardianships.get().guardian_id, **given}

    client.post(reverse("people:give-consent", args=[child.pk, ConsentPurpose.PRACTICE]), given)

    assert not Consent.objects.exists()


def test_a_plant_sees_that_one_has_consented_and_not_the_paper(client_as, child, mother, at):
    plant = EmployerFactory()
    Affiliation.objects.create(
        person=child, organisation=plant, kind=AffiliationKind.APPLICANT, started_on="2026-06-20"
    )
    consent = ConsentFactory(
        person=child, given_by=child.guardianships.get().guardian, channel="paper", original="личное дело 12"
    )
    consent.scan.save("a.pdf", ContentFile(b"%PDF-1.7"))
    client = client_as(member(plant, Role.EMPLOYER_HR))

    page = client.get(reverse("people:consents", args=[child.pk])).text

    assert "дано" in page
    assert "личное дело 12" not in page
    assert client.get(reverse("people:consent-scan", args=[consent.pk])).status_code == 404


def test_paper_consent_refuses_a_file_that_is_no_paper(client, child, mother, at):
    scan = SimpleUploadedFile("согласие.pdf", b"MZ not a pdf")

    answer = client.post(
        reverse("people:give-consent", args=[child.pk, ConsentPurpose.PRACTICE]),
        {"given_by": child.guardianships.get().guardian_id, "scan": scan},
        follow=True,
    )

    assert not Consent.objects.exists()
    assert "PDF" in answer.content.decode()


def test_unknown_purpose_is_not_found(client, child, at):
    assert client.post(reverse("people:give-consent", args=[child.pk, "nonsense"])).status_code == 404


def test_office_lets_a_person_and_the_guardian_sign_in(client, child, at):
    child.email = "child@example.org"
    child.save()
    guardianship = GuardianshipFactory(child=child, guardian__email="mother@example.org")
    page = client.get(child.get_absolute_url()).content.decode()
    addresses = [
        reverse("people:open-account", args=[child.pk]),
        reverse("people:open-account-of-guardian", args=[guardianship.pk]),
    ]

    for address in addresses:
        assert address in page
        assert client.post(address).url == child.get_absolute_url()

    child.refresh_from_db()
    guardianship.guardian.refresh_from_db()
    assert (child.user.email, guardianship.guardian.user.email) == ("child@example.org", "mother@example.org")
