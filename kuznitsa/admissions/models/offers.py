"""Campaigns and the target offers in them."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kuznitsa.admissions.enums import (
    CAMPAIGN_MOVES,
    OFFER_MOVES,
    CampaignState,
    MinSizeRule,
    OfferState,
    Period,
    SupportKind,
)
from kuznitsa.agreements.models import Agreement
from kuznitsa.base.fields import SearchField, StateField
from kuznitsa.clusters.models import Cluster
from kuznitsa.demand.models import Need
from kuznitsa.facts.models import Thread
from kuznitsa.organisations.models import Organisation, Site
from kuznitsa.organisations.queries import standing
from kuznitsa.programmes.models import Intake

if TYPE_CHECKING:
    from typing import Self


class CampaignQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        """A campaign being prepared is its college's own; from its opening it is public."""
        held = standing(user)
        return self.filter(~Q(state=CampaignState.DRAFT) | Q(college__in=held.organisations()))

    def open(self) -> "Self":
        return self.filter(state=CampaignState.OPEN)


class Campaign(models.Model):
    """Applications to the offers of one college, from the opening to signed contracts.

    `draw_source` says beforehand, in public, where the seed of the draw will come from; `draw_seed` is
    entered once, after applications have closed.
    """

    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=200)
    college = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="campaigns", verbose_name=_("college")
    )
    cluster = models.ForeignKey(
        Cluster, on_delete=models.PROTECT, null=True, blank=True, related_name="campaigns", verbose_name=_("cluster")
    )
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("last day of applications"))
    publishes_on = models.DateField(_("results on"))
    answer_working_days = models.PositiveSmallIntegerField(_("working days to answer"), default=5)
    max_choices = models.PositiveSmallIntegerField(_("choices at most"), default=5)
    min_size_rule = models.CharField(
        _("groups below their minimum"), max_length=20, choices=MinSizeRule.choices, default=MinSizeRule.IGNORE
    )
    draw_source = models.CharField(_("source of the draw's seed"), max_length=300, blank=True)
    draw_seed = models.CharField(_("seed of the draw"), max_length=100, blank=True)
    state = StateField(CampaignState, moves=CAMPAIGN_MOVES, verbose_name=_("state"))
    search = SearchField(of=("name", "college"))

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on"), publishes_on__gte=F("closes_on")),
                name="admissions_campaign_dates_in_order",
                violation_error_message=_("The dates must follow each other: opening, last day, results."),
            ),
            models.CheckConstraint(
                condition=Q(max_choices__gte=1, max_choices__lte=20),
                name="admissions_campaign_choices_possible",
                violation_error_message=_("An applicant names between 1 and 20 offers."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("admissions:campaign", args=[self.pk])


class TargetOfferQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        """Published offers are public; others are seen by the plant and the college."""
        held = standing(user).organisations()
        public = Q(state__in=[OfferState.PUBLISHED, OfferState.CLOSED])
        # By the intakes' numbers: a join would make a database look at all programmes first.
        taught = Q(intake__in=Intake.objects.filter(programme__college__in=held).values("pk"))
        return self.filter(public | Q(employer__in=held) | (taught & ~Q(state=OfferState.DRAFT)))

    def published(self) -> "Self":
        return self.filter(state=OfferState.PUBLISHED)


class TargetOffer(models.Model):
    """What a plant offers to those who study for it: seats, support, workplace, and what they owe in return."""

    number = models.CharField(_("number"), max_length=60)
    employer = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="offers", verbose_name=_("enterprise")
    )
    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="offers", verbose_name=_("intake"))
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, null=True, blank=True, related_name="offers", verbose_name=_("campaign")
    )
    need = models.ForeignKey(
        Need, on_delete=models.PROTECT, null=True, blank=True, related_name="offers", verbose_name=_("need it answers")
    )
    agreement = models.ForeignKey(
        Agreement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="offers",
        verbose_name=_("agreement it fulfils"),
    )
    seats = models.PositiveIntegerField(_("seats"))
    minimum_group = models.PositiveIntegerField(_("smallest group"), default=0)
    position = models.CharField(_("workplace"), max_length=200)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="offers", verbose_name=_("site")
    )
    service_months = models.PositiveSmallIntegerField(_("months to work after graduation"), default=36)
    wage_from_kopecks = models.PositiveBigIntegerField(_("wage from"), null=True, blank=True)
    wage_to_kopecks = models.PositiveBigIntegerField(_("wage to"), null=True, blank=True)
    minimum_mark_hundredths = models.PositiveSmallIntegerField(
        _("lowest average mark"), null=True, blank=True, help_text=_("In hundredths: 350 is 3.50.")
    )
    needs_medical = models.BooleanField(_("medical certificate needed"), default=False)
    requirements = models.TextField(_("what is expected of applicants"), blank=True)
    duties = models.TextField(_("what the student owes"), blank=True)
    exit_terms = models.TextField(_("how one gets out"), blank=True)
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    state = StateField(OfferState, moves=OFFER_MOVES, verbose_name=_("state"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    thread = models.OneToOneField(
        Thread, on_delete=models.PROTECT, null=True, blank=True, related_name="offer", verbose_name=_("thread")
    )
    search = SearchField(of=("number", "employer", "position", "intake"))

    objects = TargetOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("target offer")
        verbose_name_plural = _("target offers")
        constraints = [
            models.CheckConstraint(
                condition=Q(seats__gt=0),
                name="admissions_offer_has_seats",
                violation_error_message=_("An offer has at least one seat."),
            ),
            models.CheckConstraint(
                condition=Q(wage_from_kopecks=None)
                | Q(wage_to_kopecks=None)
                | Q(wage_to_kopecks__gte=F("wage_from_kopecks")),
                name="admissions_offer_wage_in_order",
                violation_error_message=_("The highest wage is below the lowest."),
            ),
            models.CheckConstraint(
                condition=Q(minimum_mark_hundredths=None)
                | Q(minimum_mark_hundredths__gte=200, minimum_mark_hundredths__lte=500),
                name="admissions_offer_mark_possible",
                violation_error_message=_("A mark lies between 2.00 and 5.00."),
            ),
            models.UniqueConstraint(
                fields=["employer", "number"],
                name="admissions_offer_number_once",
                violation_error_message=_("The enterprise already has an offer with this number."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} · {self.employer}"

    def get_absolute_url(self) -> str:
        return reverse("admissions:offer", args=[self.pk])


class SupportMeasureQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        return self.filter(offer__in=TargetOffer.objects.visible_to(user))


class SupportMeasure(models.Model):
    """What the plant gives while one studies: money for a period, or something in kind."""

    offer = models.ForeignKey(
        TargetOffer, on_delete=models.CASCADE, related_name="support", verbose_name=_("target offer")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=SupportKind.choices)
    amount_kopecks = models.PositiveBigIntegerField(_("amount"), null=True, blank=True)
    period = models.CharField(_("period"), max_length=10, choices=Period.choices, default=Period.MONTHLY)
    description = models.CharField(_("in kind, or on which condition"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(pgettext_lazy("in a row", "order"), default=0)

    objects = SupportMeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("support measure")
        verbose_name_plural = _("support measures")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_kopecks__isnull=False, amount_kopecks__gt=0) | ~Q(description=""),
                name="admissions_support_not_empty",
                violation_error_message=_("Name an amount, or say what is given in kind."),
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
