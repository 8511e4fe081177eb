"""The text of an agreement as it is signed: one canonical form, and its hash."""

import hashlib
import json
from typing import Any

from kuznitsa.agreements.models import Agreement, Obligation


def canonical(agreement: Agreement) -> dict[str, Any]:
    """Return everything the parties sign, the same in every language of the reader."""
    parties = agreement.parties.select_related("organisation").order_by("order", "pk")
    obligations = agreement.obligations.select_related("owner", "beneficiary", "occupation").order_by("order", "pk")
    return {
        "number": agreement.number,
        "title": agreement.title,
        "kind": str(agreement.kind),
        "subject": agreement.subject,
        "cluster": agreement.cluster.name if agreement.cluster else "",
        "starts_on": agreement.starts_on.isoformat(),
        "ends_on": agreement.ends_on.isoformat() if agreement.ends_on else "",
        "parties": [_organisation(party.organisation) for party in parties],
        "obligations": [_obligation(obligation) for obligation in obligations],
    }


def hash_of(text: dict[str, Any]) -> str:
    """Return the SHA-256 of a canonical text in hexadecimal digits."""
    plain = json.dumps(text, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _organisation(organisation: Any) -> str:
    return f"{organisation.name} ({organisation.tax_number or organisation.slug})"


def _obligation(obligation: Obligation) -> dict[str, Any]:
    return {
        "owner": _organisation(obligation.owner),
        "beneficiary": _organisation(obligation.beneficiary),
        "kind": str(obligation.kind),
        "text": obligation.text,
        "quantity": obligation.quantity,
        "due_on": obligation.due_on.isoformat(),
        "occupation": obligation.occupation.code if obligation.occupation else "",
    }
