"""`python -m benchmarks.campaign`: a campaign of 100,000 in the product, from "run" to the draft on screen.

A throw-away database, a real worker beside it, and the pages asked meanwhile as people ask for them. Prints the
table and keeps it in docs/reference.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "benchmark-campaign.md"
HEAD = """# How fast a campaign of the product is

From pressing "Calculate a draft" to the draft on screen: read from the database, solved, checked independently, with a
reason for every choice, saved; by a worker, while the pages are asked every half second. Each applicant names five
offers, a fifth has a right to a quota. Then two people approve and publish it.
`make bench` writes this page.

"""
CHOICES = 5
SEATS = 170
QUOTA = "район"
POPULARITY = 0.7
EVERY = 0.5
PATIENCE = 600


def main() -> int:
    """Build the campaign, have it calculated, print and keep the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.campaign")
    parser.add_argument("--applicants", type=int, default=100_000)
    parser.add_argument("--keep", action="store_true", help="write docs/reference/benchmark-campaign.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/campaign.sqlite3")
        os.environ.setdefault("KUZNITSA_HOSTS", "testserver")
        os.environ.setdefault("KUZNITSA_PLAIN_STATIC", "1")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django

        django.setup()
        rows = measure(options.applicants)
    lines = ["| campaign | seconds | goal | |", "|---|--:|--:|---|", *(f"| {' | '.join(row)} |" for row in rows)]
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    if options.keep:
        PAGE.write_text(HEAD + text, encoding="utf-8")
    return 0


def measure(applicants: int) -> list[tuple[str, ...]]:
    """Return the rows of the table."""
    from django.core.management import call_command
    from django.test import Client

    from kuznitsa.accounts.models import User
    from kuznitsa.admissions.models import Campaign
    from tests.factories.accounts import UserFactory
    from tests.factories.admissions import office_of

    call_command("migrate", verbosity=0)
    # A database that has a campaign already is measured again.
    campaign = Campaign.objects.first() or build(applicants)
    UserFactory.reset_sequence(User.objects.count() + 1, force=True)
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(office_of(campaign))
    command = [sys.executable, "-m", "kuznitsa.cli", "worker"]
    # In a process group of its own, by which its processor time is told from ours.
    worker = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        time.sleep(5)
        size = f"{applicants:,} × {CHOICES} × {campaign.offers.count():,}"
        rows = [
            *calculate(campaign, clients[0], worker.pid, f"{size}: from run to draft, wall"),
            *publish(campaign, clients, worker.pid),
        ]
    finally:
        worker.send_signal(signal.SIGINT)
        worker.wait()
    return [*rows, ("The engine alone, processor time", f"{engine_only(campaign):.2f}", "", "input in memory → result")]


def calculate(campaign: Any, client: Any, worker: int, name: str) -> list[tuple[str, ...]]:
    """Return the rows from "run" to the draft."""
    from django.urls import reverse

    cpu, began = processor_time(worker), time.perf_counter()
    client.post(reverse("admissions:run-create", args=[campaign.pk]))
    run = campaign.runs.order_by("-number")[0]
    stages, slowest, asked = watch(client, run, "calculate")
    took = time.perf_counter() - began
    run.refresh_from_db()
    assert run.is_calculated
    told = ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in stages)
    return [
        (name, f"{took:.1f}", "30", told),
        ("… processor time of the worker", f"{processor_time(worker) - cpu:.1f}", "", ""),
        ("… slowest of the pages asked meanwhile", f"{slowest:.2f}", "", f"{asked} pages and as many writes"),
    ]


def publish(campaign: Any, clients: Any, worker: int) -> list[tuple[str, ...]]:
    """Return the rows of approving and publishing the draft."""
    from django.urls import reverse

    run = campaign.runs.order_by("-number")[0]
    requests = []
    cpu, began = processor_time(worker), time.perf_counter()
    for verb, client in zip(("approve", "publish"), clients, strict=True):
        at = time.perf_counter()
        client.post(reverse(f"admissions:run-{verb}", args=[run.pk]))
        requests.append(time.perf_counter() - at)
    stages, slowest, asked = watch(clients[1], run, "publish")
    took = time.perf_counter() - began
    run.refresh_from_db()
    assert run.published_at
    told = ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in stages)
    return [
        ("Approving, the request", f"{requests[0]:.2f}", "2", ""),
        ("Publishing, the request", f"{requests[1]:.2f}", "2", "a worker does the rest"),
        ("… until it is public, wall", f"{took:.1f}", "", f"{told}; {run.seats.count():,} seats"),
        ("… processor time of the worker", f"{processor_time(worker) - cpu:.1f}", "", ""),
        ("… slowest of the pages asked meanwhile", f"{slowest:.2f}", "", f"{asked} pages"),
    ]


def watch(client: Any, run: Any, work: str) -> tuple[list[tuple[str, float]], float, int]:
    """Ask for pages until the work is done; return the stages, the slowest answer, how many.

    While it is calculated something is written, too; on SQLite whoever writes waits for the transaction that publishes.
    """
    from django.utils import timezone

    from kuznitsa.base.audit import audit
    from kuznitsa.base.jobs import progress

    began = last = time.perf_counter()
    stages: list[tuple[str, float]] = []
    stage, slowest, asked = "waiting", 0.0, 0
    while time.perf_counter() - began < PATIENCE:
        at = time.perf_counter()
        if work == "calculate":
            audit("benchmark.written", run, by=None, at=timezone.now())
        answer = client.get(run.get_absolute_url())
        assert answer.status_code == 200
        now = time.perf_counter()
        slowest, asked = max(slowest, now - at), asked + 1
        row = progress(f"admissions.{work}:{run.pk}")
        if row is not None and (row.text or "done") != stage:
            stages.append((stage, now - last))
            stage, last = row.text or "done", now
        # The page of a run at work has no cut-offs.
        if b"asked-name" in answer.content:
            return [*stages, (stage, now - last)] if stage != "done" else stages, slowest, asked
        time.sleep(EVERY)
    raise SystemExit(f"The worker has not come to an end: {work}.")


def processor_time(worker: int) -> float:
    """Return the processor time of a process and of those it has started, in seconds."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(stat.parent.name) == worker or int(fields[2]) == os.getpgid(worker) or int(fields[1]) == worker:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def engine_only(campaign: Any) -> float:
    """Return the processor time of the engine on the same campaign."""
    from kuznitsa.admissions.queries.instances import build_instance
    from kuznitsa.engines import allocation

    instance = build_instance(campaign)
    allocation.allocate(instance)
    began = time.process_time()
    allocation.allocate(instance)
    return time.process_time() - began


def build(applicants: int) -> Any:
    """Write a closed campaign into the database: offers by popularity, marks, checked applications, a quota."""
    from datetime import UTC, datetime

    from kuznitsa.admissions.enums import CampaignState, ClaimState
    from kuznitsa.admissions.models import Choice, OfferPool, QuotaClaim, QuotaGroup
    from kuznitsa.demo.world.loading import insert
    from tests.factories.admissions import CampaignFactory, OpenOfferFactory
    from tests.factories.organisations import EmployerFactory
    from tests.factories.programmes import IntakeFactory

    draw = random.Random(applicants)
    now = datetime(2026, 9, 1, tzinfo=UTC)
    campaign = CampaignFactory(draw_seed="12 7 31")
    group = QuotaGroup.objects.create(campaign=campaign, name=QUOTA, who="школы района", paper="справка")
    intake = IntakeFactory(programme__college=campaign.college)
    plants = [EmployerFactory() for _plant in range(max(1, applicants // 1_000))]
    number = max(2, applicants // 200)
    offers = [
        OpenOfferFactory(campaign=campaign, intake=intake, employer=plants[one % len(plants)], seats=SEATS)
        for one in range(number)
    ]
    insert(OfferPool(offer=offer, order=1, name="районная квота", group=group, seats=20) for offer in offers)
    applications = write_applications(campaign, applicants, draw, now)
    popularity = [1 / (rank + 5) ** POPULARITY for rank in range(number)]
    insert(
        Choice(application=application, offer=offers[offer], rank=rank)
        for application in applications
        for rank, offer in enumerate(dict.fromkeys(draw.choices(range(number), popularity, k=CHOICES)), start=1)
    )
    insert(
        QuotaClaim(application=application, group=group, state=ClaimState.CONFIRMED, stated_at=now, decided_at=now)
        for application in applications[::CHOICES]
    )
    campaign.state = CampaignState.CLOSED
    campaign.save()
    return campaign


def write_applications(campaign: Any, applicants: int, draw: random.Random, now: Any) -> list[Any]:
    from datetime import date

    from kuznitsa.admissions.enums import ApplicationState
    from kuznitsa.admissions.models import Application
    from kuznitsa.demo.world.loading import insert
    from kuznitsa.people.models import Person

    persons = insert(
        Person(family_name=f"Поступающий-{number}", given_name="Имя", born_on=date(2008, 1, 1))
        for number in range(applicants)
    )
    return insert(
        Application(
            campaign=campaign,
            person=person,
            average_mark_hundredths=draw.randint(300, 500),
            achievement_points=draw.randint(0, 50),
            state=ApplicationState.CHECKED,
            submitted_at=now,
        )
        for person in persons
    )


if __name__ == "__main__":
    sys.exit(main())
