import hashlib
import json

import pytest
from django.urls import reverse

from kuznitsa.admissions.actions import runs
from kuznitsa.admissions.enums import CampaignState, RunState
from kuznitsa.engines.allocation.command import main
from tests.factories.accounts import UserFactory
from tests.factories.admissions import OpenOfferFactory, checked, office_of, published, submitted

pytestmark = pytest.mark.django_db


def url(name, obj):
    return reverse(f"admissions:{name}", args=[obj.pk])


@pytest.fixture
def closed(at):
    offer = OpenOfferFactory(seats=2)
    for mark in (500, 400, 300):
        checked(offer, at=at, mark=mark)
    offer.campaign.state = CampaignState.CLOSED
    offer.campaign.save()
    return offer.campaign


def test_from_draft_to_published_by_two(at, client_as, closed):
    one, two = client_as(office_of(closed)), client_as(office_of(closed))
    submitted_page = one.get(url("runs", closed))
    assert submitted_page.context["why_not_run"] == ""
    one.post(url("run-create", closed))
    run = closed.runs.get()
    assert len(one.get(run.get_absolute_url()).context["placed"]) == 3
    one.post(url("run-approve", run))
    one.post(url("run-publish", run))
    run.refresh_from_db()
    assert run.state == RunState.APPROVED
    two.post(url("run-take-back", run), {"reason": "проверю"})
    two.post(url("run-approve", run))
    one.post(url("run-publish", run))
    run.refresh_from_db()
    assert run.state == RunState.PUBLISHED
    assert one.get(url("runs", closed)).status_code == 200


def test_a_run_is_discarded(at, client_as, closed):
    run = runs.run_allocation(campaign=closed, by=None, at=at)
    client_as(office_of(closed)).post(url("run-discard", run), {"reason": "ошибка"})
    run.refresh_from_db()
    assert run.state == RunState.DISCARDED


def test_a_draft_is_not_public(at, client_as, closed):
    run = runs.run_allocation(campaign=closed, by=None, at=at)
    for name in ("run", "run-input", "run-result"):
        assert client_as(None).get(url(name, run)).status_code == 404
        assert client_as(UserFactory()).get(url(name, run)).status_code == 404


def test_anybody_downloads_the_record_and_recomputes_it(at, client_as, closed, tmp_path, capsys):
    run = published(closed, at=at)
    visitor = client_as(None)
    page = visitor.get(run.get_absolute_url()).text
    assert "Примеров" not in page
    given, result = visitor.get(url("run-input", run)), visitor.get(url("run-result", run))
    assert hashlib.sha256(given.content).hexdigest() == run.instance_hash
    assert "Примеров" not in given.text + result.text
    (tmp_path / "input.json").write_bytes(given.content)
    (tmp_path / "result.json").write_bytes(result.content)
    assert main([str(tmp_path / "input.json"), "--verify", str(tmp_path / "result.json")]) == 0
    forged = json.loads(result.content)
    seated, left_out = (
        next(name for name, place in forged["assignment"].items() if bool(place) is is_seated)
        for is_seated in (True, False)
    )
    forged["assignment"][left_out], forged["assignment"][seated] = forged["assignment"][seated], None
    (tmp_path / "forged.json").write_text(json.dumps(forged))
    assert main([str(tmp_path / "input.json"), "--verify", str(tmp_path / "forged.json")]) == 1


def test_unchecked_applications_are_warned_of(at, client_as):
    offer = OpenOfferFactory()
    submitted(offer, at=at)
    page = client_as(office_of(offer.campaign)).get(url("runs", offer.campaign))
    assert page.context["unchecked"] == 1
