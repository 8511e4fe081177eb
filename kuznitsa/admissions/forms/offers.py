"""Forms of target offers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kuznitsa.admissions.actions import SupportLine
from kuznitsa.admissions.enums import CampaignState, Period, SupportKind
from kuznitsa.admissions.models import Campaign, TargetOffer
from kuznitsa.admissions.queries import employers_of
from kuznitsa.agreements.models import Agreement
from kuznitsa.clusters.queries import partners_of
from kuznitsa.demand.models import Need
from kuznitsa.organisations.models import Site
from kuznitsa.programmes.enums import IntakeState
from kuznitsa.programmes.models import Intake
from kuznitsa.ui.forms import RoublesField

BLANK_ROWS = 3
MOST_ROWS = 20


class OfferForm(forms.ModelForm):
    """`user` limits the plants; that need, site and agreement fit the chosen plant is checked by the action."""

    wage_from_kopecks = RoublesField(label=gettext_lazy("wage from, roubles a month"), required=False)
    wage_to_kopecks = RoublesField(label=gettext_lazy("wage to, roubles a month"), required=False)
    minimum_mark = forms.DecimalField(
        label=gettext_lazy("lowest average mark"),
        min_value=2,
        max_value=5,
        decimal_places=2,
        required=False,
        help_text=gettext_lazy("From 2 to 5, such as 3.5. Leave empty if marks do not decide who may apply."),
    )

    class Meta:
        model = TargetOffer
        fields = (
            "employer",
            "number",
            "need",
            "agreement",
            "intake",
            "campaign",
            "seats",
            "position",
            "site",
            "wage_from_kopecks",
            "wage_to_kopecks",
            "service_months",
            "duties",
            "exit_terms",
            "needs_medical",
            "requirements",
            "contact",
        )
        help_texts = {
            "duties": gettext_lazy("In plain words: an applicant of fifteen and a parent read this."),
            "exit_terms": gettext_lazy("What the plant adds to the rules of the law, which the card tells anyway."),
            "contact": gettext_lazy("Whom to ask: name, phone."),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        employers = employers_of(user)
        self.fields["employer"].queryset = employers
        partners = partners_of(user)
        intakes = Intake.objects.filter(
            Q(state__in=[IntakeState.PLANNED, IntakeState.STUDYING], programme__college__in=partners)
            | Q(pk=self.instance.intake_id)
        )
        self.fields["intake"].help_text = _("Groups of the colleges that take part in a cluster with you.")
        self.fields["intake"].queryset = intakes.select_related("programme__occupation", "programme__college").order_by(
            "programme__occupation__code", "starts_on"
        )
        campaigns = Campaign.objects.filter(
            Q(state__in=[CampaignState.DRAFT, CampaignState.OPEN], college__in=partners)
            | Q(pk=self.instance.campaign_id)
        )
        self.fields["campaign"].queryset = campaigns.select_related("college").order_by("opens_on")
        self.fields["campaign"].label_from_instance = lambda campaign: f"{campaign} · {campaign.college}"
        needs = Need.objects.open().filter(employer__in=employers).select_related("employer", "occupation")
        self.fields["need"].queryset = needs.order_by("year", "pk")
        agreements = Agreement.objects.in_force().filter(parties__organisation__in=employers).distinct()
        self.fields["agreement"].queryset = agreements.order_by("number")
        self.fields["site"].queryset = Site.objects.filter(organisation__in=employers).order_by("name")
        if self.instance.pk:
            del self.fields["employer"]
            if self.instance.minimum_mark_hundredths is not None:
                self.fields["minimum_mark"].initial = self.instance.minimum_mark_hundredths / 100
        else:
            self._suggest(employers.first())

    def _suggest(self, employer: Any) -> None:
        self.fields["employer"].initial = employer
        self.fields["number"].required = False
        self.fields["number"].help_text = _("Leave empty to take the next free one.")
        self.fields["duties"].initial = _(
            "Study to the end, do the practice at the plant, and then work in this job for the time named above."
        )
        self.fields["exit_terms"].initial = _("As the law says; by agreement of both sides at any time.")

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        mark = cleaned.pop("minimum_mark", None)
        cleaned["minimum_mark_hundredths"] = None if mark is None else int(mark * 100)
        return cleaned


class SupportForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("kind"), choices=[("", "—"), *SupportKind.choices], required=False)
    amount_kopecks = RoublesField(label=gettext_lazy("amount, roubles"), required=False, least_kopecks=1)
    period = forms.ChoiceField(label=gettext_lazy("period"), choices=Period.choices, initial=Period.MONTHLY)
    description = forms.CharField(label=gettext_lazy("in kind, or on which condition"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if self.has_changed() and not self.errors and not cleaned.get("DELETE"):
            if not cleaned["kind"]:
                raise ValidationError(_("Name the kind of support."))
            if not cleaned["amount_kopecks"] and not cleaned["description"]:
                raise ValidationError(_("Name an amount, or say what is given in kind."))
        return cleaned


class BaseSupportFormSet(forms.BaseFormSet):
    @property
    def lines(self) -> list[SupportLine]:
        """What was filled in and not struck out."""
        kept = [form.cleaned_data for form in self.forms if form.cleaned_data.get("kind")]
        return [
            SupportLine(
                kind=SupportKind(row["kind"]),
                amount_kopecks=row["amount_kopecks"],
                period=Period(row["period"]),
                description=row["description"],
            )
            for row in kept
            if not row.get("DELETE")
        ]


_SupportFormSet = forms.formset_factory(
    SupportForm, formset=BaseSupportFormSet, extra=BLANK_ROWS, can_delete=True, max_num=MOST_ROWS
)


def support_forms(data: Any, offer: TargetOffer | None = None) -> BaseSupportFormSet:
    """Return the rows of support: those of `offer`, and a few empty ones."""
    fields = ("kind", "amount_kopecks", "period", "description")
    rows = list(offer.support.order_by("order", "pk").values(*fields)) if offer else []
    return _SupportFormSet(data, initial=rows, prefix="support")


class SeatsForm(forms.Form):
    seats = forms.IntegerField(label=gettext_lazy("seats"), min_value=1, max_value=10_000)
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=300)


class OfferReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class CalculatorForm(forms.Form):
    """How much support comes to over so many months of study."""

    months = forms.IntegerField(label=gettext_lazy("months of study"), min_value=1)

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["months"].max_value = most
        self.fields["months"].widget.attrs.update(min=1, max=most)
        self.fields["months"].validators.append(forms.fields.validators.MaxValueValidator(most))
