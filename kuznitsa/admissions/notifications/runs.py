"""The results of a campaign, to everybody who took part."""

from typing import Any

from django.db import transaction

from kuznitsa.admissions.models import AllocationRun, Application
from kuznitsa.admissions.notifications.recipients import family_of
from kuznitsa.base.mail import Letter, send
from kuznitsa.base.models import SentLetter

SEAT, WAITING = "admissions/letters/result_seat", "admissions/letters/result_waiting"
# As many applicants as a job writes to: a second's work.
PORTION = 300


def results(pk: int) -> None:
    """Tell each applicant and the guardians how it went, and where to read why."""
    run = AllocationRun.objects.select_related("campaign").get(pk=pk)
    _tell(run, list(_readers(run)))


@transaction.atomic
def some_results(pk: int, *, after: int) -> int | None:
    """Tell some applicants, those whose numbers follow on `after`; return the last number, None when all are told.

    Nobody is told twice, however often it is asked.
    """
    run = AllocationRun.objects.select_related("campaign").get(pk=pk)
    applications = list(_readers(run).filter(pk__gt=after)[:PORTION])
    numbers = [str(application.pk) for application in applications]
    letters = SentLetter.objects.filter(about_type=Application._meta.label_lower, about_id__in=numbers)
    told = set(letters.filter(template__in=(SEAT, WAITING)).values_list("about_id", flat=True))
    _tell(run, [application for application in applications if str(application.pk) not in told])
    return applications[-1].pk if applications else None


def _readers(run: AllocationRun) -> Any:
    return run.campaign.applications.standing().select_related("person__user").order_by("pk")


def _tell(run: AllocationRun, applications: list[Application]) -> None:
    seats = run.seats.held().select_related("offer__employer")
    given = {seat.application_id: seat for seat in seats.filter(application__in=[one.pk for one in applications])}
    for application in applications:
        seat = given.get(application.pk)
        for address in family_of(application.person):
            send(
                Letter(
                    to=address,
                    template=SEAT if seat else WAITING,
                    context={"application": application, "campaign": run.campaign, "seat": seat},
                    about=application,
                    private=(application.person.family_name,),
                )
            )
