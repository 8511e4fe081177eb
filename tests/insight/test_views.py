import pytest
from django.urls import reverse

from kuznitsa.demand.actions import state_need
from kuznitsa.facts.actions import record
from kuznitsa.facts.enums import FactKind
from kuznitsa.organisations.enums import Role
from kuznitsa.people.enums import AffiliationKind
from kuznitsa.people.models import Affiliation
from tests.factories.demand import NeedFactory
from tests.factories.organisations import member
from tests.factories.outcomes import HireFactory
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def need(at):
    return state_need(need=NeedFactory(), by=None, at=at)


@pytest.fixture
def hr(need):
    return member(need.employer, Role.EMPLOYER_HR)


@pytest.fixture
def hire(need, at):
    def hires():
        person = PersonFactory()
        record(
            kind=FactKind.HIRED,
            on=at.date(),
            quantity=1,
            organisation=need.employer,
            person=person,
            thread=need.thread,
            source=need,
            by=None,
            at=at,
        )
        return person

    return hires


def test_thread_is_public_but_leads_nowhere_for_visitors(client_as, need):
    page = client_as(None).get(reverse("insight:thread")).content.decode()

    assert "25" in page
    assert "/thread/needed/" not in page


def test_thread_of_a_member_links_its_numbers(client_as, need, hr):
    page = client_as(hr).get(reverse("insight:thread") + f"?need={need.pk}").content.decode()

    assert f"/thread/needed/?need={need.pk}" in page


def test_names_are_shown_only_to_those_concerned(client_as, need, hr, hire, at):
    seen, unseen = hire(), hire()
    Affiliation.objects.create(
        person=seen, organisation=need.employer, kind=AffiliationKind.EMPLOYEE, started_on=at.date()
    )

    page = client_as(hr).get(reverse("insight:stage", args=["hired"])).content.decode()

    assert seen.full_name in page
    assert unseen.full_name not in page
    assert "имя не показано" in page


def test_export_hides_the_same_names(client_as, need, hr, hire):
    unseen = hire()

    answer = client_as(hr).get(reverse("insight:stage", args=["hired"]) + "?export=csv")

    assert unseen.family_name not in b"".join(answer.streaming_content).decode("utf-8-sig")


def test_facts_cost_the_same_for_one_and_three(client_as, need, hr, hire, query_count):
    client = client_as(hr)

    query_count(lambda: client.get(reverse("insight:stage", args=["hired"])), hire)


def test_unknown_stage_is_not_found(client_as, hr):
    assert client_as(hr).get("/thread/nonsense/").status_code == 404


def test_balance_answers_what_if(client_as, need, language):
    page = client_as(None, language=language).get(reverse("insight:balance") + "?seats=50").content.decode()

    assert "50" in page
    assert need.occupation.name in page


def test_empty_balance_says_when_it_fills(client_as, ru):
    assert "Пока нечего сравнивать" in client_as(None).get(reverse("insight:balance")).content.decode()


@pytest.mark.parametrize("sort", ["year", "occupation", "-gap"])
def test_balance_is_sorted_and_exported(client_as, need, sort):
    client, url = client_as(None), reverse("insight:balance")

    assert client.get(f"{url}?sort={sort}").status_code == 200
    assert client.get(f"{url}?sort={sort}&export=xlsx").headers["Content-Type"].startswith("application/vnd")


def test_only_papers_that_open_are_links(client_as, need, hr, at):
    paper = HireFactory(employer=need.employer)
    record(
        kind=FactKind.HIRED,
        on=at.date(),
        quantity=1,
        organisation=need.employer,
        person=paper.person,
        thread=need.thread,
        source=paper,
        by=None,
        at=at,
    )
    mentor, stage = member(need.employer, Role.MENTOR), reverse("insight:stage", args=["hired"])

    assert paper.get_absolute_url() in client_as(hr).get(stage).content.decode()
    page = client_as(mentor).get(stage).content.decode()
    assert paper.get_absolute_url() not in page
    assert str(paper._meta.verbose_name) in page


def test_a_search_does_not_tell_of_names_that_are_not_shown(client_as, need, hr, hire, at):
    seen, unseen = hire(), hire()
    Affiliation.objects.create(
        person=seen, organisation=need.employer, kind=AffiliationKind.EMPLOYEE, started_on=at.date()
    )
    client, stage = client_as(hr), reverse("insight:stage", args=["hired"])

    assert seen.full_name in client.get(stage, {"q": seen.family_name}).content.decode()
    assert "имя не показано" not in client.get(stage, {"q": unseen.family_name}).content.decode()
