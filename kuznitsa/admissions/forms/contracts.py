"""Forms of contracts and their payments."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from kuznitsa.admissions.enums import ContractState, SuspensionReason, TerminationReason
from kuznitsa.admissions.models import ContractParty, SupportMeasure, TargetContract, TargetOffer
from kuznitsa.base.uploads import validate_upload
from kuznitsa.organisations.models import Organisation, Signatory
from kuznitsa.people.models import Person
from kuznitsa.programmes.models import Enrolment
from kuznitsa.ui.forms import ModelChoicesField, RoublesField


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("reason"), max_length=300)


class CancelContractForm(ReasonForm):
    give_seat_back = forms.BooleanField(
        label=_("the seat goes back, and the next on the list is called"),
        required=False,
        initial=True,
        help_text=_("Untick it to draw the contract up anew for the same student."),
    )


class DrawUpForm(forms.Form):
    """Terms that are chosen when contracts are drawn up: who takes part beside the plant and the student."""

    with_college = forms.BooleanField(label=_("the college is a party"), required=False, initial=True)
    employing = forms.ModelChoiceField(
        label=_("another organisation employs the graduate"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("no, the enterprise itself"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employing"].queryset = Organisation.objects.employers().order_by("short_name")


class DrawUpForStudentForm(DrawUpForm):
    """A contract with somebody who studies already, without a seat from a campaign."""

    person = forms.ModelChoiceField(label=_("student"), queryset=Person.objects.none())

    field_order = ("person", "with_college", "employing")

    def __init__(self, *args: Any, offer: TargetOffer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        studying = Enrolment.objects.studying().filter(intake=offer.intake)
        bound = TargetContract.objects.live()
        persons = Person.objects.filter(pk__in=studying.values("person")).exclude(pk__in=bound.values("person"))
        self.fields["person"].queryset = persons.by_name()


class ScanForm(forms.Form):
    """`parties` are the sides that have not signed yet."""

    party = forms.ModelChoiceField(label=_("who has signed the paper"), queryset=ContractParty.objects.none())
    signatory = forms.ModelChoiceField(
        label=_("signed for the organisation by"),
        queryset=Signatory.objects.none(),
        required=False,
        help_text=_("Not needed for the student and the guardian."),
    )
    signed_on = forms.DateField(label=_("signed on"), initial=timezone.localdate, help_text=_("The day on the paper."))
    scan = forms.FileField(label=_("scan"), help_text=_("PDF or a picture."))

    def __init__(self, *args: Any, contract: TargetContract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parties = contract.parties.unsigned().select_related("organisation", "person").order_by("pk")
        self.fields["party"].queryset = parties
        self.fields["party"].label_from_instance = lambda party: f"{capfirst(party.get_role_display())}: {party}"
        organisations = contract.parties.exclude(organisation=None).values("organisation")
        # Whose authority has ended may have signed before: the action looks at the day.
        signatories = Signatory.objects.filter(organisation__in=organisations)
        self.fields["signatory"].queryset = signatories.order_by("organisation", "full_name")

    def clean_scan(self) -> Any:
        scan = self.cleaned_data["scan"]
        validate_upload(scan, kinds=("pdf", "image"))
        return scan


class SuspendForm(forms.Form):
    reason = forms.ChoiceField(label=_("reason"), choices=SuspensionReason.choices)
    starts_on = forms.DateField(label=_("since"), help_text=_("The day on which the enterprise was told."))
    document = forms.CharField(label=_("paper"), max_length=200, required=False)


class TickForm(forms.Form):
    """Nothing but ticks, which the page draws itself."""


class DayForm(forms.Form):
    on = forms.DateField(label=_("on which day"))


class TerminateForm(forms.Form):
    on = forms.DateField(label=_("ended on"))
    reason = forms.ChoiceField(label=_("reason"), choices=TerminationReason.choices)
    note = forms.CharField(label=_("note"), max_length=300, required=False)


class PaymentForm(forms.Form):
    """One payment of one contract."""

    measure = forms.ModelChoiceField(label=_("what for"), queryset=SupportMeasure.objects.none())
    paid_on = forms.DateField(label=_("paid on"))
    amount_kopecks = RoublesField(label=_("amount, roubles"), least_kopecks=1)
    document = forms.CharField(label=_("paper"), max_length=200, help_text=_("Payment order or pay sheet, its number."))

    def __init__(self, *args: Any, offer: TargetOffer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measure"].queryset = offer.support.order_by("order", "pk")


class PayMonthForm(forms.Form):
    """One measure paid to many contracts; `contracts` are ticked in the preview."""

    paid_on = forms.DateField(label=_("paid on"))
    document = forms.CharField(label=_("paper"), max_length=200, help_text=_("Payment order or pay sheet, its number."))
    contracts = ModelChoicesField(
        label=_("contracts"),
        queryset=TargetContract.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one student.")},
    )

    def __init__(self, *args: Any, offer: TargetOffer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contracts"].queryset = TargetContract.objects.filter(offer=offer, state=ContractState.ACTIVE)
