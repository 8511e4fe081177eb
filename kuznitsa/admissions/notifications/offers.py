"""Letters about target offers."""

from collections.abc import Iterable

from kuznitsa.accounts.models import User
from kuznitsa.admissions.models import TargetOffer
from kuznitsa.admissions.permissions import OFFER_AGREERS, OFFER_MAKERS
from kuznitsa.base.mail import Letter, send
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.models import Membership


def offer_proposed(pk: int) -> None:
    """Tell the college that a plant waits for its agreement."""
    offer = _offer(pk)
    _write("admissions/letters/offer_proposed", offer, offer.intake.programme.college_id, OFFER_AGREERS)


def offer_agreed(pk: int) -> None:
    """Tell the plant that the college has agreed and the offer may be published."""
    offer = _offer(pk)
    _write("admissions/letters/offer_agreed", offer, offer.employer_id, OFFER_MAKERS)


def offer_returned(pk: int, reason: str) -> None:
    """Tell the plant that the offer is a draft again, and why."""
    offer = _offer(pk)
    _write("admissions/letters/offer_returned", offer, offer.employer_id, OFFER_MAKERS, reason=reason)


def offer_published(pk: int) -> None:
    """Tell the college that the offer can be seen by everybody."""
    offer = _offer(pk)
    _write("admissions/letters/offer_published", offer, offer.intake.programme.college_id, OFFER_AGREERS)


def _offer(pk: int) -> TargetOffer:
    return TargetOffer.objects.select_related("employer", "intake__programme__college", "campaign").get(pk=pk)


def _write(template: str, offer: TargetOffer, organisation: int, roles: Iterable[Role], **context: str) -> None:
    members = Membership.objects.current().filter(organisation=organisation, role__in=list(roles))
    for user in User.objects.filter(pk__in=members.values("user")).order_by("pk"):
        send(Letter(to=user, template=template, context={"offer": offer, **context}, about=offer))
