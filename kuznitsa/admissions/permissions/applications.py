"""Who may apply, agree, check, withdraw; by None the system itself acts."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import LIVE_CONTRACT_STATES, ApplicationState, CampaignState
from kuznitsa.admissions.models import Application, Campaign
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.queries import standing
from kuznitsa.people.enums import AffiliationKind
from kuznitsa.people.models import Person
from kuznitsa.people.permissions import why_not_open_account

OFFICE = (Role.ADMISSIONS, Role.COORDINATOR)
UNDER_WAY = (ApplicationState.DRAFT, ApplicationState.RETURNED)
# What the applicant can still take back to change.
REVISABLE = (
    ApplicationState.AWAITING_GUARDIAN,
    ApplicationState.SUBMITTED,
    ApplicationState.CHECKED,
    ApplicationState.WITHDRAWN,
)


def why_not_start_application(
    user: Any, campaign: Campaign, person: Person | None = None, *, on: date | None = None
) -> str:
    """Return why no application can be started in the campaign; without a person: for somebody who is yet unknown."""
    if reason := _why_not_in_time(campaign, on):
        # Who comes late is taken in by the office, with the reason, and gets what is left.
        late = user is not None and is_for_late(campaign) and _is_office(user, campaign)
        return "" if late else reason
    if person is None:
        return "" if user is None or user.is_authenticated else _("Sign in first.")
    if _is_office(user, campaign) or _stands_for(user, person) or helps(user, person):
        return ""
    return _("An application is made by the applicant, the guardian, the school or the college.")


def why_not_join(campaign: Campaign | None = None, *, on: date | None = None) -> str:
    """Return why a newcomer gets no account to apply with; without a campaign: in any."""
    if campaign is not None:
        return _why_not_in_time(campaign, on)
    if Campaign.objects.open().filter(closes_on__gte=on or timezone.localdate()).exists():
        return ""
    return _("No campaign takes applications now.")


def why_not_edit_application(user: Any, application: Application, *, on: date | None = None) -> str:
    """Return why marks, choices and papers cannot be changed now."""
    if application.state not in UNDER_WAY:
        return _("It has been sent. Take it back first, then it can be changed.")
    if helps(user, application.person):
        return _why_not_late(application, on)
    return _why_not_late(application, on) or _why_not_acts(user, application)


def why_not_add_paper(user: Any, application: Application, *, on: date | None = None) -> str:
    """Return why papers cannot be added or taken out now; a school that helps does not handle them."""
    return why_not_edit_application(user, application, on=on) or _why_not_acts(user, application)


def why_not_submit_application(user: Any, application: Application, *, on: date | None = None) -> str:
    """Return why the application cannot be sent now."""
    if application.state not in UNDER_WAY:
        return _("It has been sent already.")
    return _why_not_late(application, on) or _why_not_sends(user, application, on) or _why_not_whole(application)


def why_not_agree_to_application(user: Any, application: Application, *, on: date | None = None) -> str:
    """Return why the guardian's agreement cannot be recorded: guardians give it, or the office from paper."""
    if application.state != ApplicationState.AWAITING_GUARDIAN:
        return _("The application does not wait for a guardian's agreement.")
    guards = user is not None and application.person.guardianships.in_force().filter(guardian__user=user.pk).exists()
    if guards or _is_office(user, application.campaign):
        return _why_not_late(application, on)
    return _("For a minor the guardian agrees.")


def why_not_revise_application(user: Any, application: Application, *, on: date | None = None) -> str:
    """Return why a sent or withdrawn application cannot be taken back to be changed."""
    if application.state not in REVISABLE:
        return _("It can be changed as it is.") if application.state in UNDER_WAY else _("It has been decided upon.")
    return _why_not_in_time(application.campaign, on) or _why_not_acts(user, application)


def why_not_withdraw_application(user: Any, application: Application) -> str:
    """Return why the application cannot be withdrawn; while there is no contract it can be at any time."""
    if application.state in (ApplicationState.WITHDRAWN, ApplicationState.REJECTED):
        return _("The application does not take part any more.")
    if application.seats.held().filter(contract__state__in=LIVE_CONTRACT_STATES).exists():
        return _("There is a contract on this seat: end the contract, and the seat goes back.")
    return _why_not_acts(user, application)


def why_not_check_application(user: Any, application: Application) -> str:
    """Return why the office cannot confirm the application."""
    if application.state != ApplicationState.SUBMITTED:
        return _("Only an application that has been sent can be checked.")
    return _why_not_office(user, application)


def why_not_note_paper(user: Any, application: Application) -> str:
    """Return why the user may not note what was signed or shown on paper."""
    return _why_not_office(user, application)


def why_not_send_way_in(user: Any, application: Application, person: Person) -> str:
    """Return why the user may not mail `person`, the applicant or a guardian, a link that signs in."""
    if not (_is_office(user, application.campaign) or helps(user, application.person)):
        return _("The admissions office of the college or the school that helps does this.")
    if person.pk != application.person_id and person not in guardians_of(application):
        return _("%(person)s is neither the applicant nor a guardian.") % {"person": person}
    if person.user is None:
        return why_not_open_account(user, person)
    return "" if person.user.is_active else _("The account of %(person)s is closed.") % {"person": person}


def guardians_of(application: Application) -> list[Person]:
    """Return who answers for the applicant."""
    rows = application.person.guardianships.in_force().select_related("guardian__user").order_by("started_on", "pk")
    return [row.guardian for row in rows]


def helps(user: Any, person: Person) -> bool:
    """Whether the person is a pupil of a school whose careers lead the user is: they fill in, and decide nothing."""
    if user is None or person.school_id is None:
        return False
    if person.school_id not in standing(user).organisations(Role.CAREERS_LEAD):
        return False
    kept = person.affiliations.current().filter(kind=AffiliationKind.PUPIL, organisation=person.school_id)
    return kept.exists()


def why_not_check_applications(user: Any, campaign: Campaign) -> str:
    """Return why the user has nothing to do with the papers of the campaign's applicants."""
    return "" if _is_office(user, campaign) else _("The admissions office of the college does this.")


def why_not_return_application(user: Any, application: Application) -> str:
    """Return why the office cannot send the application back to be mended."""
    return _why_not_before_results(application) or _why_not_office(user, application)


def why_not_reject_application(user: Any, application: Application) -> str:
    """Return why the office cannot leave the application out of the selection."""
    return _why_not_before_results(application) or _why_not_office(user, application)


def why_not_reconsider_application(user: Any, application: Application) -> str:
    """Return why a rejected application cannot be taken in again."""
    if application.state != ApplicationState.REJECTED:
        return _("The application takes part as it is.")
    if application.campaign.state not in (CampaignState.OPEN, CampaignState.CLOSED):
        return _("The results are published.")
    return _why_not_office(user, application)


def why_not_correct_score(user: Any, application: Application) -> str:
    """Return why mark and points cannot be corrected now: before the results an application is sent back instead."""
    if application.campaign.state not in (CampaignState.PUBLISHED, CampaignState.COMPLETED):
        return _("The results are not published: send the application back, and it is checked anew.")
    if application.score is None:
        return _("There are no points to correct.")
    return _why_not_office(user, application)


def _is_office(user: Any, campaign: Campaign) -> bool:
    return user is None or standing(user).holds(campaign.college_id, *OFFICE)


def _stands_for(user: Any, person: Person | None) -> bool:
    return person is not None and Person.objects.family(user).filter(pk=person.pk).exists()


def _why_not_acts(user: Any, application: Application) -> str:
    if _is_office(user, application.campaign) or _stands_for(user, application.person):
        return ""
    return _("Only the applicant, the guardian and the college may do this.")


def _why_not_sends(user: Any, application: Application, on: date | None) -> str:
    """The school hands a minor's application on to the guardian; an adult sends it, and consents, in person."""
    if helps(user, application.person) and not _stands_for(user, application.person):
        if application.needs_guardian(on or timezone.localdate()):
            return ""
        return _("The pupil is of age: they read it, consent and send it in person.")
    return _why_not_acts(user, application)


def _why_not_office(user: Any, application: Application) -> str:
    return "" if _is_office(user, application.campaign) else _("The admissions office of the college does this.")


def _why_not_before_results(application: Application) -> str:
    if application.state not in (ApplicationState.SUBMITTED, ApplicationState.CHECKED):
        return _("Only an application that has been sent can be decided upon.")
    if application.campaign.state not in (CampaignState.OPEN, CampaignState.CLOSED):
        return _("The results are published.")
    return ""


def _why_not_in_time(campaign: Campaign, on: date | None) -> str:
    on = on or timezone.localdate()
    if campaign.state != CampaignState.OPEN:
        return _("The campaign does not take applications now.")
    if on > campaign.closes_on:
        return _("The last day of applications was %(day)s.") % {"day": f"{campaign.closes_on:%d.%m.%Y}"}
    return ""


def is_for_late(campaign: Campaign) -> bool:
    """Tell whether applications can only come late: after the last day, until the campaign is completed."""
    return campaign.state in (CampaignState.CLOSED, CampaignState.PUBLISHED)


def _why_not_late(application: Application, on: date | None) -> str:
    """What the office has sent back, or took in late, may be mended though the last day has passed."""
    if application.late_reason and is_for_late(application.campaign):
        return ""
    mended = application.state == ApplicationState.RETURNED or application.submitted_at is not None
    if mended and application.campaign.state == CampaignState.CLOSED:
        return ""
    return _why_not_in_time(application.campaign, on)


def _why_not_whole(application: Application) -> str:
    if application.person.born_on is None:
        return _("The applicant's date of birth is missing.")
    if application.average_mark_hundredths is None:
        return _("Enter the average mark of the school certificate.")
    if not application.choices.exists():
        return _("Choose at least one offer.")
    return ""
