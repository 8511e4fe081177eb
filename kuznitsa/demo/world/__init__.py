"""`kuznitsa world`: a country of generated rows, for measuring how fast the pages answer over them.

Unlike the demonstration it is written in bulk, past the actions. The same seed gives the same world.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import NamedTuple

from django.core.management import CommandError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.accounts.models import User
from kuznitsa.clusters.models import Cluster
from kuznitsa.demo.world.careers import build_contracts, build_hours, build_outcomes, build_payments, build_practice
from kuznitsa.demo.world.crowd import build_crowd
from kuznitsa.demo.world.loading import Ledger
from kuznitsa.demo.world.partners import DOMAIN, PASSWORD, build_partners
from kuznitsa.demo.world.plan import Plan, cohorts
from kuznitsa.demo.world.promises import build_promises
from kuznitsa.demo.world.selection import build_selection
from kuznitsa.facts.models import Fact
from kuznitsa.people.models import Person

# Written last: a database that has it holds a whole world.
LAST = f"world@{DOMAIN}"


class Size(NamedTuple):
    clusters: int
    people: int
    facts: int


def main(argv: Sequence[str]) -> int:
    """Build the world with the options of the command line; does nothing where one stands already."""
    parser = argparse.ArgumentParser(prog="kuznitsa world", description=_("Generate a world to measure over."))
    parser.add_argument("--clusters", type=int, default=100, help=_("how many clusters"))
    parser.add_argument("--people", type=int, default=50_000, help=_("how many people"))
    parser.add_argument("--facts", type=int, default=2_000_000, help=_("how many facts at least"))
    parser.add_argument("--seed", default="kuznitsa", help=_("another seed gives another world"))
    options = parser.parse_args(argv)
    if User.objects.filter(email=LAST).exists():
        print(_("The world stands already."))
        return 0
    if Cluster.objects.exists():
        raise CommandError(_("The database holds something else. Name an empty one in DATABASE_URL."))
    size = build(clusters=options.clusters, people=options.people, facts=options.facts, seed=options.seed)
    print(_("%(clusters)d clusters, %(people)d people, %(facts)d facts.") % size._asdict())
    print(_("Log in as admissions.college-0001@%(domain)s, password %(password)s.") % _log_in())
    return 0


def build(*, clusters: int, people: int, facts: int, seed: str) -> Size:
    """Write the world into the database, which must have none, saying on the way what is being written."""
    plan = Plan(clusters=clusters, people=people, facts=facts, today=timezone.localdate(), chance=Random(seed))
    ledger = Ledger()
    with _step(_("organisations and clusters")):
        found = build_partners(plan)
    with _step(_("needs, agreements, offers")):
        branches = build_promises(found, cohorts(plan.today), plan, ledger)
    with _step(_("people")):
        groups = build_crowd(branches, plan)
    with _step(_("applications and allocations")):
        taken = build_selection(branches, groups, plan, ledger)
    with _step(_("contracts and payments")):
        careers = build_contracts(taken, plan, ledger)
        build_payments(careers, plan, ledger)
    with _step(_("exams and hires")):
        build_outcomes(careers, plan, ledger)
    with _step(_("practice")):
        placements = build_practice(careers, plan, ledger)
        build_hours(placements, plan, ledger)
    with _step(_("sums and statistics")):
        ledger.close()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    User.objects.create_user(LAST, full_name="World")
    return Size(Cluster.objects.count(), Person.objects.count(), Fact.objects.count())


def _log_in() -> dict[str, str]:
    return {"domain": DOMAIN, "password": PASSWORD}


@contextmanager
def _step(name: str) -> Iterator[None]:
    print(f"{name} …", end=" ", flush=True)
    began = time.monotonic()
    yield
    print(_("%(seconds).1f s") % {"seconds": time.monotonic() - began}, flush=True)
