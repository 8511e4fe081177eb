"""Details of a person, a guardian, a consent."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kuznitsa.base.uploads import validate_upload
from kuznitsa.organisations.enums import OrganisationKind
from kuznitsa.organisations.models import Organisation
from kuznitsa.people.actions import DETAILS, IDENTITY
from kuznitsa.people.enums import ConsentChannel, GuardianKind
from kuznitsa.people.models import Person


class PersonForm(forms.ModelForm):
    class Meta:
        model = Person
        fields = DETAILS
        widgets = {"born_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, why_not_identify: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in IDENTITY:
            if why_not_identify and getattr(self.instance, name):
                self.fields[name].disabled, self.fields[name].help_text = True, why_not_identify
        self.fields["school"].queryset = Organisation.objects.filter(kind=OrganisationKind.SCHOOL).order_by(
            "short_name"
        )


class GuardianForm(forms.ModelForm):
    """A new person who answers for the child."""

    kind = forms.ChoiceField(label=_("kind"), choices=GuardianKind.choices, initial=GuardianKind.PARENT)
    document = forms.CharField(
        label=_("document"), required=False, help_text=_("Birth certificate, or the decision on guardianship.")
    )

    class Meta:
        model = Person
        fields = ("family_name", "given_name", "patronymic", "born_on", "email", "phone")
        widgets = {"born_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, by_office: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if by_office:
            self.fields["document"].label = _("document that you have seen")
            self.fields["document"].help_text = _(
                "Birth certificate or the decision on guardianship, with its number. Left empty, the guardian waits "
                "for confirmation and cannot decide yet."
            )

    @property
    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class ConfirmGuardianForm(forms.Form):
    """What the office has seen, and the address that the guardian has named there."""

    document = forms.CharField(
        label=_("document that you have seen"),
        max_length=200,
        help_text=_("Birth certificate or the decision on guardianship, with its number."),
    )
    email = forms.EmailField(
        label=_("e-mail"),
        required=False,
        help_text=_("As the guardian tells you, not the child. Empty: the guardian has none."),
    )


class PaperConsentForm(forms.Form):
    """A consent given on paper, with its scan; empty for one given in the product."""

    channel = forms.ChoiceField(choices=ConsentChannel.choices, initial=ConsentChannel.ONLINE, required=False)
    scan = forms.FileField(label=_("scan of the paper"), required=False)

    def clean_scan(self) -> Any:
        scan = self.cleaned_data["scan"]
        if scan:
            validate_upload(scan, kinds=("pdf", "image"))
        return scan


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("reason"), required=False, max_length=300)
