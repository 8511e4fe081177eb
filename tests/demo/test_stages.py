"""The demonstration: every stage stands, with its numbers, and is alive today."""

from collections.abc import Callable

import pytest
from django.core.management import CommandError
from django.utils import timezone, translation
from pypdf import PdfReader

from kuznitsa.accounts.models import User
from kuznitsa.admissions.enums import CampaignState, ContractState
from kuznitsa.admissions.models import Application, Campaign, ContractParty, Seat, TargetContract
from kuznitsa.admissions.permissions import why_not_join
from kuznitsa.agreements.models import Agreement
from kuznitsa.clusters.models import Cluster
from kuznitsa.demo import build, building, telling
from kuznitsa.demo.timeline import STAGES
from kuznitsa.facts.models import Fact
from kuznitsa.facts.queries import unbalanced_sums
from kuznitsa.outcomes.models import CheckPoint
from kuznitsa.placements.enums import PlacementState
from kuznitsa.placements.models import Placement
from tests.factories.clusters import ClusterFactory

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


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_stands_with_its_numbers_and_is_alive(stage):
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


def test_every_scan_is_a_pdf_that_opens():
    building.build_afresh("practice")

    scanned = ContractParty.objects.exclude(scan="").select_related("contract")
    assert scanned.exists()
    for party in scanned[:5]:
        with party.scan.open() as scan:
            text = PdfReader(scan).pages[0].extract_text()
        assert party.contract.number in text
        assert party.person.family_name in text


def test_what_stands_is_kept_until_it_is_built_afresh(capsys):
    build(stage="need", reset=False)
    assert "координатор кластера" in capsys.readouterr().out
    User.objects.filter(email="hr@demo.example").update(full_name="Somebody else")

    with translation.override("en"):
        build(stage="agreed", reset=False)
    told = capsys.readouterr().out
    assert "RESET=1" in told
    assert "Needed 25" in told
    assert "cluster coordinator" in told
    assert building.standing_stage() == "need"
    assert User.objects.filter(full_name="Somebody else").exists()

    build(stage="agreed", reset=True)
    assert building.standing_stage() == "agreed"
    assert not User.objects.filter(full_name="Somebody else").exists()


def test_a_database_with_something_else_is_left_alone():
    ClusterFactory()

    with pytest.raises(CommandError):
        build(stage="need", reset=True)
    assert Cluster.objects.count() == 1
