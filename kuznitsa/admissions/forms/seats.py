"""Seats that a named person gives."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from kuznitsa.admissions.actions.rounds import Order
from kuznitsa.admissions.enums import ApplicationState
from kuznitsa.admissions.models import Application, Seat, TargetOffer


class ExtraSeatForm(forms.Form):
    """For whom one more seat of an offer is opened, why, and by which order.

    It is for those who named the offer, are checked and hold no seat.
    """

    application = forms.ModelChoiceField(Application.objects.none(), label=gettext_lazy("for whom"))
    reason = forms.CharField(label=gettext_lazy("why; everybody can read it"), max_length=200)
    order_number = forms.CharField(label=gettext_lazy("number of the order"), max_length=60)
    ordered_on = forms.DateField(label=gettext_lazy("date of the order"), initial=timezone.localdate)

    def __init__(self, *args: Any, offer: TargetOffer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Application.objects.filter(choices__offer=offer, state=ApplicationState.CHECKED)
        without = rows.exclude(pk__in=Seat.objects.held().values("application"))
        self.fields["application"].queryset = without.select_related("person").order_by("person__search")

    def decision(self) -> dict[str, Any]:
        """Return what the form says, as the action takes it."""
        said = self.cleaned_data
        order = Order(said["order_number"], said["ordered_on"])
        return {"application": said["application"], "reason": said["reason"], "order": order}
