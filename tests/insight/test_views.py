import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from kuznitsa.demand.actions import state_need
from kuznitsa.facts.actions import record
from kuznitsa.facts.enums import FactKind
from kuznitsa.organisations.enums import Role
from kuznitsa.outcomes.queries import add_months
from kuznitsa.people.enums import AffiliationKind
from kuznitsa.people.models import Affiliation
from tests.factories.accounts import UserFactory
from tests.factories.demand import NeedFactory
from tests.factories.organisations import EmployerFactory, member
from tests.factories.outcomes import HireFactory
from tests.factories.people import PersonFactory
from tests.factories.programmes import ProgrammeFactory

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


def test_numbers_lead_nowhere_for_those_who_would_see_nothing(client_as, need):
    page = client_as(UserFactory()).get(reverse("insight:thread")).content.decode()

    assert "25" in page
    assert "/thread/needed/" not in page
    assert "Людей и документы за числом видят предприятие и колледж" in page


def test_the_panel_of_a_cluster_links_numbers_only_for_those_concerned(client_as, need, hr):
    page = need.cluster.get_absolute_url()

    assert "/thread/needed/" in client_as(hr).get(page).content.decode()
    assert "/thread/needed/" not in client_as(UserFactory()).get(page).content.decode()


@pytest.mark.parametrize("page", ["/thread/", "/thread/hired/", "/balance/"])
def test_a_scope_that_one_may_not_see_is_not_found(client_as, hr, page):
    hidden = NeedFactory()

    assert client_as(hr).get(page).status_code == 200
    assert client_as(hr).get(page, {"need": hidden.pk}).status_code == 404
    assert client_as(hr).get(page, {"cluster": "nowhere"}).status_code == 404


def test_a_stage_without_rows_says_who_sees_them(client_as, need, hire):
    hire()
    scope = {"cluster": need.cluster.slug}

    page = client_as(member(EmployerFactory(), Role.EMPLOYER_HR)).get("/thread/hired/", scope).content.decode()

    assert "Здесь нет фактов, которые вам видны" in page
    assert "Людей и документы за ними видят предприятие и колледж" in page
    assert "Ничего не найдено" not in page


def test_a_stage_says_that_the_number_counts_more_than_the_rows(client_as, need, hr, hire):
    hire()

    assert "Число считает всех" in client_as(hr).get("/thread/hired/").content.decode()
    assert "Число считает всех" not in client_as(UserFactory(is_staff=True)).get("/thread/hired/").content.decode()


def test_a_search_stays_in_its_scope(client_as, need, hr, hire):
    hire()
    asked = {"need": need.pk, "q": "nobody"}

    page = client_as(hr).get("/thread/hired/", asked).content.decode()

    assert f'<input type="hidden" name="need" value="{need.pk}">' in page
    assert f'href="?need={need.pk}"' in page
    assert "Ничего не найдено" in page


@pytest.fixture
def stayed(need, at):
    """Four were hired a year ago, three were still there after 3 months, two after a year."""
    quantities = {FactKind.HIRED: 4, FactKind.STAYED_3: 3, FactKind.STAYED_12: 2}
    for kind, quantity in quantities.items():
        record(
            kind=kind,
            on=add_months(at.date(), -12),
            quantity=quantity,
            organisation=need.employer,
            thread=need.thread,
            source=need,
            by=None,
            at=at,
        )


@pytest.mark.parametrize(("months", "title", "number"), [("", 12, 2), ("3", 3, 3), ("12", 12, 2)])
def test_those_who_stayed_are_shown_after_each_check_point(client_as, need, hr, stayed, months, title, number):
    page = client_as(hr).get("/thread/stayed/", {"need": need.pk, "months": months}).content.decode()

    assert f"Остались через {title} мес.: {number}</h1>" in page
    assert [line.strip() for line in re.findall(r">(через \d+ мес.: [^<]+)<", page)] == [
        "через 3 мес.: 3 из 4",
        "через 6 мес.: 0 из 4",
        "через 12 мес.: 2 из 4",
        "через 24 мес.: ещё рано",
        "через 36 мес.: ещё рано",
    ]
    assert f'href="/thread/stayed/?need={need.pk}&amp;months=6"' in page
    assert f'aria-current="page">через {title} мес.' in page


@pytest.mark.parametrize("months", ["4", "x", "-3"])
def test_a_check_point_that_does_not_exist_is_not_found(client_as, need, hr, stayed, months):
    assert client_as(hr).get("/thread/stayed/", {"months": months}).status_code == 404


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


@pytest.fixture
def asked(need, at):
    """What to ask of the balance: 100 more seats for the need's occupation, taught for 22 months."""
    ProgrammeFactory(occupation=need.occupation, months=22)
    return {"occupation": need.occupation.code, "seats": 100, "start": need.year - 2}


def test_balance_answers_what_if(client_as, need, asked, en):
    other = state_need(need=NeedFactory(year=need.year), by=None, at=timezone.now())

    page = client_as(None, language="en").get(reverse("insight:balance"), asked).content.decode()

    assert f"100 more seats from September {need.year - 2} give about 69 workers in {need.year}." in page
    assert f"The gap of {need.year} falls from 25 to 0." in page
    assert "100 → 92 → 86 → 69" in page
    assert f"<title>{need.year} · From the new seats: 69</title>" in page
    assert "the usual share (23 contracts on 25 seats" in page
    table = page[page.index('id="rows"') :]
    assert re.search(r"<td[^>]*>25</td>\s*<td[^>]*>69</td>\s*<td[^>]*>0</td>", table)
    assert f"{other.occupation.name}</td>" not in table


def test_balance_asks_nothing_until_it_is_asked(client_as, need, en):
    page = client_as(None, language="en").get(reverse("insight:balance")).content.decode()

    assert 'name="start"' in page
    assert "From the new seats" not in page
    assert "missing then" not in page.lower()


@pytest.mark.parametrize("wrong", [{"seats": "0"}, {"start": "1999"}, {"occupation": ""}, {"seats": "x"}])
def test_balance_says_what_is_wrong_with_the_question(client_as, asked, wrong):
    page = client_as(None).get(reverse("insight:balance"), {**asked, **wrong}).content.decode()

    assert "is-invalid" in page
    assert "С новых мест" not in page


def test_the_table_with_more_seats_is_sorted_and_exported(client_as, asked):
    answer = client_as(None).get(reverse("insight:balance"), {**asked, "sort": "-added", "export": "csv"})

    header, row = b"".join(answer.streaming_content).decode("utf-8-sig").split("\r\n")[:2]
    assert ";с новых мест;не хватит тогда;" in header
    assert row.startswith("2029;25;0;25;69;0;")


def test_seats_are_planned_from_the_next_september(client_as, need, at):
    def first():
        page = client_as(None).get(reverse("insight:balance")).content.decode()
        return re.search(r'name="start".*?<option value="(\d+)"', page, re.DOTALL)[1]

    assert first() == "2027"
    with time_machine.travel(datetime(2026, 8, 31, 12, tzinfo=UTC)):
        assert first() == "2026"


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
