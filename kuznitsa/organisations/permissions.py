"""Who may keep an organisation, its members and signatories, and who may sign for it."""

from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kuznitsa.organisations.enums import ROLE_CARDS, OrganisationKind, Role
from kuznitsa.organisations.models import Invitation, Membership, Organisation, Signatory, standing

KEEPERS = (Role.ADMINISTRATOR, Role.DIRECTOR)
# Their members see whole regions, so only staff of the installation bring them in.
OVERSEERS = (OrganisationKind.AUTHORITY, OrganisationKind.NETWORK)


def why_not_create(user: Any, kind: str) -> str:
    """Coordinators and administrators bring partners in; authorities are brought in by staff."""
    if user.is_staff:
        return ""
    if not standing(user).organisations(*KEEPERS, Role.COORDINATOR):
        return _("Only a coordinator or an administrator of an organisation may add organisations.")
    if kind in OVERSEERS:
        return _("Authorities and the federal operator are added by those who run this installation.")
    return ""


def why_not_keep(user: Any, organisation: Organisation) -> str:
    """Its administrator or director, staff; as long as it has neither, the coordinator who answers for it."""
    if user.is_staff or standing(user).holds(organisation.pk, *KEEPERS):
        return ""
    if not standing(user).organisations(Role.COORDINATOR) or organisation.kind in OVERSEERS or _is_kept(organisation):
        return _("Only an administrator or the director of the organisation may do this.")
    if _answers_for(user, organisation):
        return ""
    return _(
        "You are not the coordinator of a cluster in which this organisation takes part."
        " Take it into your cluster first; if another cluster took it in before, ask its coordinator."
    )


def _answers_for(user: Any, organisation: Organisation) -> bool:
    return Organisation.objects.answered_for_by(user).filter(pk=organisation.pk).exists()


def _is_kept(organisation: Organisation) -> bool:
    return organisation.memberships.current().filter(role__in=KEEPERS).exists()


def why_not_move(user: Any, organisation: Organisation) -> str:
    """Kind and region decide what members of an authority see: those who run the installation set them."""
    if user.is_staff or organisation.kind not in OVERSEERS:
        return why_not_keep(user, organisation)
    return _("The region of an authority is set by those who run this installation.")


def why_not_give(user: Any, organisation: Organisation, role: str) -> str:
    """A role is given by a keeper, in an organisation of a kind that knows it."""
    if organisation.kind not in ROLE_CARDS[Role(role)].kinds:
        return _("The role “%(role)s” does not exist in an organisation of this kind.") % {"role": Role(role).label}
    return why_not_keep(user, organisation)


def why_not_end(user: Any, membership: Membership) -> str:
    """A keeper ends roles, and everybody their own; the last administrator stays."""
    if membership.ended_at:
        return _("This role has ended already.")
    if user.pk != membership.user_id and (reason := why_not_keep(user, membership.organisation)):
        return reason
    if membership.role in KEEPERS and not user.is_staff and _is_last_keeper(membership):
        return _("Somebody must keep the organisation: give another person the role of administrator first.")
    return ""


def _is_last_keeper(membership: Membership) -> bool:
    others = membership.organisation.memberships.current().filter(role__in=KEEPERS).exclude(pk=membership.pk)
    return not others.exists()


def why_not_resume(user: Any, membership: Membership) -> str:
    """A keeper gives a role back that was ended."""
    if not membership.ended_at:
        return _("This role has not ended.")
    return why_not_give(user, membership.organisation, membership.role)


def why_not_withdraw(user: Any, invitation: Invitation) -> str:
    """A keeper withdraws an invitation that waits."""
    return _why_not_open(invitation) or why_not_keep(user, invitation.organisation)


def why_not_send_again(user: Any, invitation: Invitation) -> str:
    """A keeper sends an invitation again while it waits; so may the invited themselves, by the old link."""
    reason = _why_not_open(invitation)
    if reason or not user.is_authenticated or user.email.lower() == invitation.email.lower():
        return reason
    return why_not_keep(user, invitation.organisation)


def why_not_accept(user: Any, invitation: Invitation, at: datetime) -> str:
    """Whoever holds the link accepts it, unless they are signed in as somebody else."""
    if reason := _why_not_open(invitation):
        return reason
    if invitation.expires_at < at:
        return _("This invitation has expired. Have a fresh letter sent to the same address.")
    if user is not None and user.is_authenticated and user.email.lower() != invitation.email.lower():
        return _("This invitation is for %(invited)s, and you are signed in as %(user)s. Sign out first.") % {
            "invited": invitation.email,
            "user": user.email,
        }
    return ""


def _why_not_open(invitation: Invitation) -> str:
    if invitation.accepted_at:
        return _("This invitation has been accepted already.")
    if invitation.withdrawn_at:
        return _("This invitation has been withdrawn.")
    return ""


def why_not_confirm(user: Any, signatory: Signatory) -> str:
    """Another person than the signatory confirms a paper that waits: a keeper, the cluster's coordinator, staff."""
    if signatory.confirmed_at:
        return _("This paper of authority has been confirmed already.")
    if not user.is_authenticated or user.pk == signatory.user_id:
        return _("You have entered this paper for yourself, so another person has to confirm it.")
    organisation = signatory.organisation
    if user.is_staff or standing(user).holds(organisation.pk, *KEEPERS) or _answers_for(user, organisation):
        return ""
    return _("Papers of authority are confirmed by an administrator, the director or the coordinator of the cluster.")


def why_not_sign_for(user: Any, organisation: Organisation, day: date) -> str:
    """A signatory signs, with a paper of authority that is in force on `day`; the reason names what is missing."""
    if not user.is_authenticated:
        return _("Sign in first.")
    papers = list(organisation.signatories.filter(user=user).order_by("authority_from"))
    if not papers:
        return _why_nobody(organisation, day)
    if _has_left(user, organisation):
        return _("You no longer work for %(organisation)s, so you cannot sign for it.") % {"organisation": organisation}
    if any(paper.is_in_authority_on(day) for paper in papers):
        return ""
    return _why_no_authority(papers, day)


def _has_left(user: Any, organisation: Organisation) -> bool:
    ends = list(organisation.memberships.filter(user=user).values_list("ended_at", flat=True))
    return bool(ends) and None not in ends


def _why_nobody(organisation: Organisation, day: date) -> str:
    names = [paper.full_name for paper in organisation.signatories.in_authority_on(day).order_by("full_name")]
    if names:
        return _("You are not a signatory of %(organisation)s. These may sign for it: %(names)s.") % {
            "organisation": organisation,
            "names": ", ".join(names),
        }
    return _(
        "%(organisation)s has no signatory with a valid paper of authority yet."
        " Add one on the page of the organisation."
    ) % {"organisation": organisation}


def _why_no_authority(papers: list[Signatory], day: date) -> str:
    latest = papers[-1]
    paper = f"{latest.get_authority_kind_display()} {latest.authority_number}".strip()
    if not latest.confirmed_at:
        return _(
            "Your paper of authority “%(paper)s” waits until another person has confirmed it:"
            " an administrator or the director of the organisation, or the coordinator of the cluster."
        ) % {"paper": paper}
    if latest.authority_until and latest.authority_until < day:
        return _("You have no authority to sign on %(day)s: “%(paper)s” ended on %(end)s.") % {
            "day": date_format(day),
            "paper": paper,
            "end": date_format(latest.authority_until),
        }
    return _("You have no authority to sign on %(day)s: “%(paper)s” begins on %(start)s.") % {
        "day": date_format(day),
        "paper": paper,
        "start": date_format(latest.authority_from),
    }
