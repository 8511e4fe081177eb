"""What if: the form of a scenario."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kuznitsa.admissions.enums import MinSizeRule
from kuznitsa.admissions.models import Campaign, TargetOffer
from kuznitsa.admissions.queries.scenarios import OPEN_FIRST, REVERSED, Changes
from kuznitsa.organisations.models import Organisation


class ScenarioForm(forms.Form):
    """Empty fields leave things as they are."""

    name = forms.CharField(
        label=gettext_lazy("name of the scenario"), max_length=100, help_text=gettext_lazy("Such as: five more seats.")
    )
    offer = forms.ModelChoiceField(
        TargetOffer.objects.none(), label=gettext_lazy("offer"), required=False, empty_label="—"
    )
    extra_seats = forms.IntegerField(
        label=gettext_lazy("more or fewer seats"),
        min_value=-10_000,
        max_value=10_000,
        required=False,
        help_text=gettext_lazy("5 for five more, -5 for five fewer."),
    )
    pool_order = forms.ChoiceField(
        label=gettext_lazy("order of the pools"),
        choices=[
            ("", gettext_lazy("as the rules say")),
            (OPEN_FIRST, gettext_lazy("open seats first, then the quotas")),
            (REVERSED, gettext_lazy("the other way round")),
        ],
        required=False,
    )
    minimum = forms.IntegerField(label=gettext_lazy("smallest group"), min_value=0, max_value=100_000, required=False)
    employer = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("enterprise"), required=False, empty_label="—"
    )
    limit = forms.IntegerField(
        label=gettext_lazy("limit of the enterprise"), min_value=0, max_value=100_000, required=False
    )
    min_size_rule = forms.ChoiceField(
        label=gettext_lazy("groups below their minimum"),
        choices=[("", gettext_lazy("as the rules say")), *MinSizeRule.choices],
        required=False,
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["offer"].queryset = campaign.offers.select_related("employer").order_by("position", "pk")
        employers = Organisation.objects.filter(offers__campaign=campaign)
        self.fields["employer"].queryset = employers.distinct().order_by("search")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and self.changes.is_empty:
            raise ValidationError(_("Change something: seats, order of pools, smallest group, a limit or the rule."))
        return cleaned

    @property
    def changes(self) -> Changes:
        cleaned = self.cleaned_data
        return Changes(
            offer=cleaned["offer"] and cleaned["offer"].pk,
            extra_seats=cleaned["extra_seats"] or 0,
            pool_order=cleaned["pool_order"],
            minimum=cleaned["minimum"],
            employer=cleaned["employer"] and cleaned["employer"].pk,
            limit=cleaned["limit"],
            min_size_rule=cleaned["min_size_rule"],
        )
