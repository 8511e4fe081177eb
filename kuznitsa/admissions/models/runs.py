"""Allocation runs and the seats they give."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kuznitsa.admissions.enums import HELD_STATES, RUN_MOVES, SEAT_MOVES, RunKind, RunState, SeatState
from kuznitsa.admissions.models.applications import Application
from kuznitsa.admissions.models.offers import Campaign, TargetOffer
from kuznitsa.base.fields import StateField
from kuznitsa.organisations.queries import standing

if TYPE_CHECKING:
    from typing import Self


class AllocationRunQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        """A draft is the college's own; a published run is public."""
        return self.filter(Q(state=RunState.PUBLISHED) | Q(campaign__college__in=standing(user).organisations()))

    def published(self) -> "Self":
        """The first allocations that two people have published, without the rounds after them."""
        return self.filter(state=RunState.PUBLISHED, kind=RunKind.FIRST)

    def public(self) -> "Self":
        """Published allocations and the rounds after them: public records."""
        return self.filter(state=RunState.PUBLISHED)


class AllocationRun(models.Model):
    """One calculation of who gets which seat; published by two different people.

    `instance_hash` is "" until it is calculated. What was calculated stands beside it: `RunFiles`, `RunPage` and
    `RunPlace`.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="runs", verbose_name=_("campaign"))
    kind = models.CharField(_("kind"), max_length=10, choices=RunKind.choices, default=RunKind.FIRST)
    number = models.PositiveSmallIntegerField(_("number"))
    seed = models.CharField(_("seed of the draw"), max_length=100)
    instance_hash = models.CharField(_("hash of the input"), max_length=64, blank=True)
    code_version = models.CharField(_("version of the product"), max_length=40)
    reason = models.CharField(_("why it was held"), max_length=300, blank=True)
    state = StateField(RunState, moves=RUN_MOVES, verbose_name=_("state"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="runs_created",
        verbose_name=_("run by"),
    )
    created_at = models.DateTimeField(_("run at"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="runs_approved",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="runs_published",
        verbose_name=_("published by"),
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    objects = AllocationRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("allocation run")
        verbose_name_plural = _("allocation runs")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="admissions_run_number_once"),
            models.UniqueConstraint(
                fields=["campaign"],
                condition=Q(state=RunState.PUBLISHED, kind=RunKind.FIRST),
                name="admissions_one_published_run",
                violation_error_message=_("The results of this campaign are published already."),
            ),
            models.CheckConstraint(
                condition=~Q(state=RunState.PUBLISHED)
                | Q(kind=RunKind.ROUND)
                | Q(approved_by__isnull=False, published_by__isnull=False) & ~Q(approved_by=F("published_by")),
                name="admissions_run_published_by_two",
                violation_error_message=_("Two different people publish an allocation."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} · {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("admissions:run", args=[self.pk])

    @property
    def is_calculated(self) -> bool:
        return bool(self.instance_hash)

    @property
    def is_being_published(self) -> bool:
        """Whether a second person has asked for it, and a worker is at it or soon will be."""
        return self.state == RunState.APPROVED and self.published_by_id is not None


class SeatQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        return self.filter(application__in=Application.objects.visible_to(user))

    def held(self) -> "Self":
        """Seats that are taken now."""
        return self.filter(state__in=HELD_STATES)


class Seat(models.Model):
    """A seat of an offer given to an applicant: by the published run, or by a round after it.

    One given apart, an extra seat or one for a late application, names who gave it and why, an extra one also the
    order by which; no round moves it.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="seats", verbose_name=_("application")
    )
    offer = models.ForeignKey(
        TargetOffer, on_delete=models.PROTECT, related_name="allocated_seats", verbose_name=_("target offer")
    )
    run = models.ForeignKey(AllocationRun, on_delete=models.PROTECT, related_name="seats", verbose_name=_("run"))
    # As the engine names it: a round must know which seats are held in which pool.
    pool = models.CharField(_("pool of seats"), max_length=100, blank=True)
    rank = models.PositiveSmallIntegerField(_("rank of the choice"))
    called_from_list = models.BooleanField(_("called from the list"), default=False)
    given_at = models.DateTimeField(_("given at"))
    answer_by = models.DateField(_("answer by"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="seats_given",
        verbose_name=_("given by"),
    )
    given_because = models.CharField(_("why it was given apart"), max_length=300, blank=True)
    order_number = models.CharField(_("number of the order"), max_length=60, blank=True)
    ordered_on = models.DateField(_("date of the order"), null=True, blank=True)
    state = StateField(SeatState, moves=SEAT_MOVES, verbose_name=_("state"))

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state__in=HELD_STATES),
                name="admissions_one_seat_held",
                violation_error_message=_("The applicant already holds a seat."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application.person} · {self.offer}"

    def get_absolute_url(self) -> str:
        return reverse("admissions:application", args=[self.application_id])

    @property
    def is_apart(self) -> bool:
        return bool(self.given_because)
