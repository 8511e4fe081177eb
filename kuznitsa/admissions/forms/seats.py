"""Seats that a named person gives."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from kuznitsa.admissions.enums import ApplicationState
from kuznitsa.admissions.models import Application, Seat, TargetOffer


class ExtraSeatForm(forms.Form):
    """For whom one more seat of an offer is opened, and why: those who named it, are checked and hold no seat."""

    application = forms.ModelChoiceField(Application.objects.none(), label=gettext_lazy("for whom"))
    reason = forms.CharField(label=gettext_lazy("why; everybody can read it"), max_length=200)

    def __init__(self, *args: Any, offer: TargetOffer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Application.objects.filter(choices__offer=offer, state=ApplicationState.CHECKED)
        without = rows.exclude(pk__in=Seat.objects.held().values("application"))
        self.fields["application"].queryset = without.select_related("person").order_by("person__search")
