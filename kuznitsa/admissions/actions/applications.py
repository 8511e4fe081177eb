"""Applications: started, filled in, agreed to by the guardian, submitted, changed, withdrawn."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.accounts.actions import request_link
from kuznitsa.admissions.actions.seats import give_back_seat
from kuznitsa.admissions.enums import ApplicationState, CampaignState, DocumentKind, OfferState
from kuznitsa.admissions.models import Application, ApplicationDocument, Campaign, Choice, TargetOffer
from kuznitsa.admissions.models.applications import PURPOSES
from kuznitsa.admissions.notifications import applications as letters
from kuznitsa.admissions.permissions import applications as may
from kuznitsa.admissions.queries.applications import has_missed_results, lacking_consents, missing_consents
from kuznitsa.admissions.queries.receipts import ISSUED, wishes_hash
from kuznitsa.base.audit import audit
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.base.uploads import validate_upload
from kuznitsa.base.workflow import move
from kuznitsa.facts.actions import record, reverse
from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact
from kuznitsa.organisations.models import Organisation
from kuznitsa.people.actions import Paper, affiliate, end_affiliation, give_consents, open_account
from kuznitsa.people.enums import AffiliationKind
from kuznitsa.people.models import Consent, Person
from kuznitsa.people.permissions import why_not_on_screen

# Read aloud without mistakes: no letters that look like digits.
RECEIPT_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@transaction.atomic
def start_application(
    *, campaign: Campaign, person: Person, by: Any, at: datetime, late_reason: str = ""
) -> Application:
    """Begin a person's application in an open campaign; after its last day the office does, with a reason.

    Refused when the campaign takes none, the user may neither act for the person nor help them, they have applied,
    or a late one has no reason. Effects: the college may see the person; an audit entry.
    """
    refuse_if(may.why_not_start_application(by, campaign, person, on=timezone.localdate(at)))
    is_late = may.is_for_late(campaign)
    late_reason = late_reason.strip() if is_late else ""
    refuse_if("" if late_reason or not is_late else _("Say why the application comes late."))
    try:
        with transaction.atomic():
            application = Application.objects.create(campaign=campaign, person=person, late_reason=late_reason[:300])
    except IntegrityError as error:
        raise Refused(_("%(person)s has already applied in this campaign.") % {"person": person}) from error
    _affiliate(application, [campaign.college], by, at)
    audit("admissions.application.started", application, by=by, at=at)
    return application


@transaction.atomic
def edit_application(
    *,
    application: Application,
    offers: Sequence[TargetOffer],
    average_mark_hundredths: int | None,
    by: Any,
    at: datetime,
) -> Application:
    """Set the ranked list, the dearest offer first, and the average mark.

    Refused when it cannot be changed now, an offer is named twice or is not open in the campaign, the list is
    too long, or the mark is impossible. Effects: the guardian's agreement to another list is void; audit.
    """
    refuse_if(may.why_not_edit_application(by, application, on=timezone.localdate(at)))
    refuse_if(_why_not_list(application.campaign, offers))
    if average_mark_hundredths is not None and not 200 <= average_mark_hundredths <= 500:
        raise Refused(_("A mark lies between 2.00 and 5.00."))
    was = list(application.choices.order_by("rank").values_list("offer", flat=True))
    if was != [offer.pk for offer in offers]:
        application.choices.all().delete()
        Choice.objects.bulk_create(
            Choice(application=application, offer=offer, rank=rank) for rank, offer in enumerate(offers, start=1)
        )
        _forget_agreement(application)
    application.average_mark_hundredths = average_mark_hundredths
    application.save(update_fields=["average_mark_hundredths", "guardian", "guardian_agreed_at"])
    audit("admissions.application.edited", application, by=by, at=at)
    return application


@transaction.atomic
def add_document(
    *, application: Application, kind: DocumentKind, by: Any, at: datetime, file: File | None = None
) -> ApplicationDocument:
    """Add a paper; without a file the office notes that it has seen the original.

    Refused when the application cannot be changed now, the file is too large, empty or of another kind, or
    somebody else than the office adds a paper without a file.
    """
    not_office = may.why_not_note_paper(by, application)
    if not_office:
        refuse_if(may.why_not_add_paper(by, application, on=timezone.localdate(at)))
    if file is not None:
        _validate(file)
    else:
        refuse_if(not_office)
    document = ApplicationDocument.objects.create(application=application, kind=kind, file=file or "", added_at=at)
    audit("admissions.application.document_added", application, by=by, at=at, kind=kind)
    return document


@transaction.atomic
def remove_document(*, document: ApplicationDocument, by: Any, at: datetime) -> None:
    """Take a paper out of an application that can still be changed; refused otherwise."""
    refuse_if(may.why_not_add_paper(by, document.application, on=timezone.localdate(at)))
    audit("admissions.application.document_removed", document.application, by=by, at=at, kind=document.kind)
    document.delete()


@transaction.atomic
def submit_application(
    *,
    application: Application,
    by: Any,
    at: datetime,
    paper: Paper | None = None,
    consents_follow: bool = False,
) -> Application:
    """Send the application. A minor's waits for the guardian's agreement, unless it has been given.

    With `consents_follow` no consent has been given with it: the consents of an adult are awaited.

    Refused when it is not whole, not the user's, late, or an offer on the list is not open any more.
    Effects of a submitted one: receipt and its letter, fact APPLIED on the thread of each chosen offer, the
    plants may see the person; for an adult the consents that go with it, by a `paper` when the office sends it.
    A waiting one asks the guardians.
    """
    on = timezone.localdate(at)
    refuse_if(may.why_not_submit_application(by, application, on=on))
    offers = _chosen(application)
    refuse_if(_why_not_list(application.campaign, offers))
    if application.needs_guardian(on) and (application.guardian_id is None or missing_consents(application, on)):
        move(application, ApplicationState.AWAITING_GUARDIAN, by=by, at=at)
        _set_reason(application, "")
        transaction.on_commit(partial(letters.ask_guardian, application.pk))
        return application
    if not application.needs_guardian(on) and not consents_follow:
        _give_consents(application, application.person, paper, by, at)
    _complete(application, offers, by, at)
    return application


@transaction.atomic
def agree_to_application(
    *,
    application: Application,
    guardian: Person,
    by: Any,
    at: datetime,
    paper: Paper | None = None,
    consents_follow: bool = False,
) -> Application:
    """Record that the guardian agrees to every offer on the list; this submits the application.

    Refused when it does not wait for that, `guardian` is not a confirmed guardian, the user is neither that
    guardian nor the office, or the office names no `paper` that the guardian has signed. Effects: the consents of
    the guardian unless they `consents_follow`, and those of `submit_application`.
    """
    refuse_if(may.why_not_agree_to_application(by, application, on=timezone.localdate(at)))
    if not application.person.guardianships.in_force().filter(guardian=guardian).exists():
        raise Refused(_("%(person)s is not the guardian of the applicant.") % {"person": guardian})
    if by is not None and by.pk != guardian.user_id:
        refuse_if(may.why_not_note_paper(by, application))
    refuse_if("" if paper or consents_follow else why_not_on_screen(by, guardian))
    if paper and not paper.original and not missing_consents(application, timezone.localdate(at)):
        # No consent is left to keep a scan with.
        raise Refused(_("Say where the paper lies by which the guardian agrees."))
    offers = _chosen(application)
    refuse_if(_why_not_list(application.campaign, offers))
    if not consents_follow:
        _give_consents(application, guardian, paper, by, at)
    application.guardian, application.guardian_agreed_at = guardian, at
    application.save(update_fields=["guardian", "guardian_agreed_at"])
    audit(
        "admissions.application.guardian_agreed",
        application,
        by=by,
        at=at,
        guardian=guardian.pk,
        paper=paper.original if paper else "",
    )
    _complete(application, offers, by, at)
    return application


@transaction.atomic
def decline_application(*, application: Application, reason: str, by: Any, at: datetime) -> Application:
    """The guardian does not agree; the draft goes back to the applicant with the reason. Refused without one."""
    refuse_if(may.why_not_agree_to_application(by, application, on=timezone.localdate(at)))
    reason = _required(reason, _("Say what should be different: it helps the applicant."))
    move(application, ApplicationState.DRAFT, by=by, at=at, reason=reason)
    _set_reason(application, reason)
    transaction.on_commit(partial(letters.guardian_declined, application.pk))
    return application


@transaction.atomic
def revise_application(*, application: Application, by: Any, at: datetime) -> Application:
    """Take a sent or withdrawn application back into a draft, to change it before the last day.

    Refused when it is not the user's, it has been decided upon, or the campaign takes no applications now.
    Effects: receipt and guardian's agreement are void, the facts APPLIED are reversed.
    """
    refuse_if(may.why_not_revise_application(by, application, on=timezone.localdate(at)))
    move(application, ApplicationState.DRAFT, by=by, at=at)
    _forget_agreement(application)
    application.submitted_at, application.receipt_number, application.receipt_hash = None, "", ""
    application.state_reason = ""
    application.save()
    _hide_from_plants(application, by, at)
    _apply_to([], application, by, at, reason=_("The application is being changed."))
    return application


@transaction.atomic
def withdraw_application(*, application: Application, reason: str, by: Any, at: datetime) -> Application:
    """Leave the selection, at any time before a contract. Refused without a reason, or when it is not the user's.

    Effects: a seat held goes back and the next on the list is called; before the last day the facts APPLIED
    are reversed, afterwards they stay: the person had applied.
    """
    refuse_if(may.why_not_withdraw_application(by, application))
    reason = _required(reason, _("Say why the application is withdrawn."))
    move(application, ApplicationState.WITHDRAWN, by=by, at=at, reason=reason)
    _set_reason(application, reason)
    _hide_from_plants(application, by, at)
    if application.campaign.state == CampaignState.OPEN:
        _apply_to([], application, by, at, reason=reason)
    for seat in application.seats.held():
        give_back_seat(seat=seat, reason=reason, by=by, at=at)
    transaction.on_commit(partial(letters.withdrawn, application.pk))
    return application


@transaction.atomic
def stop_without_consent(*, consent: Consent, by: Any, at: datetime) -> None:
    """Let the applications of a person rest who has withdrawn a `consent` that applying needs.

    Refuses nothing. Effects: the plants that were named see the person no more, but for the parties of a signed
    contract; the office gets a letter that a decision is needed; an entry in the history of each application.
    """
    for application in _under_way([consent]):
        for offer in _chosen(application):
            _end_for_plant(application, offer, by, at)
        audit("admissions.application.consent_withdrawn", application, by=by, at=at, purpose=consent.purpose)
        transaction.on_commit(partial(letters.consent_withdrawn, application.pk))


@transaction.atomic
def resume_with_consents(*, consents: Sequence[Consent], by: Any, at: datetime) -> None:
    """Have applications go on when no consent that applying needs is lacking any more.

    Refuses nothing. Effects: the plants that were named see the person again; an application that has missed the
    results meanwhile is from now on a late one, because nobody who was in them may lose by it.
    """
    if not consents[0].person.consents.exclude(withdrawn_at=None).exists():
        return  # nothing has hidden them
    for application in _under_way(consents):
        if not lacking_consents(application):
            _affiliate(application, {offer.employer for offer in _chosen(application)}, by, at)
            if has_missed_results(application):
                application.late_reason = _("consented anew after the results")
                application.save(update_fields=["late_reason"])
                audit("admissions.application.came_late", application, by=by, at=at, reason=application.late_reason)


def _under_way(consents: Sequence[Consent]) -> Iterable[Application]:
    """The applications that need one of the consents, which are all about one person."""
    if not any(consent.purpose in PURPOSES for consent in consents):
        return []
    applications = consents[0].person.applications.standing().exclude(campaign__state=CampaignState.COMPLETED)
    return applications.select_related("campaign__college", "person").order_by("pk")


@transaction.atomic
def send_way_in(*, application: Application, person: Person, by: Any, at: datetime) -> str:
    """Mail the applicant or a guardian a link that signs in and leads to the application; return its address.

    Who has no account gets one. Refused when `person` is neither, has no address or a closed account, the user is
    neither the office nor the school that helps, as in `people.open_account`, or when letters enough have just
    gone there. Effects: an audit entry.
    """
    refuse_if(may.why_not_send_way_in(by, application, person))
    page = application.get_absolute_url()
    if person.user is None:
        address = open_account(person=person, next_url=page, by=by, at=at).email
    else:
        address = person.user.email
        if not request_link(email=address, next_url=page, by=by, at=at):
            raise Refused(_("Several letters have gone to this address just now: the next one in an hour."))
    audit("admissions.application.way_in_sent", application, by=by, at=at, person=person.pk)
    return address


def _complete(application: Application, offers: Sequence[TargetOffer], by: Any, at: datetime) -> None:
    move(application, ApplicationState.SUBMITTED, by=by, at=at)
    application.submitted_at, application.state_reason = at.replace(microsecond=0), ""
    application.receipt_number = _new_receipt_number(at)
    application.receipt_hash = wishes_hash(application)
    application.save(update_fields=["submitted_at", "state_reason", "receipt_number", "receipt_hash"])
    audit(ISSUED, application, by=by, at=at, number=application.receipt_number, hash=application.receipt_hash)
    _apply_to(offers, application, by, at, reason=_("The list of offers has changed."))
    _affiliate(application, {offer.employer for offer in offers}, by, at)
    transaction.on_commit(partial(letters.receipt, application.pk))


def _new_receipt_number(at: datetime) -> str:
    while True:
        signs = "".join(secrets.choice(RECEIPT_SIGNS) for _sign in range(8))
        number = f"{at:%y}-{signs[:4]}-{signs[4:]}"
        if not Application.objects.filter(receipt_number=number).exists():
            return number


def _apply_to(offers: Sequence[TargetOffer], application: Application, by: Any, at: datetime, *, reason: str) -> None:
    """Make the facts APPLIED of this application stand for exactly these offers."""
    at = timezone.localtime(at)
    wanted = {offer.thread_id: offer for offer in offers}
    for fact in Fact.objects.from_source(application).effective().filter(kind=FactKind.APPLIED).order_by("pk"):
        if fact.thread_id not in wanted:
            reverse(fact=fact, on=at.date(), reason=reason, by=by, at=at)
        else:
            wanted.pop(fact.thread_id)
    for offer in wanted.values():
        record(
            kind=FactKind.APPLIED,
            on=at.date(),
            quantity=1,
            organisation=offer.employer,
            counterpart=application.campaign.college,
            person=application.person,
            thread=offer.thread,
            source=application,
            by=by,
            at=at,
        )


def _chosen(application: Application) -> list[TargetOffer]:
    choices = application.choices.select_related("offer__employer", "offer__thread__cluster").order_by("rank")
    return [choice.offer for choice in choices]


def _why_not_list(campaign: Campaign, offers: Sequence[TargetOffer]) -> str:
    if len({offer.pk for offer in offers}) < len(offers):
        return _("An offer stands on the list twice: once is enough.")
    if len(offers) > campaign.max_choices:
        return _("At most %(count)d offers can be named.") % {"count": campaign.max_choices}
    for offer in offers:
        if offer.campaign_id != campaign.pk or offer.state not in (OfferState.PUBLISHED, OfferState.CLOSED):
            return _("“%(offer)s” is not open in this campaign any more.") % {"offer": offer}
    return ""


def _give_consents(application: Application, given_by: Person, paper: Paper | None, by: Any, at: datetime) -> None:
    on_record = set(application.person.consents.in_force().values_list("purpose", flat=True))
    wanted = [purpose for purpose in PURPOSES if purpose not in on_record]
    if wanted:
        give_consents(
            person=application.person,
            purposes=wanted,
            given_by=given_by,
            operator=application.campaign.college,
            paper=paper,
            by=by,
            at=at,
        )


def _affiliate(application: Application, organisations: Iterable[Organisation], by: Any, at: datetime) -> None:
    for organisation in organisations:
        affiliate(
            person=application.person,
            organisation=organisation,
            kind=AffiliationKind.APPLICANT,
            on=timezone.localdate(at),
            by=by,
            at=at,
        )


def _hide_from_plants(application: Application, by: Any, at: datetime) -> None:
    """Plants of this list see the applicant no more, unless another application of theirs names them."""
    others = application.person.applications.standing().exclude(pk=application.pk)
    kept = set(others.values_list("choices__offer__employer", flat=True))
    for offer in _chosen(application):
        if offer.employer_id not in kept:
            _end_for_plant(application, offer, by, at)


def _end_for_plant(application: Application, offer: TargetOffer, by: Any, at: datetime) -> None:
    end_affiliation(
        person=application.person,
        organisation=offer.employer,
        kind=AffiliationKind.APPLICANT,
        on=timezone.localdate(at),
        by=by,
        at=at,
    )


def _forget_agreement(application: Application) -> None:
    application.guardian, application.guardian_agreed_at = None, None


def _set_reason(application: Application, reason: str) -> None:
    if application.state_reason != reason[:300]:
        application.state_reason = reason[:300]
        application.save(update_fields=["state_reason"])


def _required(reason: str, message: str) -> str:
    refuse_if("" if reason.strip() else message)
    return reason.strip()


def _validate(file: File) -> None:
    try:
        validate_upload(file, kinds=("pdf", "image"))
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
