"""From a draft to an agreement in force: sent for signing, signed by every party."""

from datetime import date, datetime, time
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.agreements import notifications, permissions
from kuznitsa.agreements.actions.drafting import clear_signatures
from kuznitsa.agreements.enums import AgreementState, ObligationKind, SignatureMethod
from kuznitsa.agreements.models import Agreement, Party
from kuznitsa.agreements.queries import canonical, hash_of
from kuznitsa.base.audit import audit
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.uploads import validate_upload
from kuznitsa.base.workflow import move
from kuznitsa.facts.actions import record
from kuznitsa.facts.enums import FactKind
from kuznitsa.organisations.models import Signatory
from kuznitsa.organisations.queries import signatory_for

PAPERS = ("pdf", "image")


@transaction.atomic
def send_for_signing(*, agreement: Agreement, by: Any, at: datetime) -> None:
    """Send a draft to its parties to be signed and freeze its text by a hash.

    Refused when the user may not, it is no draft, there are fewer than two parties or no obligations, it would
    have ended already, or an obligation is due before the agreement begins or after it ends.
    Effects: an audit entry, letters to the signatories.
    """
    agreement = Agreement.objects.locked(agreement.pk)
    refuse_if(permissions.why_not_send(by, agreement))
    refuse_if(_why_not_complete(agreement, timezone.localdate(at)))
    agreement.text_hash, agreement.return_reason = hash_of(canonical(agreement)), ""
    agreement.save(update_fields=["text_hash", "return_reason"])
    move(agreement, AgreementState.SIGNING, by=by, at=at)
    transaction.on_commit(partial(notifications.asked_to_sign, agreement.pk))


def _why_not_complete(agreement: Agreement, today: date) -> str:
    if agreement.parties.count() < 2:
        return _("An agreement needs at least two parties.")
    obligations = list(agreement.obligations.order_by("order"))
    if not obligations:
        return _("An agreement without obligations promises nothing: add at least one.")
    if agreement.ends_on and agreement.ends_on < max(today, agreement.starts_on):
        last = f"{agreement.ends_on:%d.%m.%Y}"
        return _("The last day of the agreement has passed already: %(day)s.") % {"day": last}
    for obligation in obligations:
        if obligation.due_on < agreement.starts_on:
            return _("“%(obligation)s” is due before the agreement begins.") % {"obligation": obligation}
        if agreement.ends_on and obligation.due_on > agreement.ends_on:
            return _("“%(obligation)s” is due after the agreement has ended.") % {"obligation": obligation}
    return ""


@transaction.atomic
def sign(*, party: Party, by: Any, at: datetime, seen_hash: str | None = None) -> None:
    """Sign for `party` in the product, as its signatory whose paper of authority is in force today.

    `seen_hash` is the hash of the text that the signatory has read; None only where no page showed one. Refused
    when the user has no authority (the reason names what is missing or has expired), the party has signed
    already, the agreement is not being signed, or its text is another one than was read. Effects: the signature,
    an audit entry; after the last party the agreement is in force, see `_come_into_force`.
    """
    agreement, party = _lock_party(party)
    today = timezone.localdate(at)
    refuse_if(permissions.why_not_sign(by, party, today))
    refuse_if(_why_not_same_text(agreement, seen_hash))
    signatory = signatory_for(by, party.organisation, today)
    assert signatory is not None
    _write_signature(party, signatory, SignatureMethod.IN_PRODUCT, signed_at=at, by=by, at=at)
    _finish_signing(agreement, by=by, at=at)


@transaction.atomic
def record_scan(*, party: Party, signatory: Signatory, scan: File, signed_on: date, by: Any, at: datetime) -> None:
    """Record that `signatory` has signed for `party` on paper on `signed_on`, with the scan as the proof.

    Refused when the user may not, the party has signed already, the agreement is not being signed, the signatory
    belongs to another organisation or had no authority that day, the day lies in the future, or the file is
    neither a PDF nor a picture. Effects as of `sign`.
    """
    agreement, party = _lock_party(party)
    refuse_if(permissions.why_not_upload(by, party))
    refuse_if(_why_not_same_text(agreement, None))
    refuse_if(_why_not_signed_by(signatory, party, signed_on, timezone.localdate(at)))
    try:
        validate_upload(scan, PAPERS)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    party.scan = scan
    was_today = signed_on == timezone.localdate(at)
    signed_at = at if was_today else timezone.make_aware(datetime.combine(signed_on, time(12)))
    _write_signature(party, signatory, SignatureMethod.SCAN, signed_at=signed_at, by=by, at=at)
    _finish_signing(agreement, by=by, at=at)


@transaction.atomic
def return_to_draft(*, agreement: Agreement, reason: str, by: Any, at: datetime) -> None:
    """Return a text that is being signed to draft. Refused when the user may not or no reason is given.

    Effects: all signatures are cleared, an audit entry, letters to the parties.
    """
    agreement = Agreement.objects.locked(agreement.pk)
    refuse_if(permissions.why_not_return(by, agreement))
    refuse_if("" if reason.strip() else _("Say why the text is returned."))
    clear_signatures(agreement=agreement, reason=reason.strip(), by=by, at=at)


def _lock_party(party: Party) -> tuple[Agreement, Party]:
    """Lock the agreement, then read the party anew: of two who sign at once the second sees the first."""
    agreement = Agreement.objects.locked(party.agreement_id)
    fresh = Party.objects.select_related("organisation").filter(pk=party.pk).first()
    if fresh is None:
        raise Refused(_("The parties have just been changed. Reload the page and look again."))
    fresh.agreement = agreement
    return agreement, fresh


def _why_not_same_text(agreement: Agreement, seen_hash: str | None) -> str:
    if seen_hash == "":
        return _("It is not known which text you have read. Open the agreement, read it, and sign there.")
    if seen_hash is not None and seen_hash != agreement.text_hash:
        return _("The text has been changed since you opened it. Read it again before you sign.")
    if hash_of(canonical(agreement)) != agreement.text_hash:
        return _("A name or number in the text has changed since it was sent for signing. Return it to draft first.")
    return ""


def _why_not_signed_by(signatory: Signatory, party: Party, signed_on: date, today: date) -> str:
    if signatory.organisation_id != party.organisation_id:
        return _("%(signatory)s is not a signatory of %(party)s.") % {
            "signatory": signatory.full_name,
            "party": party.organisation,
        }
    if signed_on > today:
        return _("A paper cannot have been signed in the future.")
    if not Signatory.objects.in_authority_on(signed_on).filter(pk=signatory.pk).exists():
        return _("%(signatory)s had no valid paper of authority on %(day)s.") % {
            "signatory": signatory.full_name,
            "day": f"{signed_on:%d.%m.%Y}",
        }
    return ""


def _write_signature(
    party: Party, signatory: Signatory, method: SignatureMethod, *, signed_at: datetime, by: Any, at: datetime
) -> None:
    party.signatory, party.signed_at, party.signed_by = signatory, signed_at, by
    party.method, party.text_hash = method, party.agreement.text_hash
    party.save()
    audit(
        "agreements.agreement.signed",
        party.agreement,
        by=by,
        at=at,
        party=str(party.organisation),
        signatory=str(signatory),
        method=str(method),
        text_hash=party.text_hash,
    )


def _finish_signing(agreement: Agreement, *, by: Any, at: datetime) -> None:
    if not agreement.parties.unsigned().exists():
        _come_into_force(agreement, by=by, at=at)


def _come_into_force(agreement: Agreement, *, by: Any, at: datetime) -> None:
    """The last party has signed: in force since the day of the last signature, and promised seats are facts."""
    day = timezone.localdate(agreement.parties.aggregate(last=Max("signed_at"))["last"])
    agreement.in_force_on = day
    agreement.save(update_fields=["in_force_on"])
    move(agreement, AgreementState.IN_FORCE, by=by, at=at)
    seats = agreement.obligations.filter(kind=ObligationKind.SEATS).select_related("owner", "beneficiary", "thread")
    for obligation in seats.order_by("order"):
        record(
            kind=FactKind.SEATS_PROMISED,
            on=day,
            quantity=obligation.quantity,
            organisation=obligation.owner,
            counterpart=obligation.beneficiary,
            thread=obligation.thread,
            cluster=agreement.cluster,
            source=obligation,
            by=by,
            at=at,
        )
    transaction.on_commit(partial(notifications.came_into_force, agreement.pk))
