"""What waits for a user: texts to sign, acts to accept, promises to keep, drafts that came back."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from kuznitsa.agreements.enums import ActState, AgreementState, Fulfilment
from kuznitsa.agreements.models import Act, Agreement, Obligation, Party
from kuznitsa.agreements.permissions import KEEPERS, OFFICE
from kuznitsa.agreements.queries.fulfilments import stands
from kuznitsa.base.duties import Duty
from kuznitsa.organisations.models import Signatory
from kuznitsa.organisations.queries import standing

WARNING = timedelta(days=30)
# So many promises are named one by one; more are one row with their number.
NAMED = 5


def duties(user: Any, today: date) -> list[Duty]:
    """Return what `user` has to do about agreements, obligations and acts."""
    if not user.is_authenticated:
        return []
    return [
        *_to_sign(user, today),
        *_acts_to_accept(user),
        *_returned_acts(user),
        *_obligations(user, today, overdue=True),
        *_obligations(user, today, overdue=False),
        *_returned_drafts(user),
    ]


def parties_to_sign(user: Any, today: date) -> Any:
    """Return the parties for which `user` has the authority to sign today, and has not yet."""
    papers = Signatory.objects.in_authority_on(today).filter(user=user.pk)
    return (
        Party.objects.unsigned()
        .filter(agreement__state=AgreementState.SIGNING, organisation__in=papers.values("organisation"))
        .select_related("agreement", "organisation")
        .order_by("agreement__starts_on", "pk")
    )


def _to_sign(user: Any, today: date) -> list[Duty]:
    return [
        Duty(
            title=_("Sign the agreement"),
            about=str(party.agreement),
            url=party.agreement.get_absolute_url(),
            organisation=str(party.organisation),
        )
        for party in parties_to_sign(user, today)
    ]


def _acts_to_accept(user: Any) -> list[Duty]:
    waiting = Act.objects.waiting().filter(obligation__beneficiary__in=standing(user).organisations(*OFFICE))
    return _by_obligation(waiting, lambda obligation: obligation.beneficiary, _("Accept or return the act"))


def _returned_acts(user: Any) -> list[Duty]:
    returned = Act.objects.filter(state=ActState.RETURNED, obligation__owner__in=standing(user).organisations(*KEEPERS))
    return _by_obligation(returned, lambda obligation: obligation.owner, _("Mend the returned act"))


def _by_obligation(acts: Any, whose: Callable[[Obligation], Any], title: str) -> list[Duty]:
    numbers = dict(acts.values_list("obligation").annotate(number=Count("pk")).order_by())
    obligations = Obligation.objects.filter(pk__in=numbers).select_related("owner", "beneficiary").order_by("due_on")
    return [
        Duty(
            title=title,
            about=str(obligation),
            url=obligation.get_absolute_url(),
            organisation=str(whose(obligation)),
            count=numbers[obligation.pk],
        )
        for obligation in obligations
    ]


def _obligations(user: Any, today: date, *, overdue: bool) -> list[Duty]:
    owned = Obligation.objects.active().filter(owner__in=standing(user).organisations(*KEEPERS))
    near = owned.filter(due_on__lt=today) if overdue else owned.filter(due_on__range=(today, today + WARNING))
    wanted = Fulfilment.OVERDUE if overdue else Fulfilment.ON_THE_WAY
    title = _("Keep the promise: it is overdue") if overdue else _("Keep the promise in time")
    standing_so = [pk for pk, stand in stands(near, today).items() if stand.standing == wanted]
    rows = Obligation.objects.filter(pk__in=standing_so).select_related("owner", "agreement")
    found = list(rows.order_by("due_on", "pk"))
    if len(found) > NAMED:
        first = found[0]
        return [
            Duty(
                title=title,
                about=_("%(first)s and others") % {"first": first},
                url=f"{reverse('agreements:obligations')}?standing={wanted.value}",
                organisation=str(first.owner),
                due_on=first.due_on,
                count=len(found),
            )
        ]
    return [
        Duty(
            title=title,
            about=str(obligation),
            url=obligation.get_absolute_url(),
            organisation=str(obligation.owner),
            due_on=obligation.due_on,
        )
        for obligation in found
    ]


def _returned_drafts(user: Any) -> list[Duty]:
    mine = Q(parties__organisation__in=standing(user).organisations(*KEEPERS))
    drafts = Agreement.objects.filter(mine, state=AgreementState.DRAFT).exclude(return_reason="").distinct()
    return [
        Duty(
            title=_("Look at the draft that came back"),
            about=f"{agreement}: {agreement.return_reason}",
            url=agreement.get_absolute_url(),
        )
        for agreement in drafts.order_by("starts_on", "pk")
    ]
