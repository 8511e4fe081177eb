"""State classifiers: they change by law, so every row has dates of validity."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kuznitsa.base.fields import SearchField

if TYPE_CHECKING:
    from typing import Self


class ClassifierQuerySet(models.QuerySet):
    def visible_to(self, user: object) -> "Self":
        """Classifiers are public."""
        return self

    def valid_on(self, day: date) -> "Self":
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day))


class Classifier(models.Model):
    """A code with a name in both languages."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name_ru = models.CharField(_("name in Russian"), max_length=300)
    name_en = models.CharField(_("name in English"), max_length=300)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    search = SearchField(of=("code", "name_ru", "name_en"))

    objects = ClassifierQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="%(app_label)s_%(class)s_dates_in_order",
                violation_error_message=_("The end of validity comes before its start."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" else self.name_ru


class Region(Classifier):
    """A region of the Russian Federation; its code has two digits, as in tax numbers.

    `row` and `column` place it on the tile map of regions.
    """

    row = models.PositiveSmallIntegerField(_("row on the map"), null=True, blank=True)
    column = models.PositiveSmallIntegerField(_("column on the map"), null=True, blank=True)

    class Meta(Classifier.Meta):
        verbose_name = _("region")
        verbose_name_plural = _("regions")


class Industry(Classifier):
    """An industry in which education-production clusters are founded."""

    class Meta(Classifier.Meta):
        verbose_name = _("industry")
        verbose_name_plural = _("industries")


class Occupation(Classifier):
    """An occupation or specialty of secondary vocational education, code GG.LL.NN.

    `level` 01 trains skilled workers, 02 mid-level specialists. `minimum_age` is the age at which one may
    be hired for it (18 for harmful work), null when the law sets none beyond the general one.
    """

    industry = models.ForeignKey(
        Industry,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="occupations",
        verbose_name=_("industry"),
    )
    level = models.CharField(_("level"), max_length=2, choices=[("01", _("skilled worker")), ("02", _("specialist"))])
    minimum_age = models.PositiveSmallIntegerField(_("age from which one may be hired"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replaces", verbose_name=_("replaced by")
    )

    class Meta(Classifier.Meta):
        verbose_name = _("occupation")
        verbose_name_plural = _("occupations")
