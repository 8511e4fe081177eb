"""What is kept of calculations beside the runs: frozen public records, and scenarios that change nothing."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kuznitsa.admissions.models.offers import Campaign
from kuznitsa.admissions.models.runs import AllocationRun
from kuznitsa.organisations.queries import standing

if TYPE_CHECKING:
    from typing import Self


class PublicRecordQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        return self.filter(run__in=AllocationRun.objects.public())


class PublicRecord(models.Model):
    """The archive of a published run as anybody downloads it: written once, at publication, and never again.

    `manifest` is the file record.json of the archive: hashes, seed and its source, versions, counts.
    """

    run = models.OneToOneField(AllocationRun, on_delete=models.PROTECT, related_name="record", verbose_name=_("run"))
    archive = models.BinaryField(_("archive"))
    sha256 = models.CharField(_("hash of the archive"), max_length=64)
    manifest = models.JSONField(_("what it holds"))

    objects = PublicRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("public record")
        verbose_name_plural = _("public records")

    def __str__(self) -> str:
        return str(self.run)


class ScenarioQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        """What-ifs are the college's own."""
        return self.filter(campaign__college__in=standing(user).organisations())


class Scenario(models.Model):
    """What if: the campaign calculated with other rules beside the rules as they are, both with a trial seed.

    `changes` are the arguments of `queries.scenarios.Changes`, `outcome` its numbers; {} while it is calculated.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="scenarios", verbose_name=_("campaign")
    )
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=100)
    changes = models.JSONField(_("what is different"))
    outcome = models.JSONField(_("numbers"), default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="scenarios",
        verbose_name=_("made by"),
    )
    created_at = models.DateTimeField(_("made at"))

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("admissions:scenarios", args=[self.campaign_id])
