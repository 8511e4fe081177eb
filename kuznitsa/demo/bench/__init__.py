"""`kuznitsa bench`: how fast every page answers over the generated world, and how heavy the first visit is."""

import argparse
import logging
from collections.abc import Sequence

from django.core.management import CommandError
from django.db import connection
from django.utils.translation import gettext as _

from kuznitsa.accounts.models import User
from kuznitsa.demo.bench.measuring import clients, measure
from kuznitsa.demo.bench.pages import pages, viewers
from kuznitsa.demo.bench.reporting import keep, table
from kuznitsa.demo.bench.weight import first_load
from kuznitsa.demo.world import LAST


def main(argv: Sequence[str]) -> int:
    """Measure, print the table and keep it; `--only` looks at some pages and keeps nothing."""
    parser = argparse.ArgumentParser(prog="kuznitsa bench", description=_("Measure how fast the pages are."))
    parser.add_argument("--only", default="", help=_("measure only pages whose name contains this; keep nothing"))
    options = parser.parse_args(argv)
    if not User.objects.filter(email=LAST).exists():
        raise CommandError(_("There is no generated world in this database. Run: kuznitsa world"))
    # Pages that a viewer may not see are asked for, too; that is no news.
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    by = clients(viewers())
    found = [measured for page in pages() if options.only in page.name if (measured := measure(page, by))]
    print(table([measured.as_row() for measured in found]))
    if options.only:
        return 0
    weight = {language: first_load(language) for language in ("ru", "en")}
    for language, files in weight.items():
        print(_("First visit (%(language)s): %(bytes)d bytes") % {"language": language, "bytes": sum(files.values())})
    keep(connection.vendor, found, weight)
    return 0
