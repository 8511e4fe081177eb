"""What follows if more seats open: how many workers come, in which year, and what is left of the gap."""

from dataclasses import dataclass, replace

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kuznitsa.classifiers.models import Occupation
from kuznitsa.engines.forecast import graduation_year
from kuznitsa.insight.queries.balance import Balance, BalanceRow
from kuznitsa.insight.queries.scopes import Scope
from kuznitsa.programmes.models import Programme
from kuznitsa.ui.parts import Fact

# Where nobody teaches the occupation yet, what state standards mostly ask after grade 9: of a skilled worker
# 1 year and 10 months, of a specialist 2 years and 10 months. By the level of the occupation.
USUAL_MONTHS = {"01": 22, "02": 34}


@dataclass(frozen=True)
class WhatIf:
    """`seats` more from September of `start`: how many of them go on, and who is hired in `year`.

    `balance` is the balance with them, `row` the one of the occupation and year in which they arrive.
    """

    seats: int
    start: int
    months: int
    is_taught: bool
    contracts: int
    graduates: int
    year: int
    row: BalanceRow
    balance: Balance

    @property
    def hires(self) -> int:
        return self.row.added

    @property
    def answer(self) -> str:
        """What follows, in one sentence."""
        seats = ngettext("%(count)d more seat", "%(count)d more seats", self.seats) % {"count": self.seats}
        workers = ngettext("about %(count)d worker", "about %(count)d workers", self.hires) % {"count": self.hires}
        return _("%(seats)s from September %(start)d give %(workers)s in %(year)d.") % {
            "seats": seats,
            "start": self.start,
            "workers": workers,
            "year": self.year,
        }

    @property
    def gap(self) -> str:
        """What becomes of the gap of that year, in one sentence."""
        numbers = {"year": self.year, "before": self.row.gap, "after": self.row.gap_then}
        if not self.row.need:
            return _("Nobody has stated a need for %(year)d yet.") % numbers
        if not self.row.gap:
            return _("In %(year)d nobody is missing even without them.") % numbers
        return _("The gap of %(year)d falls from %(before)d to %(after)d.") % numbers

    @property
    def lines(self) -> list[Fact]:
        """The way of the seats, step by step."""
        taught = _("as in the programmes of this occupation")
        usual = _("nobody teaches this occupation here yet; so long it usually takes after grade 9")
        months = ngettext("%(count)d month", "%(count)d months", self.months) % {"count": self.months}
        way = f"{self.seats} → {self.contracts} → {self.graduates} → {self.hires}"
        return [
            Fact(_("seats → contracts → graduates → hired"), way, note=_("about, counted with the shares below")),
            Fact(_("length of studies"), months, note=taught if self.is_taught else usual),
        ]


def what_if(scope: Scope, found: Balance, *, occupation: Occupation, seats: int, start: int) -> WhatIf:
    """Return what `seats` more for the occupation, taken in September of `start`, change in the balance `found`."""
    months, is_taught = _months(scope, occupation)
    year = graduation_year(start, months)
    rates = found.shares.rates
    contracts = seats * rates.filled
    graduates = contracts * rates.graduated
    same = [row for row in found.rows if (row.occupation.pk, row.year) == (occupation.pk, year)]
    row = replace(same[0] if same else BalanceRow(occupation, year), added=round(graduates * rates.hired))
    others = [row for row in found.rows if row not in same]
    rows = sorted([*others, row], key=lambda row: (row.year, row.occupation.code))
    return WhatIf(
        seats=seats,
        start=start,
        months=months,
        is_taught=is_taught,
        contracts=round(contracts),
        graduates=round(graduates),
        year=year,
        row=row,
        balance=replace(found, rows=rows),
    )


def _months(scope: Scope, occupation: Occupation) -> tuple[int, bool]:
    """Return how long the occupation is most often taught (here, else anywhere), and whether it is taught at all."""
    taught = Programme.objects.filter(occupation=occupation)
    here = taught
    if scope.college:
        here = here.filter(college=scope.college)
    if scope.cluster:
        here = here.filter(cluster=scope.cluster)
    for programmes in (here, taught):
        often = programmes.values("months").annotate(times=Count("pk")).order_by("-times", "months").first()
        if often:
            return often["months"], True
    return USUAL_MONTHS[occupation.level], False
