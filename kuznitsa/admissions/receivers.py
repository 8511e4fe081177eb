"""What admissions answers when a lower app asks first, and what it does at the news of consents."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kuznitsa.admissions.actions.applications import resume_with_consents, stop_without_consent
from kuznitsa.admissions.enums import OfferState
from kuznitsa.admissions.models import Seat, TargetContract, TargetOffer
from kuznitsa.people.models import Consent
from kuznitsa.programmes.models import Enrolment, Intake

# Whose seats are places of the intake, as counted when the college agrees.
PROMISED = (OfferState.AGREED, OfferState.PUBLISHED, OfferState.CLOSED)
NOT_OVER = (OfferState.PROPOSED, OfferState.AGREED, OfferState.PUBLISHED)


def why_intake_may_not_shrink(*, intake: Intake, places: int, **_signal: Any) -> str:
    """Return which target offers need more of the intake than `places`; 0 places is a cancellation."""
    offers = TargetOffer.objects.filter(intake=intake)
    if not places:
        return _why_not_cancelled(offers)
    promised = offers.filter(state__in=PROMISED).aggregate(seats=Sum("seats"))["seats"] or 0
    if places >= promised:
        return ""
    said = ngettext(
        "%(seats)d place of this intake is promised by target offers. Have their seats reduced first.",
        "%(seats)d places of this intake are promised by target offers. Have their seats reduced first.",
        promised,
    )
    return said % {"seats": promised}


def _why_not_cancelled(offers: Any) -> str:
    taken = Exists(Seat.objects.held().filter(offer=OuterRef("pk"))) | Exists(
        TargetContract.objects.live().filter(offer=OuterRef("pk"))
    )
    standing = offers.filter(Q(state__in=NOT_OVER) | Q(taken, state=OfferState.CLOSED))
    numbers = list(standing.order_by("pk").values_list("number", flat=True))
    if not numbers:
        return ""
    said = ngettext(
        "The target offer %(offers)s stands on this intake. It is returned or withdrawn first.",
        "The target offers %(offers)s stand on this intake. They are returned or withdrawn first.",
        len(numbers),
    )
    return said % {"offers": ", ".join(f"№ {number}" for number in numbers)}


def why_enrolment_may_not_go(*, enrolment: Enrolment, **_signal: Any) -> str:
    """Return the target contract that stands on the enrolment, "" when none does."""
    contract = TargetContract.objects.live().filter(enrolment=enrolment).first()
    if contract is None:
        return ""
    return _("A target contract stands on this enrolment: № %(number)s. The enterprise takes it back first.") % {
        "number": contract.number
    }


def stop_applications(sender: type[Consent], consent: Consent, by: Any, at: datetime, **kwargs: Any) -> None:
    stop_without_consent(consent=consent, by=by, at=at)


def resume_applications(sender: type[Consent], consents: list[Consent], by: Any, at: datetime, **kwargs: Any) -> None:
    resume_with_consents(consents=consents, by=by, at=at)
