"""The screens of contracts: what each side sees and may press."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from pypdf import PdfReader

from kuznitsa.admissions import actions
from kuznitsa.admissions.enums import ContractRole, ContractState
from kuznitsa.admissions.queries import duties
from kuznitsa.base.money import NO_BREAK
from tests.factories.accounts import UserFactory
from tests.factories.contracts import drawn_up, minor_with_guardian, side, signed
from tests.factories.people import PersonFactory
from tests.factories.programmes import EnrolmentFactory

from .test_contract_actions import accepted_seat

pytestmark = pytest.mark.django_db


def url(contract, verb=""):
    return f"/contracts/{contract.pk}/{verb}"


def test_the_list_shows_what_one_may_see(at, client_as):
    sides = side()
    contract = drawn_up(sides, at=at)
    assert contract.number in client_as(sides.hr).get("/contracts/").text
    assert contract.number not in client_as(UserFactory()).get("/contracts/").text


def test_the_list_costs_the_same_for_any_number(at, client_as, query_count):
    sides = side(seats=9)
    client = client_as(sides.hr)
    query_count(lambda: client.get("/contracts/"), lambda: drawn_up(sides, at=at))


def test_the_list_can_be_taken_away(at, client_as):
    sides = side()
    contract = drawn_up(sides, at=at)
    assert contract.number in client_as(sides.hr).get("/contracts/?export=csv").getvalue().decode("utf-8-sig")


@pytest.mark.parametrize("state", ["signing", "active", "suspended", "terminated", "cancelled"])
def test_every_side_reads_the_page_in_every_state(at, client_as, state):
    sides = side()
    child = minor_with_guardian()
    contract = drawn_up(sides, at=at, person=child) if state in ("signing", "cancelled") else None
    contract = contract or signed(sides, at=at, person=child)
    if state == "cancelled":
        actions.cancel_contract(contract=contract, reason="передумал", by=sides.hr, at=at)
    if state == "suspended":
        actions.suspend_contract(contract=contract, reason="leave", starts_on=at.date(), by=sides.hr, at=at)
    if state == "terminated":
        actions.terminate_contract(contract=contract, on=at.date(), reason="agreed", by=sides.hr, at=at)
    guardian = child.guardianships.get().guardian
    for user in (sides.hr, sides.admissions, child.user, guardian.user):
        page = client_as(user).get(url(contract))
        assert page.status_code == 200
        assert f"5{NO_BREAK}000" in page.text


def test_a_stranger_finds_no_contract(at, client_as):
    contract = drawn_up(side(), at=at)
    client = client_as(UserFactory())
    assert [client.get(url(contract, verb)).status_code for verb in ("", "paper/", "scan/")] == [404] * 3


def test_the_student_signs(at, client_as):
    contract = drawn_up(side(), at=at)
    client = client_as(contract.person.user)
    client.post(url(contract, "sign/"), {"role": "citizen"})
    assert contract.parties.get(role=ContractRole.CITIZEN).signed_at is not None


def test_a_refused_signature_is_explained(at, client_as):
    contract = drawn_up(side(), at=at)
    answer = client_as(contract.person.user).post(url(contract, "sign/"), {"role": "customer"}, follow=True)
    assert contract.offer.employer.short_name in answer.text
    assert contract.parties.get(role=ContractRole.CUSTOMER).signed_at is None


def test_the_director_signs_many_in_one_go(at, client_as):
    sides = side()
    contracts = [drawn_up(sides, at=at) for _ in range(2)]
    client = client_as(sides.director)
    page = client.get("/contracts/to-sign/")
    assert all(contract.number in page.text for contract in contracts)
    parties = [contract.parties.get(role=ContractRole.CUSTOMER).pk for contract in contracts]
    client.post("/contracts/to-sign/", {"parties": parties})
    assert all(contract.parties.get(role=ContractRole.CUSTOMER).signed_at for contract in contracts)


def test_contracts_are_drawn_up_for_accepted_seats(at, client_as):
    sides = side(seats=1)
    seat = accepted_seat(sides.offer, at)
    client = client_as(sides.admissions)
    assert seat.application.person.family_name in client.get("/contracts/draw-up/").text
    client.post("/contracts/draw-up/", {"seats": [seat.pk], "with_college": "on"})
    seat.refresh_from_db()
    assert seat.contract.parties.count() == 3


def test_nothing_ticked_draws_nothing_up(at, client_as):
    sides = side(seats=1)
    accepted_seat(sides.offer, at)
    assert client_as(sides.hr).post("/contracts/draw-up/", {}).status_code == 200


def test_a_contract_with_somebody_who_studies_already(at, client_as):
    sides = side()
    person = EnrolmentFactory(intake=sides.offer.intake).person
    client = client_as(sides.hr)
    assert person.family_name in client.get(f"/offers/{sides.offer.pk}/contract/").text
    client.post(f"/offers/{sides.offer.pk}/contract/", {"person": person.pk})
    assert person.target_contracts.get().state == ContractState.SIGNING


def scan():
    return ContentFile(b"%PDF-1.7", name="a.pdf")


def test_a_scan_is_uploaded(at, client_as):
    sides = side()
    contract = drawn_up(sides, at=at)
    citizen = contract.parties.get(role=ContractRole.CITIZEN)
    client = client_as(sides.hr)
    client.get(url(contract, "scan/"))
    client.post(url(contract, "scan/"), {"party": citizen.pk, "signed_on": "2026-09-01", "scan": scan()})
    citizen.refresh_from_db()
    assert citizen.signed_at is not None


@pytest.mark.parametrize(
    ("language", "said"), [("ru", "раньше дня составления договора"), ("en", "before the contract was drawn up")]
)
def test_a_scan_signed_before_the_contract_was_drawn_up_is_refused_in_the_form(at, client_as, language, said):
    sides = side()
    contract = drawn_up(sides, at=at)
    citizen = contract.parties.get(role=ContractRole.CITIZEN)
    typed = {"party": citizen.pk, "signed_on": "2026-08-31", "scan": scan()}
    assert said in client_as(sides.hr, language=language).post(url(contract, "scan/"), typed).text
    citizen.refresh_from_db()
    assert citizen.signed_at is None


def test_a_wrong_scan_comes_back_with_the_form(at, client_as):
    sides = side()
    contract = drawn_up(sides, at=at)
    customer = contract.parties.get(role=ContractRole.CUSTOMER)
    answer = client_as(sides.hr).post(
        url(contract, "scan/"), {"party": customer.pk, "signed_on": "2026-09-01", "scan": scan()}
    )
    assert answer.status_code == 200
    assert "k-alert--danger" in answer.text


@pytest.mark.parametrize(
    ("verb", "typed", "state"),
    [
        ("suspend/", {"reason": "military", "starts_on": "2026-09-01"}, ContractState.SUSPENDED),
        ("terminate/", {"reason": "agreed", "on": "2026-09-01", "note": ""}, ContractState.TERMINATED),
    ],
)
def test_the_plant_suspends_and_ends(at, client_as, verb, typed, state):
    sides = side()
    contract = signed(sides, at=at)
    client = client_as(sides.hr)
    assert client.get(url(contract, verb)).status_code == 200
    client.post(url(contract, verb), typed)
    contract.refresh_from_db()
    assert contract.state == state


def test_what_was_typed_is_not_lost(at, client_as):
    sides = side()
    contract = signed(sides, at=at)
    typed = {"reason": "other", "starts_on": "2026-09-02", "document": "приказ 5"}
    answer = client_as(sides.hr).post(url(contract, "suspend/"), typed)
    assert "приказ 5" in answer.text
    assert "k-alert--danger" in answer.text


def test_a_suspension_is_resumed_on_a_page(at, client_as):
    sides = side()
    contract = signed(sides, at=at)
    actions.suspend_contract(contract=contract, reason="leave", starts_on=at.date(), by=sides.hr, at=at)
    client_as(sides.hr).post(url(contract, "resume/"), {"on": "2026-09-01"})
    contract.refresh_from_db()
    assert contract.state == ContractState.ACTIVE


def test_giving_up_on_a_page(at, client_as):
    sides = side()
    contract = drawn_up(sides, at=at)
    client = client_as(contract.person.user)
    client.get(url(contract, "cancel/"))
    client.post(url(contract, "cancel/"), {"reason": "передумал"})
    contract.refresh_from_db()
    assert contract.state == ContractState.CANCELLED


def test_fulfilling_too_early_is_explained(at, client_as):
    sides = side()
    contract = signed(sides, at=at)
    client_as(sides.hr).post(url(contract, "fulfil/"))
    contract.refresh_from_db()
    assert contract.state == ContractState.ACTIVE


def test_a_payment_is_entered_and_cancelled(at, client_as):
    sides = side()
    contract = signed(sides, at=at)
    client = client_as(sides.hr)
    client.get(url(contract, "pay/"))
    typed = {"measure": sides.offer.support.get().pk, "paid_on": "2026-09-01", "document": "п/п 1"}
    client.post(url(contract, "pay/"), {**typed, "amount_kopecks": "5 000,00"})
    payment = contract.payments.get()
    assert payment.amount_kopecks == 500_000
    client.post(f"/payments/{payment.pk}/cancel/", {"reason": "дважды"})
    payment.refresh_from_db()
    assert payment.cancellation_reason == "дважды"
    assert "дважды" in client.get(url(contract)).text


def test_a_month_is_paid_after_a_preview(at, client_as):
    sides = side()
    contracts = [signed(sides, at=at) for _ in range(2)]
    client = client_as(sides.hr)
    page = f"/offers/{sides.offer.pk}/pay/"
    assert contracts[0].person.family_name in client.get(page).text
    typed = {"contracts": [contract.pk for contract in contracts], "paid_on": "2026-09-01", "document": ""}
    assert "k-alert--danger" in client.post(page, typed).text
    client.post(page, {**typed, "document": "ведомость 9"})
    assert [contract.payments.count() for contract in contracts] == [1, 1]
    assert client.get(page).status_code == 200


def test_a_stranger_pays_no_month(at, client_as):
    sides = side()
    client_as(sides.admissions).post(f"/offers/{sides.offer.pk}/pay/", {})
    assert client_as(sides.admissions).get(f"/offers/{sides.offer.pk}/pay/").status_code == 302


def paper_text(client, contract):
    answer = client.get(url(contract, "paper/"))
    assert answer["Content-Type"] == "application/pdf"
    pages = PdfReader(BytesIO(answer.content)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    # Words that were divided at the end of a line are whole again.
    return re.sub(r"(?<=\w)- (?=\w)", "", text)


def test_the_paper_says_it_in_russian(at, client_as):
    sides = side()
    person = PersonFactory(
        family_name="Смирнова",
        given_name="Анна",
        patronymic="Петровна",
        born_on=date(2004, 1, 2),
        user=UserFactory(),
        is_male=False,
    )
    contract = signed(sides, at=at, person=person)
    text = paper_text(client_as(sides.hr, language="en"), contract)
    assert "гражданка Смирнова Анна Петровна" in text
    assert "Смирновой Анне Петровне" in text
    assert "пять тысяч рублей 00 копеек" in text
    assert "36 (тридцать шесть) мес." in text
    assert "555" in text
    assert contract.number in text


def test_the_paper_of_a_minor_names_the_guardian(at, client_as):
    sides = side()
    child = minor_with_guardian()
    guardian = child.guardianships.get().guardian
    guardian.family_name = "Смирнова"
    guardian.save()
    contract = drawn_up(sides, at=at, person=child, with_college=False)
    assert "Смирновой Анны Образцовны" in paper_text(client_as(guardian.user), contract)


def test_what_waits_is_on_the_home_page(at):
    sides = side(seats=3)
    contract = drawn_up(sides, at=at)
    assert len(duties(sides.director, at.date())) == 1
    assert duties(contract.person.user, at.date())[0].url == contract.get_absolute_url()
    signed(sides, at=at)
    assert any(duty.url.endswith("/pay/") for duty in duties(sides.hr, at.date()))


def test_a_seat_without_contract_waits_for_the_office(at):
    sides = side(seats=1)
    accepted_seat(sides.offer, at)
    assert any(duty.url == "/contracts/draw-up/" for duty in duties(sides.admissions, at.date()))


def test_the_pages_of_a_person_and_a_group_show_contracts(at, client_as):
    sides = side()
    contract = signed(sides, at=at)
    client = client_as(sides.admissions)
    assert contract.number in client.get(contract.person.get_absolute_url()).text
    assert "/contracts/" in client.get(sides.offer.intake.get_absolute_url()).text


def test_the_page_of_an_offer_leads_to_its_contracts(at, client_as):
    sides = side()
    assert f"/offers/{sides.offer.pk}/pay/" in client_as(sides.hr).get(sides.offer.get_absolute_url()).text
    assert f"/offers/{sides.offer.pk}/pay/" not in client_as(None).get(sides.offer.get_absolute_url()).text


def public(contract):
    return f"/verify/{contract.terms_hash}/"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("signing", "The paper is real, but not in force"),
        ("active", "The paper is real and in force"),
        ("suspended", "The paper is real and in force"),
        ("terminated", "The paper is real, but not in force"),
        ("annulled", "The paper is real, but not in force"),
    ],
)
def test_anybody_checks_the_printed_contract_and_sees_no_name(at, client_as, state, said):
    sides = side()
    contract = drawn_up(sides, at=at) if state == "signing" else signed(sides, at=at)
    if state == "suspended":
        actions.suspend_contract(contract=contract, reason="leave", starts_on=at.date(), by=sides.hr, at=at)
    if state == "terminated":
        actions.terminate_contract(contract=contract, on=at.date(), reason="agreed", by=sides.hr, at=at)
    if state == "annulled":
        actions.annul_contract(contract=contract, reason="ошибка", by=sides.hr, at=at)
    page = client_as(None, language="en").get(public(contract)).text
    for words in (said, contract.number, "01.09.2026", contract.offer.employer.short_name):
        assert words in page
    for name in (contract.person.family_name, contract.person.given_name, contract.offer.position):
        assert name not in page


def test_a_contract_whose_terms_were_changed_does_not_match(at, client_as):
    contract = signed(side(), at=at)
    contract.terms["service_months"] = 1
    contract.save(update_fields=["terms"])
    assert "The text that is kept has another hash" in client_as(None, language="en").get(public(contract)).text


def text_of(client, contract):
    pages = PdfReader(BytesIO(client.get(url(contract, "paper/")).content)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    # Words that were divided at the end of a line are whole again.
    return re.sub(r"(?<=\w)- (?=\w)", "", text)


def test_the_paper_leads_to_the_public_page(at, client_as, settings):
    settings.SITE_URL = "https://forge.example"
    sides = side()
    contract = drawn_up(sides, at=at)
    text = text_of(client_as(sides.hr), contract).replace(" ", "")
    assert f"https://forge.example{public(contract)}" in text


def test_who_has_signed_stands_in_place_of_the_line(at, client_as):
    sides = side()
    contract = drawn_up(sides, at=at)
    client = client_as(sides.hr)
    assert "Подпись поставлена" not in text_of(client, contract)
    customer = contract.parties.get(role=ContractRole.CUSTOMER)
    actions.sign_contract(party=customer, by=sides.director, at=at)
    text = text_of(client, contract)
    customer.refresh_from_db()
    assert f"Подпись поставлена {customer.signatory.full_name} 01.09.2026 · в системе «Кузница»" in text
    assert text.count("Подпись поставлена") == 1
