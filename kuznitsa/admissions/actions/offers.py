"""Target offers: drafted by the plant, agreed by the college, published, changed in public, closed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kuznitsa.admissions import notifications, permissions, queries
from kuznitsa.admissions.enums import ApplicationState, CampaignState, OfferState, Period, SupportKind
from kuznitsa.admissions.models import SupportMeasure, TargetOffer
from kuznitsa.base.audit import audit
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.rules import rule
from kuznitsa.base.saving import save_or_refuse
from kuznitsa.base.workflow import move
from kuznitsa.facts.actions import open_thread, record, reverse_source
from kuznitsa.facts.enums import FactKind
from kuznitsa.organisations.models import Organisation
from kuznitsa.programmes.enums import IntakeState
from kuznitsa.programmes.models import Intake

# What an offer says beside its plant, intake, number and seats.
TERMS = (
    "campaign",
    "need",
    "agreement",
    "position",
    "site",
    "service_months",
    "wage_from_kopecks",
    "wage_to_kopecks",
    "minimum_mark_hundredths",
    "needs_medical",
    "requirements",
    "duties",
    "exit_terms",
    "contact",
)
# What applicants go by when they choose.
CHOSEN_BY = ("campaign", "intake", "minimum_mark_hundredths", "needs_medical")
EDITABLE = ("intake", "number", "seats", *TERMS)


@dataclass(frozen=True)
class SupportLine:
    """What the plant gives: money for a period, or something in kind that `description` names."""

    kind: SupportKind
    amount_kopecks: int | None = None
    period: Period = Period.MONTHLY
    description: str = ""


@transaction.atomic
def create_offer(
    *,
    employer: Organisation,
    intake: Intake,
    seats: int,
    by: Any,
    at: datetime,
    number: str = "",
    support: Iterable[SupportLine] = (),
    **terms: Any,
) -> TargetOffer:
    """Draft an offer of a plant for an intake; `terms` are the fields named in TERMS.

    Without a number the next free one is taken. Refused when the user may not make offers of this plant, a
    field is wrong, or parts do not fit each other (see `edit_offer`). Effects: an audit entry.
    """
    refuse_if(permissions.why_not_create_offer(by, employer))
    number = number or queries.next_number(employer, timezone.localdate(at))
    offer = TargetOffer(employer=employer, intake=intake, number=number, seats=seats)
    _fill(offer, terms, TERMS, at)
    _write_support(offer, support)
    audit("admissions.targetoffer.created", offer, by=by, at=at)
    return offer


@transaction.atomic
def edit_offer(
    *, offer: TargetOffer, by: Any, at: datetime, support: Iterable[SupportLine] | None = None, **changes: Any
) -> TargetOffer:
    """Change a draft; `support`, if given, replaces all measures.

    Refused when the user may not, the offer is no draft, a field is wrong, or parts do not fit each other: the
    need is another plant's or occupation's, the campaign another college's or over, the site another plant's,
    the plant no party of the agreement, the years of work beyond the law; or people have applied by the rules that
    it had. Effects: an audit entry.
    """
    refuse_if(permissions.why_not_edit_offer(by, offer))
    refuse_if(_why_not_other_rules(offer, changes))
    _fill(offer, changes, EDITABLE, at)
    if support is not None:
        _write_support(offer, support)
    audit("admissions.targetoffer.edited", offer, by=by, at=at)
    return offer


def _why_not_other_rules(offer: TargetOffer, changes: dict[str, Any]) -> str:
    """Return why the rules of an offer stay that was published before: applicants have chosen by them."""
    others = any(name in changes and changes[name] != getattr(offer, name) for name in CHOSEN_BY)
    if others and offer.choices.exclude(application__state=ApplicationState.DRAFT).exists():
        return _("People have applied for this offer: its campaign, group, lowest mark and papers stay as they were.")
    return ""


def _fill(offer: TargetOffer, values: dict[str, Any], allowed: tuple[str, ...], at: datetime) -> None:
    unknown = set(values) - set(allowed)
    if unknown:
        raise TypeError(f"unknown terms of an offer: {sorted(unknown)}")
    for name, value in values.items():
        setattr(offer, name, value)
    _refuse_what_does_not_fit(offer, at)
    save_or_refuse(offer)


def _refuse_what_does_not_fit(offer: TargetOffer, at: datetime) -> None:
    programme = offer.intake.programme
    today = timezone.localdate(at)
    least = rule("target_service_months_min", on=today).value
    most = rule("target_service_months_max", on=today).value
    need, campaign, site, agreement = offer.need, offer.campaign, offer.site, offer.agreement
    problems = {
        _("This intake is over."): offer.intake.state in (IntakeState.GRADUATED, IntakeState.CANCELLED),
        _("The need is stated by another plant."): need and need.employer_id != offer.employer_id,
        _("The need is for another occupation."): need and need.occupation_id != programme.occupation_id,
        _("The campaign belongs to another college."): campaign and campaign.college_id != programme.college_id,
        _("The campaign takes no applications any more."): campaign
        and campaign.state not in (CampaignState.DRAFT, CampaignState.OPEN),
        _("The site belongs to another plant."): site and site.organisation_id != offer.employer_id,
        _("The plant is not a party of this agreement."): agreement
        and not agreement.parties.filter(organisation=offer.employer_id).exists(),
        _("By law the graduate works for %(least)d to %(most)d months.") % {"least": least, "most": most}: not (
            least <= offer.service_months <= most
        ),
    }
    found = [problem for problem, is_so in problems.items() if is_so]
    refuse_if(" ".join(found))


def _write_support(offer: TargetOffer, lines: Iterable[SupportLine]) -> None:
    offer.support.all().delete()
    for order, line in enumerate(lines):
        measure = SupportMeasure(
            offer=offer,
            kind=line.kind,
            amount_kopecks=line.amount_kopecks,
            period=line.period,
            description=line.description,
            order=order,
        )
        save_or_refuse(measure)


@transaction.atomic
def propose_offer(*, offer: TargetOffer, by: Any, at: datetime) -> None:
    """Send a draft to the college for its agreement. Refused when the user may not. Effects: a letter."""
    refuse_if(permissions.why_not_propose_offer(by, offer))
    move(offer, OfferState.PROPOSED, by=by, at=at)
    transaction.on_commit(partial(notifications.offer_proposed, offer.pk))


@transaction.atomic
def agree_offer(*, offer: TargetOffer, by: Any, at: datetime) -> None:
    """The college agrees to teach so many for the plant.

    Refused when the user may not, the offer does not wait for it, or the intake has fewer places left.
    Effects: a letter to the plant.
    """
    refuse_if(permissions.why_not_agree_offer(by, offer))
    _refuse_more_than_the_intake_has(offer, offer.seats)
    move(offer, OfferState.AGREED, by=by, at=at)
    transaction.on_commit(partial(notifications.offer_agreed, offer.pk))


def _refuse_more_than_the_intake_has(offer: TargetOffer, seats: int) -> None:
    intake = Intake.objects.select_for_update().get(pk=offer.intake_id)
    left = intake.places - queries.seats_promised_of(offer)
    if seats > left:
        raise Refused(
            _("The intake has %(places)d places, and %(left)d of them are not promised to others.")
            % {"places": intake.places, "left": max(left, 0)}
        )


@transaction.atomic
def return_offer(*, offer: TargetOffer, reason: str, by: Any, at: datetime) -> None:
    """Make a proposed or agreed offer a draft again. Refused when the user may not, or without a reason.

    Effects: a letter to the plant with the reason.
    """
    refuse_if(permissions.why_not_return_offer(by, offer))
    refuse_if("" if reason.strip() else _("Say why."))
    move(offer, OfferState.DRAFT, by=by, at=at, reason=reason)
    transaction.on_commit(partial(notifications.offer_returned, offer.pk, reason))


@transaction.atomic
def publish_offer(*, offer: TargetOffer, by: Any, at: datetime) -> None:
    """Show an agreed offer to everybody; from now on its terms stand.

    Refused when the user may not, the college has not agreed, or terms are missing (each is named).
    Effects: the thread of the offer (part of the thread of its need), the fact SEATS_OFFERED, a letter.
    """
    refuse_if(permissions.why_not_publish_offer(by, offer))
    missing = queries.missing_terms(offer)
    if missing:
        raise Refused(_("The offer does not say: %(missing)s.") % {"missing": ", ".join(missing)})
    _refuse_what_does_not_fit(offer, at)
    offer.thread = offer.thread or _open_thread(offer, by=by, at=at)
    offer.published_at = at
    offer.save(update_fields=["thread", "published_at"])
    move(offer, OfferState.PUBLISHED, by=by, at=at)
    _record_seats(offer, by=by, at=at)
    transaction.on_commit(partial(notifications.offer_published, offer.pk))


def _open_thread(offer: TargetOffer, *, by: Any, at: datetime) -> Any:
    programme, need = offer.intake.programme, offer.need
    year = need.year if need else offer.intake.ends_on.year
    campaign_cluster = offer.campaign.cluster if offer.campaign else None
    return open_thread(
        title=f"{programme.occupation.name_ru}: {offer.employer.short_name} — {programme.college.short_name}, {year}",
        parent=need.thread if need else None,
        cluster=(need.cluster if need else None) or campaign_cluster or programme.cluster,
        employer=offer.employer,
        college=programme.college,
        occupation=programme.occupation,
        year=year,
        by=by,
        at=at,
    )


def _record_seats(offer: TargetOffer, *, by: Any, at: datetime) -> None:
    record(
        kind=FactKind.SEATS_OFFERED,
        on=timezone.localdate(at),
        quantity=offer.seats,
        organisation=offer.employer,
        counterpart=offer.intake.programme.college,
        thread=offer.thread,
        source=offer,
        by=by,
        at=at,
    )


@transaction.atomic
def change_seats(*, offer: TargetOffer, seats: int, reason: str, by: Any, at: datetime) -> None:
    """Change the number of seats of a published offer.

    Refused when the user may not, no reason is given, fewer would stay than are taken, set aside by the rules of the
    campaign or needed for the smallest group, or the intake has fewer places. Effects: the fact SEATS_OFFERED is
    reversed and recorded anew, an audit entry.
    """
    refuse_if(permissions.why_not_change_seats(by, offer))
    refuse_if("" if reason.strip() else _("Say why."))
    locked = TargetOffer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if seats == locked.seats:
        raise Refused(_("The offer has that many seats already."))
    held = queries.seats_held(locked)
    if seats < max(held, 1):
        taken = ngettext("%(held)d seat is taken already.", "%(held)d seats are taken already.", held) % {"held": held}
        raise Refused(taken if held else _("An offer has at least one seat."))
    set_aside = sum(locked.pools.values_list("seats", flat=True))
    if seats < max(set_aside, locked.minimum_group):
        raise Refused(
            _("By the rules of the campaign %(set_aside)d seats are set aside, and the smallest group is %(least)d.")
            % {"set_aside": set_aside, "least": locked.minimum_group}
        )
    _refuse_more_than_the_intake_has(locked, seats)
    was, offer.seats = locked.seats, seats
    offer.save(update_fields=["seats"])
    _reverse_seats(offer, reason, by=by, at=at)
    _record_seats(offer, by=by, at=at)
    audit("admissions.targetoffer.seats_changed", offer, by=by, at=at, was=was, now=seats, reason=reason)


def _reverse_seats(offer: TargetOffer, reason: str, *, by: Any, at: datetime) -> None:
    today = timezone.localdate(at)
    reverse_source(source=offer, on=today, reason=reason, by=by, at=at, kind=FactKind.SEATS_OFFERED)


@transaction.atomic
def close_offer(*, offer: TargetOffer, reason: str, by: Any, at: datetime) -> None:
    """Take the offer from the list; what is promised in it stands.

    Refused when the user may not, or no reason is given.
    """
    refuse_if(permissions.why_not_close_offer(by, offer))
    refuse_if("" if reason.strip() else _("Say why."))
    move(offer, OfferState.CLOSED, by=by, at=at, reason=reason)


@transaction.atomic
def reopen_offer(*, offer: TargetOffer, reason: str, by: Any, at: datetime) -> None:
    """Show a closed offer again. Refused when the user may not, or no reason is given."""
    refuse_if(permissions.why_not_reopen_offer(by, offer))
    refuse_if("" if reason.strip() else _("Say why."))
    move(offer, OfferState.PUBLISHED, by=by, at=at, reason=reason)


@transaction.atomic
def withdraw_offer(*, offer: TargetOffer, reason: str, by: Any, at: datetime) -> None:
    """Take an offer back, before anybody holds a seat of it.

    Refused when the user may not, somebody holds a seat or had a contract, or no reason is given.
    Effects: the fact SEATS_OFFERED, if it was published, is reversed.
    """
    refuse_if(permissions.why_not_withdraw_offer(by, offer))
    refuse_if("" if reason.strip() else _("Say why."))
    move(offer, OfferState.WITHDRAWN, by=by, at=at, reason=reason)
    _reverse_seats(offer, reason, by=by, at=at)


@transaction.atomic
def restore_offer(*, offer: TargetOffer, reason: str, by: Any, at: datetime) -> None:
    """Take up a withdrawn offer as a draft. Refused when the user may not, or no reason is given."""
    refuse_if(permissions.why_not_restore_offer(by, offer))
    refuse_if("" if reason.strip() else _("Say why."))
    move(offer, OfferState.DRAFT, by=by, at=at, reason=reason)
