"""Clusters and who takes part in them."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kuznitsa.base.fields import SearchField, StateField
from kuznitsa.classifiers.models import Industry, Region
from kuznitsa.clusters.enums import CLUSTER_MOVES, ClusterKind, ClusterStage, Part
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.models import Organisation
from kuznitsa.organisations.queries import standing

if TYPE_CHECKING:
    from typing import Self


class ClusterQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        """Clusters are public."""
        return self

    def of(self, user: Any, *roles: Role) -> "Self":
        """Clusters in which an organisation of `user` takes part (holding one of `roles`), or that they oversee."""
        held = standing(user)
        if held.oversees_all and not roles:
            return self
        mine = Participation.objects.current().filter(organisation__in=held.organisations(*roles))
        scope = Q(pk__in=mine.values("cluster"))
        if not roles:
            scope |= Q(region__in=held.overseen_regions)
        return self.filter(scope)


class Cluster(models.Model):
    """A plant or several, a college, the schools around them and the region that backs them."""

    name = models.CharField(_("name of the cluster"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    slug = models.SlugField(_("address on the site"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=ClusterKind.choices, default=ClusterKind.INDUSTRY)
    industry = models.ForeignKey(
        Industry, on_delete=models.PROTECT, related_name="clusters", verbose_name=_("industry"), null=True, blank=True
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="clusters", verbose_name=_("region"))
    state = StateField(ClusterStage, moves=CLUSTER_MOVES, verbose_name=_("stage"))
    started_on = models.DateField(_("started on"), null=True, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)
    search = SearchField(of=("name", "name_en"))

    objects = ClusterQuerySet.as_manager()

    class Meta:
        verbose_name = _("cluster")
        verbose_name_plural = _("clusters")

    def __str__(self) -> str:
        return (get_language() == "en" and self.name_en) or self.name

    def get_absolute_url(self) -> str:
        return reverse("clusters:detail", args=[self.slug])

    @property
    def about(self) -> str:
        return (get_language() == "en" and self.summary_en) or self.summary


class ParticipationQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        """Who takes part is public."""
        return self

    def current(self) -> "Self":
        return self.filter(ended_on=None)


class Participation(models.Model):
    """An organisation takes part in a cluster."""

    cluster = models.ForeignKey(
        Cluster, on_delete=models.CASCADE, related_name="participations", verbose_name=_("cluster")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="participations", verbose_name=_("organisation")
    )
    part = models.CharField(_("part"), max_length=20, choices=Part.choices)
    started_on = models.DateField(_("since"))
    ended_on = models.DateField(_("until"), null=True, blank=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "organisation"],
                condition=Q(ended_on=None),
                name="clusters_participation_once",
                violation_error_message=_("The organisation already takes part in this cluster."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="clusters_participation_dates_in_order",
                violation_error_message=_("The end comes before the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.get_part_display()}"
