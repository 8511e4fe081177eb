"""What waits for a user: texts to sign, acts to accept, promises to keep and to ask about, drafts to finish."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from kuznitsa.agreements.enums import ActState, AgreementState, Fulfilment
from kuznitsa.agreements.models import Act, Agreement, Obligation, ObligationQuerySet, Party
from kuznitsa.agreements.permissions import KEEPERS, OFFICE
from kuznitsa.agreements.queries.fulfilments import stands
from kuznitsa.base.duties import Duty, rows_if_any
from kuznitsa.clusters.enums import ClusterStage
from kuznitsa.clusters.models import Cluster
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.queries import signed_for, standing

WARNING = timedelta(days=30)
# So many promises are named one by one; more are one row with their number.
NAMED = 5
# A cluster on its way to an agreement, or past the point where it should have one.
NEEDS_AGREEMENT = (ClusterStage.PARTNERS, ClusterStage.AGREEMENT, ClusterStage.EQUIPPING, ClusterStage.OPERATING)


def duties(user: Any, today: date) -> list[Duty]:
    """Return what `user` has to do about agreements, obligations and acts."""
    if not user.is_authenticated:
        return []
    return [
        *_to_sign(user, today),
        *_signatures_to_see_to(user, today),
        *_acts(user),
        *_obligations(user, today),
        *_drafts(user),
        *_agreements_to_draw_up(user),
    ]


def parties_to_sign(user: Any, today: date) -> Any:
    """Return the parties for which `user` has the authority to sign today, and has not yet."""
    return (
        Party.objects.unsigned()
        .filter(agreement__state=AgreementState.SIGNING, organisation__in=signed_for(user, today))
        .select_related("agreement", "organisation")
        .order_by("agreement__starts_on", "pk")
    )


def _to_sign(user: Any, today: date) -> list[Duty]:
    if not signed_for(user, today):
        return []
    return [
        Duty(
            title=_("Sign the agreement"),
            about=str(party.agreement),
            url=party.agreement.get_absolute_url(),
            organisation=str(party.organisation),
            due_on=party.agreement.starts_on,
        )
        for party in parties_to_sign(user, today)
    ]


def _signatures_to_see_to(user: Any, today: date) -> list[Duty]:
    """For those who keep an agreement that does not wait for themselves: whose signatures are missing."""
    keeping = standing(user).organisations(*KEEPERS)
    if not keeping:
        return []
    mine = Party.objects.filter(organisation__in=keeping, agreement__state=AgreementState.SIGNING)
    missing = Party.objects.unsigned().filter(agreement__in=mine.values("agreement"))
    if signed_for(user, today):
        missing = missing.exclude(agreement__in=parties_to_sign(user, today).order_by().values("agreement"))
    by_agreement = defaultdict(list)
    rows = missing.select_related("agreement", "organisation").order_by("agreement__starts_on", "order", "pk")
    for party in rows_if_any(rows):
        by_agreement[party.agreement].append(str(party.organisation))
    return [
        Duty(
            title=_("See that everybody signs the agreement"),
            about=_("%(agreement)s, not signed yet by: %(parties)s")
            % {"agreement": agreement, "parties": ", ".join(parties)},
            url=agreement.get_absolute_url(),
            due_on=agreement.starts_on,
        )
        for agreement, parties in by_agreement.items()
    ]


def _acts(user: Any) -> list[Duty]:
    """Acts to accept for those to whom something is promised, and acts they returned for those who owe it."""
    held = standing(user)
    offices, keeping = held.organisations(*OFFICE), held.organisations(*KEEPERS)
    if not offices and not keeping:
        return []
    waiting = Q(state=ActState.SUBMITTED, obligation__beneficiary__in=offices)
    returned = Q(state=ActState.RETURNED, obligation__owner__in=keeping)
    acts = list(Act.objects.filter(waiting | returned).values_list("obligation", "state"))
    numbers = Counter((obligation, state == ActState.RETURNED) for obligation, state in acts)
    if not numbers:
        return []
    obligations = Obligation.objects.select_related("owner", "beneficiary").in_bulk({pk for pk, _back in numbers})
    return [
        Duty(
            title=_("Mend the returned act") if back else _("Accept or return the act"),
            about=str(obligations[pk]),
            url=obligations[pk].get_absolute_url(),
            organisation=str(obligations[pk].owner if back else obligations[pk].beneficiary),
            count=number,
        )
        for (pk, back), number in numbers.items()
    ]


def _obligations(user: Any, today: date) -> list[Duty]:
    """Promises to keep, of the organisations whose agreements one keeps, and others' overdue ones to ask about."""
    keeping = standing(user).organisations(*KEEPERS)
    own = Q(owner__in=keeping, due_on__lte=today + WARNING)
    others = _to_ask_about(user, keeping)
    wanted = [*([own] if keeping else []), *([others & Q(due_on__lt=today)] if others else [])]
    if not wanted:
        return []
    unkept = _unkept(Obligation.objects.filter(reduce(or_, wanted)), today)
    mine = [obligation for obligation in unkept if obligation.owner_id in keeping]
    overdue = [obligation for obligation in mine if obligation.due_on < today]
    ahead = [obligation for obligation in mine if obligation.due_on >= today]
    return [
        *_to_keep(overdue, _("Keep the promise: it is overdue"), Fulfilment.OVERDUE),
        *_to_keep(ahead, _("Keep the promise in time"), Fulfilment.ON_THE_WAY),
        *_to_ask([obligation for obligation in unkept if obligation.owner_id not in keeping]),
    ]


def _unkept(obligations: ObligationQuerySet, today: date) -> list[Obligation]:
    """Return those that bind and are not fulfilled, the nearest first; facts are counted only if there are any."""
    found = rows_if_any(obligations.active().select_related("owner", "agreement").order_by("due_on", "pk"))
    if not found:
        return []
    counted = stands(Obligation.objects.filter(pk__in=[obligation.pk for obligation in found]), today)
    return [obligation for obligation in found if counted[obligation.pk].standing != Fulfilment.FULFILLED]


def _to_keep(found: list[Obligation], title: str, wanted: Fulfilment) -> list[Duty]:
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


def _to_ask_about(user: Any, keeping: set[int]) -> Q:
    """Which promises of others concern `user`: to one's own organisation, in clusters that one runs or oversees."""
    held = standing(user)
    offices = held.organisations(*OFFICE)
    scope = Q()
    if offices:
        scope |= Q(beneficiary__in=offices)
    if held.organisations(Role.COORDINATOR):
        scope |= Q(agreement__cluster__in=Cluster.objects.of(user, Role.COORDINATOR))
    if held.overseen_regions:
        scope |= Q(agreement__cluster__region__in=held.overseen_regions)
    if held.organisations(Role.FEDERAL_OPERATOR):
        scope |= Q(agreement__cluster__isnull=False)
    return scope & ~Q(owner__in=keeping) if scope else scope


def _to_ask(overdue: list[Obligation]) -> list[Duty]:
    """One duty for each who owes; a single one when many do."""
    by_owner = defaultdict(list)
    for obligation in overdue:
        by_owner[obligation.owner].append(obligation)
    listed = f"{reverse('agreements:obligations')}?standing={Fulfilment.OVERDUE.value}"
    if len(by_owner) > NAMED:
        return [
            Duty(
                title=_("Ask why promises are overdue"),
                about=_("%(first)s and others") % {"first": ", ".join(map(str, list(by_owner)[:NAMED]))},
                url=listed,
                due_on=min(obligations[0].due_on for obligations in by_owner.values()),
                count=len(overdue),
            )
        ]
    return [
        Duty(
            title=_("Ask why promises are overdue"),
            about=_("%(owner)s: %(promise)s") % {"owner": owner, "promise": obligations[0]}
            if len(obligations) == 1
            else str(owner),
            url=obligations[0].get_absolute_url() if len(obligations) == 1 else f"{listed}&owner={owner.pk}",
            due_on=obligations[0].due_on,
            count=len(obligations),
        )
        for owner, obligations in by_owner.items()
    ]


def _drafts(user: Any) -> list[Duty]:
    """Drafts that came back with a reason, and drafts that were left: the first day of the text is their clock."""
    keeping = standing(user).organisations(*KEEPERS)
    if not keeping:
        return []
    drafts = Agreement.objects.filter(parties__organisation__in=keeping, state=AgreementState.DRAFT).distinct()
    return [
        Duty(
            title=_("Look at the draft that came back")
            if agreement.return_reason
            else _("Finish the draft and send it for signing"),
            about=f"{agreement}: {agreement.return_reason}" if agreement.return_reason else str(agreement),
            url=agreement.get_absolute_url(),
            due_on=agreement.starts_on,
        )
        for agreement in drafts
    ]


def _agreements_to_draw_up(user: Any) -> list[Duty]:
    """Clusters that one runs, whose partners have not promised each other anything."""
    if not standing(user).organisations(Role.COORDINATOR):
        return []
    promised = Agreement.objects.exclude(state__in=[AgreementState.WITHDRAWN, AgreementState.TERMINATED])
    clusters = Cluster.objects.of(user, Role.COORDINATOR).filter(state__in=NEEDS_AGREEMENT)
    without = clusters.exclude(pk__in=promised.exclude(cluster=None).values("cluster"))
    return [
        Duty(
            title=_("Draw up the agreement of the partners"),
            about=str(cluster),
            url=reverse("agreements:create"),
        )
        for cluster in without
    ]
