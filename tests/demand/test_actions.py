import pytest

from kuznitsa.base.models import AuditEntry
from kuznitsa.base.refusal import Refused
from kuznitsa.demand import actions
from kuznitsa.demand.enums import Confidence, NeedState, UnmetReason
from kuznitsa.demand.models import Need
from kuznitsa.facts.actions import open_thread, record
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact, Thread
from kuznitsa.facts.queries import totals
from kuznitsa.organisations.enums import Role
from tests.factories.classifiers import OccupationFactory
from tests.factories.clusters import ParticipationFactory
from tests.factories.demand import NeedFactory
from tests.factories.organisations import CollegeFactory, EmployerFactory, SiteFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def need():
    return NeedFactory()


@pytest.fixture
def hr(need):
    return member(need.employer, Role.EMPLOYER_HR)


@pytest.fixture
def stated(need, hr, at):
    return actions.state_need(need=need, by=hr, at=at)


def stated_number():
    return totals(Thread.objects.all()).get(FactKind.NEED_STATED, 0)


def hire(need, quantity, at):
    record(
        kind=FactKind.HIRED,
        on=at.date(),
        quantity=quantity,
        organisation=need.employer,
        thread=need.thread,
        source=need,
        by=None,
        at=at,
    )


def answered_by_an_offer(need, at):
    open_thread(
        title="предложение",
        parent=need.thread,
        employer=need.employer,
        occupation=need.occupation,
        year=need.year,
        by=None,
        at=at,
    )


def test_draft_need_takes_the_only_cluster_of_the_plant(at):
    participation = ParticipationFactory()
    employer = participation.organisation

    need = actions.draft_need(
        employer=employer,
        occupation=OccupationFactory(),
        year=2029,
        replacement=3,
        by=member(employer, Role.EMPLOYER_HR),
        at=at,
    )

    assert (need.cluster, need.state, need.number) == (participation.cluster, NeedState.DRAFT, 3)
    assert not Fact.objects.exists()


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({"replacement": 0}, "хотя бы один"),
        ({"year": 2025}, "от 2026 до 2041"),
        ({"year": 2042}, "от 2026 до 2041"),
        ({"wage_from_kopecks": 2, "wage_to_kopecks": 1}, "ниже нижней"),
    ],
)
def test_draft_need_refuses_what_cannot_be(at, details, words):
    employer = EmployerFactory()
    given = {"occupation": OccupationFactory(), "year": 2029, "replacement": 1, **details}

    with pytest.raises(Refused, match=words):
        actions.draft_need(employer=employer, by=None, at=at, **given)

    assert not Need.objects.exists()


def test_draft_need_refuses_the_site_of_another_and_a_need_stated_twice(at, need):
    site = SiteFactory()
    with pytest.raises(Refused, match="площадка"):
        actions.draft_need(
            employer=need.employer, occupation=need.occupation, year=2030, growth=1, site=site, by=None, at=at
        )

    with pytest.raises(Refused, match="уже заявлена"):
        actions.draft_need(employer=need.employer, occupation=need.occupation, year=2029, growth=1, by=None, at=at)


def test_only_those_who_speak_for_an_enterprise_state_needs(at, need):
    mentor, college = member(need.employer, Role.MENTOR), CollegeFactory()

    with pytest.raises(Refused, match="отдел кадров"):
        actions.state_need(need=need, by=mentor, at=at)
    with pytest.raises(Refused, match="только предприятия"):
        actions.draft_need(employer=college, occupation=need.occupation, year=2029, growth=1, by=None, at=at)


def test_state_need_opens_its_thread_and_records_its_number(stated, hr):
    assert (stated.state, stated.stated_by) == (NeedState.STATED, hr)
    assert (stated.thread.employer, stated.thread.year, stated.thread.cluster) == (
        stated.employer,
        2029,
        stated.cluster,
    )
    assert stated_number() == 25


def test_state_need_twice_is_refused_and_counts_once(stated, hr, at):
    with pytest.raises(Refused):
        actions.state_need(need=stated, by=hr, at=at)

    assert stated_number() == 25


def test_two_people_state_the_same_draft_and_the_second_is_refused(need, hr, at):
    first, second = Need.objects.get(pk=need.pk), Need.objects.get(pk=need.pk)
    actions.state_need(need=first, by=hr, at=at)

    with pytest.raises(Refused, match="другой человек|Кто-то"):
        actions.state_need(need=second, by=hr, at=at)

    assert stated_number() == 25


def test_edit_of_a_stated_number_reverses_the_fact(stated, hr, at):
    actions.edit_need(need=stated, growth=10, by=hr, at=at, reason="новый цех")

    assert stated_number() == 30
    assert [fact.quantity for fact in Fact.objects.order_by("pk")] == [25, -25, 30]
    assert Fact.objects.get(quantity=-25).reason == "новый цех"


def test_edit_that_leaves_the_number_writes_no_fact(stated, hr, at):
    actions.edit_need(need=stated, note="две смены", by=hr, at=at)

    assert Fact.objects.count() == 1


def test_edit_refuses_another_year_once_stated_and_a_closed_need(stated, hr, at):
    with pytest.raises(Refused, match="черновик"):
        actions.edit_need(need=stated, year=2030, by=hr, at=at)

    actions.end_need(need=stated, reason=UnmetReason.NO_SEATS, by=hr, at=at)
    with pytest.raises(Refused, match="закрыта"):
        actions.edit_need(need=stated, growth=1, by=hr, at=at)


def test_set_confidence_is_audited(stated, hr, at):
    actions.set_confidence(need=stated, confidence=Confidence.FIRM, by=hr, at=at)

    entry = AuditEntry.objects.about(stated).get(verb="demand.need.confidence")
    assert entry.details == {"was": "interest", "now": "firm"}


def test_return_to_draft_reverses_and_leaves_the_thread(stated, hr, at):
    actions.return_to_draft(need=stated, reason="не та профессия", by=hr, at=at)

    assert (stated.state, stated.thread, stated_number()) == (NeedState.DRAFT, None, 0)


@pytest.mark.parametrize("action", [actions.return_to_draft, actions.withdraw_need])
def test_way_back_needs_a_reason_and_no_offers(stated, hr, at, action):
    with pytest.raises(Refused, match="причину"):
        action(need=stated, reason=" ", by=hr, at=at)

    answered_by_an_offer(stated, at)
    with pytest.raises(Refused, match="предложения"):
        action(need=stated, reason="передумали", by=hr, at=at)
    assert stated_number() == 25


def test_withdraw_and_restore(stated, hr, at):
    actions.withdraw_need(need=stated, reason="передумали", by=hr, at=at)
    assert stated_number() == 0

    actions.restore_need(need=stated, by=hr, at=at)
    assert stated.state == NeedState.DRAFT


def test_restore_is_refused_when_the_same_need_was_stated_meanwhile(stated, hr, at):
    actions.withdraw_need(need=stated, reason="передумали", by=hr, at=at)
    NeedFactory(employer=stated.employer, occupation=stated.occupation, year=stated.year)

    with pytest.raises(Refused, match="уже заявлена"):
        actions.restore_need(need=stated, by=hr, at=at)


@pytest.mark.parametrize(("hired", "state"), [(0, NeedState.UNMET), (24, NeedState.PARTLY_MET), (25, NeedState.MET)])
def test_how_a_need_ended_is_counted_from_hires(stated, hr, at, hired, state):
    if hired:
        hire(stated, hired, at)

    actions.end_need(need=stated, reason=UnmetReason.LEFT, by=hr, at=at)

    stated.refresh_from_db()
    assert stated.state == state
    assert bool(stated.unmet_reason) == (state != NeedState.MET)


def test_unmet_need_ends_with_a_reason_only(stated, hr, at):
    with pytest.raises(Refused, match="0 из 25"):
        actions.end_need(need=stated, by=hr, at=at)


def test_draft_cannot_be_ended_and_open_need_not_reopened(need, hr, at):
    with pytest.raises(Refused):
        actions.end_need(need=need, reason=UnmetReason.OTHER, by=hr, at=at)
    with pytest.raises(Refused):
        actions.reopen_need(need=need, reason="ошибка", by=hr, at=at)


def test_reopen_forgets_how_it_ended(stated, hr, at):
    actions.end_need(need=stated, reason=UnmetReason.OTHER, by=hr, at=at)

    actions.reopen_need(need=stated, reason="рано закрыли", by=hr, at=at)

    stated.refresh_from_db()
    assert (stated.state, stated.unmet_reason, stated.ended_at) == (NeedState.STATED, "", None)


def test_save_grid_drafts_changes_and_leaves_alone(stated, hr, at):
    same = {"occupation": stated.occupation, "site": None, "year": 2029, "replacement": 20, "growth": 5}
    changed = {**same, "growth": 7}
    new = {**same, "year": 2030}

    assert actions.save_grid(employer=stated.employer, rows=[same], by=hr, at=at) == ([], [])
    drafted, edited = actions.save_grid(employer=stated.employer, rows=[changed, new], by=hr, at=at)

    assert ([row.year for row in drafted], [row.pk for row in edited]) == ([2030], [stated.pk])
    assert stated_number() == 27


def test_save_grid_is_all_or_nothing(stated, hr, at):
    row = {"occupation": stated.occupation, "site": None, "year": 2030, "replacement": 1, "growth": 0}

    with pytest.raises(Refused):
        actions.save_grid(employer=stated.employer, rows=[row, {**row, "year": 2099}], by=hr, at=at)

    assert Need.objects.count() == 1
