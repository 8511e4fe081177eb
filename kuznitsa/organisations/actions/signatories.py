"""Who may sign for an organisation, by which paper."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kuznitsa.accounts.models import User
from kuznitsa.base.audit import audit
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.organisations import permissions
from kuznitsa.organisations.models import Organisation, Signatory


@transaction.atomic
def add_signatory(
    *,
    organisation: Organisation,
    full_name: str,
    post: str,
    authority_kind: str,
    authority_from: date,
    authority_number: str = "",
    authority_until: date | None = None,
    user: User | None = None,
    scan: Any = None,
    by: Any,
    at: datetime,
) -> Signatory:
    """Record that somebody may sign for `organisation`, and by which paper, of which `scan` is the proof.

    `user` is needed for signing in the product. Refuses who does not keep the organisation, a user who does not
    work there, a paper without a scan or its number, and one that ends before it begins. Writes the audit entry.
    Counts at once, unless users enter themselves: then another person confirms it, see `confirm_signatory`.
    """
    refuse_if(permissions.why_not_keep(by, organisation) if by else "")
    signatory = Signatory(
        organisation=organisation,
        user=user,
        full_name=full_name,
        post=post,
        authority_kind=authority_kind,
        authority_number=authority_number,
        authority_from=authority_from,
        authority_until=authority_until,
        scan=scan or "",
    )
    _refuse_without_scan(signatory)
    if not _is_own(signatory, by):
        signatory.confirmed_at, signatory.confirmed_by = at, by
    _save(signatory)
    audit("organisations.signatory.added", signatory, by=by, at=at, **_paper(signatory))
    return signatory


@transaction.atomic
def edit_signatory(*, signatory: Signatory, by: Any, at: datetime, **details: Any) -> None:
    """Correct a signatory or end the paper (`authority_until`); `details` are fields of `Signatory`.

    Refuses as `add_signatory` does. Writes the audit entry with what was before. Who changes more of their own
    paper than its end has it confirmed anew.
    """
    refuse_if(permissions.why_not_keep(by, signatory.organisation))
    was, ended_before = _paper(signatory), signatory.authority_until
    changed = {name: value for name, value in details.items() if getattr(signatory, name) != value}
    for name, value in changed.items():
        setattr(signatory, name, value)
    if set(changed) - {"authority_until"} or _is_longer(signatory.authority_until, than=ended_before):
        _refuse_without_scan(signatory)
        if _is_own(signatory, by):
            signatory.confirmed_at = signatory.confirmed_by = None
    _save(signatory)
    audit("organisations.signatory.changed", signatory, by=by, at=at, was=was)


@transaction.atomic
def confirm_signatory(*, signatory: Signatory, by: Any, at: datetime) -> None:
    """Confirm a paper that somebody entered for themselves: it counts from now on.

    Refuses the signatory, who neither keeps the organisation nor coordinates its cluster, and a paper that is
    confirmed. Writes the audit entry. The way back is to end the paper.
    """
    signatory = Signatory.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=signatory.pk)
    refuse_if(permissions.why_not_confirm(by, signatory))
    signatory.confirmed_at, signatory.confirmed_by = at, by
    signatory.save(update_fields=["confirmed_at", "confirmed_by"])
    audit("organisations.signatory.confirmed", signatory, by=by, at=at, **_paper(signatory))


def _is_own(signatory: Signatory, by: Any) -> bool:
    return by is not None and signatory.user_id == by.pk


def _is_longer(until: date | None, *, than: date | None) -> bool:
    return than is not None and (until is None or until > than)


def _refuse_without_scan(signatory: Signatory) -> None:
    if not signatory.scan:
        raise Refused(
            _(
                "Attach the scan of the paper that gives authority: the power of attorney or the order;"
                " for a head who acts by the charter, the extract from the register or the order of appointment."
            )
        )


def _save(signatory: Signatory) -> None:
    user, organisation = signatory.user, signatory.organisation
    if user and not organisation.memberships.current().filter(user=user).exists():
        raise Refused(
            _("%(user)s does not work for this organisation here. Invite them first.") % {"user": user.full_name}
        )
    try:
        signatory.full_clean()
    except ValidationError as wrong:
        raise Refused(" ".join(wrong.messages)) from wrong
    signatory.save()


def _paper(signatory: Signatory) -> dict[str, str]:
    return {
        "paper": f"{signatory.authority_kind} {signatory.authority_number}".strip(),
        "from": str(signatory.authority_from),
        "until": str(signatory.authority_until or ""),
    }
