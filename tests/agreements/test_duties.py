"""What of agreements waits for those who keep and oversee them; which days come next; promises at home."""

from datetime import timedelta

import pytest
from django.utils import translation

from kuznitsa.agreements import actions
from kuznitsa.agreements.enums import AgreementState
from kuznitsa.agreements.queries import coming, duties, promises_of
from kuznitsa.clusters.enums import ClusterStage
from kuznitsa.facts.enums import FactKind
from kuznitsa.organisations.enums import OrganisationKind, Role
from tests.factories.accounts import UserFactory
from tests.factories.agreements import agreed, drafted, partners, promise, sent
from tests.factories.clusters import ClusterFactory, ParticipationFactory
from tests.factories.facts import FactFactory
from tests.factories.organisations import EmployerFactory, OrganisationFactory, member

pytestmark = pytest.mark.django_db

SIGN, SEE = "Sign the agreement", "See that everybody signs the agreement"
DRAFT = "Finish the draft and send it for signing"
ASK = "Ask why promises are overdue"
DRAW_UP = "Draw up the agreement of the partners"


def titles(user, today):
    with translation.override("en"):
        return {duty.title: duty.due_on for duty in duties(user, today)}


def stranger():
    return member(EmployerFactory(), Role.COORDINATOR)


def test_signatures_are_seen_to_until_the_first_day_of_the_agreement(at):
    world = partners()
    agreement = sent(world, at)
    signer = world.plant_signatory.user
    assert titles(signer, at.date()) == {SIGN: agreement.starts_on}
    for user in (world.hr, world.coordinator):
        assert titles(user, at.date()) == {SEE: agreement.starts_on}
    assert titles(stranger(), at.date()) == {}
    with translation.override("en"):
        (duty,) = duties(world.hr, at.date())
    assert str(world.plant) in duty.about
    assert str(world.college) in duty.about

    for signatory in (world.plant_signatory, world.college_signatory):
        actions.sign(party=agreement.parties.get(organisation=signatory.organisation), by=signatory.user, at=at)
    assert titles(world.hr, at.date()) == titles(signer, at.date()) == {}


def test_who_signs_and_keeps_is_asked_once(at):
    world = partners()
    agreement = sent(world, at)
    director = world.plant_signatory.user
    director.memberships.create(organisation=world.plant, role=Role.DIRECTOR, started_at=at)
    assert titles(director, at.date()) == {SIGN: agreement.starts_on}
    actions.sign(party=agreement.parties.get(organisation=world.plant), by=director, at=at)
    assert titles(director, at.date()) == {SEE: agreement.starts_on}


def test_a_draft_that_was_left_waits_for_its_keepers(at):
    world = partners()
    agreement = drafted(world, at)
    assert titles(world.hr, at.date()) == titles(world.coordinator, at.date()) == {DRAFT: agreement.starts_on}
    assert titles(stranger(), at.date()) == {}
    actions.send_for_signing(agreement=agreement, by=world.coordinator, at=at)
    assert DRAFT not in titles(world.hr, at.date())


def test_overdue_promises_of_others_are_asked_about(at):
    world = partners()
    cluster = ClusterFactory()
    authority = OrganisationFactory(kind=OrganisationKind.AUTHORITY, region=cluster.region)
    region = member(authority, Role.REGIONAL_COORDINATOR)
    federal = member(OrganisationFactory(kind=OrganisationKind.NETWORK), Role.FEDERAL_OPERATOR)
    elsewhere = member(OrganisationFactory(kind=OrganisationKind.AUTHORITY), Role.REGIONAL_COORDINATOR)
    agreement = agreed(world, at, cluster=cluster)
    (obligation,) = agreement.obligations.all()
    late = obligation.due_on + timedelta(days=1)
    for user in (world.coordinator, region, federal):
        assert titles(user, obligation.due_on) == {}
        assert titles(user, late) == {ASK: obligation.due_on}
    assert ASK not in titles(world.hr, late)
    assert titles(elsewhere, late) == titles(stranger(), late) == titles(UserFactory(is_staff=True), late) == {}
    FactFactory(
        kind=FactKind.VISIT_HELD, organisation=world.plant, counterpart=world.college, quantity=5, on=obligation.due_on
    )
    for user in (world.coordinator, region, federal):
        assert titles(user, late) == {}


def test_many_who_owe_are_one_row(at):
    college = partners().college
    coordinator = member(college, Role.COORDINATOR)
    for _number in range(6):
        world = partners()
        world.college, world.coordinator = college, coordinator
        world.college_signatory.organisation = college
        world.college_signatory.save()
        agreement = agreed(world, at)
    with translation.override("en"):
        (duty,) = duties(coordinator, agreement.obligations.get().due_on + timedelta(days=1))
    assert (duty.title, duty.count) == (ASK, 6)
    assert duty.url.endswith("?standing=overdue")


def test_a_cluster_without_promises_needs_an_agreement(at):
    world = partners()
    cluster = ClusterFactory(state=ClusterStage.SESSION)
    for organisation in (world.college, world.plant):
        ParticipationFactory(cluster=cluster, organisation=organisation)
    assert titles(world.coordinator, at.date()) == {}
    cluster.state = ClusterStage.PARTNERS
    cluster.save()
    assert titles(world.coordinator, at.date()) == {DRAW_UP: None}
    assert titles(world.hr, at.date()) == titles(stranger(), at.date()) == {}
    drafted(world, at, cluster=cluster)
    assert DRAW_UP not in titles(world.coordinator, at.date())


def test_first_and_last_days_of_agreements_come_next_for_their_parties(at):
    world = partners()
    before = at.date() - timedelta(days=30)
    agreement = agreed(world, at)
    mentor = member(world.plant, Role.MENTOR)
    with translation.override("en"):
        begins, ends = ("The agreement begins", agreement.starts_on), ("The agreement ends", agreement.ends_on)
        assert [(row.title, row.on) for row in coming(mentor, before)] == [begins, ends]
        assert [(row.title, row.on) for row in coming(mentor, at.date())] == [ends]
    assert coming(stranger(), at.date()) == []
    agreement.state = AgreementState.TERMINATED
    agreement.save()
    assert coming(mentor, at.date()) == []


def test_promises_at_home_are_the_nearest_that_are_not_kept(at):
    world = partners()
    agreement = agreed(world, at, promises=[promise(world), promise(world, quantity=9)])
    first, second = agreement.obligations.order_by("quantity")
    FactFactory(kind=FactKind.VISIT_HELD, organisation=world.plant, counterpart=world.college, quantity=6, on=at.date())
    for organisation in (world.plant, world.college):
        found = promises_of([organisation.pk], at.date())
        assert [(line.obligation, line.done, line.total) for line in found.lines] == [(second, 6, 9)]
        assert (found.counted.kept, found.counted.total) == (1, 2)
    assert first.quantity == 5
    assert promises_of([EmployerFactory().pk], at.date()) is None
    assert promises_of([], at.date()) is None
