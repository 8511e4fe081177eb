"""Letters about applications: to the applicant, to the guardians of a minor, to the office."""

from typing import Any

from kuznitsa.admissions.models import Application
from kuznitsa.admissions.notifications.recipients import address_of, family_of, guardians_of
from kuznitsa.admissions.permissions.applications import OFFICE
from kuznitsa.admissions.queries.applications import lacking_consents
from kuznitsa.base.mail import Letter, send
from kuznitsa.organisations.queries import holders


def receipt(pk: int) -> None:
    """The receipt of wishes, to the applicant and the guardians."""
    application = _application(pk)
    choices = list(application.choices.select_related("offer__employer").order_by("rank"))
    _send(application, "receipt", family_of(application.person), choices=choices)


def ask_guardian(pk: int) -> None:
    """Ask the guardians to read the offers and to agree."""
    application = _application(pk)
    guardians = [address for one in guardians_of(application.person) if (address := address_of(one))]
    _send(application, "guardian", guardians)


def guardian_declined(pk: int) -> None:
    """Tell the applicant what the guardian would like to be different."""
    application = _application(pk)
    _send(application, "guardian_declined", [address_of(application.person)])


def returned(pk: int) -> None:
    """Tell the family what the office asks to be mended."""
    application = _application(pk)
    _send(application, "returned", family_of(application.person))


def left_out(pk: int) -> None:
    """Tell the family, kindly, that the application does not take part, and why."""
    application = _application(pk)
    _send(application, "left_out", family_of(application.person))


def withdrawn(pk: int) -> None:
    """Confirm that the application was withdrawn."""
    application = _application(pk)
    _send(application, "withdrawn", family_of(application.person))


def consent_withdrawn(pk: int) -> None:
    """Tell the office that the application rests without a consent, and what has to be decided."""
    application = _application(pk)
    lacking = lacking_consents(application)
    if lacking:
        seat = application.seats.held().select_related("offer__employer").first()
        office = list(holders([application.campaign.college_id], *OFFICE))
        _send(application, "consent_withdrawn", office, lacking=lacking, seat=seat)


def _application(pk: int) -> Application:
    return Application.objects.select_related("person__user", "campaign__college").get(pk=pk)


def _send(application: Application, name: str, addresses: list[Any], **context: Any) -> None:
    for address in filter(None, addresses):
        send(
            Letter(
                to=address,
                template=f"admissions/letters/{name}",
                context={"application": application, "campaign": application.campaign, **context},
                about=application,
                private=(application.person.family_name,),
            )
        )
