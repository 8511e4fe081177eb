"""Details of an organisation, a site, a signatory, an invitation."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from kuznitsa.accounts.models import User
from kuznitsa.base.identifiers import digits, validate_ogrn, validate_organisation_inn
from kuznitsa.base.text import clean
from kuznitsa.base.uploads import validate_upload
from kuznitsa.classifiers.queries import regions_by_name
from kuznitsa.organisations.enums import ROLE_CARDS, OrganisationKind
from kuznitsa.organisations.models import Invitation, Organisation, Signatory, Site
from kuznitsa.organisations.permissions import OVERSEERS, why_not_move
from kuznitsa.organisations.queries import holders


class OrganisationForm(forms.ModelForm):
    """What everybody reads about an organisation; kind and an authority's region only for those who may set them."""

    class Meta:
        model = Organisation
        fields = (
            "kind",
            "name",
            "short_name",
            "name_en",
            "short_name_en",
            "tax_number",
            "registration_number",
            "region",
            "town",
            "address",
            "phone",
            "email",
            "about",
        )
        widgets = {
            "tax_number": forms.TextInput(attrs={"inputmode": "numeric"}),
            "registration_number": forms.TextInput(attrs={"inputmode": "numeric"}),
            "phone": forms.TextInput(attrs={"type": "tel"}),
        }
        help_texts = {
            "tax_number": _("10 digits. The last one checks the others, so a slip is noticed."),
            "short_name": _("As people call it: it stands in lists and on cards."),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = regions_by_name()
        exists = self.instance.pk is not None
        if user.is_staff:
            return
        if exists:
            del self.fields["kind"]
            if why_not_move(user, self.instance):
                del self.fields["region"]
        else:
            self.fields["kind"].choices = [choice for choice in OrganisationKind.choices if choice[0] not in OVERSEERS]

    def clean_name(self) -> str:
        return clean(self.cleaned_data["name"])

    def clean_short_name(self) -> str:
        return clean(self.cleaned_data["short_name"])

    def clean_tax_number(self) -> str | None:
        number = digits(self.cleaned_data["tax_number"] or "")
        if number:
            validate_organisation_inn(number)
        return number or None

    def clean_registration_number(self) -> str:
        number = digits(self.cleaned_data["registration_number"])
        if number:
            validate_ogrn(number)
        return number


class SiteForm(forms.ModelForm):
    class Meta:
        model = Site
        fields = ("name", "address")
        help_texts = {"name": _("A shop, a building, a campus: where people work, learn and practise.")}


class SignatoryForm(forms.ModelForm):
    """Who signs and by which paper; a scan already there stays unless another is sent."""

    scan = forms.FileField(
        label=_("scan of the paper"),
        widget=forms.FileInput,
        help_text=_(
            "PDF or picture: the power of attorney or the order; for a head who acts by the charter,"
            " the extract from the register or the order of appointment."
        ),
    )

    class Meta:
        model = Signatory
        fields = (
            "full_name",
            "post",
            "user",
            "authority_kind",
            "authority_number",
            "authority_from",
            "authority_until",
            "scan",
        )
        widgets = {"authority_from": forms.DateInput(), "authority_until": forms.DateInput()}
        help_texts = {"authority_until": _("Empty: until it is ended here.")}

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = holders([organisation.pk]).order_by("full_name")
        self.fields["user"].empty_label = _("signs on paper only")
        # A scan already there stays; an old paper without one can still be ended.
        self.fields["scan"].required = self.instance.pk is None

    def clean_scan(self) -> Any:
        scan = self.cleaned_data["scan"]
        if scan and "scan" in self.changed_data:
            validate_upload(scan, kinds=("pdf", "image"))
        return scan


class InvitationForm(forms.ModelForm):
    """Whom to invite and as what; the roles are those of the organisation's kind, with their descriptions."""

    role = forms.ChoiceField(label=_("role"), widget=forms.RadioSelect)

    class Meta:
        model = Invitation
        fields = ("email", "full_name", "role")

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [
            (role.value, f"{capfirst(role.label)}. {card.description}")
            for role, card in ROLE_CARDS.items()
            if organisation.kind in card.kinds
        ]


class AcceptForm(forms.Form):
    """What a newcomer says about themselves; a password is optional, a mailed link signs in as well."""

    full_name = forms.CharField(
        label=_("full name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)
    password = forms.CharField(
        label=_("password"),
        strip=False,
        required=False,
        help_text=_("10 characters or more. You may leave it empty: then you sign in by a link sent to your address."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_full_name(self) -> str:
        return clean(self.cleaned_data["full_name"])

    def clean_password(self) -> str | None:
        password = self.cleaned_data["password"]
        if password:
            newcomer = User(email=self.email, full_name=self.cleaned_data.get("full_name", ""))
            password_validation.validate_password(password, newcomer)
        return password or None


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("reason"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
