"""What of applications, runs and seats needs a person now."""

from datetime import date
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import ApplicationState, CampaignState, ContractState, RunState, SeatState
from kuznitsa.admissions.models import AllocationRun, Application, Campaign, Seat, TargetOffer
from kuznitsa.admissions.permissions.applications import OFFICE
from kuznitsa.admissions.permissions.runs import ALLOCATORS
from kuznitsa.admissions.queries.campaigns import campaigns_before_results
from kuznitsa.base.duties import Duty, rows_if_any
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.queries import standing
from kuznitsa.people.models import Guardianship, Person
from kuznitsa.people.queries import family_of

# Contracts that all have signed: what was agreed holds without a consent.
SETTLED_CONTRACT_STATES = (ContractState.ACTIVE, ContractState.SUSPENDED, ContractState.FULFILLED)


def duties_with_applications(user: Any, today: date) -> list[Duty]:
    """Return what waits for the user as an applicant, as a guardian, and in the offices of their colleges."""
    if not user.is_authenticated:
        return []
    return [
        *_of_family(user, today),
        *_of_seats(user, today),
        *_of_office(user),
        *_unanswered(user, today),
        *_of_school(user, today),
        *_of_withdrawn(user),
        *_of_allocators(user),
    ]


def _of_family(user: Any, today: date) -> list[Duty]:
    if not family_of(user):
        return []
    mine = Application.objects.filter(person__in=Person.objects.family(user).values("pk"))
    in_time = Q(campaign__state=CampaignState.OPEN, campaign__closes_on__gte=today)
    late = Q(campaign__state=CampaignState.CLOSED, submitted_at__isnull=False)
    states = [ApplicationState.DRAFT, ApplicationState.RETURNED, ApplicationState.AWAITING_GUARDIAN]
    waiting = mine.filter(in_time | late, state__in=states).select_related("campaign__college", "person")
    wards = set(_wards(user))
    return [
        _family_duty(application)
        for application in waiting.order_by("campaign__closes_on", "pk")
        if application.state != ApplicationState.AWAITING_GUARDIAN or application.person_id in wards
    ]


def _wards(user: Any) -> Any:
    return Guardianship.objects.in_force().filter(guardian__user=user.pk).values_list("child", flat=True)


def _family_duty(application: Application) -> Duty:
    url = application.get_absolute_url()
    title = _("Finish the application and send it")
    if application.state == ApplicationState.AWAITING_GUARDIAN:
        title, url = _("Read the offers and agree"), reverse("admissions:application-agree", args=[application.pk])
    elif application.state == ApplicationState.RETURNED:
        title = _("Mend the application and send it again")
    campaign = application.campaign
    return Duty(
        title=title,
        about=f"{application.person} · {campaign}",
        url=url,
        organisation=str(campaign.college),
        due_on=campaign.closes_on if campaign.state == CampaignState.OPEN else campaign.publishes_on,
    )


def _of_seats(user: Any, today: date) -> list[Duty]:
    family = family_of(user)
    if not family:
        return []
    mine = Seat.objects.filter(application__person__in=family)
    offered = mine.filter(state=SeatState.OFFERED, answer_by__gte=today)
    rows = offered.select_related("application__person", "application__campaign", "offer__employer")
    # A minor's seat is answered for by the guardian, an adult's in person.
    return [
        Duty(
            title=_("Answer whether the seat is taken"),
            about=f"{seat.application.person} · {seat.offer}",
            url=seat.get_absolute_url(),
            organisation=str(seat.offer.employer),
            due_on=seat.answer_by,
        )
        for seat in rows.order_by("answer_by", "pk")
        if (seat.application.person.user_id == user.pk) != seat.application.needs_guardian(today)
    ]


def _of_office(user: Any) -> list[Duty]:
    offices = standing(user).organisations(*OFFICE)
    if not offices:
        return []
    campaigns = {row.pk: row for row in campaigns_before_results(user) if row.college_id in offices}
    if not campaigns:
        return []
    submitted = Application.objects.filter(campaign__in=campaigns, state=ApplicationState.SUBMITTED).order_by()
    unchecked = submitted.values_list("campaign").annotate(number=Count("pk"))
    return [
        Duty(
            title=_("Check applications"),
            about=campaign.name,
            url=f"{reverse('admissions:applications')}?campaign={campaign.pk}&state={ApplicationState.SUBMITTED}",
            organisation=str(campaign.college),
            due_on=campaign.publishes_on,
            count=number,
        )
        for campaign, number in ((campaigns[pk], number) for pk, number in unchecked)
        if campaign.state != CampaignState.DRAFT
    ]


def _of_withdrawn(user: Any) -> list[Duty]:
    """What becomes of applications whose consent is withdrawn; a contract in force goes on without it."""
    offices = standing(user).organisations(*OFFICE)
    if not offices:
        return []
    resting = Application.objects.standing().without_consent().filter(campaign__college__in=offices)
    waiting = resting.exclude(campaign__state=CampaignState.COMPLETED).exclude(
        pk__in=Seat.objects.filter(contract__state__in=SETTLED_CONTRACT_STATES).values("application")
    )
    return [
        Duty(
            title=_("Decide: a consent is withdrawn"),
            about=f"{application.person} · {application.campaign}",
            url=application.get_absolute_url(),
            organisation=str(application.campaign.college),
        )
        for application in rows_if_any(waiting.select_related("person", "campaign__college"))
    ]


def _unanswered(user: Any, today: date) -> list[Duty]:
    """Seats given in the colleges of the office, for which nobody has spoken yet: the first to lapse is the clock."""
    offices = standing(user).organisations(*OFFICE)
    if not offices:
        return []
    waiting = Q(allocated_seats__state=SeatState.OFFERED, allocated_seats__answer_by__gte=today)
    offers = (
        TargetOffer.objects.filter(waiting, campaign__college__in=offices)
        .annotate(unanswered=Count("allocated_seats"), first=Min("allocated_seats__answer_by"))
        .select_related("employer", "campaign__college")
    )
    return [
        Duty(
            title=_("Remind those who have not answered for their seats"),
            about=str(offer),
            url=f"{reverse('admissions:applications')}?campaign={offer.campaign_id}&offer={offer.pk}",
            organisation=str(offer.campaign.college) if offer.campaign else "",
            due_on=offer.first,
            count=offer.unanswered,
        )
        for offer in rows_if_any(offers)
    ]


def _of_school(user: Any, today: date) -> list[Duty]:
    """Pupils whose applications are not sent: the careers lead of their school helps."""
    schools = standing(user).organisations(Role.CAREERS_LEAD)
    if not schools:
        return []
    unsent = [ApplicationState.DRAFT, ApplicationState.RETURNED, ApplicationState.AWAITING_GUARDIAN]
    pupils = Q(applications__person__school__in=schools, applications__state__in=unsent)
    campaigns = Campaign.objects.open().filter(pupils, closes_on__gte=today).annotate(unsent=Count("applications"))
    return [
        Duty(
            title=_("Help pupils to send their applications"),
            about=campaign.name,
            url=f"{reverse('admissions:applications')}?campaign={campaign.pk}",
            organisation=str(campaign.college),
            due_on=campaign.closes_on,
            count=campaign.unsent,
        )
        for campaign in campaigns.select_related("college")
    ]


def _of_allocators(user: Any) -> list[Duty]:
    colleges = standing(user).organisations(*ALLOCATORS)
    if not colleges:
        return []
    campaigns = [
        campaign
        for campaign in campaigns_before_results(user)
        if campaign.college_id in colleges and campaign.state == CampaignState.CLOSED and campaign.draw_seed
    ]
    if not campaigns:
        return []
    runs: dict[int, AllocationRun] = {}
    waiting = AllocationRun.objects.filter(campaign__in=campaigns, state__in=[RunState.DRAFT, RunState.APPROVED])
    for run in waiting.only("pk", "campaign", "state", "approved_by").order_by("number"):
        if run.campaign_id not in runs or run.state == RunState.APPROVED:
            runs[run.campaign_id] = run
    found = []
    for campaign in campaigns:
        title, url = _run_duty(campaign, runs.get(campaign.pk), user)
        if title:
            found.append(Duty(title, campaign.name, url, str(campaign.college), campaign.publishes_on))
    return found


def _run_duty(campaign: Campaign, run: AllocationRun | None, user: Any) -> tuple[str, str]:
    if run is None:
        return _("Calculate the allocation"), reverse("admissions:runs", args=[campaign.pk])
    if run.state == RunState.DRAFT:
        return _("Look at the draft of the allocation and approve it"), run.get_absolute_url()
    if run.approved_by_id == user.pk:
        return "", ""
    return _("Publish the allocation as the second person"), run.get_absolute_url()
