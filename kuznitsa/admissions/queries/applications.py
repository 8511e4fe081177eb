"""Applications as screens show them."""

from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import ANSWERED_STATES, HELD_STATES, STANDING_STATES, ApplicationState, CampaignState
from kuznitsa.admissions.models import AllocationRun, Application, Campaign, Choice, Seat, TargetOffer
from kuznitsa.admissions.models.applications import COLLEGE_ROLES, PLANT_ROLES, PURPOSES, ApplicationQuerySet
from kuznitsa.admissions.queries.calculated import entry_of
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.queries import standing
from kuznitsa.people.enums import ConsentPurpose
from kuznitsa.people.models import ConsentText, Person
from kuznitsa.people.queries import consent_texts

SENT = (
    ApplicationState.SUBMITTED,
    ApplicationState.CHECKED,
    ApplicationState.REJECTED,
)


def listed_applications(user: Any) -> ApplicationQuerySet:
    """Return the applications that the user may see, with what a list shows."""
    # By their numbers: beside the joins SQLite would look at all applications of the country for the conditions.
    seen = Application.objects.filter(pk__in=Application.objects.visible_to(user).values("pk"))
    rows = seen.select_related("person", "campaign__college")
    choices = Prefetch("choices", queryset=Choice.objects.visible_to(user).select_related("offer"))
    return rows.prefetch_related(choices, "seats").order_by("person__search", "pk")


def campaigns_applied_in(user: Any) -> QuerySet[Campaign]:
    """Return the campaigns to narrow the list of applications by."""
    held = standing(user)
    offers = TargetOffer.objects.filter(employer__in=held.organisations(*PLANT_ROLES))
    theirs = Application.objects.filter(person__in=_persons_followed(user))
    return Campaign.objects.filter(
        Q(college__in=held.organisations(*COLLEGE_ROLES))
        | Q(pk__in=offers.values("campaign"))
        | Q(pk__in=theirs.values("campaign"))
    )


def offers_applied_for(user: Any) -> QuerySet[TargetOffer]:
    """Return the offers to narrow the list of applications by."""
    held = standing(user)
    campaigns = Campaign.objects.filter(college__in=held.organisations(*COLLEGE_ROLES))
    named = Choice.objects.filter(application__person__in=_persons_followed(user))
    return TargetOffer.objects.filter(
        Q(employer__in=held.organisations(*PLANT_ROLES))
        | Q(campaign__in=campaigns.values("pk"))
        | Q(pk__in=named.values("offer"))
    )


def _persons_followed(user: Any) -> QuerySet[Person]:
    """Return the user's family and the pupils of the school where the user is a careers lead."""
    schools = standing(user).organisations(Role.CAREERS_LEAD)
    return Person.objects.filter(Q(pk__in=Person.objects.family(user).values("pk")) | Q(school__in=schools)).only("pk")


def campaigns_to_apply(user: Any, today: date) -> list[Campaign]:
    """Return the campaigns that take applications today."""
    campaigns = Campaign.objects.visible_to(user).open().filter(closes_on__gte=today)
    return list(campaigns.select_related("college").order_by("closes_on", "name"))


def persons_of(user: Any) -> Any:
    """Return the person that the user is, and their wards."""
    return Person.objects.family(user).by_name()


def missing_consents(application: Application, on: date) -> dict[str, ConsentText]:
    """Return the texts in force of consents that are not on record yet, by purpose."""
    given = set(application.person.consents.in_force().values_list("purpose", flat=True))
    texts = consent_texts(PURPOSES, on)
    return {purpose.value: texts[purpose] for purpose in PURPOSES if purpose in texts and purpose not in given}


def lacking_consents(application: Application) -> list[str]:
    """Return the names of the consents that the applicant needs and has withdrawn; [] for one who has left."""
    if application.state not in STANDING_STATES:
        return []
    lacking = application.person.consents.lacking().filter(purpose__in=PURPOSES)
    return [str(ConsentPurpose(purpose).label) for purpose in dict.fromkeys(lacking.values_list("purpose", flat=True))]


def published_run(campaign: Campaign) -> AllocationRun | None:
    """Return the run whose results are published, if they are."""
    return campaign.runs.published().first()


def current_seat(application: Application) -> Seat | None:
    """Return the seat that the application holds, else the last one it held."""
    seats = list(application.seats.select_related("offer__employer").order_by("-given_at", "-pk"))
    held = [seat for seat in seats if seat.state in HELD_STATES]
    return next(iter(held or seats), None)


def progress_of(application: Application, seat: Seat | None) -> list[tuple[str, str, str]]:
    """Return the way of an application as (label, state, note); state is "done", "current", "todo" or "failed"."""
    state, campaign = application.state, application.campaign
    sent, checked = state in SENT, state == ApplicationState.CHECKED
    out = state in (ApplicationState.REJECTED, ApplicationState.WITHDRAWN)
    results = campaign.state in (CampaignState.PUBLISHED, CampaignState.COMPLETED)
    way = [(_("Filled in"), state not in (ApplicationState.DRAFT, ApplicationState.RETURNED), "")]
    if application.needs_guardian(timezone.localdate()):
        way.append((_("Guardian agrees"), sent, ""))
    way.append((_("Sent"), sent, f"{timezone.localtime(application.submitted_at):%d.%m.%Y}" if sent else ""))
    way.append((_("Checked by the college"), checked, ""))
    way.append((_("Results"), results and checked, f"{campaign.publishes_on:%d.%m.%Y}"))
    if seat is not None:
        way.append((_("Your answer"), seat.state in ANSWERED_STATES, f"{seat.answer_by:%d.%m.%Y}"))
    return _with_states(way, stopped=out)


def _with_states(way: list[tuple[str, bool, str]], *, stopped: bool) -> list[tuple[str, str, str]]:
    shown, reached = [], False
    for label, done, note in way:
        if done:
            shown.append((label, "done", note))
        elif not reached:
            shown.append((label, "failed" if stopped else "current", note))
            reached = True
        else:
            shown.append((label, "todo", note))
    return shown


def has_missed_results(application: Application) -> bool:
    """Tell whether an application that came in time was not in the results: a consent was withdrawn just then."""
    run = None if application.late_reason else published_run(application.campaign)
    return run is not None and entry_of(run, application.pseudonym) is None
