"""Papers that anybody can check by their hash: what may be said of one in public, and nothing of a person.

Higher apps that print papers register a finder from `ready()`, so that one address checks them all.
"""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse

from kuznitsa.agreements.enums import AgreementState
from kuznitsa.agreements.models import Agreement
from kuznitsa.agreements.queries.texts import canonical, hash_of

HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Paper:
    """A paper as the public may know it. `sides` are organisations only; `matches` compares what is kept today."""

    title: str
    number: str
    drawn_up_on: date
    sides: tuple[str, ...]
    state: str
    is_in_force: bool
    in_force_on: date | None
    ended_on: date | None
    signed: int
    parties: int
    matches: bool


Finder = Callable[[str], Paper | None]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Let papers of another app be found by their hash; from `ready()`."""
    _finders.append(finder)


def address_of(digest: str) -> str:
    """Return what the paper prints: where it is checked."""
    return settings.SITE_URL + reverse("agreements:verify", args=[digest])


def cleaned(text: str) -> str:
    """Return the hash in what somebody typed, copied or scanned, "" when there is none."""
    found = HASH.search("".join(text.split()).lower())
    return found.group() if found else ""


def paper_of(digest: str) -> Paper | None:
    """Return the paper that was sealed with this hash, None when there is none."""
    if not digest:
        # Drafts have no hash yet.
        return None
    return next((paper for finder in (_agreement, *_finders) if (paper := finder(digest))), None)


def _agreement(digest: str) -> Paper | None:
    agreement = Agreement.objects.filter(text_hash=digest).first()
    if agreement is None:
        return None
    parties = list(agreement.parties.select_related("organisation").order_by("order", "pk"))
    return Paper(
        title=agreement.title,
        number=agreement.number,
        drawn_up_on=agreement.starts_on,
        sides=tuple(str(party.organisation) for party in parties),
        state=agreement.get_state_display(),
        is_in_force=agreement.state == AgreementState.IN_FORCE,
        in_force_on=agreement.in_force_on,
        ended_on=None,
        signed=sum(party.signed_at is not None for party in parties),
        parties=len(parties),
        matches=hmac.compare_digest(hash_of(canonical(agreement)), digest),
    )
