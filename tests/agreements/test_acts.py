"""Acts and waivers: every exit."""

from datetime import date

import pytest
from django.core.files.base import ContentFile

from kuznitsa.agreements import actions
from kuznitsa.agreements.enums import ActState, Fulfilment, ObligationKind, ObligationState
from kuznitsa.agreements.queries import fulfilments
from kuznitsa.base.refusal import Refused
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact
from tests.factories.agreements import agreed, drafted, partners, promise

pytestmark = pytest.mark.django_db


def submitted(world, at, obligation=None, **fields):
    obligation = obligation or agreed(world, at).obligations.get()
    values = {"on": at.date(), "quantity": 1, "description": "экскурсия", "by": world.hr}
    return actions.submit_act(obligation=obligation, at=at, **(values | fields))


def test_an_accepted_act_is_a_fact(at, mailoutbox, django_capture_on_commit_callbacks):
    world = partners()
    with django_capture_on_commit_callbacks(execute=True):
        act = submitted(world, at, quantity=2, scan=ContentFile(b"%PDF-1.7", name="act.pdf"))
    assert act.state == ActState.SUBMITTED
    assert world.coordinator.email in [letter.to[0] for letter in mailoutbox]
    assert not Fact.objects.filter(kind=FactKind.VISIT_HELD).exists()
    actions.accept_act(act=act, by=world.coordinator, at=at)
    fact = Fact.objects.get(kind=FactKind.VISIT_HELD)
    assert (fact.quantity, fact.on, fact.source) == (2, at.date(), act)
    assert (fact.organisation, fact.counterpart) == (world.plant, world.college)
    assert fulfilments([act.obligation], at.date())[0].done == 2


def test_roubles_of_an_act_are_kopecks_in_the_ledger(at):
    world = partners()
    agreement = agreed(world, at, promises=[promise(world, kind=ObligationKind.SCHOLARSHIPS, quantity=300_000)])
    obligation = agreement.obligations.get()
    actions.accept_act(act=submitted(world, at, obligation, quantity=120_000), by=world.coordinator, at=at)
    assert Fact.objects.get().quantity == 12_000_000
    found = fulfilments([obligation], at.date())[0]
    assert (found.done, found.total, found.standing) == (120_000, 300_000, Fulfilment.ON_THE_WAY)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"on": date(2026, 9, 2)}, "не наступил"),
        ({"on": date(2026, 8, 31)}, "до начала|раньше"),
        ({"quantity": 0}, "больше|ноль|нуля|пуст"),
        ({"description": " "}, "сделано"),
        ({"scan": ContentFile(b"MZ\x00", name="a.exe")}, "PDF"),
    ],
)
def test_a_wrong_act_is_refused(at, fields, why):
    with pytest.raises(Refused, match=why):
        submitted(partners(), at, **fields)


def test_only_the_party_that_owes_submits(at):
    world = partners()
    with pytest.raises(Refused, match=str(world.plant)):
        submitted(world, at, by=world.coordinator)


def test_what_is_counted_by_itself_takes_no_act(at):
    world = partners()
    agreement = agreed(world, at, promises=[promise(world, kind=ObligationKind.PRACTICE)])
    with pytest.raises(Refused, match="сам"):
        submitted(world, at, agreement.obligations.get())


def test_a_draft_takes_no_act(at):
    world = partners()
    with pytest.raises(Refused, match="не действует"):
        submitted(world, at, drafted(world, at).obligations.get())


def test_only_the_other_party_accepts_and_once(at):
    world = partners()
    act = submitted(world, at)
    with pytest.raises(Refused, match=str(world.college)):
        actions.accept_act(act=act, by=world.hr, at=at)
    actions.accept_act(act=act, by=world.coordinator, at=at)
    with pytest.raises(Refused):
        actions.accept_act(act=act, by=world.coordinator, at=at)
    assert Fact.objects.filter(kind=FactKind.VISIT_HELD).count() == 1


def test_of_two_who_accept_at_once_the_second_is_refused(at):
    world = partners()
    act = submitted(world, at)
    stale = type(act).objects.get(pk=act.pk)
    actions.accept_act(act=act, by=world.coordinator, at=at)
    with pytest.raises(Refused):
        actions.accept_act(act=stale, by=world.coordinator, at=at)
    assert Fact.objects.filter(kind=FactKind.VISIT_HELD).count() == 1


def test_a_returned_act_is_mended_and_submitted_again(at, mailoutbox, django_capture_on_commit_callbacks):
    world = partners()
    act = submitted(world, at)
    with pytest.raises(Refused, match="почему"):
        actions.return_act(act=act, reason="", by=world.coordinator, at=at)
    with pytest.raises(Refused):
        actions.return_act(act=act, reason="так", by=world.hr, at=at)
    with django_capture_on_commit_callbacks(execute=True):
        actions.return_act(act=act, reason="Не тот день", by=world.coordinator, at=at)
    assert "Не тот день" in mailoutbox[0].body
    with pytest.raises(Refused):
        actions.accept_act(act=act, by=world.coordinator, at=at)
    actions.resubmit_act(act=act, on=at.date(), quantity=3, description="в другой день", by=world.hr, at=at)
    act.refresh_from_db()
    assert (act.state, act.quantity, act.return_reason) == (ActState.SUBMITTED, 3, "")
    with pytest.raises(Refused, match="возвращённый"):
        actions.resubmit_act(act=act, on=at.date(), quantity=3, description="ещё", by=world.hr, at=at)


def test_returning_an_accepted_act_reverses_its_fact(at):
    world = partners()
    act = submitted(world, at)
    actions.accept_act(act=act, by=world.coordinator, at=at)
    actions.return_act(act=act, reason="Экскурсии не было", by=world.coordinator, at=at)
    assert not Fact.objects.filter(kind=FactKind.VISIT_HELD).effective().exists()
    assert fulfilments([act.obligation], at.date())[0].done == 0


def test_the_party_to_whom_it_is_owed_waives_and_takes_it_back(at, mailoutbox, django_capture_on_commit_callbacks):
    world = partners()
    obligation = agreed(world, at).obligations.get()
    with pytest.raises(Refused, match="почему"):
        actions.waive(obligation=obligation, reason="", by=world.coordinator, at=at)
    with pytest.raises(Refused, match=str(world.college)):
        actions.waive(obligation=obligation, reason="так", by=world.hr, at=at)
    with django_capture_on_commit_callbacks(execute=True):
        actions.waive(obligation=obligation, reason="Карантин", by=world.coordinator, at=at)
    assert world.hr.email in [letter.to[0] for letter in mailoutbox]
    assert fulfilments([obligation], at.date())[0].standing == Fulfilment.WAIVED
    with pytest.raises(Refused, match="снято|снят"):
        submitted(world, at, obligation)
    with pytest.raises(Refused):
        actions.waive(obligation=obligation, reason="ещё раз", by=world.coordinator, at=at)
    with pytest.raises(Refused, match="почему"):
        actions.restore(obligation=obligation, reason="", by=world.coordinator, at=at)
    with pytest.raises(Refused):
        actions.restore(obligation=obligation, reason="так", by=world.hr, at=at)
    actions.restore(obligation=obligation, reason="Карантин кончился", by=world.coordinator, at=at)
    obligation.refresh_from_db()
    assert (obligation.state, obligation.waiver_reason) == (ObligationState.ACTIVE, "")
