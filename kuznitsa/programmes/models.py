"""Programmes, intakes, facilities, enrolments."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kuznitsa.base.fields import SearchField, StateField
from kuznitsa.classifiers.models import Occupation
from kuznitsa.clusters.models import Cluster
from kuznitsa.organisations.models import Organisation
from kuznitsa.people.models import Person
from kuznitsa.programmes.enums import (
    ENROLMENT_MOVES,
    FACILITY_MOVES,
    INTAKE_MOVES,
    PLACELESS_STATES,
    EducationBase,
    EnrolmentBasis,
    EnrolmentState,
    FacilityKind,
    FacilityState,
    IntakeState,
    LeavingReason,
)

if TYPE_CHECKING:
    from typing import Self


class PublicQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        """What a college teaches, where and when, is public."""
        return self


class Programme(models.Model):
    """What a college teaches: an occupation, for how long, after which school."""

    college = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="programmes", verbose_name=_("college")
    )
    cluster = models.ForeignKey(
        Cluster, on_delete=models.PROTECT, null=True, blank=True, related_name="programmes", verbose_name=_("cluster")
    )
    occupation = models.ForeignKey(
        Occupation, on_delete=models.PROTECT, related_name="programmes", verbose_name=_("occupation")
    )
    base = models.CharField(
        _("after which school"), max_length=10, choices=EducationBase.choices, default=EducationBase.AFTER_9
    )
    months = models.PositiveSmallIntegerField(_("months of study"))
    qualification = models.CharField(_("qualification"), max_length=200, blank=True)
    about = models.TextField(pgettext_lazy("programme", "about"), blank=True)
    search = SearchField(of=("occupation", "college", "qualification"))

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints = [
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=72),
                name="programmes_months_possible",
                violation_error_message=_("A programme takes between 1 and 72 months."),
            ),
            models.UniqueConstraint(
                fields=["college", "occupation", "base"],
                name="programmes_programme_once",
                violation_error_message=_("The college already has this programme."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occupation} · {self.college}"

    def get_absolute_url(self) -> str:
        return reverse("programmes:detail", args=[self.pk])


class Intake(models.Model):
    """The people who begin a programme together."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="intakes", verbose_name=_("programme")
    )
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("graduates on"))
    places = models.PositiveIntegerField(_("places"))
    group_name = models.CharField(_("group"), max_length=40, blank=True)
    state = StateField(IntakeState, moves=INTAKE_MOVES, verbose_name=_("state"))

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("intake")
        verbose_name_plural = _("intakes")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="programmes_intake_dates_in_order",
                violation_error_message=_("The intake graduates before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(places__gt=0),
                name="programmes_intake_has_places",
                violation_error_message=_("An intake has at least one place."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme.occupation} · {self.programme.college} · {self.starts_on:%Y}"

    def get_absolute_url(self) -> str:
        return reverse("programmes:intake", args=[self.pk])


class Facility(models.Model):
    """A laboratory or workshop: who pays for it, what state it is in."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="facilities", verbose_name=_("college")
    )
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=FacilityKind.choices, default=FacilityKind.LABORATORY)
    sponsor = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="facilities_sponsored",
        verbose_name=_("paid by"),
    )
    cluster = models.ForeignKey(
        Cluster, on_delete=models.PROTECT, null=True, blank=True, related_name="facilities", verbose_name=_("cluster")
    )
    programmes = models.ManyToManyField(
        Programme, blank=True, related_name="facilities", verbose_name=_("programmes taught here")
    )
    places = models.PositiveSmallIntegerField(_("places"), default=0)
    cost_kopecks = models.PositiveBigIntegerField(_("cost"), null=True, blank=True)
    due_on = models.DateField(_("to be ready by"), null=True, blank=True)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    act = models.FileField(_("act of acceptance"), upload_to="facilities/", blank=True)
    state = StateField(FacilityState, moves=FACILITY_MOVES, verbose_name=_("state"))

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=FacilityState.ACCEPTED) | Q(accepted_on__isnull=False),
                name="programmes_acceptance_has_date",
                violation_error_message=_("Say when the facility was accepted."),
            ),
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="programmes_facility_once",
                violation_error_message=_("The college already has a facility with this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("programmes:facility", args=[self.pk])


class EnrolmentQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        return self.filter(person__in=Person.objects.visible_to(user))

    def studying(self) -> "Self":
        return self.filter(state=EnrolmentState.STUDYING)

    def taking_places(self) -> "Self":
        """Those who have a place in their intake, or had it to the end: who left or never was one has none."""
        return self.exclude(state__in=PLACELESS_STATES)

    def real(self) -> "Self":
        """All that was not entered by mistake."""
        return self.exclude(state=EnrolmentState.ANNULLED)


class Enrolment(models.Model):
    """A person studies in an intake."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("student"))
    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("intake"))
    basis = models.CharField(_("basis"), max_length=10, choices=EnrolmentBasis.choices, default=EnrolmentBasis.BUDGET)
    enrolled_on = models.DateField(_("enrolled on"))
    order_number = models.CharField(_("order"), max_length=60, blank=True)
    state = StateField(EnrolmentState, moves=ENROLMENT_MOVES, verbose_name=_("state"))
    ended_on = models.DateField(_("until"), null=True, blank=True)
    leaving_reason = models.CharField(_("why they left"), max_length=20, choices=LeavingReason.choices, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "intake"],
                condition=~Q(state=EnrolmentState.ANNULLED),
                name="programmes_enrolment_once",
                violation_error_message=_("This person is already enrolled in this intake."),
            ),
            models.CheckConstraint(
                condition=~Q(state=EnrolmentState.LEFT) | ~Q(leaving_reason=""),
                name="programmes_leaving_has_reason",
                violation_error_message=_("Say why the student left."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.intake}"

    def get_absolute_url(self) -> str:
        return reverse("programmes:intake", args=[self.intake_id])
