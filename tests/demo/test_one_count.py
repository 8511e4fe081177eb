"""The thread, the balance and the obligations count the same facts: for the same question they tell the same number."""

import pytest
from django.utils import timezone

from kuznitsa.accounts.models import User
from kuznitsa.admissions.actions import terminate_contract
from kuznitsa.admissions.enums import TerminationReason
from kuznitsa.admissions.models import TargetContract
from kuznitsa.agreements.enums import ObligationKind
from kuznitsa.agreements.models import Obligation
from kuznitsa.agreements.queries import fulfilments
from kuznitsa.demand.models import Need
from kuznitsa.demand.queries import hired_for
from kuznitsa.demo import building
from kuznitsa.demo.cast import DOMAIN
from kuznitsa.insight.enums import STAGES
from kuznitsa.insight.queries import Scope, balance, band, facts_of_stage, number_of
from kuznitsa.organisations.enums import OrganisationKind

pytestmark = pytest.mark.django_db

# The stage of the thread that counts what an obligation of the kind is fulfilled by.
KEPT_BY = {
    ObligationKind.SEATS: "offered",
    ObligationKind.PRACTICE: "practice",
    ObligationKind.TRAINING: "exam",
    ObligationKind.EMPLOYMENT: "hired",
}
COLUMNS = {"needed": "need", "offered": "seats", "contract": "contracts", "exam": "graduates", "hired": "hires"}


def numbers(scope):
    stages = [stage for stage in STAGES if not scope.offer or stage.key not in ("needed", "promised")]
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


def test_the_thread_the_balance_and_the_obligations_tell_the_same_numbers():
    building.build_afresh("hired")
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
    for stage in STAGES[:-1]:
        scope = Scope(need=need)
        facts = facts_of_stage(scope, stage, operator)
        signs = dict.fromkeys(stage.plus, 1) | dict.fromkeys(stage.minus, -1)
        counted = sum(signs[fact.kind] * fact.quantity for fact in facts)
        people = len({fact.person_id for fact in facts})
        assert number_of(scope, stage) == numbers(scope)[stage.key] == (people if stage.key == "applied" else counted)
