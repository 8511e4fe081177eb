"""Who may do what with needs."""

from typing import Any

from django.utils.translation import gettext as _

from kuznitsa.base.workflow import why_not_move
from kuznitsa.demand.enums import NeedState
from kuznitsa.demand.models import Need
from kuznitsa.organisations.enums import OrganisationKind, Role
from kuznitsa.organisations.models import Organisation
from kuznitsa.organisations.queries import standing

# Who speaks for a plant about the people it needs.
SPEAKERS = (Role.EMPLOYER_HR, Role.DIRECTOR, Role.COORDINATOR)


def why_not_speak_for(user: Any, employer: Organisation) -> str:
    """Return why the user may not state needs for the enterprise."""
    if employer.kind != OrganisationKind.EMPLOYER:
        return _("Only enterprises state needs.")
    if user is None or user.is_staff or standing(user).holds(employer.pk, *SPEAKERS):
        return ""
    return _("Needs are stated by the HR, the director or the cluster coordinator of the enterprise.")


def why_not_edit(user: Any, need: Need) -> str:
    """Return why the user may not change the need: numbers may change while it is open."""
    why_not = why_not_speak_for(user, need.employer)
    if why_not:
        return why_not
    if need.state not in (NeedState.DRAFT, NeedState.STATED):
        return _("This need is closed: reopen it first.")
    return ""


def why_not_state(user: Any, need: Need) -> str:
    return why_not_speak_for(user, need.employer) or why_not_move(need, NeedState.STATED)


def why_not_return(user: Any, need: Need) -> str:
    """Return why the need cannot become a draft again: once offers answer it, it stands."""
    why_not = why_not_speak_for(user, need.employer) or why_not_move(need, NeedState.DRAFT)
    if why_not:
        return why_not
    return _why_not_leave_thread(need)


def why_not_withdraw(user: Any, need: Need) -> str:
    why_not = why_not_speak_for(user, need.employer) or why_not_move(need, NeedState.WITHDRAWN)
    return why_not or _why_not_leave_thread(need)


def why_not_end(user: Any, need: Need) -> str:
    why_not = why_not_speak_for(user, need.employer)
    if not why_not and need.state != NeedState.STATED:
        return _("Only a stated need can be ended.")
    return why_not


def why_not_reopen(user: Any, need: Need) -> str:
    why_not = why_not_speak_for(user, need.employer)
    if not why_not and not need.is_ended:
        return _("This need is open.")
    return why_not


def _why_not_leave_thread(need: Need) -> str:
    if need.thread is not None and need.thread.branches.exists():
        return _("Offers already answer this need. Change its number instead, or end it.")
    return ""
