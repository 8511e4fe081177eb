"""The seats of an offer and who waits for one, in pages: of thousands no more is read than is shown."""

import pytest
from django.urls import reverse

from kuznitsa.admissions.queries.seats import waiting_list
from kuznitsa.admissions.views import why
from kuznitsa.organisations.enums import Role
from tests.factories.admissions import OpenOfferFactory, checked, office_of, published
from tests.factories.organisations import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(at):
    """Two seats, of which the best two have one each, and three who wait."""
    offer = OpenOfferFactory(seats=2)
    people = [checked(offer, at=at, mark=mark) for mark in (500, 480, 460, 440, 420)]
    return offer, published(offer.campaign, at=at), people


def test_both_lists_come_in_pages_of_their_own(market, client_as, monkeypatch):
    offer, run, people = market
    monkeypatch.setattr(why, "PAGE", 1)
    assert waiting_list(run, offer) == [application.pk for application in people[2:]]
    page = client_as(office_of(offer.campaign)).get(reverse("admissions:offer-waiting", args=[offer.pk]) + "?page=2")
    assert [seat.application for seat in page.context["seats"]] == [people[0]]
    assert list(page.context["waiting"]) == [people[3]]
    assert '<ol start="2">' in page.text
    assert 'href="?page=2&amp;seats=2"' in page.text
    assert 'href="?seats=1&amp;page=3"' in page.text


def test_each_sees_whom_they_may_see(market, client_as):
    offer, _run, people = market
    other = OpenOfferFactory(campaign=offer.campaign)
    pages = [
        client_as(member(employer, Role.EMPLOYER_HR)).get(reverse("admissions:offer-waiting", args=[offer.pk]))
        for employer in (offer.employer, other.employer)
    ]
    assert [list(page.context["waiting"]) for page in pages] == [people[2:], []]
    assert [len(page.context["seats"]) for page in pages] == [2, 0]
    assert {page.context["story"].waiting for page in pages} == {3}
