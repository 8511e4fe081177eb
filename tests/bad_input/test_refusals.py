"""What the rules do not allow, through the pages: a clear message in the language of the user, and nothing changed."""

from datetime import date, timedelta
from html import unescape

import pytest
from django.urls import reverse

from kuznitsa.admissions.models import ContractParty, TargetOffer
from kuznitsa.agreements.models import Party
from kuznitsa.demand.models import Need
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.models import Organisation, Signatory
from kuznitsa.people.models import Person
from kuznitsa.placements.models import PracticePlace
from tests.factories.agreements import partners, sent
from tests.factories.classifiers import OccupationFactory
from tests.factories.contracts import drawn_up, side
from tests.factories.organisations import EmployerFactory, MembershipFactory, SignatoryFactory, member
from tests.factories.placements import PlacementFactory, PracticePlaceFactory, practice_lead

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(client_as, language):
    """`post(user, url, ru=…, en=…, **fields)`: the answer says so in the language of the user; the form did not."""

    def text(answer):
        return unescape(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")

    def send(user, url, /, *, ru, en, came_from="/home/", **fields):
        client, words = client_as(user, language=language), ru if language == "ru" else en
        empty_form = client.get(url)
        if empty_form.status_code == 200:
            assert words not in text(empty_form), "these words prove nothing: they stand on the page already"
        page = text(client.post(url, fields, follow=True, headers={"referer": f"http://testserver{came_from}"}))
        assert words in page
        return page

    return send


# --- signatures ---


@pytest.fixture
def agreement(at):
    world = partners()
    world.agreement = sent(world, at)
    world.party = world.agreement.parties.get(organisation=world.plant)
    world.url = reverse("agreements:sign", args=[world.party.pk])
    return world


def is_unsigned(world):
    return Party.objects.get(pk=world.party.pk).signed_at is None


def test_who_is_no_signatory_does_not_sign(post, agreement):
    post(agreement.hr, agreement.url, ru="Завражнов Андрей Петрович", en="You are not a signatory")
    assert is_unsigned(agreement)


def test_an_expired_paper_of_authority_does_not_sign(post, agreement, at):
    yesterday = at.date() - timedelta(days=1)
    Signatory.objects.filter(organisation=agreement.plant).update(authority_until=yesterday)

    post(agreement.plant_signatory.user, agreement.url, ru="31 августа 2026", en="Aug. 31, 2026")

    assert is_unsigned(agreement)


def test_a_paper_that_begins_tomorrow_does_not_sign_yet(post, agreement, at):
    Signatory.objects.filter(organisation=agreement.plant).update(authority_from=at.date() + timedelta(days=1))

    post(agreement.plant_signatory.user, agreement.url, ru="2 сентября 2026", en="Sept. 2, 2026")

    assert is_unsigned(agreement)


def test_the_signatory_of_one_party_does_not_sign_for_the_other(post, agreement):
    post(agreement.college_signatory.user, agreement.url, ru="Завражнов Андрей Петрович", en="You are not a signatory")
    assert is_unsigned(agreement)


def test_the_director_of_a_plant_that_is_no_party_does_not_even_find_the_agreement(client_as, agreement):
    stranger = SignatoryFactory(organisation=EmployerFactory()).user

    assert client_as(stranger).post(agreement.url).status_code == 404
    assert is_unsigned(agreement)


def test_a_director_who_has_left_signs_for_nobody(post, agreement, at):
    user = agreement.plant_signatory.user
    MembershipFactory(organisation=agreement.plant, user=user, role=Role.DIRECTOR, ended_at=at)
    MembershipFactory(organisation=agreement.college, user=user, role=Role.COORDINATOR)

    post(user, agreement.url, ru="больше не состоите", en="no longer work")

    assert is_unsigned(agreement)


def test_a_contract_is_not_signed_without_authority(post, at):
    sides = side()
    contract = drawn_up(sides, at=at)

    post(
        sides.hr,
        reverse("admissions:contract-sign", args=[contract.pk]),
        ru="Вы не подписант",
        en="You are not a signatory",
        role="customer",
    )

    assert not ContractParty.objects.exclude(signed_at=None).exists()


# --- numbers below what is taken ---


def test_an_offer_keeps_the_seats_that_are_taken(post, at):
    sides = side(seats=3)
    for _number in range(2):
        drawn_up(sides, at=at)

    page = post(
        sides.hr,
        reverse("admissions:offer-seats", args=[sides.offer.pk]),
        ru="Уже заняты 2 места",
        en="2 seats are taken already",
        seats="1",
        reason="сокращение",
    )

    assert TargetOffer.objects.get().seats == 3
    assert "сокращение" in page, "what was typed has been lost"


def test_a_practice_place_keeps_the_places_that_are_taken(post, at):
    place = PracticePlaceFactory(seats=3)
    PlacementFactory(place=place)
    PlacementFactory(place=place)

    page = post(
        practice_lead(place),
        reverse("placements:place-edit", args=[place.pk]),
        ru="Уже занято мест: 2",
        en="2 places are taken already",
        title="новое имя места",
        seats="1",
        starts_on="2026-09-01",
        ends_on="2026-09-28",
        hours_a_day="6",
    )

    assert PracticePlace.objects.get().seats == 3
    assert "новое имя места" in page


# --- numbers with check digits ---


@pytest.mark.parametrize(
    ("field", "value", "ru", "en"),
    [
        ("tax_number", "7707083894", "не сходится", "does not fit"),
        ("tax_number", "77070838", "здесь их 8", "this one has 8"),
        ("tax_number", "770708389O", "только цифры, без букв", "Only digits are allowed here"),
        ("registration_number", "1027700132196", "не сходится", "does not fit"),
    ],
)
def test_a_mistyped_number_of_an_organisation_is_told(post, field, value, ru, en):
    plant = EmployerFactory(name="Завод", short_name="Завод")
    administrator = member(plant, Role.ADMINISTRATOR)
    fields = {"name": "Завод Примерный", "short_name": "Завод", "region": plant.region_id, field: value}

    page = post(administrator, reverse("organisations:edit", args=[plant.slug]), ru=ru, en=en, **fields)

    assert Organisation.objects.get(pk=plant.pk).name == "Завод"
    assert "Завод Примерный" in page


@pytest.mark.parametrize(
    ("field", "value", "ru", "en"),
    [
        ("snils", "112-233-445 96", "не сходится", "does not fit"),
        ("snils", "123", "11 цифр", "11 digits"),
        ("born_on", "2031-01-01", "01.01.2031", "01.01.2031"),
        ("born_on", "1890-01-01", "1900", "1900"),
        ("born_on", "2010-02-30", "Введите правильную дату", "Enter a valid date"),
        ("email", "anna@", "правильный адрес электронной почты", "Enter a valid email address"),
    ],
)
def test_impossible_details_of_a_person_are_told(post, at, field, value, ru, en):
    careers_lead = member(EmployerFactory(kind="school"), Role.CAREERS_LEAD)
    fields = {"family_name": "Опечаткина", "given_name": "Анна", "born_on": "2010-03-14", field: value}

    page = post(careers_lead, reverse("people:create"), ru=ru, en=en, **fields)

    assert not Person.objects.exists()
    assert "Опечаткина" in page


@pytest.mark.parametrize(
    ("changes", "ru", "en"),
    [
        ({"year": "2020"}, "от 2026 до 2041", "between 2026 and 2041"),
        ({"year": "9999"}, "от 2000 до 2100", "between 2000 and 2100"),
        ({"replacement": "0", "growth": "0"}, "хотя бы", "at least one"),
        ({"replacement": "-5"}, "больше либо равно 0", "greater than or equal to 0"),
        (
            {"wage_from_kopecks": "90 000", "wage_to_kopecks": "50 000"},
            "Верхняя граница зарплаты ниже",
            "highest wage is below",
        ),
        ({"wage_from_kopecks": "много"}, "не сумма", "is not an amount"),
    ],
)
def test_an_impossible_need_is_told(post, at, changes, ru, en):
    plant = EmployerFactory()
    fields = {
        "occupation": OccupationFactory().pk,
        "year": "2029",
        "replacement": "5",
        "growth": "0",
        "confidence": "firm",
        "note": "то, что набрано",
    }

    page = post(
        member(plant, Role.EMPLOYER_HR), reverse("demand:create", args=[plant.slug]), ru=ru, en=en, **fields | changes
    )

    assert not Need.objects.exists()
    assert "то, что набрано" in page


def test_the_end_does_not_come_before_the_beginning(post, at):
    place = PracticePlaceFactory()

    post(
        practice_lead(place),
        reverse("placements:place-edit", args=[place.pk]),
        ru="раньше, чем начинается",
        en="ends before it starts",
        title=place.title,
        seats="2",
        starts_on="2026-09-20",
        ends_on="2026-09-01",
        hours_a_day="6",
    )

    assert PracticePlace.objects.get().ends_on == date(2026, 9, 28)
