"""Anybody checks a paper by its hash: which one, of what date, in force or not, and nobody's name."""

from datetime import date

import pytest
from django.urls import reverse

from kuznitsa.agreements.models import Agreement, Obligation
from kuznitsa.agreements.queries import paper_data
from kuznitsa.agreements.queries.verification import cleaned
from tests.factories.agreements import AgreementFactory, agreed, partners, sent

pytestmark = pytest.mark.django_db

HASH = "0123456789abcdef" * 4


@pytest.fixture
def visitor(client_as):
    return client_as(None, language="en")


def verify(digest):
    return reverse("agreements:verify", args=[digest])


@pytest.mark.parametrize(
    ("make", "said", "state"),
    [(agreed, "The paper is real and in force", "2 of 2"), (sent, "The paper is real, but not in force", "0 of 2")],
)
def test_a_visitor_sees_which_paper_it_is_and_how_it_stands(at, visitor, make, said, state):
    world = partners()
    agreement = make(world, at)
    page = visitor.get(verify(agreement.text_hash)).text
    for words in (said, state, agreement.number, "01.09.2026", world.plant.short_name, world.college.short_name):
        assert words in page
    for signatory in (world.plant_signatory, world.college_signatory):
        assert signatory.full_name.split()[0] not in page


def test_a_text_that_was_changed_behind_the_product_does_not_match(at, visitor):
    agreement = agreed(partners(), at)
    Obligation.objects.filter(agreement=agreement).update(quantity=500)
    page = visitor.get(verify(agreement.text_hash)).text
    assert "The text that is kept has another hash" in page
    assert "in force" not in page.split("<h1")[1].split("<dl")[0].replace("exists and is in force", "")


def test_an_unknown_hash_and_one_that_is_none(visitor, at):
    AgreementFactory()  # a draft, which has no hash yet
    for digest in (HASH, "short", "0"):
        answer = visitor.get(verify(digest))
        assert answer.status_code == 404
        assert "There is no paper with this hash" in answer.text


def test_the_hash_is_found_in_what_was_typed(visitor, at):
    search = reverse("agreements:verify-search")
    assert visitor.get(search).status_code == 200
    assert visitor.get(search, {"hash": f"https://forge.example/verify/{HASH.upper()}/"}).url == verify(HASH)
    assert "This is no hash" in visitor.get(search, {"hash": "мой договор"}).text
    assert cleaned(f"{HASH[:32]}\n {HASH[32:]}") == HASH


def test_the_paper_prints_the_address_at_which_it_is_checked(at, settings):
    settings.SITE_URL = "https://forge.example"
    agreement = agreed(partners(), at)
    assert paper_data(agreement, date(2026, 9, 1))["check"] == "https://forge.example" + verify(agreement.text_hash)
    assert Agreement.objects.get().text_hash == agreement.text_hash
