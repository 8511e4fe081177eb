"""The frozen public record: one archive, verified by one command, and never changed afterwards."""

import hashlib
import json
import subprocess
import sys
import zlib

import pytest
from django.urls import reverse

from kuznitsa.admissions import actions
from kuznitsa.admissions.actions import records
from kuznitsa.admissions.models import Application, PublicRecord, QuotaClaim, QuotaGroup
from kuznitsa.admissions.models.applications import new_pseudonym
from kuznitsa.admissions.queries.records import input_file, record_of, result_file
from kuznitsa.base.refusal import Refused
from kuznitsa.engines import allocation
from kuznitsa.engines.allocation.command import main
from tests.factories.accounts import UserFactory
from tests.factories.admissions import OpenOfferFactory, checked, office_of, published

pytestmark = pytest.mark.django_db


def url(name, obj, **query):
    return reverse(f"admissions:{name}", args=[obj.pk])


@pytest.fixture
def run(at):
    """Two seats, one of them first for pupils of the district; three applicants, the last one of the district."""
    offer = OpenOfferFactory(seats=2)
    group = QuotaGroup.objects.create(campaign=offer.campaign, name="район", who="кто", paper="справка")
    offer.pools.create(order=1, name="квота", group=group, seats=1)
    *_others, last = (checked(offer, at=at, mark=mark) for mark in (500, 400, 300))
    QuotaClaim.objects.create(application=last, group=group, state="confirmed", stated_at=at)
    return published(offer.campaign, at=at)


def test_anybody_downloads_the_record_and_verifies_it(run, client_as, tmp_path):
    visitor = client_as(None)
    page = visitor.get(url("record", run)).text
    archive = visitor.get(url("record-archive", run))
    record = record_of(run)
    name = f"record-{run.campaign_id}-1.zip"
    assert archive["Content-Disposition"] == f'attachment; filename="{name}"'
    assert hashlib.sha256(archive.content).hexdigest() == record.sha256
    for words in (record.sha256, *record.manifest["files"].values(), f"kuznitsa allocate --verify {name}"):
        assert words in page
    assert "Примеров" not in page
    path = tmp_path / name
    path.write_bytes(archive.content)
    command = [sys.executable, "-m", "kuznitsa.cli", "allocate", "--verify", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    path.write_bytes(archive.content[:-100])
    assert main(["--verify", str(path)]) == 2


def test_the_record_tells_how_it_came_about(run):
    manifest = record_of(run).manifest
    assert manifest["counts"]["placed"] == 2
    assert (manifest["seed"], manifest["about"]["seed_source"]) == (run.seed, run.campaign.draw_source)
    assert manifest["about"]["quota_groups"] == [{"name": "район", "who": "кто", "paper": "справка"}]
    assert manifest["files"]["input.json"] == run.instance_hash
    files = allocation.read_record(bytes(PublicRecord.objects.get().archive)).files
    whole = b"".join(files.values()).decode()
    assert "Примеров" not in whole
    pools = json.loads(files["cut-offs.json"])["pools"]
    assert {pool["pool"]: pool["last"]["score"] for pool in pools} == {"квота": 300, "open": 500}


def test_names_in_the_record_say_nothing_of_keys_or_order(run):
    rows = list(Application.objects.order_by("pk").values_list("pk", "pseudonym"))
    assert all(str(pk) not in name or len(str(pk)) < 3 for pk, name in rows)
    assert [one["id"] for one in json.loads(input_file(run))["applicants"]] == sorted(name for _pk, name in rows)
    assert len({new_pseudonym() for _time in range(1_000)}) == 1_000


def test_an_applicant_finds_themselves_by_the_receipt(run, client_as):
    application = Application.objects.order_by("pk").first()
    visitor = client_as(None)
    asked = {"number": application.receipt_number, "hash": application.receipt_hash}
    assert application.pseudonym in visitor.get(reverse("admissions:receipts"), asked).text
    page = visitor.get(run.get_absolute_url(), {"name": application.pseudonym.lower()})
    assert [line.name for line in page.context["placed"]] == [application.pseudonym]
    assert len(visitor.get(run.get_absolute_url(), {"name": "A-0"}).context["placed"]) == 0


def test_a_draft_has_no_record(at, client_as):
    offer = OpenOfferFactory()
    checked(offer, at=at)
    offer.campaign.state = "closed"
    offer.campaign.save()
    run = actions.run_allocation(campaign=offer.campaign, by=None, at=at)
    for name in ("record", "record-archive"):
        assert client_as(office_of(offer.campaign)).get(url(name, run)).status_code == 404


def test_a_result_that_was_touched_is_not_frozen(run, at):
    PublicRecord.objects.all().delete()
    result = json.loads(result_file(run))
    name = next(name for name, place in result["assignment"].items() if place)
    result["assignment"][name] = None
    del result["pool"][name]
    run.files.result = zlib.compress(json.dumps(result).encode())
    with pytest.raises(Refused):
        records.freeze_record(run=run, by=None, at=at)
    assert not PublicRecord.objects.exists()


def test_a_score_corrected_after_publication_changes_no_published_run(run, at, client_as):
    application = Application.objects.order_by("pk").last()
    office = office_of(run.campaign)
    before = (input_file(run), result_file(run), bytes(PublicRecord.objects.get().archive))
    desk = client_as(office)
    assert "correct-score" in desk.get(application.get_absolute_url()).text
    desk.post(
        url("application-correct-score", application),
        {"average_mark_hundredths": "5,00", "achievement_points": 20, "reason": "опечатка в оценке"},
    )
    application.refresh_from_db()
    run.refresh_from_db()
    assert application.score == 520
    assert (input_file(run), result_file(run), bytes(PublicRecord.objects.get().archive)) == before
    for page in (run.get_absolute_url(), url("record", run)):
        assert client_as(None).get(page).context["corrections"] == 1


def test_a_correction_is_refused(run, at):
    application, office = Application.objects.order_by("pk").last(), office_of(run.campaign)
    whole = {"average_mark_hundredths": 450, "achievement_points": 0, "reason": "опечатка", "by": office}
    for wrong in (
        {"reason": " "},
        {"by": UserFactory()},
        {"average_mark_hundredths": 501},
        {"achievement_points": 51},
    ):
        with pytest.raises(Refused):
            actions.correct_score(application=application, **(whole | wrong), at=at)
    offer = OpenOfferFactory()
    early = checked(offer, at=at)
    with pytest.raises(Refused):
        actions.correct_score(application=early, **(whole | {"by": office_of(offer.campaign)}), at=at)


# Twice at once


def test_a_second_click_on_approve_and_publish_is_refused(at):
    offer = OpenOfferFactory()
    checked(offer, at=at)
    campaign = offer.campaign
    campaign.state = "closed"
    campaign.save()
    run = actions.run_allocation(campaign=campaign, by=None, at=at)
    same = type(run).objects.select_related("campaign").get(pk=run.pk)
    one, two = office_of(campaign), office_of(campaign)
    actions.approve_run(run=run, by=one, at=at)
    with pytest.raises(Refused):
        actions.approve_run(run=same, by=two, at=at)
    same.refresh_from_db()
    actions.publish_run(run=run, by=two, at=at)
    with pytest.raises(Refused):
        actions.publish_run(run=same, by=two, at=at)
    assert (PublicRecord.objects.count(), offer.allocated_seats.count()) == (1, 1)


def test_a_double_click_on_calculate_makes_one_draft(at, client_as):
    offer = OpenOfferFactory()
    checked(offer, at=at)
    offer.campaign.state = "closed"
    offer.campaign.save()
    client = client_as(office_of(offer.campaign))
    for _click in range(2):
        client.post(url("run-create", offer.campaign), {"_once": "the-same-click"})
    assert offer.campaign.runs.count() == 1
