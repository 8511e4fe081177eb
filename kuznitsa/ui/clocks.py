"""Deadlines as people read them; how urgent one is, `base.clocks` says."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

A_YEAR = 365
# By `base.clocks.Clock.level`.
TONES = {"overdue": "danger", "today": "warning", "soon": "warning", "later": "neutral"}


def ahead(days: int) -> str:
    """Return "today", "tomorrow", "in 5 days" in the current language; "" from a year on, where the date says more."""
    if days >= A_YEAR:
        return ""
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}


def remaining(days: int) -> str:
    """Return "5 days left", "last day today", "overdue by 2 days" in the current language."""
    if days == 0:
        return _("last day today")
    if days < 0:
        return ngettext("overdue by %(days)d day", "overdue by %(days)d days", -days) % {"days": -days}
    return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
