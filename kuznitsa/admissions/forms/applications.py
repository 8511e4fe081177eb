"""Forms of applications: who applies, the ranked list, papers, reasons, what the office corrects."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kuznitsa.admissions.enums import DocumentKind, OfferState
from kuznitsa.admissions.models import Application, TargetOffer
from kuznitsa.base.text import clean
from kuznitsa.people.models import Person

LOWEST, HIGHEST = 2, 5


class MarkField(forms.DecimalField):
    """A mark typed as people write it, 4,67 or 4.67; cleaned to hundredths."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(min_value=LOWEST, max_value=HIGHEST, decimal_places=2, **kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)

    def clean(self, value: Any) -> int | None:
        mark = super().clean(value)
        return None if mark is None else int(mark * 100)

    def prepare_value(self, value: Any) -> Any:
        return f"{value / 100:.2f}" if isinstance(value, int) else value


class ApplicantForm(forms.ModelForm):
    """Who applies, when they are not known yet."""

    class Meta:
        model = Person
        fields = ("family_name", "given_name", "patronymic", "born_on", "email", "phone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["born_on"].required = True


class WardForm(forms.Form):
    """For whom a guardian applies."""

    person = forms.ModelChoiceField(Person.objects.none(), label=_("who applies"), empty_label=None)

    def __init__(self, *args: Any, persons: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = persons


class ApplicationForm(forms.Form):
    """The average mark and as many ranks as the campaign allows; ranks are moved by buttons of the same form."""

    average_mark_hundredths = MarkField(
        label=_("average mark of the school certificate"), required=False, help_text=_("Like 4.35.")
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, application: Application, wanted: int | None = None
    ) -> None:
        super().__init__(data)
        campaign = application.campaign
        offers = campaign.offers.filter(state__in=[OfferState.PUBLISHED, OfferState.CLOSED])
        self.offers = offers.select_related("employer").order_by("employer__search", "position")
        self.ranks = range(1, min(campaign.max_choices, len(self.offers)) + 1)
        # The offer with which somebody came stands first on a list that is still empty.
        chosen: dict[int, int | None] = dict(application.choices.values_list("rank", "offer")) or {1: wanted}
        for rank in self.ranks:
            self.fields[f"rank_{rank}"] = forms.ModelChoiceField(
                self.offers,
                label=_("Choice %(rank)d") % {"rank": rank},
                required=False,
                empty_label=_("— nothing —"),
                initial=chosen.get(rank),
            )
        self.fields["average_mark_hundredths"].initial = application.average_mark_hundredths

    @property
    def rank_fields(self) -> list[Any]:
        return [self[f"rank_{rank}"] for rank in self.ranks]

    @property
    def chosen(self) -> list[TargetOffer]:
        """The offers in their order, without the ranks left empty."""
        named = (self.cleaned_data.get(f"rank_{rank}") for rank in self.ranks)
        return [offer for offer in named if offer is not None]

    @staticmethod
    def moved(data: Any) -> Any:
        """Return what was typed with two neighbouring ranks exchanged: `move` is "3-up" or "3-down"."""
        data = data.copy()
        rank, _sign, direction = data.get("move", "").partition("-")
        if rank.isdecimal() and direction in ("up", "down"):
            one, other = f"rank_{rank}", f"rank_{int(rank) + (1 if direction == 'down' else -1)}"
            if one in data and other in data:
                data[one], data[other] = data[other], data[one]
        return data


class DocumentForm(forms.Form):
    kind = forms.ChoiceField(label=_("which paper"), choices=DocumentKind.choices)
    file = forms.FileField(label=_("file"), help_text=_("PDF or a photograph."), required=False)


class ReasonForm(forms.Form):
    """A reason that somebody else will read."""

    reason = forms.CharField(label=_("reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_reason(self) -> str:
        return clean(self.cleaned_data["reason"])


class ClaimForm(forms.Form):
    """The paper from which the office confirms a right to a quota."""

    paper = forms.CharField(label=_("paper"), max_length=200, help_text=_("Such as: certificate of school 60, No. 12."))


class CheckForm(forms.Form):
    """What the office corrects from the papers."""

    average_mark_hundredths = MarkField(label=_("average mark"))
    achievement_points = forms.IntegerField(label=_("points for achievements"), min_value=0, max_value=50)


class CorrectionForm(CheckForm):
    """What the office corrects after the results are published."""

    reason = forms.CharField(label=_("reason"), max_length=300, required=False)


class ConsentForm(forms.Form):
    """The consents that go with an application, each ticked for itself."""

    processing = forms.BooleanField()
    employer = forms.BooleanField()
    target_contract = forms.BooleanField()

    def __init__(self, *args: Any, texts: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in list(self.fields):
            if name not in texts:
                del self.fields[name]
        for name, text in texts.items():
            self.fields[name].label = _("I consent: %(purpose)s") % {"purpose": text.get_purpose_display()}


class PaperForm(forms.Form):
    """What has been signed on paper: recorded by the office for who has signed."""

    signed_by = forms.ModelChoiceField(Person.objects.none(), label=_("who has signed"), empty_label=None)
    scan = forms.FileField(
        label=_("scan of what was signed"), required=False, help_text=_("PDF or a photograph; all papers in one file.")
    )
    original = forms.CharField(
        label=_("where the originals lie"),
        required=False,
        max_length=200,
        help_text=_("Needed without a scan: for example, personal file 12 in the admissions office."),
    )

    def __init__(self, *args: Any, givers: list[Person], with_scan: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signed_by"].queryset = Person.objects.filter(pk__in=[giver.pk for giver in givers])
        self.fields["signed_by"].initial = next(iter(givers), None)
        if not with_scan:
            del self.fields["scan"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not cleaned.get("scan") and not cleaned.get("original"):
            raise forms.ValidationError(_("Attach a scan, or say where the originals lie."))
        return cleaned


class ReceiptForm(forms.Form):
    number = forms.CharField(
        label=_("number of the receipt"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    hash = forms.CharField(
        label=_("hash of the wishes"), max_length=200, widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"})
    )
