"""What a run has calculated, in the pieces in which it is read: nobody parses a nation to see one applicant."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from kuznitsa.admissions.models.offers import TargetOffer
from kuznitsa.admissions.models.runs import AllocationRun

if TYPE_CHECKING:
    from typing import Self


class OfRunQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        """A piece of a run is seen by whoever sees the run."""
        return self.filter(run__in=AllocationRun.objects.visible_to(user))


class RunFiles(models.Model):
    """The files of a run as they are downloaded, packed by zlib.

    `instance` is the input in the format alloc-instance/1 with applications under pseudonyms, `result` the output
    in alloc-result/1 with explanations; both are frozen with the run.
    """

    run = models.OneToOneField(AllocationRun, on_delete=models.CASCADE, related_name="files", verbose_name=_("run"))
    applicants = models.PositiveIntegerField(_("applicants"))
    instance = models.BinaryField(_("input"))
    result = models.BinaryField(_("result"))

    objects = OfRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("files of a run")
        verbose_name_plural = _("files of runs")

    def __str__(self) -> str:
        return str(self.run)


class RunPage(models.Model):
    """A hundred applicants of a run, in the order of their pseudonyms: what became of each of their choices.

    `data` is JSON packed by zlib, written and read by `queries.calculated`; `first` is the pseudonym it begins with.
    """

    run = models.ForeignKey(AllocationRun, on_delete=models.CASCADE, related_name="pages", verbose_name=_("run"))
    number = models.PositiveIntegerField(_("number"))
    first = models.CharField(_("first pseudonym"), max_length=20)
    data = models.BinaryField(_("what became of their choices"))

    objects = OfRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("page of a run")
        verbose_name_plural = _("pages of runs")
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="admissions_run_page_once")]

    def __str__(self) -> str:
        return f"{self.run}: {self.first}…"


class RunPlace(models.Model):
    """An offer in a run: its pools with cut-offs, how choices of it ended, and who waits for a seat.

    `data` is written and read by `queries.calculated`; `waiting` has the pseudonyms, next in line first.
    """

    run = models.ForeignKey(AllocationRun, on_delete=models.CASCADE, related_name="places", verbose_name=_("run"))
    offer = models.ForeignKey(
        TargetOffer, on_delete=models.PROTECT, related_name="run_places", verbose_name=_("target offer")
    )
    data = models.JSONField(_("numbers"))
    waiting = models.TextField(_("waiting list"), blank=True)

    objects = OfRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer in a run")
        verbose_name_plural = _("offers in runs")
        constraints = [models.UniqueConstraint(fields=["run", "offer"], name="admissions_run_place_once")]

    def __str__(self) -> str:
        return f"{self.run}: {self.offer}"
