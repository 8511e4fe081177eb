"""Which days of agreements come next for the members of their parties."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kuznitsa.agreements.enums import AgreementState
from kuznitsa.agreements.models import Agreement, Party
from kuznitsa.base.duties import COMING, Coming
from kuznitsa.organisations.queries import standing


def coming(user: Any, today: date) -> list[Coming]:
    """Return when agreements of the user's organisations begin and end."""
    mine = standing(user).organisations()
    if not mine:
        return []
    parties = Party.objects.filter(organisation__in=mine)
    agreements = Agreement.objects.filter(pk__in=parties.values("agreement"))
    beginning = agreements.filter(state__in=[AgreementState.SIGNING, AgreementState.IN_FORCE], starts_on__gt=today)
    ending = agreements.in_force().filter(ends_on__gte=today)
    begins, ends = _("The agreement begins"), _("The agreement ends")
    return [
        *(_day(row.starts_on, begins, row) for row in beginning.order_by("starts_on", "pk")[:COMING]),
        *(_day(row.ends_on, ends, row) for row in ending.order_by("ends_on", "pk")[:COMING] if row.ends_on),
    ]


def _day(on: date, title: str, agreement: Agreement) -> Coming:
    return Coming(on, title, str(agreement), agreement.get_absolute_url())
