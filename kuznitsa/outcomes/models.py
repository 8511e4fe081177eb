"""Exams and their results, hires, and whether people are still there."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kuznitsa.admissions.models import TargetContract
from kuznitsa.base.fields import SearchField, StateField
from kuznitsa.facts.models import Thread
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.models import Organisation, Site
from kuznitsa.organisations.queries import standing
from kuznitsa.outcomes.enums import (
    CHECK_POINT_MOVES,
    EXAM_MOVES,
    HIRE_MOVES,
    Answer,
    CheckPointState,
    ExamLevel,
    ExamState,
    HireState,
    LeavingReason,
)
from kuznitsa.people.models import Person
from kuznitsa.programmes.models import Intake

if TYPE_CHECKING:
    from typing import Self


class ExamQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        """Members of the college and of plants with contracts in the intake; those who sit it."""
        if not user.is_authenticated:
            return self.none()
        mine = standing(user).organisations()
        return self.filter(
            Q(intake__programme__college__in=mine)
            | Q(intake__in=Intake.objects.filter(offers__employer__in=mine))
            | Q(pk__in=ExamResult.objects.filter(person__in=Person.objects.own_and_wards(user)).values("exam"))
        )


class Exam(models.Model):
    """A qualification (demonstration) exam of an intake."""

    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="exams", verbose_name=_("intake"))
    level = models.CharField(_("level"), max_length=10, choices=ExamLevel.choices, default=ExamLevel.BASIC)
    kit = models.CharField(_("assessment kit (KOD)"), max_length=100, blank=True)
    on = models.DateField(_("on"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    max_points = models.PositiveSmallIntegerField(_("points at most"), default=100)
    state = StateField(ExamState, moves=EXAM_MOVES, verbose_name=_("state"))

    objects = ExamQuerySet.as_manager()

    class Meta:
        verbose_name = _("exam")
        verbose_name_plural = _("exams")
        constraints = [
            models.CheckConstraint(
                condition=Q(max_points__gt=0),
                name="outcomes_exam_has_points",
                violation_error_message=_("The exam gives at least one point."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.intake} · {self.on:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("outcomes:exam", args=[self.pk])


class ExamResultQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        return self.filter(person__in=Person.objects.visible_to(user))


class ExamResult(models.Model):
    """What one student got: points, and the mark derived from them by the rule in force."""

    exam = models.ForeignKey(Exam, on_delete=models.PROTECT, related_name="results", verbose_name=_("exam"))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="exam_results", verbose_name=_("student"))
    contract = models.ForeignKey(
        TargetContract,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="exam_results",
        verbose_name=_("target contract"),
    )
    appeared = models.BooleanField(_("appeared"), default=True)
    points_hundredths = models.PositiveIntegerField(_("points in hundredths"), null=True, blank=True)
    mark = models.PositiveSmallIntegerField(_("mark"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="exam_results_recorded",
        verbose_name=_("recorded by"),
    )

    objects = ExamResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("exam result")
        verbose_name_plural = _("exam results")
        constraints = [
            models.UniqueConstraint(fields=["exam", "person"], name="outcomes_result_once"),
            models.CheckConstraint(
                condition=Q(appeared=False, points_hundredths=None, mark=None)
                | Q(appeared=True, points_hundredths__isnull=False, mark__gte=2, mark__lte=5),
                name="outcomes_result_whole",
                violation_error_message=_("A result has points and a mark; who did not appear has neither."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.exam}"

    def get_absolute_url(self) -> str:
        return reverse("outcomes:exam", args=[self.exam_id])

    @property
    def passed(self) -> bool:
        return self.mark is not None and self.mark >= 3


class HireQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        """The worker (and guardian), the plant, and the college that taught them."""
        if not user.is_authenticated:
            return self.none()
        offices = standing(user).organisations(
            Role.EMPLOYER_HR, Role.DIRECTOR, Role.COORDINATOR, Role.CURATOR, Role.PRACTICE_LEAD, Role.AUDITOR
        )
        return self.filter(
            Q(person__in=Person.objects.own_and_wards(user)) | Q(employer__in=offices) | Q(college__in=offices)
        )

    def working(self) -> "Self":
        return self.filter(state=HireState.WORKING)


class Hire(models.Model):
    """A graduate was taken on: where, when, as what."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="hires", verbose_name=_("graduate"))
    employer = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="hires", verbose_name=_("enterprise")
    )
    college = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="hires_of_graduates",
        verbose_name=_("college"),
    )
    contract = models.ForeignKey(
        TargetContract,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="hires",
        verbose_name=_("target contract"),
    )
    thread = models.ForeignKey(
        Thread, on_delete=models.PROTECT, null=True, blank=True, related_name="hires", verbose_name=_("thread")
    )
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="hires", verbose_name=_("site")
    )
    position = models.CharField(_("workplace"), max_length=200)
    hired_on = models.DateField(_("hired on"))
    order_number = models.CharField(_("order"), max_length=60, blank=True)
    in_trade = models.BooleanField(_("in the trade they learned"), default=True)
    state = StateField(HireState, moves=HIRE_MOVES, verbose_name=_("state"))
    left_on = models.DateField(_("left on"), null=True, blank=True)
    leaving_reason = models.CharField(_("why they left"), max_length=20, choices=LeavingReason.choices, blank=True)
    search = SearchField(of=("person", "position"))

    objects = HireQuerySet.as_manager()

    class Meta:
        verbose_name = _("hire")
        verbose_name_plural = _("hires")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "employer"],
                condition=Q(state=HireState.WORKING),
                name="outcomes_hire_once",
                violation_error_message=_("This person works here already."),
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("hired_on")),
                name="outcomes_hire_dates_in_order",
                violation_error_message=_("The leaving comes before the hire."),
            ),
            models.CheckConstraint(
                condition=~Q(state=HireState.LEFT) | Q(left_on__isnull=False) & ~Q(leaving_reason=""),
                name="outcomes_leaving_has_reason",
                violation_error_message=_("Say when and why the worker left."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.employer}"

    def get_absolute_url(self) -> str:
        return reverse("outcomes:hire", args=[self.pk])


class CheckPointQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        return self.filter(hire__in=Hire.objects.visible_to(user))

    def waiting(self) -> "Self":
        return self.filter(state=CheckPointState.WAITING)


class CheckPoint(models.Model):
    """Is the worker still there after so many months? Asked of the plant and of the worker."""

    hire = models.ForeignKey(Hire, on_delete=models.CASCADE, related_name="check_points", verbose_name=_("hire"))
    months = models.PositiveSmallIntegerField(_("months"))
    due_on = models.DateField(_("due on"))
    employer_answer = models.CharField(_("the plant says"), max_length=10, choices=Answer.choices, blank=True)
    employer_answered_at = models.DateTimeField(_("the plant answered at"), null=True, blank=True)
    graduate_answer = models.CharField(_("the worker says"), max_length=10, choices=Answer.choices, blank=True)
    graduate_answered_at = models.DateTimeField(_("the worker answered at"), null=True, blank=True)
    asked_at = models.DateTimeField(_("asked at"), null=True, blank=True)
    state = StateField(CheckPointState, moves=CHECK_POINT_MOVES, verbose_name=_("state"))

    objects = CheckPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("check point")
        verbose_name_plural = _("check points")
        constraints = [
            models.UniqueConstraint(fields=["hire", "months"], name="outcomes_check_point_once"),
            models.CheckConstraint(
                condition=Q(months__in=[3, 6, 12, 24, 36]), name="outcomes_check_point_months_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hire} · {self.months}"

    def get_absolute_url(self) -> str:
        return reverse("outcomes:hire", args=[self.hire_id])
