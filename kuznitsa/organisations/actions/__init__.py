"""What is done with organisations: their details, sites, signatories, members and invitations."""

from kuznitsa.organisations.actions.invitations import (
    accept_invitation,
    invite,
    send_invitation_again,
    withdraw_invitation,
)
from kuznitsa.organisations.actions.memberships import end_membership, give_role, resume_membership
from kuznitsa.organisations.actions.organisations import add_site, change_site, create_organisation, edit_organisation
from kuznitsa.organisations.actions.signatories import add_signatory, confirm_signatory, edit_signatory

__all__ = [
    "accept_invitation",
    "add_signatory",
    "add_site",
    "change_site",
    "confirm_signatory",
    "create_organisation",
    "edit_organisation",
    "edit_signatory",
    "end_membership",
    "give_role",
    "invite",
    "resume_membership",
    "send_invitation_again",
    "withdraw_invitation",
]
