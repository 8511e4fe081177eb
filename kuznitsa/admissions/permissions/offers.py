"""Who may make target offers, agree to them and publish them."""

from typing import Any

from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import OfferState
from kuznitsa.admissions.models import TargetOffer
from kuznitsa.organisations.enums import OrganisationKind, Role
from kuznitsa.organisations.models import Organisation
from kuznitsa.organisations.queries import standing

OFFER_MAKERS = (Role.EMPLOYER_HR, Role.COORDINATOR, Role.DIRECTOR)
OFFER_AGREERS = (Role.ADMISSIONS, Role.COORDINATOR, Role.DIRECTOR)


def _is_plant(user: Any, offer: TargetOffer) -> bool:
    return user is None or user.is_staff or standing(user).holds(offer.employer_id, *OFFER_MAKERS)


def _is_college(user: Any, offer: TargetOffer) -> bool:
    college = offer.intake.programme.college_id
    return user is None or user.is_staff or standing(user).holds(college, *OFFER_AGREERS)


def _why_not_plant(user: Any, offer: TargetOffer) -> str:
    return "" if _is_plant(user, offer) else _("This is done by the plant that makes the offer.")


def _why_not_either(user: Any, offer: TargetOffer) -> str:
    if _is_plant(user, offer) or _is_college(user, offer):
        return ""
    return _("This is done by the plant that makes the offer or by the college.")


def why_not_create_offer(user: Any, employer: Organisation) -> str:
    if employer.kind != OrganisationKind.EMPLOYER:
        return _("Target offers are made by enterprises.")
    if user is None or user.is_staff or standing(user).holds(employer.pk, *OFFER_MAKERS):
        return ""
    return _("Target offers are made by the HR, the coordinator or the director of the plant.")


def why_not_edit_offer(user: Any, offer: TargetOffer) -> str:
    if offer.state != OfferState.DRAFT:
        return _("Only a draft is edited: have the offer returned first.")
    return _why_not_plant(user, offer)


def why_not_propose_offer(user: Any, offer: TargetOffer) -> str:
    if offer.state != OfferState.DRAFT:
        return _("This offer has been sent to the college already.")
    return _why_not_plant(user, offer)


def why_not_agree_offer(user: Any, offer: TargetOffer) -> str:
    if offer.state != OfferState.PROPOSED:
        return _("This offer does not wait for the college.")
    return "" if _is_college(user, offer) else _("The college agrees to an offer: its admissions office or director.")


def why_not_return_offer(user: Any, offer: TargetOffer) -> str:
    """Return why the offer may not become a draft again, before it is published."""
    if offer.state not in (OfferState.PROPOSED, OfferState.AGREED):
        return _("Only a proposed or agreed offer is returned.")
    return _why_not_either(user, offer)


def why_not_publish_offer(user: Any, offer: TargetOffer) -> str:
    if offer.state != OfferState.AGREED:
        return _("An offer is published after the college has agreed.")
    return _why_not_plant(user, offer)


def why_not_change_seats(user: Any, offer: TargetOffer) -> str:
    if offer.state != OfferState.PUBLISHED:
        return _("Seats are changed here only in a published offer; a draft is edited.")
    return _why_not_plant(user, offer)


def why_not_close_offer(user: Any, offer: TargetOffer) -> str:
    if offer.state != OfferState.PUBLISHED:
        return _("Only a published offer is closed.")
    return _why_not_either(user, offer)


def why_not_reopen_offer(user: Any, offer: TargetOffer) -> str:
    if offer.state != OfferState.CLOSED:
        return _("Only a closed offer is opened again.")
    return _why_not_either(user, offer)


def why_not_withdraw_offer(user: Any, offer: TargetOffer) -> str:
    if offer.state in (OfferState.WITHDRAWN, OfferState.CLOSED):
        return _("This offer is no longer on offer.")
    if offer.allocated_seats.held().exists() or offer.contracts.exists():
        return _("Somebody holds a seat of this offer: it can be closed, but not withdrawn.")
    return _why_not_plant(user, offer)


def why_not_restore_offer(user: Any, offer: TargetOffer) -> str:
    if offer.state != OfferState.WITHDRAWN:
        return _("Only a withdrawn offer is taken up again.")
    return _why_not_plant(user, offer)


def why_not_run_offer(user: Any, offer: TargetOffer) -> str:
    """Return why `user` has nothing to decide about this offer: neither of its plant nor of its college."""
    return _why_not_either(user, offer)
