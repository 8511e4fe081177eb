"""Forms of agreements: the text with rows of parties and obligations, signatures on paper, acts, reasons."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kuznitsa.agreements.actions import Promise
from kuznitsa.agreements.enums import ObligationKind
from kuznitsa.agreements.models import Act, Agreement, Party
from kuznitsa.agreements.queries import organisations_to_choose
from kuznitsa.agreements.queries.verification import cleaned
from kuznitsa.base.uploads import validate_upload
from kuznitsa.classifiers.models import Occupation
from kuznitsa.classifiers.queries import occupations_on
from kuznitsa.clusters.models import Cluster
from kuznitsa.facts.models import Thread
from kuznitsa.organisations.models import Organisation, Signatory

MORE = "more"
FEWEST_PARTIES = 2
MOST_ROWS = 100
BLANK_CHOICE = ("", "---------")


def validate_paper(file: Any) -> None:
    validate_upload(file, ("pdf", "image"))


class AgreementForm(forms.ModelForm):
    class Meta:
        model = Agreement
        fields = ("number", "title", "kind", "cluster", "starts_on", "ends_on", "subject")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clusters = Cluster.objects.all() if user.is_staff else Cluster.objects.of(user)
        self.fields["cluster"].queryset = clusters.order_by("name")
        self.fields["ends_on"].help_text = _("Leave empty if it has no end.")


class PartyForm(forms.Form):
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("organisation"))


class ObligationForm(forms.Form):
    owner = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("who owes"))
    beneficiary = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("to whom"))
    kind = forms.ChoiceField(choices=[BLANK_CHOICE, *ObligationKind.choices], label=gettext_lazy("what"))
    quantity = forms.IntegerField(
        label=gettext_lazy("how much"),
        min_value=1,
        max_value=10**12,
        help_text=gettext_lazy("Money in roubles, the rest in pieces."),
    )
    due_on = forms.DateField(label=gettext_lazy("by when"))
    text = forms.CharField(label=gettext_lazy("in the words of the agreement"), max_length=500, required=False)
    occupation = forms.ModelChoiceField(
        Occupation.objects.none(),
        label=gettext_lazy("occupation"),
        required=False,
        help_text=gettext_lazy("If named, only what happens for this occupation is counted."),
    )
    thread = forms.ModelChoiceField(
        Thread.objects.none(),
        label=gettext_lazy("need it answers"),
        required=False,
        help_text=gettext_lazy("If named, only what happens for this need is counted."),
    )

    @property
    def promise(self) -> Promise:
        values = dict(self.cleaned_data)
        values.pop(forms.formsets.DELETION_FIELD_NAME, None)
        return Promise(**values | {"kind": ObligationKind(values["kind"])})


class RowFormSet(forms.BaseFormSet):
    """Rows that may be left empty or ticked for removal; what is saved replaces what there was."""

    def __init__(self, *args: Any, choices: Mapping[str, QuerySet[Any]], **kwargs: Any) -> None:
        self.choices = choices
        super().__init__(*args, **kwargs)

    def initial_form_count(self) -> int:
        return 0

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)
        for name, field in form.fields.items():
            if name in self.choices:
                field.queryset = self.choices[name]
        return form

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields[forms.formsets.DELETION_FIELD_NAME].label = _("remove this row")

    @property
    def filled(self) -> list[Any]:
        """The valid forms that somebody has filled in and not removed."""
        return [form for form in self.forms if form.has_changed() and form not in self.deleted_forms]


def _row_formset(form: type[forms.Form], extra: int) -> type[RowFormSet]:
    return forms.formset_factory(
        form, formset=RowFormSet, extra=extra, can_delete=True, max_num=MOST_ROWS, absolute_max=MOST_ROWS
    )


class TextForms:
    """The three parts of the page that draws up or edits an agreement, and their common life.

    Without JavaScript: a button named `more` asks for another row, and everything typed so far comes back.
    """

    parties: RowFormSet
    obligations: RowFormSet

    def __init__(self, *, user: Any, data: Any = None, agreement: Agreement | None = None) -> None:
        self.wants_more = data.get(MORE, "") if data is not None else ""
        typed = data if data is not None and not self.wants_more else None
        choices = _choices(user, agreement)
        initial = _typed_fields(data) if self.wants_more else _fields_of(agreement)
        self.main = AgreementForm(typed, user=user, initial=initial)
        rows = {"parties": [], "obligations": []} if typed is not None else self._rows(data, agreement)
        for name, form, fewest in (("parties", PartyForm, FEWEST_PARTIES), ("obligations", ObligationForm, 1)):
            number = max(len(rows[name]), fewest) + (self.wants_more == name)
            # Initial values only where nothing was sent: a row equal to them would count as left alone.
            formset = _row_formset(form, number)(typed, prefix=name, choices=choices, initial=rows[name])
            setattr(self, name, formset)

    def _rows(self, data: Any, agreement: Agreement | None) -> dict[str, list[dict[str, Any]]]:
        if self.wants_more:
            return {
                "parties": _typed_rows(data, "parties", PartyForm),
                "obligations": _typed_rows(data, "obligations", ObligationForm),
            }
        return {"parties": _parties_of(agreement), "obligations": _owed_in(agreement)}

    def is_valid(self) -> bool:
        return all([self.main.is_valid(), self.parties.is_valid(), self.obligations.is_valid()])

    @property
    def terms(self) -> dict[str, Any]:
        """What the actions `draw_up` and `edit` are given."""
        return {
            **self.main.cleaned_data,
            "parties": [form.cleaned_data["organisation"] for form in self.parties.filled],
            "promises": [form.promise for form in self.obligations.filled],
        }


def _choices(user: Any, agreement: Agreement | None) -> dict[str, QuerySet[Any]]:
    organisations = organisations_to_choose(user, agreement)
    needs = Thread.objects.tops().filter(employer__in=organisations.order_by().values("pk"))
    return {
        "organisation": organisations,
        "owner": organisations,
        "beneficiary": organisations,
        "occupation": occupations_on(timezone.localdate()),
        "thread": needs.order_by("-year", "title"),
    }


def _fields_of(agreement: Agreement | None) -> dict[str, Any]:
    if agreement is None:
        return {"starts_on": timezone.localdate()}
    return forms.model_to_dict(agreement, AgreementForm.Meta.fields)


def _parties_of(agreement: Agreement | None) -> list[dict[str, Any]]:
    parties = agreement.parties.order_by("order", "pk") if agreement else []
    return [{"organisation": party.organisation_id} for party in parties]


def _owed_in(agreement: Agreement | None) -> list[dict[str, Any]]:
    owed = agreement.obligations.order_by("order", "pk") if agreement else []
    return [forms.model_to_dict(obligation, list(ObligationForm.base_fields)) for obligation in owed]


def _typed_fields(data: Any) -> dict[str, Any]:
    return {name: data.get(name, "") for name in AgreementForm.Meta.fields}


def _typed_rows(data: Any, prefix: str, form: type[forms.Form]) -> list[dict[str, Any]]:
    """Return what was typed into the rows of `prefix`, without those to be removed."""
    total = data.get(f"{prefix}-TOTAL_FORMS", "")
    numbers = range(min(int(total), MOST_ROWS)) if total.isdecimal() and len(total) < 9 else []
    return [
        {name: data.get(f"{prefix}-{number}-{name}", "") for name in form.base_fields}
        for number in numbers
        if not data.get(f"{prefix}-{number}-DELETE")
    ]


class ScanForm(forms.Form):
    """A paper that a signatory of the party has signed elsewhere."""

    signatory = forms.ModelChoiceField(Signatory.objects.none(), label=gettext_lazy("who has signed"))
    signed_on = forms.DateField(label=gettext_lazy("on which day"), initial=timezone.localdate)
    scan = forms.FileField(
        label=gettext_lazy("scan of the signed paper"),
        validators=[validate_paper],
        help_text=gettext_lazy("PDF or picture."),
    )

    def __init__(self, *args: Any, party: Party, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signatory"].queryset = party.organisation.signatories.confirmed().order_by("full_name")


class ActForm(forms.ModelForm):
    scan = forms.FileField(
        label=gettext_lazy("paper"),
        required=False,
        validators=[validate_paper],
        help_text=gettext_lazy("A signed act, a list, a photograph: PDF or picture."),
    )

    class Meta:
        model = Act
        fields = ("on", "quantity", "description", "scan")
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ProlongForm(forms.Form):
    ends_on = forms.DateField(label=gettext_lazy("new last day"))
    reason = forms.CharField(
        label=gettext_lazy("by which paper"),
        max_length=300,
        help_text=gettext_lazy("Number and day of the additional agreement."),
    )


class VerifyForm(forms.Form):
    """The hash of a paper, or anything copied from its foot that contains it."""

    hash = forms.CharField(
        label=gettext_lazy("hash of the paper (SHA-256)"),
        max_length=400,
        help_text=gettext_lazy("64 digits and letters at the foot of the paper, or its whole address."),
    )

    def clean_hash(self) -> str:
        digest = cleaned(self.cleaned_data["hash"])
        if not digest:
            raise forms.ValidationError(_("This is no hash: it has 64 digits and letters from a to f."))
        return digest
