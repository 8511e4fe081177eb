"""Letters about invitations and roles."""

from django.conf import settings
from django.urls import reverse

from kuznitsa.accounts.models import User
from kuznitsa.base.mail import Letter, send
from kuznitsa.organisations.models import Invitation, Membership


def send_invitation(invitation: int, secret: str) -> None:
    """To the invited address: the link by which the invitation is accepted."""
    row = Invitation.objects.select_related("organisation", "invited_by").get(pk=invitation)
    known = User.objects.filter(email__iexact=row.email).first()
    context = {"invitation": row, "url": settings.SITE_URL + reverse("organisations:invitation", args=[secret])}
    send(Letter(to=known or row.email, template="organisations/letters/invitation", context=context, about=row))


def send_role_ended(membership: int, reason: str) -> None:
    """To a member whose role was ended by somebody else."""
    row = Membership.objects.select_related("organisation", "user").get(pk=membership)
    context = {"membership": row, "reason": reason}
    send(Letter(to=row.user, template="organisations/letters/role_ended", context=context, about=row))
