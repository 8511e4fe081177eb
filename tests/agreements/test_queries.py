"""Fulfilment counted from facts, duties, the sealed text, the printed paper."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from kuznitsa.agreements import actions
from kuznitsa.agreements.enums import COUNTED, Fulfilment, ObligationKind
from kuznitsa.agreements.models import Agreement, Obligation
from kuznitsa.agreements.queries import (
    Promises,
    canonical,
    duties,
    fact_lines,
    facts_of,
    fulfilments,
    hash_of,
    listed_obligations,
    paper_data,
    promises,
)
from kuznitsa.agreements.queries import stands as list_of_stands
from kuznitsa.facts.actions import reverse
from kuznitsa.facts.enums import FactKind, Unit
from kuznitsa.facts.models import Fact
from kuznitsa.organisations.enums import AuthorityKind, Role
from tests.factories.agreements import agreed, drafted, partners, promise, sent
from tests.factories.classifiers import OccupationFactory
from tests.factories.facts import FactFactory, ThreadFactory
from tests.factories.organisations import EmployerFactory, member

pytestmark = pytest.mark.django_db

TODAY = date(2026, 9, 1)
DUE = date(2027, 6, 30)


def owed(world, at, kind=ObligationKind.PRACTICE, quantity=5, **fields) -> Obligation:
    """Return one obligation of the plant that is in force since today."""
    agreement = agreed(world, at, promises=[promise(world, kind=kind, quantity=quantity, due_on=DUE, **fields)])
    return agreement.obligations.get()


def happened(world, on=TODAY, quantity=1, kind=FactKind.PRACTICE_COMPLETED, **fields) -> Fact:
    values = {"organisation": world.plant, "counterpart": world.college} | fields
    return FactFactory(kind=kind, on=on, quantity=quantity, **values)


def stands(obligation, today=TODAY):
    """Ask for one obligation, and check that the list in SQL says the same."""
    found = fulfilments([obligation], today)[0]
    short = list_of_stands(Obligation.objects.all(), today)[obligation.pk]
    assert (short.done, short.standing) == (found.done, found.standing)
    counted = sum(facts_of(obligation).values_list("quantity", flat=True))
    assert found.done == (counted // 100 if obligation.unit == Unit.ROUBLES else counted)
    return found


def test_facts_count_from_the_first_day_of_the_agreement(at):
    world = partners()
    obligation = owed(world, at)
    happened(world, on=TODAY, quantity=2)
    happened(world, on=TODAY - timedelta(days=1), quantity=3)
    found = stands(obligation)
    assert (found.done, found.total, found.left, found.standing) == (2, 5, 3, Fulfilment.ON_THE_WAY)
    assert found.facts_url == obligation.get_absolute_url()


def test_facts_count_from_the_day_it_came_into_force_if_that_was_earlier(at):
    world = partners()
    agreement = agreed(world, at, starts_on=date(2026, 10, 1), promises=[promise(world, kind=ObligationKind.PRACTICE)])
    happened(world, on=TODAY)
    assert stands(agreement.obligations.get()).done == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": FactKind.HIRED},
        {"organisation": "other"},
        {"counterpart": "other"},
        {"counterpart": None},
    ],
)
def test_other_facts_do_not_count(at, fields):
    world = partners()
    obligation = owed(world, at)
    happened(world, **{name: EmployerFactory() if value == "other" else value for name, value in fields.items()})
    assert stands(obligation).done == 0


def test_late_facts_are_shown_as_late_and_not_lost(at):
    world = partners()
    obligation = owed(world, at)
    happened(world, on=DUE, quantity=4)
    assert stands(obligation, DUE).standing == Fulfilment.ON_THE_WAY
    assert stands(obligation, DUE + timedelta(days=1)).standing == Fulfilment.OVERDUE
    happened(world, on=DUE + timedelta(days=10), quantity=1)
    found = stands(obligation, DUE + timedelta(days=11))
    assert (found.done, found.late, found.standing) == (5, 1, Fulfilment.FULFILLED)


def test_a_reversed_fact_does_not_count(at):
    world = partners()
    obligation = owed(world, at, quantity=1)
    fact = happened(world)
    assert stands(obligation).is_done
    reverse(fact=fact, on=TODAY, reason="ошибка", by=None, at=at)
    assert (stands(obligation).done, stands(obligation).late) == (0, 0)


def test_an_occupation_narrows_to_its_threads(at):
    world = partners()
    occupation = OccupationFactory()
    obligation = owed(world, at, occupation=occupation)
    happened(world, thread=ThreadFactory(occupation=occupation))
    happened(world, thread=ThreadFactory())
    happened(world)
    assert stands(obligation).done == 1


def test_a_need_narrows_to_its_thread_and_branches(at):
    world = partners()
    need = ThreadFactory(employer=world.plant)
    obligation = owed(world, at, thread=need, occupation=need.occupation)
    happened(world, thread=need)
    happened(world, thread=ThreadFactory(parent=need, occupation=OccupationFactory()))
    happened(world, thread=ThreadFactory(occupation=need.occupation))
    assert stands(obligation).done == 2


def test_laboratories_follow_no_thread_and_count_in_any_case(at):
    world = partners()
    obligation = owed(world, at, kind=ObligationKind.LABORATORIES, quantity=3, occupation=OccupationFactory())
    happened(world, kind=FactKind.LABORATORY_ACCEPTED)
    assert stands(obligation).done == 1


def test_money_is_owed_in_roubles_and_counted_in_kopecks(at):
    world = partners()
    obligation = owed(world, at, kind=ObligationKind.SUPPORT, quantity=50_000)
    happened(world, kind=FactKind.SUPPORT_PAID, quantity=4_999_999)
    assert (stands(obligation).done, stands(obligation).standing) == (49_999, Fulfilment.ON_THE_WAY)
    happened(world, kind=FactKind.SUPPORT_PAID, quantity=1)
    assert (stands(obligation).done, stands(obligation).standing) == (50_000, Fulfilment.FULFILLED)


def test_a_draft_is_not_in_force(at):
    obligation = drafted(partners(), at).obligations.get()
    assert stands(obligation).standing == Fulfilment.NOT_IN_FORCE


def test_every_kind_of_obligation_is_counted_from_a_kind_of_fact():
    assert set(COUNTED) == set(ObligationKind)


def test_many_obligations_cost_one_query(at, django_assert_num_queries):
    world = partners()
    agreement = agreed(world, at, promises=[promise(world, quantity=number) for number in range(1, 8)])
    listed = list(agreement.obligations.order_by("order"))
    with django_assert_num_queries(1):
        found = fulfilments(listed, TODAY)
    assert [row.total for row in found] == list(range(1, 8))


def test_promises_kept_of_all_that_bind(at):
    world = partners()
    kept, overdue, waived = owed(world, at, quantity=1), owed(world, at, quantity=9), owed(world, at)
    drafted(world, at)
    happened(world)
    actions.waive(obligation=waived, reason="так", by=world.coordinator, at=at)
    assert promises(Obligation.objects.all(), DUE + timedelta(days=1)) == Promises(kept=1, overdue=1, total=2)
    seen = Obligation.objects.visible_to(world.coordinator)
    order = [row.pk for row in listed_obligations(seen, list_of_stands(seen, DUE + timedelta(days=1)))]
    assert order[:1] == [overdue.pk]
    assert order.index(kept.pk) < order.index(waived.pk)


def test_records_behind_a_number_name_nobody_and_are_seen_by_those_concerned(at):
    from kuznitsa.people.enums import AffiliationKind
    from kuznitsa.people.models import Affiliation
    from tests.factories.people import PersonFactory

    world = partners()
    obligation = owed(world, at)
    person = PersonFactory(family_name="Секретов")
    happened(world, person=person, source=person)
    line = fact_lines(obligation, world.coordinator)[0]
    assert "Секретов" not in line.source
    assert line.url == ""
    Affiliation.objects.create(
        person=person, organisation=world.college, kind=AffiliationKind.STUDENT, started_on=at.date()
    )
    assert fact_lines(obligation, world.coordinator)[0].url == person.get_absolute_url()
    assert fact_lines(obligation, member(EmployerFactory(), Role.DIRECTOR)) == []


def titles(user, today=TODAY) -> list[str]:
    with translation.override("en"):
        return [duty.title for duty in duties(user, today)]


def test_duties_ask_signatories_to_sign(at):
    world = partners()
    agreement = sent(world, at)
    assert titles(world.plant_signatory.user) == ["Sign the agreement"]
    actions.sign(party=agreement.parties.first(), by=world.plant_signatory.user, at=at)
    assert titles(world.plant_signatory.user) == []
    world.college_signatory.authority_until = TODAY
    world.college_signatory.save()
    assert titles(world.college_signatory.user, TODAY + timedelta(days=1)) == []


def test_duties_ask_for_acts(at):
    world = partners()
    obligation = owed(world, at, kind=ObligationKind.VISITS)
    for _number in range(2):
        act = actions.submit_act(obligation=obligation, on=TODAY, quantity=1, description="э", by=world.hr, at=at)
    duty = duties(world.coordinator, TODAY)[0]
    assert (duty.count, duty.url) == (2, obligation.get_absolute_url())
    actions.return_act(act=act, reason="так", by=world.coordinator, at=at)
    assert titles(world.hr) == ["Mend the returned act"]


def test_duties_warn_thirty_days_before_and_after(at):
    world = partners()
    owed(world, at)
    assert titles(world.hr, DUE - timedelta(days=31)) == []
    assert titles(world.hr, DUE - timedelta(days=30)) == ["Keep the promise in time"]
    assert titles(world.hr, DUE + timedelta(days=1)) == ["Keep the promise: it is overdue"]
    assert titles(world.coordinator, DUE) == []
    happened(world, quantity=5)
    assert titles(world.hr, DUE) == []


def test_many_overdue_promises_are_one_row(at):
    world = partners()
    agreed(world, at, promises=[promise(world, due_on=DUE) for _number in range(7)])
    (duty,) = duties(world.hr, DUE + timedelta(days=1))
    assert (duty.count, duty.due_on) == (7, DUE)
    assert duty.url.endswith("?standing=overdue")


def test_duties_show_drafts_that_came_back(at):
    world = partners()
    actions.return_to_draft(agreement=sent(world, at), reason="Не те сроки", by=world.coordinator, at=at)
    (duty,) = duties(world.hr, TODAY)
    assert "Не те сроки" in duty.about


def test_duties_cost_the_same_for_one_and_for_three(at, query_count):
    world = partners()

    def add():
        owed(world, at)
        sent(world, at)

    query_count(lambda: duties(world.hr, DUE), add)
    query_count(lambda: duties(world.plant_signatory.user, TODAY), add)


def test_the_hash_changes_with_every_part_and_not_with_the_language(at):
    world = partners()
    agreement = drafted(world, at)
    seal = hash_of(canonical(agreement))
    with translation.override("en"):
        assert hash_of(canonical(agreement)) == seal
    agreement.obligations.update(quantity=6)
    assert hash_of(canonical(agreement)) != seal


def test_the_paper_puts_signatories_into_the_genitive(at):
    world = partners()
    world.plant_signatory.post = "управляющий директор"
    world.plant_signatory.authority_kind = AuthorityKind.POWER_OF_ATTORNEY
    world.plant_signatory.authority_number = "14"
    world.plant_signatory.save()
    data = paper_data(agreed(world, at), TODAY)
    plant, college = data["parties"]
    assert plant["represented"] == (
        "управляющего директора Завражнова Андрея Петровича, действующего на основании доверенности № 14 от 01.01.2020"
    )
    assert college["represented"] == "директора Дацкой Веры Ивановны, действующей на основании Устава"
    assert data["hash"] in data["check"]
    assert not data["draft"]


def test_a_paper_without_signatories_leaves_them_out(at):
    world = partners()
    agreement = drafted(world, at)
    world.plant.signatories.all().delete()
    data = paper_data(agreement, TODAY)
    assert data["draft"]
    assert data["parties"][0]["represented"] == ""


def test_who_sees_an_agreement(at):
    world = partners()
    draft, in_force = drafted(world, at), agreed(world, at)
    operator = member(EmployerFactory(), Role.FEDERAL_OPERATOR)
    assert set(Agreement.objects.visible_to(world.hr)) == {draft, in_force}
    assert set(Agreement.objects.visible_to(world.plant_signatory.user)) == {draft, in_force}
    assert set(Agreement.objects.visible_to(operator)) == {in_force}
    assert not Agreement.objects.visible_to(member(EmployerFactory(), Role.DIRECTOR)).exists()
