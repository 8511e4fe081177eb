"""Signing in, a mailed link, the profile, a new password."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kuznitsa.accounts.models import User
from kuznitsa.base.text import clean

EMAIL = forms.EmailInput(attrs={"autocomplete": "username", "inputmode": "email", "autocapitalize": "none"})


def too_many() -> ValidationError:
    return ValidationError(_("Too many attempts. Wait a few minutes and try again."), code="too_many")


class SignInForm(forms.Form):
    """Address and password; `user` is set when they fit. Wrong attempts are counted by address and by sender."""

    email = forms.EmailField(label=gettext_lazy("e-mail"), widget=EMAIL)
    password = forms.CharField(
        label=gettext_lazy("password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        try:
            self.user = get_adapter(self.request).authenticate(
                self.request, email=given["email"], password=given["password"]
            )
        except ValidationError as limited:
            raise too_many() from limited
        if self.user is None:
            raise ValidationError(
                _("The address and the password do not fit. Try again, or have a link sent to your address.")
            )
        return given


class LinkRequestForm(forms.Form):
    """The address to which a link goes; requests are counted by address and by sender."""

    email = forms.EmailField(label=gettext_lazy("e-mail"), widget=EMAIL)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        email = given.get("email", "").lower()
        if email and not ratelimit.consume(self.request, action="request_login_code", key=email):
            raise too_many()
        return given


class ProfileForm(forms.ModelForm):
    """How the user is called and in which language they are spoken to."""

    class Meta:
        model = User
        fields = ("full_name", "language")
        widgets = {
            "full_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "language": forms.RadioSelect(choices=settings.LANGUAGES),
        }

    def clean_full_name(self) -> str:
        return clean(self.cleaned_data["full_name"])


class NewPasswordForm(forms.Form):
    """A new password twice; the current one first, unless the user has none or has just come by a link."""

    current = forms.CharField(
        label=gettext_lazy("current password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    password = forms.CharField(
        label=gettext_lazy("new password"),
        strip=False,
        help_text=gettext_lazy("10 characters or more. Several words in a row are easy to remember and hard to guess."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("new password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, ask_current: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        if not ask_current:
            del self.fields["current"]

    def clean_current(self) -> str:
        current = self.cleaned_data["current"]
        if not ratelimit.consume(self.request, action="reauthenticate"):
            raise too_many()
        if not self.request.user.check_password(current):
            raise ValidationError(_("This is not your current password."))
        return current

    def clean_password(self) -> str:
        password_validation.validate_password(self.cleaned_data["password"], self.request.user)
        return self.cleaned_data["password"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "password" in given and "again" in given and given["password"] != given["again"]:
            self.add_error("again", _("The two passwords differ."))
        return given
