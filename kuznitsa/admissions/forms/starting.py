"""Forms of beginning: a newcomer's address, and for whom an application is."""

from typing import Any

from allauth.core import ratelimit
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kuznitsa.admissions.forms.applications import ApplicantForm, WardForm
from kuznitsa.admissions.models import Campaign
from kuznitsa.admissions.queries import starting
from kuznitsa.organisations.models import Organisation
from kuznitsa.people.enums import GuardianKind
from kuznitsa.people.models import NAMES, Person

EMAIL = forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "autocapitalize": "none"})


class JoinForm(forms.Form):
    """The address of a newcomer; requests are counted with those for links to sign in, by address and by sender."""

    email = forms.EmailField(label=gettext_lazy("e-mail"), widget=EMAIL)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        email = given.get("email", "").lower()
        if email and not ratelimit.consume(self.request, action="request_login_code", key=email):
            raise ValidationError(_("Too many attempts. Wait a few minutes and try again."), code="too_many")
        return given


class LateForm(forms.Form):
    """Why an application comes after the last day; the office says it."""

    late_reason = forms.CharField(label=gettext_lazy("why it comes late"), max_length=300)


class ChildForm(ApplicantForm):
    """A child, and who the user is to them; the user's own name when it is not on record yet."""

    CHILD = {
        "family_name": gettext_lazy("family name of the child"),
        "given_name": gettext_lazy("given name of the child"),
        "patronymic": gettext_lazy("patronymic of the child"),
        "born_on": gettext_lazy("date of birth of the child"),
        "email": gettext_lazy("e-mail of the child"),
        "phone": gettext_lazy("phone of the child"),
    }
    kind = forms.ChoiceField(label=gettext_lazy("you are the child's"), choices=GuardianKind.choices)
    document = forms.CharField(
        label=gettext_lazy("document"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Birth certificate or decision on guardianship, with its number, if it is at hand."),
    )
    own_family_name = forms.CharField(label=gettext_lazy("your family name"), max_length=100)
    own_given_name = forms.CharField(label=gettext_lazy("your given name"), max_length=100)
    own_patronymic = forms.CharField(label=gettext_lazy("your patronymic"), max_length=100, required=False)

    def __init__(self, *args: Any, asks_parent: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in self.CHILD.items():
            self.fields[name].label = label
        self.fields["email"].help_text = _("The child's own; with it the child can sign in, too.")
        if not asks_parent:
            for name in NAMES:
                del self.fields[f"own_{name}"]

    @property
    def details(self) -> dict[str, Any]:
        """What `people.register_child` takes."""
        child = {name: self.cleaned_data[name] for name in (*self.CHILD, "kind", "document")}
        return {**child, "parent": {name: self.cleaned_data.get(f"own_{name}", "") for name in NAMES}}


class PupilForm(forms.Form):
    """A pupil who is on record already."""

    person = forms.ModelChoiceField(Person.objects.none(), label=gettext_lazy("pupil"), empty_label=None)

    def __init__(self, *args: Any, pupils: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = pupils


class NewPupilForm(ApplicantForm):
    """A pupil who is not on record yet."""

    school = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("school"), empty_label=None)

    def __init__(self, *args: Any, schools: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].queryset = schools


def form_for(whom: str, data: Any, user: Any, campaign: Campaign) -> forms.Form | forms.ModelForm:
    """Return the form by which `user` says for whom they begin an application; `whom` as in `queries.starting`."""
    if whom == starting.KNOWN:
        return WardForm(data, persons=Person.objects.family(user))
    if whom == starting.CHILD:
        return ChildForm(data, asks_parent=not Person.objects.filter(user=user).exists())
    if whom == starting.PUPIL:
        return PupilForm(data, pupils=starting.pupils_of(user, campaign))
    if whom == starting.NEW_PUPIL:
        return NewPupilForm(data, schools=starting.schools_of(user))
    return ApplicantForm(data)
