"""Forms of the rules: rows of quota groups, limits of enterprises and pools of seats."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kuznitsa.admissions.actions import GroupLine, PoolLine
from kuznitsa.admissions.models import Campaign, QuotaGroup, TargetOffer
from kuznitsa.organisations.models import Organisation

BLANK_ROWS, MOST_ROWS = 2, 30


class _RowForm(forms.Form):
    """A row that may stay empty; when something is written in it, all of `needed` must be."""

    needed: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if self.has_changed() and not self.errors and not cleaned.get("DELETE"):
            lacking = [self.fields[name].label for name in self.needed if cleaned.get(name) in (None, "")]
            if lacking:
                raise ValidationError(_("Fill in: %(fields)s.") % {"fields": ", ".join(map(str, lacking))})
        return cleaned


class GroupForm(_RowForm):
    needed = ("name", "who", "paper")

    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label=gettext_lazy("name of the group"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Such as: pupils of the district's schools."),
    )
    who = forms.CharField(label=gettext_lazy("who counts"), max_length=300, required=False)
    paper = forms.CharField(label=gettext_lazy("paper that proves it"), max_length=200, required=False)


class LimitForm(_RowForm):
    needed = ("employer", "seats")

    employer = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("enterprise"), required=False, empty_label="—"
    )
    seats = forms.IntegerField(label=gettext_lazy("seats at most"), min_value=0, max_value=100_000, required=False)


class PoolForm(_RowForm):
    needed = ("name", "seats")

    name = forms.CharField(label=gettext_lazy("name of the pool"), max_length=100, required=False)
    group = forms.ModelChoiceField(
        QuotaGroup.objects.none(), label=gettext_lazy("for whom"), required=False, empty_label=gettext_lazy("everybody")
    )
    seats = forms.IntegerField(
        label=pgettext_lazy("of an offer", "seats"), min_value=1, max_value=100_000, required=False
    )
    is_hard = forms.TypedChoiceField(
        label=gettext_lazy("seats that the group does not fill"),
        choices=[("", gettext_lazy("go to everybody")), ("1", gettext_lazy("stay empty"))],
        coerce=bool,
        empty_value=False,
        required=False,
    )


class MinimumForm(forms.Form):
    minimum_group = forms.IntegerField(
        label=gettext_lazy("smallest group"),
        min_value=0,
        max_value=100_000,
        required=False,
        help_text=gettext_lazy("With fewer the group is not opened. Empty: it opens with any number."),
    )

    def clean_minimum_group(self) -> int:
        return self.cleaned_data["minimum_group"] or 0


class _Rows(forms.BaseFormSet):
    @property
    def kept(self) -> list[dict[str, Any]]:
        """What was filled in and not struck out."""
        rows = [form.cleaned_data for form in self.forms if form.has_changed() or form.initial]
        return [row for row in rows if row and not row.get("DELETE") and any(row.values())]


def _rows_of(form: type[forms.Form]) -> type[_Rows]:
    return forms.formset_factory(form, formset=_Rows, extra=BLANK_ROWS, can_delete=True, max_num=MOST_ROWS)


class CampaignRulesForms:
    """The rows of the rules of a campaign: its quota groups and the limits of its enterprises."""

    def __init__(self, data: Any, campaign: Campaign) -> None:
        groups = list(campaign.quota_groups.order_by("name").values("pk", "name", "who", "paper"))
        limits = list(campaign.company_limits.order_by("employer__search").values("employer", "seats"))
        self.groups = _rows_of(GroupForm)(data, initial=groups, prefix="groups")
        self.limits = _rows_of(LimitForm)(data, initial=limits, prefix="limits")
        employers = Organisation.objects.filter(offers__campaign=campaign).distinct().order_by("search")
        for form in self.limits.forms:
            form.fields["employer"].queryset = employers

    def is_valid(self) -> bool:
        return all([self.groups.is_bound, self.groups.is_valid(), self.limits.is_valid()])

    @property
    def lines(self) -> dict[str, Any]:
        """What `actions.set_campaign_rules` takes."""
        return {
            "groups": [GroupLine(row["name"], row["who"], row["paper"], row["pk"]) for row in self.groups.kept],
            "limits": [(row["employer"], row["seats"]) for row in self.limits.kept],
        }


class OfferRulesForms:
    """The rows of the pools of an offer, and its smallest group."""

    def __init__(self, data: Any, offer: TargetOffer) -> None:
        pools = list(offer.pools.order_by("order").values("name", "group", "seats", "is_hard"))
        rows = [{**pool, "is_hard": "1" if pool["is_hard"] else ""} for pool in pools]
        self.pools = _rows_of(PoolForm)(data, initial=rows, prefix="pools")
        self.form = MinimumForm(data, initial={"minimum_group": offer.minimum_group or None})
        groups = QuotaGroup.objects.filter(campaign=offer.campaign_id).order_by("name")
        for form in self.pools.forms:
            form.fields["group"].queryset = groups

    def is_valid(self) -> bool:
        return all([self.form.is_bound, self.form.is_valid(), self.pools.is_valid()])

    @property
    def lines(self) -> dict[str, Any]:
        """What `actions.set_offer_rules` takes."""
        rows = [row for row in self.pools.kept if row.get("name")]
        return {
            "pools": [PoolLine(row["name"], row["seats"], row["group"], row["is_hard"]) for row in rows],
            "minimum_group": self.form.cleaned_data["minimum_group"],
        }
