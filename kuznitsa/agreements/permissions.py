"""Who may draw up, sign and end agreements, waive obligations and accept acts."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kuznitsa.agreements.enums import BY_ACT, ActState, AgreementState, ObligationKind, ObligationState
from kuznitsa.agreements.models import Act, Agreement, Obligation, Party
from kuznitsa.base.workflow import why_not_move
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.models import Organisation, Signatory
from kuznitsa.organisations.permissions import why_not_sign_for
from kuznitsa.organisations.queries import standing

# Who speaks for an organisation in its agreements.
OFFICE = (Role.COORDINATOR, Role.DIRECTOR, Role.ADMINISTRATOR)
# Who prepares agreements and keeps what they promise.
KEEPERS = (*OFFICE, Role.EMPLOYER_HR)


def why_not_create(user: Any) -> str:
    """Keepers of promises draw agreements up: coordinators, directors, administrators, the plant's HR."""
    if user is None or user.is_staff or standing(user).organisations(*KEEPERS):
        return ""
    return _("Agreements are drawn up by coordinators, directors, administrators and the enterprise's HR.")


def why_not_draw_up(user: Any, organisations: Iterable[Organisation]) -> str:
    """One draws up agreements of one's own organisation."""
    if why_not := why_not_create(user):
        return why_not
    if user is None or user.is_staff or _keeps_one_of(user, {organisation.pk for organisation in organisations}):
        return ""
    return _("Your own organisation must be one of the parties.")


def why_not_edit(user: Any, agreement: Agreement) -> str:
    """A keeper of one of the parties edits until the agreement is in force."""
    if agreement.state not in (AgreementState.DRAFT, AgreementState.SIGNING):
        return _("Only a draft or an agreement that is being signed can be changed.")
    return _why_not_keep(user, agreement)


def why_not_send(user: Any, agreement: Agreement) -> str:
    """A keeper of one of the parties sends a draft for signing."""
    return why_not_move(agreement, AgreementState.SIGNING) or _why_not_keep(user, agreement)


def why_not_return(user: Any, agreement: Agreement) -> str:
    """Whoever may sign for a party, or keeps its promises, may return the text to draft instead."""
    if agreement.state != AgreementState.SIGNING:
        return _("Only an agreement that is being signed can be returned to draft.")
    if user is not None and _may_sign_for_a_party(user, agreement):
        return ""
    return _why_not_keep(user, agreement)


def why_not_withdraw(user: Any, agreement: Agreement) -> str:
    """A keeper of one of the parties withdraws what is not in force yet."""
    return why_not_move(agreement, AgreementState.WITHDRAWN) or _why_not_keep(user, agreement)


def why_not_reopen(user: Any, agreement: Agreement) -> str:
    """A keeper of one of the parties takes a withdrawn agreement up again."""
    if agreement.state != AgreementState.WITHDRAWN:
        return _("Only a withdrawn agreement can be taken up again.")
    return _why_not_keep(user, agreement)


def why_not_terminate(user: Any, agreement: Agreement) -> str:
    """The office of a party records that the agreement has been terminated."""
    return why_not_move(agreement, AgreementState.TERMINATED) or _why_not_speak(user, agreement)


def why_not_prolong(user: Any, agreement: Agreement) -> str:
    """The office of a party records that an expired agreement has been prolonged."""
    if agreement.state != AgreementState.EXPIRED:
        return _("Only an expired agreement can be prolonged.")
    return _why_not_speak(user, agreement)


def why_not_sign(user: Any, party: Party, day: date) -> str:
    """A signatory of the party with a paper in force on `day` signs, once, what was sent for signing."""
    return _why_not_signable(party) or why_not_sign_for(user, party.organisation, day)


def why_not_upload(user: Any, party: Party) -> str:
    """The office of the party uploads the scan of a paper signed elsewhere."""
    if why_not := _why_not_signable(party):
        return why_not
    if user is None or user.is_staff or standing(user).holds(party.organisation_id, *OFFICE):
        return ""
    return _("Scans are uploaded by the coordinator, the director or the administrator of %(party)s.") % {
        "party": party.organisation
    }


def why_not_waive(user: Any, obligation: Obligation) -> str:
    """The office of the party to whom it is owed waives an obligation."""
    return why_not_move(obligation, ObligationState.WAIVED) or _why_not_receive(user, obligation)


def why_not_restore(user: Any, obligation: Obligation) -> str:
    """The office of the party to whom it is owed takes its waiver back."""
    return why_not_move(obligation, ObligationState.ACTIVE) or _why_not_receive(user, obligation)


def why_not_submit_act(user: Any, obligation: Obligation) -> str:
    """A keeper of the party that owes submits acts, of what the product does not count by itself."""
    if ObligationKind(obligation.kind) not in BY_ACT:
        return _("This is counted by itself from what happens; no act is needed.")
    if obligation.agreement.state not in (AgreementState.IN_FORCE, AgreementState.EXPIRED):
        return _("The agreement is not in force.")
    if obligation.state != ObligationState.ACTIVE:
        return _("The obligation has been waived.")
    if user is None or user.is_staff or standing(user).holds(obligation.owner_id, *KEEPERS):
        return ""
    return _("Acts are submitted by the party that owes: %(owner)s.") % {"owner": obligation.owner}


def why_not_resubmit_act(user: Any, act: Act) -> str:
    """A keeper of the party that owes submits a returned act again."""
    if act.state != ActState.RETURNED:
        return _("Only a returned act can be submitted again.")
    return why_not_submit_act(user, act.obligation)


def why_not_accept_act(user: Any, act: Act) -> str:
    """The office of the party to whom it is owed accepts."""
    return why_not_move(act, ActState.ACCEPTED) or _why_not_receive(user, act.obligation)


def why_not_return_act(user: Any, act: Act) -> str:
    """The office of the party to whom it is owed returns an act, an accepted one too."""
    return why_not_move(act, ActState.RETURNED) or _why_not_receive(user, act.obligation)


def _keeps_one_of(user: Any, organisations: set[int]) -> bool:
    return bool(organisations & standing(user).organisations(*KEEPERS))


def _party_ids(agreement: Agreement) -> set[int]:
    return {party.organisation_id for party in agreement.parties.all()}


def _why_not_keep(user: Any, agreement: Agreement) -> str:
    if user is None or user.is_staff or _keeps_one_of(user, _party_ids(agreement)):
        return ""
    return _("This is done by a coordinator, director, administrator or HR officer of one of the parties.")


def _why_not_speak(user: Any, agreement: Agreement) -> str:
    if user is None or user.is_staff or _party_ids(agreement) & standing(user).organisations(*OFFICE):
        return ""
    return _("This is done by the coordinator, the director or the administrator of one of the parties.")


def _may_sign_for_a_party(user: Any, agreement: Agreement) -> bool:
    papers = Signatory.objects.confirmed().filter(user=user.pk)
    return agreement.parties.filter(organisation__in=papers.values("organisation")).exists()


def _why_not_signable(party: Party) -> str:
    if party.signed_at is not None:
        return _("%(party)s has signed already.") % {"party": party.organisation}
    if party.agreement.state != AgreementState.SIGNING:
        return _("The agreement is not being signed: it is “%(state)s” now.") % {
            "state": party.agreement.get_state_display()
        }
    return ""


def _why_not_receive(user: Any, obligation: Obligation) -> str:
    if user is None or user.is_staff or standing(user).holds(obligation.beneficiary_id, *OFFICE):
        return ""
    return _("This is decided by the party to whom it is owed: %(beneficiary)s.") % {
        "beneficiary": obligation.beneficiary
    }
