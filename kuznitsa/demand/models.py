"""Needs of plants."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kuznitsa.base.fields import SearchField, StateField
from kuznitsa.classifiers.models import Occupation
from kuznitsa.clusters.models import Cluster
from kuznitsa.demand.enums import ENDED, NEED_MOVES, Confidence, NeedState, UnmetReason
from kuznitsa.facts.models import Thread
from kuznitsa.organisations.models import Organisation, Site
from kuznitsa.organisations.queries import standing

if TYPE_CHECKING:
    from typing import Self


class NeedQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        """The plant sees its own; partners of its clusters and overseers see what is no longer a draft."""
        held = standing(user)
        own = Q(employer__in=held.organisations())
        if held.oversees_all:
            return self.filter(own | ~Q(state=NeedState.DRAFT))
        if not user.is_authenticated:
            return self.none()
        return self.filter(own | (Q(cluster__in=Cluster.objects.of(user)) & ~Q(state=NeedState.DRAFT)))

    def open(self) -> "Self":
        return self.filter(state=NeedState.STATED)


class Need(models.Model):
    """So many people of an occupation for a site in a year: replacement of leavers, and growth."""

    employer = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="needs", verbose_name=_("enterprise")
    )
    cluster = models.ForeignKey(
        Cluster, on_delete=models.PROTECT, null=True, blank=True, related_name="needs", verbose_name=_("cluster")
    )
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="needs", verbose_name=_("site")
    )
    occupation = models.ForeignKey(
        Occupation, on_delete=models.PROTECT, related_name="needs", verbose_name=_("occupation")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    replacement = models.PositiveIntegerField(_("to replace leavers"), default=0)
    growth = models.PositiveIntegerField(_("for growth"), default=0)
    confidence = models.CharField(
        _("confidence"), max_length=10, choices=Confidence.choices, default=Confidence.INTEREST
    )
    wage_from_kopecks = models.PositiveBigIntegerField(_("wage from"), null=True, blank=True)
    wage_to_kopecks = models.PositiveBigIntegerField(_("wage to"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    state = StateField(NeedState, moves=NEED_MOVES, verbose_name=_("state"))
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="needs_stated",
        verbose_name=_("stated by"),
    )
    stated_at = models.DateTimeField(_("stated at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    unmet_reason = models.CharField(_("why it was not met"), max_length=20, choices=UnmetReason.choices, blank=True)
    ending_note = models.TextField(_("note on the ending"), blank=True)
    thread = models.OneToOneField(
        Thread, on_delete=models.PROTECT, null=True, blank=True, related_name="need", verbose_name=_("thread")
    )
    search = SearchField(of=("employer", "occupation", "site"))

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        indexes = [models.Index(fields=["employer", "year"]), models.Index(fields=["cluster", "year"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(replacement__gt=0) | Q(growth__gt=0),
                name="demand_need_not_empty",
                violation_error_message=_("A need is for at least one person."),
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100),
                name="demand_need_year_possible",
                violation_error_message=_("The year must lie between 2000 and 2100."),
            ),
            models.CheckConstraint(
                condition=Q(wage_from_kopecks=None)
                | Q(wage_to_kopecks=None)
                | Q(wage_to_kopecks__gte=F("wage_from_kopecks")),
                name="demand_need_wage_in_order",
                violation_error_message=_("The highest wage is below the lowest."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[NeedState.PARTLY_MET, NeedState.UNMET]) | ~Q(unmet_reason=""),
                name="demand_need_ending_has_reason",
                violation_error_message=_("Say why the need was not met."),
            ),
            models.UniqueConstraint(
                fields=["employer", "site", "occupation", "year"],
                condition=~Q(state=NeedState.WITHDRAWN),
                name="demand_need_once",
                violation_error_message=_("This need is stated already: same site, occupation and year."),
            ),
            models.UniqueConstraint(
                fields=["employer", "occupation", "year"],
                condition=Q(site=None) & ~Q(state=NeedState.WITHDRAWN),
                name="demand_need_once_without_site",
                violation_error_message=_("This need is stated already: same occupation and year."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occupation} · {self.employer} · {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("demand:detail", args=[self.pk])

    @property
    def number(self) -> int:
        """How many people are needed."""
        return self.replacement + self.growth

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED
