import pytest
from django.urls import reverse

from kuznitsa.demand import actions
from kuznitsa.demand.enums import NeedState
from kuznitsa.demand.models import Need
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact
from kuznitsa.organisations.enums import Role
from tests.factories.classifiers import OccupationFactory
from tests.factories.clusters import ParticipationFactory
from tests.factories.demand import NeedFactory
from tests.factories.organisations import EmployerFactory, SiteFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def employer():
    return EmployerFactory()


@pytest.fixture
def client(client_as, employer):
    return client_as(member(employer, Role.EMPLOYER_HR))


def grid_post(*rows):
    names = ("occupation", "site", "year", "replacement", "growth", "confidence")
    data = {"row-TOTAL_FORMS": len(rows), "row-INITIAL_FORMS": 0}
    for index, row in enumerate(rows):
        data |= {f"row-{index}-{name}": value for name, value in zip(names, row, strict=True)}
    return data


def test_create_drafts_a_need(client, employer, at):
    occupation = OccupationFactory()
    given = {
        "occupation": occupation.pk,
        "year": 2029,
        "replacement": 20,
        "growth": 5,
        "confidence": "firm",
        "wage_from_kopecks": "60 000",
    }

    answer = client.post(reverse("demand:create", args=[employer.slug]), given)

    need = Need.objects.get()
    assert answer.headers["Location"] == need.get_absolute_url()
    assert (need.number, need.wage_from_kopecks, need.state) == (25, 6_000_000, NeedState.DRAFT)


def test_create_keeps_what_was_typed_when_the_action_refuses(client, employer, at):
    given = {"occupation": OccupationFactory().pk, "year": 2099, "replacement": 7, "growth": 0, "confidence": "firm"}

    answer = client.post(reverse("demand:create", args=[employer.slug]), given)

    assert "от 2026 до 2041" in answer.content.decode()
    assert 'value="7"' in answer.content.decode()


def test_pasted_block_fills_the_grid_without_saving(client, employer, at):
    block = "Профессия\tПлощадка\tГод\tЗамена\tРост\tУверенность\n22.01.99\tЦех 1\t2029\t1 2\t3\tточно"

    url = reverse("demand:grid", args=[employer.slug])
    assert 'name="block"' in client.get(url).content.decode()
    page = client.post(url, {"block": block}).content.decode()

    for value in ('value="22.01.99"', 'value="Цех 1"', 'value="2029"', 'value="12"', 'value="3"'):
        assert value in page
    assert not Need.objects.exists()


@pytest.mark.parametrize(
    ("heading", "is_heading"),
    [
        ("Профессия\tПлощадка", True),
        ("Профессия (код или название)\tГод", True),
        ("Occupation\tSite", True),
        ("Специальность\tКол-во", True),
        ("Электролизник\tЦех", False),
        ("Электролизник", False),
    ],
)
def test_a_heading_of_few_cells_is_no_row(client, employer, at, heading, is_heading):
    page = client.post(
        reverse("demand:grid", args=[employer.slug]), {"block": f"{heading}\n22.01.99\tЦех 1"}
    ).content.decode()

    first = page.split('name="row-0-occupation"')[0].rsplit("<input", 1)[-1] + page.split('name="row-0-occupation"')[1]
    assert ('value="22.01.99"' in first.split(">")[0]) is is_heading


@pytest.mark.parametrize(("word", "value"), [("точно", "firm"), ("Firm", "firm"), ("", "interest"), ("ну да", "")])
def test_confidence_is_understood_in_every_language_or_asked(client, employer, at, word, value):
    block = f"22.01.99\t\t2029\t12\t3\t{word}"

    page = client.post(reverse("demand:grid", args=[employer.slug]), {"block": block}).content.decode()

    chosen = page.split('name="row-0-confidence"')[1].split("</select>")[0]
    assert f'<option value="{value}" selected' in chosen


def test_a_row_without_confidence_is_asked_for_it(client, employer, at):
    data = grid_post((OccupationFactory().code, "", 2029, 1, 0, ""))

    assert "Насколько" in client.post(reverse("demand:grid", args=[employer.slug]), data).content.decode()
    assert not Need.objects.exists()


def test_a_large_block_is_taken_and_a_larger_one_refused(client, employer, at):
    url, code = reverse("demand:grid", args=[employer.slug]), OccupationFactory().code
    block = "\n".join(f"{code}\t\t{2027 + number % 50}\t{number + 1}\t\t" for number in range(500))

    assert 'name="row-499-occupation"' in client.post(url, {"block": block}).content.decode()
    rows = [(code, "", 2027 + number, 1, 0, "firm") for number in range(8)]
    nothing = [("", "", "", "", "", "interest")] * 492
    client.post(url, grid_post(*rows, *nothing))
    assert Need.objects.count() == 8
    page = client.post(url, {"block": f"{block}\n{block}"}).content.decode()
    assert "500 строк" in page


def test_grid_saves_all_rows_and_skips_empty_ones(client, employer, at):
    site = SiteFactory(organisation=employer)
    first, second = OccupationFactory(), OccupationFactory()
    data = grid_post(
        (first.code, site.name.upper(), 2029, 20, 5, "firm"),
        (second.name_ru, "", 2030, "", 4, "interest"),
        ("", "", "", "", "", "interest"),
    )

    client.post(reverse("demand:grid", args=[employer.slug]), data)

    assert sorted((need.year, need.number, need.site) for need in Need.objects.all()) == [
        (2029, 25, site),
        (2030, 4, None),
    ]


def test_grid_names_the_row_that_the_action_refuses(client, employer, at):
    first, second = OccupationFactory(), OccupationFactory()
    nothing = ("", "", "", "", "", "interest")
    data = grid_post((first.code, "", 2029, 1, 0, "firm"), nothing, (second.code, "", 2099, 1, 0, "firm"))

    page = client.post(reverse("demand:grid", args=[employer.slug]), data).content.decode()

    assert f"Строка 3, {second}: " in page
    assert '<th scope="row">3</th>' in page
    assert not Need.objects.exists()


def stated_need(employer, at):
    cluster = ParticipationFactory(organisation=employer).cluster
    need = NeedFactory(employer=employer, cluster=cluster, year=2029, replacement=20, growth=5)
    return actions.state_need(need=need, by=member(employer, Role.EMPLOYER_HR), at=at)


def test_the_grid_takes_the_reason_why_a_stated_number_changes(client, employer, at):
    need = stated_need(employer, at)
    site = need.site.name if need.site else ""
    data = grid_post((need.occupation.code, site, 2029, 20, 9, need.confidence)) | {"reason": "Новая линия"}

    client.post(reverse("demand:grid", args=[employer.slug]), data)

    need.refresh_from_db()
    assert need.growth == 9
    assert Fact.objects.filter(kind=FactKind.NEED_STATED, quantity__lt=0).get().reason == "Новая линия"


def test_the_page_of_a_stated_need_asks_why_the_number_changes(client, employer, at):
    need = stated_need(employer, at)
    url = reverse("demand:edit", args=[need.pk])
    assert 'name="reason"' in client.get(url).content.decode()
    given = {
        "occupation": need.occupation_id,
        "site": need.site_id or "",
        "cluster": need.cluster_id or "",
        "year": 2029,
        "replacement": 20,
        "growth": 9,
        "confidence": need.confidence,
        "reason": "Новая линия",
    }
    answer = client.post(url, given)
    assert answer.status_code == 302, answer.context["form"].errors
    assert Fact.objects.filter(kind=FactKind.NEED_STATED, quantity__lt=0).get().reason == "Новая линия"


def test_the_page_of_a_draft_asks_for_no_reason(client, employer, at):
    need = NeedFactory(employer=employer)
    assert 'name="reason"' not in client.get(reverse("demand:edit", args=[need.pk])).content.decode()


def test_grid_names_the_errors_and_saves_nothing(client, employer, at):
    occupation = OccupationFactory()
    data = grid_post(
        (occupation.code, "", 2029, 1, 0, "firm"),
        ("нет такой", "нет цеха", "", 0, 0, "firm"),
    )

    page = client.post(reverse("demand:grid", args=[employer.slug]), data).content.decode()

    for words in ("Такой профессии нет", "нет площадки", "Какой год", "хотя бы один"):
        assert words in page
    assert not Need.objects.exists()


def test_detail_offers_the_way_back_with_a_reason(client, employer, at):
    need = NeedFactory(employer=employer)
    client.post(reverse("demand:state", args=[need.pk]))

    client.post(reverse("demand:return", args=[need.pk]), {"reason": ""})
    assert Need.objects.get().state == NeedState.STATED

    client.post(reverse("demand:return", args=[need.pk]), {"reason": "ошиблись"})
    assert Need.objects.get().state == NeedState.DRAFT


def test_stranger_does_not_find_a_draft(client_as, at):
    need = NeedFactory()
    stranger = member(EmployerFactory(), Role.EMPLOYER_HR)

    assert client_as(stranger).get(need.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_list_is_exported(client, employer, at, form):
    NeedFactory(employer=employer)

    assert client.get(reverse("demand:list") + f"?export={form}").status_code == 200


def test_end_without_reason_is_refused_in_place(client, employer, at):
    need = NeedFactory(employer=employer)
    client.post(reverse("demand:state", args=[need.pk]))

    page = client.post(reverse("demand:end", args=[need.pk]), {"reason": "", "note": "колледж закрыт"})
    assert Need.objects.get().state == NeedState.STATED
    assert "k-alert--danger" in page.text
    assert "колледж закрыт" in page.text
    page = client.post(reverse("demand:end", args=[need.pk]), {"reason": "whatever", "note": ""})
    assert page.context["form"].errors["reason"]

    client.post(reverse("demand:end", args=[need.pk]), {"reason": "no_seats", "note": "колледж не открыл набор"})
    assert Need.objects.get().state == NeedState.UNMET


def test_list_costs_the_same_for_one_need_and_three(client, employer, query_count, assert_fragment, at):
    url = reverse("demand:list")

    query_count(lambda: client.get(url), lambda: NeedFactory(employer=employer))
    assert_fragment(client, url, **{"hx-target": "rows"})
