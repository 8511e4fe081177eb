"""Which days of agreements come next for the members of their parties."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from kuznitsa.agreements.enums import AgreementState
from kuznitsa.agreements.models import Agreement, Party
from kuznitsa.base.duties import Coming
from kuznitsa.organisations.queries import standing


def coming(user: Any, today: date) -> list[Coming]:
    """Return when agreements of the user's organisations begin and end."""
    mine = standing(user).organisations()
    if not mine:
        return []
    parties = Party.objects.filter(organisation__in=mine)
    agreements = Agreement.objects.filter(pk__in=parties.values("agreement"))
    either = Q(starts_on__gt=today) | Q(ends_on__gte=today)
    ahead = list(agreements.filter(either, state__in=[AgreementState.SIGNING, AgreementState.IN_FORCE]))
    ending = [row for row in ahead if row.state == AgreementState.IN_FORCE]
    begins, ends = _("The agreement begins"), _("The agreement ends")
    return [
        *(_day(row.starts_on, begins, row) for row in ahead if row.starts_on > today),
        *(_day(row.ends_on, ends, row) for row in ending if row.ends_on and row.ends_on >= today),
    ]


def _day(on: date, title: str, agreement: Agreement) -> Coming:
    return Coming(on, title, str(agreement), agreement.get_absolute_url())
