"""What the pages of an agreement and of an obligation show, line by line."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from kuznitsa.agreements import permissions
from kuznitsa.agreements.enums import AgreementState
from kuznitsa.agreements.models import Act, Agreement, Obligation, Party
from kuznitsa.agreements.queries.fulfilments import KOPECKS, facts_of
from kuznitsa.base.models import AuditEntry
from kuznitsa.facts.enums import Unit
from kuznitsa.facts.models import Fact
from kuznitsa.facts.queries import openable_sources
from kuznitsa.ui.parts import Step, Tab

FACTS_SHOWN = 200


@dataclass(frozen=True)
class PartyLine:
    """A party, and why the reader may not sign for it or upload its scan."""

    party: Party
    why_not_sign: str
    why_not_upload: str


@dataclass(frozen=True)
class ActLine:
    """An act, and why the reader may not accept, return or mend it."""

    act: Act
    why_not_accept: str
    why_not_return: str
    why_not_resubmit: str


@dataclass(frozen=True)
class FactLine:
    """A fact behind an obligation: `quantity` in its unit (money in roubles), `url` of the record, if it has a page."""

    fact: Fact
    quantity: int
    source: str
    url: str
    is_late: bool


def tabs(active: str) -> list[Tab]:
    """Return the two views of promises: by agreement and one by one."""
    return [
        Tab(_("Agreements"), reverse("agreements:list"), active == "agreements"),
        Tab(_("Obligations"), reverse("agreements:obligations"), active == "obligations"),
    ]


def owed_in(agreement: Agreement) -> QuerySet[Obligation]:
    return agreement.obligations.select_related("owner", "beneficiary", "occupation").order_by("order", "pk")


def party_lines(agreement: Agreement, user: Any, today: date) -> list[PartyLine]:
    """Return the parties in order, each with what the reader may do for it."""
    parties = agreement.parties.select_related("agreement", "organisation", "signatory").order_by("order", "pk")
    return [
        PartyLine(
            party=party,
            why_not_sign=permissions.why_not_sign(user, party, today),
            why_not_upload=permissions.why_not_upload(user, party),
        )
        for party in parties
    ]


def signing_steps(agreement: Agreement) -> list[Step]:
    """Return the way of an agreement: drawn up, signed by each party, in force."""
    over = agreement.state in (AgreementState.WITHDRAWN, AgreementState.TERMINATED)
    drawn = agreement.state != AgreementState.DRAFT
    signing = agreement.state == AgreementState.SIGNING
    steps = [Step(_("Drawn up"), "done" if drawn else "current")]
    for party in agreement.parties.select_related("organisation", "signatory").order_by("order", "pk"):
        signed = party.signed_at is not None
        note = _signature_of(party) if party.signed_at else ""
        state = "done" if signed else "current" if signing else "todo"
        name = _("%(party)s has signed") if signed else _("%(party)s signs")
        steps.append(Step(name % {"party": party.organisation}, state, note))
    in_force = f"{agreement.in_force_on:%d.%m.%Y}" if agreement.in_force_on else ""
    steps.append(Step(_("In force"), "done" if in_force else "todo", in_force))
    if over or agreement.state == AgreementState.EXPIRED:
        steps.append(Step(capfirst(agreement.get_state_display()), "failed" if over else "done"))
    return steps


def _signature_of(party: Party) -> str:
    day = timezone.localdate(party.signed_at)
    return f"{party.signatory}, {day:%d.%m.%Y}, {party.get_method_display()}"


def history_of(obligation: Obligation) -> QuerySet[AuditEntry]:
    """Return what was done about an obligation and its acts, the newest first."""
    acts = [str(pk) for pk in obligation.acts.values_list("pk", flat=True)]
    about_acts = AuditEntry.objects.filter(object_type=Act._meta.label_lower, object_id__in=acts)
    return (AuditEntry.objects.about(obligation) | about_acts).order_by("-at", "-pk")


def act_lines(obligation: Obligation, user: Any) -> list[ActLine]:
    """Return the acts of an obligation, the newest first."""
    acts = obligation.acts.select_related("submitted_by").order_by("-on", "-pk")
    lines = []
    for act in acts:
        act.obligation = obligation
        lines.append(
            ActLine(
                act=act,
                why_not_accept=permissions.why_not_accept_act(user, act),
                why_not_return=permissions.why_not_return_act(user, act),
                why_not_resubmit=permissions.why_not_resubmit_act(user, act),
            )
        )
    return lines


def fact_lines(obligation: Obligation, user: Any) -> list[FactLine]:
    """Return the facts behind an obligation that the reader may see, the newest first. Names nobody."""
    seen = Fact.objects.visible_to(user)
    facts = list(facts_of(obligation).filter(pk__in=seen.values("pk")).prefetch_related("source")[:FACTS_SHOWN])
    openable = openable_sources(facts, user)
    return [
        _fact_line(fact, obligation, is_openable=(fact.source_type_id, fact.source_id) in openable) for fact in facts
    ]


def _fact_line(fact: Fact, obligation: Obligation, *, is_openable: bool) -> FactLine:
    record = fact.source
    # Who is behind a fact is told by the page of the record to whom it may be told.
    kind = capfirst(str(ContentType.objects.get_for_id(fact.source_type_id).name))
    named = record is not None and fact.person_id is None
    return FactLine(
        fact=fact,
        quantity=fact.quantity // KOPECKS if obligation.unit == Unit.ROUBLES else fact.quantity,
        source=f"{kind}: {record}" if named else kind,
        url=record.get_absolute_url() if record is not None and is_openable else "",
        is_late=fact.on > obligation.due_on,
    )
