"""Reads for the screens of programmes, intakes and facilities."""

from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from kuznitsa.base.duties import Duty
from kuznitsa.clusters.models import Cluster
from kuznitsa.organisations.models import Organisation
from kuznitsa.organisations.queries import standing
from kuznitsa.programmes.enums import PLACELESS_STATES, FacilityState
from kuznitsa.programmes.models import Enrolment, Facility, Intake, Programme
from kuznitsa.programmes.permissions import OFFICE, TEACHING

_TAKING = ~Q(enrolments__state__in=PLACELESS_STATES)


def colleges_managed_by(user: Any) -> QuerySet[Organisation]:
    """Return the colleges whose programmes `user` may change."""
    colleges = Organisation.objects.filter(kind__in=TEACHING).order_by("short_name")
    return colleges if user.is_staff else colleges.filter(pk__in=standing(user).organisations(*OFFICE))


def listed_programmes() -> QuerySet[Programme]:
    return Programme.objects.select_related("occupation", "college__region").order_by("occupation__code", "pk")


def intakes_with_taken_places(programme: Programme) -> QuerySet[Intake]:
    """Return the intakes of a programme, newest first, each with the number `taken` of its places."""
    return (
        Intake.objects.filter(programme=programme)
        .annotate(taken=Count("enrolments", filter=_TAKING))
        .order_by("-starts_on")
    )


def taken_places(intake: Intake) -> int:
    return Enrolment.objects.taking_places().filter(intake=intake).count()


def group_of(intake: Intake) -> QuerySet[Enrolment]:
    """Return everybody who was ever enrolled in `intake`, by name; not those who were entered by mistake."""
    return intake.enrolments.real().select_related("person", "intake").order_by("person__search", "pk")


def facilities_of(organisation: Organisation) -> QuerySet[Facility]:
    """Return what `organisation` owns or pays for, the nearest deadline first."""
    own = Q(organisation=organisation) | Q(sponsor=organisation)
    return Facility.objects.filter(own).select_related("organisation", "sponsor").order_by("due_on", "name")


def panel_of_organisation(request: Any, organisation: Organisation) -> dict[str, Any] | None:
    """Return what a college teaches and where, or which laboratories a plant pays for; None for the others."""
    programmes = list(listed_programmes().filter(college=organisation))
    facilities = list(facilities_of(organisation))
    return {"programmes": programmes, "facilities": facilities} if programmes or facilities else None


def panel_of_cluster(request: Any, cluster: Cluster) -> dict[str, Any] | None:
    """Return what is taught in a cluster, and where; None when nothing is yet."""
    programmes = list(listed_programmes().filter(cluster=cluster))
    facilities = list(cluster.facilities.order_by("due_on", "name"))
    return {"programmes": programmes, "facilities": facilities} if programmes or facilities else None


def duties(user: Any, today: date) -> list[Duty]:
    """Return the facilities that should have been accepted by now, of the colleges of `user`."""
    late = (
        Facility.objects.filter(organisation__in=standing(user).organisations(*OFFICE), due_on__lte=today)
        .exclude(state=FacilityState.ACCEPTED)
        .select_related("organisation")
        .order_by("due_on")
    )
    return [
        Duty(
            title=_("Accept the %(kind)s, or move its day") % {"kind": facility.get_kind_display()},
            about=capfirst(facility.name),
            url=facility.get_absolute_url(),
            organisation=str(facility.organisation),
            due_on=facility.due_on,
        )
        for facility in late
    ]
