"""Practice places at plants, and students placed there with a mentor."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kuznitsa.admissions.models import TargetContract
from kuznitsa.base.conditions import either
from kuznitsa.base.fields import SearchField, StateField
from kuznitsa.clusters.models import Cluster
from kuznitsa.facts.models import Thread
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.models import Organisation, Site
from kuznitsa.organisations.queries import standing
from kuznitsa.people.models import Person, decided_by
from kuznitsa.placements.enums import (
    PLACE_MOVES,
    PLACEMENT_MOVES,
    TAKING_STATES,
    AtFault,
    PlacementState,
    PlaceState,
)
from kuznitsa.programmes.models import Intake

if TYPE_CHECKING:
    from typing import Self


class PracticePlaceQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        """The plant, the college whose intake it is for, those placed there, and those who oversee."""
        held = standing(user)
        if held.oversees_all:
            return self
        if not user.is_authenticated:
            return self.none()
        places = PracticePlace.objects.all()
        own = Placement.objects.filter(person__in=decided_by(user))
        return self.filter(
            pk__in=either(
                *_at(held.organisations()),
                places.filter(cluster__in=Cluster.objects.of(user)),
                places.filter(pk__in=own.values("place")),
            )
        )

    def of(self, organisations: Iterable[int]) -> "Self":
        """The places that these plants open, and those for the students of these colleges."""
        return self.filter(pk__in=either(*_at(organisations)))

    def open(self) -> "Self":
        return self.filter(state=PlaceState.OPEN)


def _at(organisations: Iterable[int]) -> tuple[PracticePlaceQuerySet, PracticePlaceQuerySet]:
    # By the intakes' numbers: beside a join a database would look at all programmes of the country first.
    taught = Intake.objects.filter(programme__college__in=organisations)
    places = PracticePlace.objects.all()
    return places.filter(host__in=organisations), places.filter(intake__in=taught.values("pk"))


class PracticePlace(models.Model):
    """Places for practice that a plant opens for an intake: where, when, how many, with which mentor."""

    host = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="practice_places", verbose_name=_("enterprise")
    )
    cluster = models.ForeignKey(
        Cluster,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="practice_places",
        verbose_name=_("cluster"),
    )
    intake = models.ForeignKey(
        Intake, on_delete=models.PROTECT, related_name="practice_places", verbose_name=_("intake")
    )
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="practice_places", verbose_name=_("site")
    )
    title = models.CharField(_("workplace"), max_length=200)
    seats = models.PositiveSmallIntegerField(_("places"))
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    hours_a_day = models.PositiveSmallIntegerField(_("hours a day"), default=6)
    is_harmful = models.BooleanField(_("harmful or dangerous work"), default=False)
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="practice_places",
        verbose_name=_("mentor"),
    )
    state = StateField(PlaceState, moves=PLACE_MOVES, verbose_name=_("state"))
    search = SearchField(of=("title", "host", "site"))

    objects = PracticePlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("practice place")
        verbose_name_plural = _("practice places")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="placements_place_dates_in_order",
                violation_error_message=_("Practice ends before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(seats__gt=0),
                name="placements_place_has_seats",
                violation_error_message=_("There must be at least one place."),
            ),
            models.CheckConstraint(
                condition=Q(hours_a_day__gte=1, hours_a_day__lte=12),
                name="placements_hours_possible",
                violation_error_message=_("A day of practice has between 1 and 12 hours."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.host}"

    def get_absolute_url(self) -> str:
        return reverse("placements:place", args=[self.pk])


class PlacementQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        """The student and guardian, the mentor, the offices of the plant and of the college."""
        if not user.is_authenticated:
            return self.none()
        offices = standing(user).organisations(
            Role.EMPLOYER_HR, Role.DIRECTOR, Role.COORDINATOR, Role.PRACTICE_LEAD, Role.CURATOR, Role.AUDITOR
        )
        placements = Placement.objects.all()
        return self.filter(
            pk__in=either(
                placements.filter(person__in=decided_by(user)),
                placements.filter(mentor=user.pk),
                placements.filter(place__in=PracticePlace.objects.of(offices).values("pk")),
            )
        )

    def taking(self) -> "Self":
        return self.filter(state__in=TAKING_STATES)


class Placement(models.Model):
    """A student does practice at a plant, with a mentor, from when until when.

    It cannot start before the gate is passed: safety briefing, medical certificate where one is needed,
    the guardian's consent for a minor.
    """

    place = models.ForeignKey(
        PracticePlace, on_delete=models.PROTECT, related_name="placements", verbose_name=_("practice place")
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="placements", verbose_name=_("student"))
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="placements_mentored",
        verbose_name=_("mentor"),
    )
    contract = models.ForeignKey(
        TargetContract,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="placements",
        verbose_name=_("target contract"),
    )
    thread = models.ForeignKey(
        Thread, on_delete=models.PROTECT, null=True, blank=True, related_name="placements", verbose_name=_("thread")
    )
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    briefed_on = models.DateField(_("safety briefing on"), null=True, blank=True)
    medical_until = models.DateField(_("medical certificate valid until"), null=True, blank=True)
    hours = models.PositiveSmallIntegerField(_("hours worked"), null=True, blank=True)
    mark = models.PositiveSmallIntegerField(_("mark"), null=True, blank=True)
    characteristic = models.TextField(_("mentor's words"), blank=True)
    at_fault = models.CharField(_("whose fault"), max_length=10, choices=AtFault.choices, blank=True)
    state_reason = models.CharField(_("reason"), max_length=300, blank=True)
    state = StateField(PlacementState, moves=PLACEMENT_MOVES, verbose_name=_("state"))

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        constraints = [
            models.UniqueConstraint(
                fields=["place", "person"],
                condition=Q(state__in=TAKING_STATES),
                name="placements_placement_once",
                violation_error_message=_("The student already has this place."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="placements_dates_in_order",
                violation_error_message=_("Practice ends before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(mark=None) | Q(mark__gte=2, mark__lte=5),
                name="placements_mark_possible",
                violation_error_message=_("A mark lies between 2 and 5."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.place}"

    def get_absolute_url(self) -> str:
        return reverse("placements:detail", args=[self.pk])
