"""Who may apply, agree, check, withdraw; by None the system itself acts."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import LIVE_CONTRACT_STATES, ApplicationState, CampaignState
from kuznitsa.admissions.models import Application, Campaign
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.queries import standing
from kuznitsa.people.models import Person

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
    """Return why no application can be started in the campaign; without a person: for oneself, who is yet unknown."""
    if reason := _why_not_in_time(campaign, on):
        return reason
    if _is_office(user, campaign) or (person is None and user.is_authenticated) or _stands_for(user, person):
        return ""
    return _("An application is made by the applicant, the guardian or the college.")


def why_not_edit_application(user: Any, application: Application, *, on: date | None = None) -> str:
    """Return why marks, choices and papers cannot be changed now."""
    if application.state not in UNDER_WAY:
        return _("It has been sent. Take it back first, then it can be changed.")
    return _why_not_late(application, on) or _why_not_acts(user, application)


def why_not_submit_application(user: Any, application: Application, *, on: date | None = None) -> str:
    """Return why the application cannot be sent now."""
    if application.state not in UNDER_WAY:
        return _("It has been sent already.")
    return _why_not_late(application, on) or _why_not_acts(user, application) or _why_not_whole(application)


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


def _is_office(user: Any, campaign: Campaign) -> bool:
    return user is None or standing(user).holds(campaign.college_id, *OFFICE)


def _stands_for(user: Any, person: Person | None) -> bool:
    return person is not None and Person.objects.own_and_wards(user).filter(pk=person.pk).exists()


def _why_not_acts(user: Any, application: Application) -> str:
    if _is_office(user, application.campaign) or _stands_for(user, application.person):
        return ""
    return _("Only the applicant, the guardian and the college may do this.")


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


def _why_not_late(application: Application, on: date | None) -> str:
    """What the office has sent back may be mended until the results, though the last day has passed."""
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
