"""Drawing an agreement up and changing its text before it is in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kuznitsa.agreements import notifications, permissions
from kuznitsa.agreements.enums import AgreementKind, AgreementState, ObligationKind
from kuznitsa.agreements.models import Agreement, Obligation, Party
from kuznitsa.agreements.queries import canonical
from kuznitsa.base.audit import audit
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.saving import save_or_refuse
from kuznitsa.base.workflow import move
from kuznitsa.classifiers.models import Occupation
from kuznitsa.clusters.models import Cluster
from kuznitsa.facts.models import Thread
from kuznitsa.organisations.models import Organisation

UNSIGNED = {"signatory": None, "signed_at": None, "signed_by": None, "method": "", "scan": "", "text_hash": ""}


@dataclass(frozen=True, kw_only=True)
class Promise:
    """An obligation as it is typed: who owes what to whom, how much (money in roubles), by when."""

    owner: Organisation
    beneficiary: Organisation
    kind: ObligationKind
    quantity: int
    due_on: date
    text: str = ""
    occupation: Occupation | None = None
    thread: Thread | None = None


@transaction.atomic
def draw_up(
    *,
    number: str,
    title: str,
    subject: str,
    starts_on: date,
    parties: Sequence[Organisation],
    promises: Sequence[Promise],
    by: Any,
    at: datetime,
    kind: AgreementKind = AgreementKind.PARTNERSHIP,
    cluster: Cluster | None = None,
    ends_on: date | None = None,
) -> Agreement:
    """Draw up a draft with its parties, in order, and what they promise each other.

    Refused when the user may not, no own organisation is a party, an organisation is named twice, an obligation
    is owed by or to somebody who is no party, or a field is wrong. Effects: the draft and an audit entry.
    """
    refuse_if(permissions.why_not_draw_up(by, parties))
    agreement = Agreement(
        number=number.strip(),
        title=title.strip(),
        subject=subject.strip(),
        kind=kind,
        cluster=cluster,
        starts_on=starts_on,
        ends_on=ends_on,
        created_by=by,
    )
    save_or_refuse(agreement)
    _write_rows(agreement, parties, promises)
    audit("agreements.agreement.created", agreement, by=by, at=at)
    return agreement


@transaction.atomic
def edit(
    *,
    agreement: Agreement,
    number: str,
    title: str,
    subject: str,
    starts_on: date,
    parties: Sequence[Organisation],
    promises: Sequence[Promise],
    by: Any,
    at: datetime,
    kind: AgreementKind = AgreementKind.PARTNERSHIP,
    cluster: Cluster | None = None,
    ends_on: date | None = None,
) -> None:
    """Change the text of a draft, or of an agreement that is being signed.

    Refused as `draw_up` is, and when the agreement is in force or has ended. Effects: an audit entry with what
    was changed; if it was being signed and the text is another one now, it becomes a draft again, all signatures
    are cleared, and the parties get a letter that says what was changed.
    """
    agreement = Agreement.objects.locked(agreement.pk)
    refuse_if(permissions.why_not_edit(by, agreement))
    refuse_if(permissions.why_not_draw_up(by, parties))
    before = canonical(agreement)
    agreement.number, agreement.title, agreement.subject = number.strip(), title.strip(), subject.strip()
    agreement.kind, agreement.cluster, agreement.starts_on, agreement.ends_on = kind, cluster, starts_on, ends_on
    save_or_refuse(agreement)
    signatures = _signatures(agreement)
    _write_rows(agreement, parties, promises, keep=signatures)
    after = canonical(agreement)
    changed = [_name_of(part) for part in before if before[part] != after[part]]
    audit("agreements.agreement.edited", agreement, by=by, at=at, changed=", ".join(changed))
    if changed and agreement.state == AgreementState.SIGNING:
        reason = _("The text was changed: %(parts)s.") % {"parts": ", ".join(changed)}
        clear_signatures(agreement=agreement, reason=reason, by=by, at=at)


@transaction.atomic
def clear_signatures(*, agreement: Agreement, reason: str, by: Any, at: datetime) -> None:
    """Make an agreement that is being signed a draft again; a step of `edit` and `return_to_draft`, which ask who may.

    Effects: all signatures are cleared, audit entries, letters that tell the parties the reason.
    """
    reason = reason[:300]
    signed = agreement.parties.exclude(signed_at=None).select_related("organisation").order_by("order")
    cleared = ", ".join(str(party.organisation) for party in signed)
    agreement.parties.update(**UNSIGNED)
    agreement.text_hash, agreement.return_reason = "", reason
    agreement.save(update_fields=["text_hash", "return_reason"])
    move(agreement, AgreementState.DRAFT, by=by, at=at, reason=reason)
    if cleared:
        audit("agreements.agreement.signatures_cleared", agreement, by=by, at=at, reason=reason, parties=cleared)
    transaction.on_commit(partial(notifications.returned_to_draft, agreement.pk))


def _signatures(agreement: Agreement) -> dict[int, dict[str, Any]]:
    """Return what each organisation has signed with, so that saving an unchanged text keeps it."""
    return {
        party.organisation_id: {name: getattr(party, name) for name in UNSIGNED} for party in agreement.parties.all()
    }


def _write_rows(
    agreement: Agreement,
    parties: Sequence[Organisation],
    promises: Sequence[Promise],
    keep: dict[int, dict[str, Any]] | None = None,
) -> None:
    """Write parties and obligations anew; nothing points to them before the agreement is in force."""
    named = {organisation.pk for organisation in parties}
    if len(named) < len(parties):
        raise Refused(_("The same organisation is named twice among the parties."))
    agreement.parties.all().delete()
    agreement.obligations.all().delete()
    for order, organisation in enumerate(parties):
        save_or_refuse(
            Party(agreement=agreement, organisation=organisation, order=order, **(keep or {}).get(organisation.pk, {}))
        )
    for order, promise in enumerate(promises):
        _write_obligation(agreement, promise, order, named)


def _write_obligation(agreement: Agreement, promise: Promise, order: int, named: set[int]) -> None:
    for organisation in (promise.owner, promise.beneficiary):
        if organisation.pk not in named:
            raise Refused(
                _("%(organisation)s is not a party, but stands in obligation %(number)d. Add it to the parties.")
                % {"organisation": organisation, "number": order + 1}
            )
    obligation = Obligation(
        agreement=agreement,
        owner=promise.owner,
        beneficiary=promise.beneficiary,
        kind=promise.kind,
        text=promise.text.strip(),
        quantity=promise.quantity,
        due_on=promise.due_on,
        occupation=promise.occupation,
        thread=promise.thread,
        order=order,
    )
    save_or_refuse(obligation)


def _name_of(part: str) -> str:
    if part in ("parties", "obligations"):
        return _("parties") if part == "parties" else _("obligations")
    names = {field.name: str(field.verbose_name) for field in Agreement._meta.fields}
    return names[part]
