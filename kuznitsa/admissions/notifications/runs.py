"""The results of a campaign, to everybody who took part."""

from kuznitsa.admissions.models import AllocationRun
from kuznitsa.admissions.notifications.recipients import family_of
from kuznitsa.base.mail import Letter, send


def results(pk: int) -> None:
    """Tell each applicant and the guardians how it went, and where to read why."""
    run = AllocationRun.objects.select_related("campaign").get(pk=pk)
    seats = {seat.application_id: seat for seat in run.seats.held().select_related("offer__employer")}
    for application in run.campaign.applications.standing().select_related("person__user").order_by("pk"):
        seat = seats.get(application.pk)
        for address in family_of(application.person):
            send(
                Letter(
                    to=address,
                    template="admissions/letters/result_seat" if seat else "admissions/letters/result_waiting",
                    context={"application": application, "campaign": run.campaign, "seat": seat},
                    about=application,
                    private=(application.person.family_name,),
                )
            )
