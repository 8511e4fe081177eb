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
    """Record that somebody may sign for `organisation`, and by which paper.

    `user` is needed for signing in the product. Refuses who does not keep the organisation, a user who does not
    work there, and a paper without its number or that ends before it begins. Writes the audit entry.
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
    _save(signatory)
    audit("organisations.signatory.added", signatory, by=by, at=at, **_paper(signatory))
    return signatory


@transaction.atomic
def edit_signatory(*, signatory: Signatory, by: Any, at: datetime, **details: Any) -> None:
    """Correct a signatory or end the paper (`authority_until`); `details` are fields of `Signatory`.

    Refuses as `add_signatory` does. Writes the audit entry with what was before.
    """
    refuse_if(permissions.why_not_keep(by, signatory.organisation))
    was = _paper(signatory)
    for name, value in details.items():
        setattr(signatory, name, value)
    _save(signatory)
    audit("organisations.signatory.changed", signatory, by=by, at=at, was=was)


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
