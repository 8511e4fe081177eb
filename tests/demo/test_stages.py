"""The demonstration: every stage stands, with its numbers, and is alive today."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from pypdf import PdfReader

from kuznitsa.accounts.models import User
from kuznitsa.admissions.actions import terminate_contract
from kuznitsa.admissions.enums import CampaignState, ContractState, TerminationReason
from kuznitsa.admissions.models import Application, Campaign, ContractParty, Seat, TargetContract
from kuznitsa.admissions.permissions import why_not_join
from kuznitsa.agreements.enums import ObligationKind
from kuznitsa.agreements.models import Agreement, Obligation
from kuznitsa.agreements.queries import fulfilments
from kuznitsa.clusters.models import Cluster
from kuznitsa.demand.models import Need
from kuznitsa.demand.queries import hired_for
from kuznitsa.demo import building, telling
from kuznitsa.demo.cast import DOMAIN
from kuznitsa.demo.timeline import STAGES
from kuznitsa.facts.models import Fact
from kuznitsa.facts.queries import unbalanced_sums
from kuznitsa.insight.enums import STAGES as THREAD
from kuznitsa.insight.queries import Scope, balance, band, facts_of_stage, number_of
from kuznitsa.organisations.enums import OrganisationKind
from kuznitsa.outcomes.models import CheckPoint
from kuznitsa.placements.enums import PlacementState
from kuznitsa.placements.models import Placement

pytestmark = pytest.mark.django_db

# Needed, promised, offered, applied, allocated, contract, practice, exam, hired, stayed.
NUMBERS = {
    "need": "25 – – – – – – – – –",
    "agreed": "25 25 – – – – – – – –",
    "applying": "25 25 25 41 – – – – – –",
    "allocated": "25 25 25 41 25 – – – – –",
    "practice": "25 25 25 41 25 23 15 – – –",
    "hired": "25 25 25 41 25 23 23 22 21 20",
}

# The stage of the thread that counts what an obligation of the kind is fulfilled by.
KEPT_BY = {
    ObligationKind.SEATS: "offered",
    ObligationKind.PRACTICE: "practice",
    ObligationKind.TRAINING: "exam",
    ObligationKind.EMPLOYMENT: "hired",
}
COLUMNS = {"needed": "need", "offered": "seats", "contract": "contracts", "exam": "graduates", "hired": "hires"}


def _an_agreement_in_force() -> bool:
    return Agreement.objects.in_force().filter(parties__organisation__slug="rusal").exists()


def _a_campaign_with_work_to_do() -> bool:
    unchecked = Application.objects.exclude(state="checked")
    return Campaign.objects.get(college__slug="bardin").state == CampaignState.OPEN and unchecked.exists()


def _seats_to_answer_and_contracts_to_sign() -> bool:
    waiting = Seat.objects.filter(state="offered", answer_by__gte=timezone.localdate())
    return waiting.exists() and TargetContract.objects.filter(state=ContractState.SIGNING).exists()


def _practice_going_on() -> bool:
    going_on = Placement.objects.filter(state=PlacementState.STARTED, ends_on__gte=timezone.localdate())
    return going_on.count() == 8


def _somebody_to_ask_about() -> bool:
    return CheckPoint.objects.waiting().filter(due_on__lte=timezone.localdate()).exists()


ALIVE: dict[str, Callable[[], bool]] = {
    "need": lambda: not Agreement.objects.filter(parties__organisation__slug="rusal").exists(),
    "agreed": _an_agreement_in_force,
    "applying": _a_campaign_with_work_to_do,
    "allocated": _seats_to_answer_and_contracts_to_sign,
    "practice": _practice_going_on,
    "hired": _somebody_to_ask_about,
}


def every_scan_is_a_pdf_that_opens():
    scanned = ContractParty.objects.exclude(scan="").select_related("contract")
    assert scanned.exists()
    for party in scanned[:5]:
        with party.scan.open() as scan:
            text = PdfReader(scan).pages[0].extract_text()
        assert party.contract.number in text
        assert party.person.family_name in text


def numbers(scope):
    stages = [stage for stage in THREAD if not scope.offer or stage.key not in ("needed", "promised")]
    return {stage.key: drawn.value or 0 for stage, drawn in zip(stages, band(scope, linked=False), strict=True)}


def scope_of(obligation):
    """What the obligation is about, as a scope of the thread."""
    if obligation.thread:
        return Scope(need=Need.objects.get(thread=obligation.thread))
    parties = {party.kind: party for party in (obligation.owner, obligation.beneficiary)}
    return Scope(
        employer=parties[OrganisationKind.EMPLOYER],
        college=parties[OrganisationKind.COLLEGE],
        occupation=obligation.occupation,
    )


def the_thread_the_balance_and_the_obligations_tell_the_same_numbers():
    """They count the same facts. A contract is terminated for it."""
    today = timezone.localdate()
    need = Need.objects.get(employer__slug="rusal", occupation__code="22.01.05")
    contract = TargetContract.objects.in_force().filter(offer__need=need).order_by("pk")[0]
    terminate_contract(
        contract=contract,
        on=today,
        reason=TerminationReason.STUDENT_LEFT,
        by=User.objects.get(email=f"hr@{DOMAIN}"),
        at=timezone.now(),
    )

    # The thread and the balance, at every level.
    for scope in (Scope(), Scope(need=need), Scope(cluster=need.cluster), Scope(employer=need.employer)):
        found, drawn = balance(scope, today=today), numbers(scope)
        for stage, column in COLUMNS.items():
            assert sum(found.total(column)) == drawn[stage], (scope, column)
    assert numbers(Scope(need=need))["contract"] == 22
    assert numbers(Scope(need=need))["hired"] == hired_for(need) == 21

    # The thread and what is owed.
    owed = Obligation.objects.filter(
        kind__in=KEPT_BY, agreement__in=need.employer.agreement_parties.values("agreement")
    )
    assert {obligation.kind for obligation in owed} == set(KEPT_BY)
    for fulfilled in fulfilments(owed, today):
        stage = KEPT_BY[ObligationKind(fulfilled.obligation.kind)]
        assert fulfilled.done == numbers(scope_of(fulfilled.obligation))[stage] > 0, fulfilled.obligation

    # A number and the facts behind it.
    operator = User(is_staff=True)
    for stage in THREAD[:-1]:
        scope = Scope(need=need)
        facts = facts_of_stage(scope, stage, operator)
        signs = dict.fromkeys(stage.plus, 1) | dict.fromkeys(stage.minus, -1)
        counted = sum(signs[fact.kind] * fact.quantity for fact in facts)
        people = len({fact.person_id for fact in facts})
        assert number_of(scope, stage) == numbers(scope)[stage.key] == (people if stage.key == "applied" else counted)


ALSO_ASKED = {
    "hired": (every_scan_is_a_pdf_that_opens, the_thread_the_balance_and_the_obligations_tell_the_same_numbers)
}
# The story goes on for half a minute.
RARELY = {stage: [pytest.mark.sweep] for stage in STAGES if stage not in ("need", "agreed")}


@pytest.mark.parametrize("stage", [pytest.param(stage, marks=RARELY.get(stage, [])) for stage in STAGES])
def test_every_stage_stands_with_its_numbers_and_is_alive(stage):
    """A story takes seconds to be played: of several tests each worker would play it for itself."""
    building.build_afresh(stage)

    assert " ".join(number for _label, number in telling.thread()) == NUMBERS[stage]
    assert ALIVE[stage]()
    assert unbalanced_sums() == []
    assert not Fact.objects.filter(on__gt=timezone.localdate()).exists()
    assert Agreement.objects.in_force().filter(parties__organisation__slug="smk").exists()
    open_door = Campaign.objects.get(college__slug="tumanov")
    assert why_not_join(open_door) == ""
    assert open_door.offers.published().count() == 2
    assert set(Cluster.objects.values_list("slug", flat=True)) == {
        "novokuznetsk",
        "stupino",
        "kulebaki",
        "gus-khrustalny",
    }
    for ask in ALSO_ASKED.get(stage, ()):
        ask()
