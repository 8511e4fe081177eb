"""Rights to quotas: stated by the applicant, confirmed by the college from a paper."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import ClaimState
from kuznitsa.admissions.models import Application, QuotaClaim, QuotaGroup
from kuznitsa.admissions.permissions import rules as may
from kuznitsa.base.audit import audit
from kuznitsa.base.refusal import refuse_if
from kuznitsa.base.saving import save_or_refuse
from kuznitsa.base.workflow import move


@transaction.atomic
def state_claim(*, application: Application, group: QuotaGroup, by: Any, at: datetime) -> QuotaClaim:
    """State that the applicant belongs to a quota group; it counts once the college has confirmed it.

    Refused when the application cannot be changed (by the office: once results are published), the group is another
    campaign's, or it is stated already. Effects: an audit entry.
    """
    refuse_if(may.why_not_state_claim(by, application, on=timezone.localdate(at)))
    refuse_if(
        "" if group.campaign_id == application.campaign_id else _("This quota group belongs to another campaign.")
    )
    claim = QuotaClaim(application=application, group=group, stated_at=at)
    save_or_refuse(claim)
    audit("admissions.application.claim_stated", application, by=by, at=at, group=group.name)
    return claim


@transaction.atomic
def take_back_claim(*, claim: QuotaClaim, by: Any, at: datetime) -> None:
    """Say that the applicant does not belong to the group after all. Refused as in `state_claim`."""
    refuse_if(may.why_not_state_claim(by, claim.application, on=timezone.localdate(at)))
    audit("admissions.application.claim_taken_back", claim.application, by=by, at=at, group=claim.group.name)
    claim.delete()


@transaction.atomic
def confirm_claim(*, claim: QuotaClaim, paper: str, by: Any, at: datetime) -> QuotaClaim:
    """Confirm the right by the paper that was shown; from now on it counts.

    Refused when the user is not the office, results are published, no paper is named, or it is confirmed.
    Effects: audit entries on the right and on the application.
    """
    refuse_if(may.why_not_confirm_claim(by, claim))
    refuse_if("" if paper.strip() else _("Name the paper that you have seen."))
    return _decide(claim, ClaimState.CONFIRMED, paper, by, at)


@transaction.atomic
def refuse_claim(*, claim: QuotaClaim, reason: str, by: Any, at: datetime) -> QuotaClaim:
    """Say that the right is not proved; the applicant takes part without it. Refused as above, or without a reason."""
    refuse_if(may.why_not_refuse_claim(by, claim))
    refuse_if("" if reason.strip() else _("Say why, in words that help the applicant."))
    return _decide(claim, ClaimState.REFUSED, reason, by, at)


def _decide(claim: QuotaClaim, state: ClaimState, words: str, by: Any, at: datetime) -> QuotaClaim:
    move(claim, state, by=by, at=at, reason=words.strip())
    claim.paper, claim.decided_at, claim.decided_by = words.strip()[:200], at, by
    claim.save(update_fields=["paper", "decided_at", "decided_by"])
    verb = f"admissions.application.claim_{state.value}"
    audit(verb, claim.application, by=by, at=at, group=claim.group.name, paper=claim.paper)
    return claim
