"""What a fact has added to the thread's band, the promises and the balance, its reversal on a page takes away.

Every kind of fact that a page can reverse goes the whole way: it happens, all numbers move together, a user takes it
back, all numbers stand where they stood.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from kuznitsa.admissions import actions as admissions
from kuznitsa.admissions.enums import OfferState, TerminationReason
from kuznitsa.agreements import actions as agreements
from kuznitsa.agreements.enums import AgreementState, ObligationKind
from kuznitsa.agreements.models import Obligation
from kuznitsa.agreements.queries.fulfilments import fulfilments
from kuznitsa.demand.actions import state_need
from kuznitsa.demand.enums import NeedState
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.queries import totals, unbalanced_sums
from kuznitsa.insight.enums import STAGE_BY_KEY, STAGES
from kuznitsa.insight.queries import Scope, balance, band
from kuznitsa.organisations.enums import Role
from kuznitsa.outcomes import actions as outcomes
from kuznitsa.outcomes.enums import Answer
from kuznitsa.placements import actions as placements
from kuznitsa.placements.enums import PlacementState
from kuznitsa.programmes import actions as programmes
from tests.factories.accounts import UserFactory
from tests.factories.admissions import CampaignFactory, OpenOfferFactory, SupportMeasureFactory, office_of, submitted
from tests.factories.agreements import AgreementFactory, ObligationFactory, PartyFactory
from tests.factories.contracts import Side, signed
from tests.factories.demand import NeedFactory
from tests.factories.organisations import CollegeFactory, SignatoryFactory, member
from tests.factories.outcomes import ExamFactory
from tests.factories.people import PersonFactory
from tests.factories.placements import PlacementFactory, PracticePlaceFactory
from tests.factories.programmes import FacilityFactory

pytestmark = pytest.mark.django_db

OF_COLLEGE = (ObligationKind.TRAINING,)
COLUMNS = ("need", "seats", "contracts", "graduates", "hires")


@pytest.fixture
def world(at):
    """A plant's need, not stated yet; an offer that the college has agreed to; a promise of every kind in force."""
    need = NeedFactory()
    college = CollegeFactory()
    offer = OpenOfferFactory(
        state=OfferState.AGREED,
        thread=None,
        seats=5,
        employer=need.employer,
        campaign=CampaignFactory(college=college, cluster=need.cluster),
        intake__programme__occupation=need.occupation,
    )
    SupportMeasureFactory(offer=offer)
    agreement = AgreementFactory(
        state=AgreementState.IN_FORCE, starts_on=date(2025, 1, 1), in_force_on=date(2025, 1, 1)
    )
    for party in (need.employer, college):
        PartyFactory(agreement=agreement, organisation=party)
    for kind in ObligationKind:
        owner, beneficiary = (college, need.employer) if kind in OF_COLLEGE else (need.employer, college)
        ObligationFactory(agreement=agreement, owner=owner, beneficiary=beneficiary, kind=kind, quantity=50)
    return SimpleNamespace(
        at=at,
        need=need,
        offer=offer,
        plant=need.employer,
        college=college,
        hr=member(need.employer, Role.EMPLOYER_HR),
        office=office_of(offer.campaign),
    )


def published(world: SimpleNamespace) -> Side:
    """State the need, if it is not, and publish the offer that answers it."""
    if world.need.state == NeedState.DRAFT:
        state_need(need=world.need, by=None, at=world.at)
    world.offer.need = world.need
    world.offer.save()
    admissions.publish_offer(offer=world.offer, by=None, at=world.at)
    world.sides = Side(
        offer=world.offer,
        hr=world.hr,
        admissions=world.office,
        director=SignatoryFactory(organisation=world.plant).user,
        college_director=SignatoryFactory(organisation=world.college).user,
    )
    return world.sides


def under_contract(world: SimpleNamespace) -> Any:
    world.contract = signed(published(world), at=world.at)
    return world.contract


def numbers(world: SimpleNamespace) -> dict[str, dict[str, int]]:
    """Return all that the screens count: the band, the promises, the balance, the ledger."""
    scope = Scope(cluster=world.need.cluster)
    stages = zip(STAGES, band(scope), strict=True)
    rows = balance(scope, today=world.at.date()).rows
    found = {
        "band": {stage.key: shown.value or 0 for stage, shown in stages},
        "promises": {
            line.obligation.kind: line.done for line in fulfilments(Obligation.objects.all(), world.at.date())
        },
        "balance": {name: sum(getattr(row, name) for row in rows) for name in COLUMNS},
        "ledger": {str(kind): total for kind, total in totals(scope.threads).items()},
    }
    return {part: {key: value for key, value in values.items() if value} for part, values in found.items()}


def change(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return what has changed, by part and key; parts without a change are left out."""
    changed = {}
    for part in before:
        keys = {*before[part], *after[part]}
        moved = {key: after[part].get(key, 0) - before[part].get(key, 0) for key in keys}
        changed[part] = {key: value for key, value in moved.items() if value}
    return {part: values for part, values in changed.items() if values}


@dataclass(frozen=True)
class Case:
    """What comes before, what happens (returns who takes it back, where, with what), and what that moves."""

    name: str
    given: Callable[[SimpleNamespace], Any]
    happens: Callable[[SimpleNamespace], tuple[Any, str, dict[str, Any]]]
    moves: dict[str, Any]


WHY = {"reason": "внесено по ошибке"}


def need_is_stated(world):
    state_need(need=world.need, by=None, at=world.at)
    return world.hr, f"/needs/{world.need.pk}/return/", WHY


def offer_is_published(world):
    published(world)
    return world.hr, f"/offers/{world.offer.pk}/withdraw/", WHY


def somebody_applies(world):
    application = submitted(world.offer, at=world.at, person=PersonFactory(user=UserFactory()))
    return application.person.user, f"/applications/{application.pk}/withdraw/", WHY


def contract_is_signed(world):
    contract = signed(world.sides, at=world.at)
    return world.hr, f"/contracts/{contract.pk}/annul/", WHY


def contract_is_ended(world):
    admissions.terminate_contract(
        contract=world.contract, on=world.at.date(), reason=TerminationReason.AGREED, by=world.hr, at=world.at
    )
    return world.hr, f"/contracts/{world.contract.pk}/reopen/", WHY


def student_is_enrolled(world):
    enrolment = programmes.enrol(
        person=PersonFactory(),
        intake=world.offer.intake,
        enrolled_on=world.at.date(),
        employer=world.plant,
        thread=world.offer.thread,
        by=None,
        at=world.at,
    )
    return world.office, f"/enrolments/{enrolment.pk}/annul/", WHY


def support_is_paid(world):
    payment = admissions.record_payment(
        contract=world.contract,
        measure=world.offer.support.get(),
        paid_on=world.at.date(),
        amount_kopecks=700_000,
        document="7",
        by=world.hr,
        at=world.at,
    )
    return world.hr, f"/payments/{payment.pk}/cancel/", WHY


def practice_is_completed(world):
    place = PracticePlaceFactory(host=world.plant, intake=world.offer.intake)
    placement = PlacementFactory(
        place=place, person=world.contract.person, thread=world.offer.thread, state=PlacementState.STARTED
    )
    placements.complete_placement(placement=placement, hours=100, mark=5, by=None, at=world.at)
    lead = member(world.college, Role.PRACTICE_LEAD)
    return lead, f"/placements/{placement.pk}/reopen/", WHY


def places_are_opened(world):
    place = placements.open_place(
        host=world.plant,
        intake=world.offer.intake,
        title="участок",
        seats=3,
        starts_on=date(2026, 9, 7),
        ends_on=date(2026, 9, 30),
        by=None,
        at=world.at,
    )
    return world.hr, f"/practice-places/{place.pk}/close/", WHY


def exam_is_passed(world):
    exam = ExamFactory(intake=world.offer.intake)
    line = outcomes.ResultLine(person=world.contract.person, points_hundredths=8000)
    outcomes.record_results(exam=exam, lines=[line], by=None, at=world.at)
    expert = member(world.college, Role.EXPERT)
    return expert, f"/exams/{exam.pk}/", {f"points_{world.contract.person.pk}": "5", **WHY}


def hire(world):
    return outcomes.hire_graduate(
        person=world.contract.person,
        employer=world.plant,
        hired_on=date(2026, 5, 1),
        position="электролизник",
        contract=world.contract,
        by=world.hr,
        at=world.at,
    )


def graduate_is_hired(world):
    return world.hr, f"/hires/{hire(world).pk}/cancel/", WHY


def graduate_stays(world):
    point = world.hire.check_points.get(months=3)
    outcomes.answer_for_employer(check_points=[point], answer=Answer.STAYED, by=world.hr, at=world.at)
    return world.hr, f"/check-points/{point.pk}/answer/", {"answer": "left"}


def hired_before(world):
    under_contract(world)
    world.hire = hire(world)


def laboratory_is_accepted(world):
    laboratory = FacilityFactory(organisation=world.college, sponsor=world.plant)
    programmes.accept_facility(facility=laboratory, accepted_on=world.at.date(), by=None, at=world.at)
    return world.office, f"/facilities/{laboratory.pk}/reopen/", WHY


def visit_is_accepted(world):
    obligation = Obligation.objects.get(kind=ObligationKind.VISITS)
    act = agreements.submit_act(
        obligation=obligation, on=world.at.date(), quantity=2, description="в цех", by=world.hr, at=world.at
    )
    coordinator = member(world.college, Role.COORDINATOR)
    agreements.accept_act(act=act, by=coordinator, at=world.at)
    return coordinator, f"/acts/{act.pk}/return/", WHY


# A contract that has ended is none of the band, once the band subtracts those.
ENDED_IN_BAND = {"contract": -1} if FactKind.CONTRACT_ENDED in STAGE_BY_KEY["contract"].minus else {}

CASES = [
    Case(
        "need stated",
        lambda world: None,
        need_is_stated,
        {"band": {"needed": 25}, "balance": {"need": 25}, "ledger": {"need_stated": 25}},
    ),
    Case(
        "seats offered",
        lambda world: state_need(need=world.need, by=None, at=world.at),
        offer_is_published,
        {"band": {"offered": 5}, "promises": {"seats": 5}, "balance": {"seats": 5}, "ledger": {"seats_offered": 5}},
    ),
    Case("applied", published, somebody_applies, {"band": {"applied": 1}, "ledger": {"applied": 1}}),
    Case(
        "contract signed",
        published,
        contract_is_signed,
        {"band": {"contract": 1}, "balance": {"contracts": 1}, "ledger": {"contract_signed": 1, "enrolled": 1}},
    ),
    Case(
        "contract ended",
        under_contract,
        contract_is_ended,
        {
            **({"band": ENDED_IN_BAND} if ENDED_IN_BAND else {}),
            "balance": {"contracts": -1},
            "ledger": {"contract_ended": 1},
        },
    ),
    Case("enrolled", published, student_is_enrolled, {"ledger": {"enrolled": 1}}),
    Case(
        "support paid",
        under_contract,
        support_is_paid,
        {"promises": {"support": 7_000}, "ledger": {"support_paid": 700_000}},
    ),
    Case("practice opened", published, places_are_opened, {"ledger": {"practice_opened": 3}}),
    Case(
        "practice completed",
        under_contract,
        practice_is_completed,
        {
            "band": {"practice": 1},
            "promises": {"practice": 1},
            "ledger": {"practice_completed": 1, "practice_hours": 100},
        },
    ),
    Case(
        "exam passed",
        under_contract,
        exam_is_passed,
        {
            "band": {"exam": 1},
            "promises": {"training": 1},
            "balance": {"graduates": 1},
            "ledger": {"exam_passed": 1},
        },
    ),
    Case(
        "hired",
        under_contract,
        graduate_is_hired,
        {"band": {"hired": 1}, "promises": {"employment": 1}, "balance": {"hires": 1}, "ledger": {"hired": 1}},
    ),
    Case("stayed", hired_before, graduate_stays, {"band": {"stayed": 1}, "ledger": {"stayed_3": 1}}),
    Case("laboratory accepted", lambda world: None, laboratory_is_accepted, {"promises": {"laboratories": 1}}),
    Case("visit held", lambda world: None, visit_is_accepted, {"promises": {"visits": 2}}),
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_what_a_fact_added_its_reversal_takes_away(world, client_as, case):
    case.given(world)
    before = numbers(world)
    user, url, typed = case.happens(world)
    after = numbers(world)
    assert change(before, after) == case.moves
    answer = client_as(user).post(url, typed, follow=True)
    assert answer.status_code == 200
    assert "k-alert--danger" not in answer.text
    assert numbers(world) == before
    assert not unbalanced_sums()
