"""Details of a person, a guardian, a consent."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kuznitsa.organisations.enums import OrganisationKind
from kuznitsa.organisations.models import Organisation
from kuznitsa.people.actions import DETAILS, IDENTITY
from kuznitsa.people.enums import GuardianKind
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
        """The details of the person, with the kind and the document of the guardianship."""
        return {name: self.cleaned_data[name] for name in (*self._meta.fields, "kind", "document")}


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
    """A consent that somebody has signed on paper."""

    given_by = forms.ModelChoiceField(Person.objects.none(), label=_("who has signed"), empty_label=None)
    scan = forms.FileField(label=_("scan of the paper"), required=False, help_text=_("PDF or a photograph."))
    original = forms.CharField(
        label=_("where the original lies"),
        required=False,
        max_length=200,
        help_text=_("Needed without a scan: for example, personal file 12 in the admissions office."),
    )

    def __init__(self, *args: Any, givers: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["given_by"].queryset = Person.objects.filter(pk__in=[giver.pk for giver in givers])
        self.fields["given_by"].initial = next(iter(givers), None)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("reason"), required=False, max_length=300, help_text=_("If you like; nobody may ask for one.")
    )
