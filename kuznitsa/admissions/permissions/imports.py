"""Who imports applicants, and who takes an import back."""

from typing import Any

from django.utils.translation import gettext as _

from kuznitsa.admissions.enums import CampaignState, ImportState
from kuznitsa.admissions.models import ApplicantImport, Campaign
from kuznitsa.admissions.permissions.applications import OFFICE
from kuznitsa.organisations.queries import standing


def why_not_import_applicants(user: Any, campaign: Campaign) -> str:
    """Return why no applicants can be imported into the campaign."""
    if campaign.state != CampaignState.OPEN:
        return _("The campaign does not take applications now.")
    if user is None or standing(user).holds(campaign.college_id, *OFFICE):
        return ""
    return _("The admissions office of the college does this.")


def why_not_confirm_import(user: Any, applicant_import: ApplicantImport) -> str:
    """Return why the import cannot be confirmed or cancelled."""
    if applicant_import.state != ImportState.UPLOADED:
        return _("This import is “%(state)s” already.") % {"state": applicant_import.get_state_display()}
    if not applicant_import.rows:
        return _("There is no row without errors: mend the file and upload it again.")
    return why_not_import_applicants(user, applicant_import.campaign)


def why_not_undo_import(user: Any, applicant_import: ApplicantImport) -> str:
    """Return why the import cannot be undone; what later depends on it is looked at by the action."""
    if applicant_import.state != ImportState.CONFIRMED:
        return _("Only a confirmed import can be undone.")
    return why_not_import_applicants(user, applicant_import.campaign)
