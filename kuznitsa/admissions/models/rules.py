"""The rules of a campaign that applicants read before they choose: quotas, pools of seats, limits of plants."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kuznitsa.admissions.enums import CLAIM_MOVES, ClaimState
from kuznitsa.admissions.models.applications import Application
from kuznitsa.admissions.models.offers import Campaign, TargetOffer
from kuznitsa.base.fields import StateField
from kuznitsa.organisations.models import Organisation

if TYPE_CHECKING:
    from typing import Self


class OfCampaignQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        """Rules are seen by whoever sees the campaign."""
        return self.filter(campaign__in=Campaign.objects.visible_to(user))


class QuotaGroup(models.Model):
    """Who counts for a quota, such as the pupils of a district's schools; its name is the tag of the engine."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="quota_groups", verbose_name=_("campaign")
    )
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=100)
    who = models.CharField(_("who counts"), max_length=300)
    paper = models.CharField(_("paper that proves it"), max_length=200)

    objects = OfCampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("quota group")
        verbose_name_plural = _("quota groups")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "name"],
                name="admissions_quota_group_once",
                violation_error_message=_("The campaign already has a quota group of this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CompanyLimit(models.Model):
    """How many an enterprise takes in a campaign over all its offers together."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="company_limits", verbose_name=_("campaign")
    )
    employer = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="campaign_limits", verbose_name=_("enterprise")
    )
    seats = models.PositiveIntegerField(_("seats at most"))

    objects = OfCampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("limit of an enterprise")
        verbose_name_plural = _("limits of enterprises")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "employer"],
                name="admissions_company_limit_once",
                violation_error_message=_("The enterprise already has a limit in this campaign."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employer}: {self.seats}"


class OfferPoolQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        return self.filter(offer__in=TargetOffer.objects.visible_to(user))


class OfferPool(models.Model):
    """Seats of an offer set aside, tried in order; what all pools leave is open to everybody and comes last.

    Without a group anybody may take them. Hard: seats that the group does not fill stay empty; soft: they go to
    anybody.
    """

    offer = models.ForeignKey(TargetOffer, on_delete=models.CASCADE, related_name="pools", verbose_name=_("offer"))
    order = models.PositiveSmallIntegerField(pgettext_lazy("in a row", "order"))
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=100)
    group = models.ForeignKey(
        QuotaGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="pools", verbose_name=_("for whom")
    )
    seats = models.PositiveIntegerField(_("seats"))
    is_hard = models.BooleanField(_("unfilled seats stay empty"), default=False)

    objects = OfferPoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("pool of seats")
        verbose_name_plural = _("pools of seats")
        constraints = [
            models.UniqueConstraint(fields=["offer", "order"], name="admissions_pool_order_once"),
            models.UniqueConstraint(
                fields=["offer", "name"],
                name="admissions_pool_name_once",
                violation_error_message=_("Two pools of this offer have the same name."),
            ),
            models.CheckConstraint(
                condition=Q(seats__gt=0),
                name="admissions_pool_has_seats",
                violation_error_message=_("A pool has at least one seat."),
            ),
            models.CheckConstraint(
                condition=Q(is_hard=False) | Q(group__isnull=False),
                name="admissions_hard_pool_has_group",
                violation_error_message=_("Seats that stay empty are kept for a quota group: name it."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class QuotaClaimQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "Self":
        return self.filter(application__in=Application.objects.seen_whole_by(user))

    def confirmed(self) -> "Self":
        return self.filter(state=ClaimState.CONFIRMED)


class QuotaClaim(models.Model):
    """An applicant states that they belong to a quota group; the college confirms it from the paper."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="claims", verbose_name=_("application")
    )
    group = models.ForeignKey(
        QuotaGroup, on_delete=models.PROTECT, related_name="claims", verbose_name=_("quota group")
    )
    state = StateField(ClaimState, moves=CLAIM_MOVES, verbose_name=_("state"))
    paper = models.CharField(_("paper shown, or why not"), max_length=200, blank=True)
    stated_at = models.DateTimeField(_("stated at"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="claims_decided",
        verbose_name=_("decided by"),
    )

    objects = QuotaClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("right to a quota")
        verbose_name_plural = _("rights to quotas")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "group"],
                name="admissions_claim_once",
                violation_error_message=_("This right is stated already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.group)
