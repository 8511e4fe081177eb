"""The form of an import."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("spreadsheet"), help_text=_("XLSX, XLS, ODS or CSV, in the columns of the template.")
    )
