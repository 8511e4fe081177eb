"""Forms of practice places and placements."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kuznitsa.accounts.models import User
from kuznitsa.clusters.queries import partners_of
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.models import Membership, Organisation
from kuznitsa.organisations.queries import standing
from kuznitsa.placements.enums import AtFault
from kuznitsa.placements.models import Placement, PracticePlace
from kuznitsa.placements.permissions import COLLEGE_OFFICE, HOST
from kuznitsa.programmes.enums import IntakeState
from kuznitsa.programmes.models import Intake


def mentors_of(organisations: Any) -> Any:
    memberships = Membership.objects.current().filter(organisation__in=organisations, role=Role.MENTOR)
    return User.objects.filter(pk__in=memberships.values("user")).order_by("full_name")


class PlaceForm(forms.ModelForm):
    """A plant opens places for the groups of its clusters, a college at their plants for its own groups."""

    class Meta:
        model = PracticePlace
        fields = (
            "host",
            "intake",
            "title",
            "site",
            "seats",
            "starts_on",
            "ends_on",
            "hours_a_day",
            "is_harmful",
            "mentor",
        )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = standing(user)
        partners = partners_of(user)
        hosts = Organisation.objects.employers().filter(pk__in=partners).order_by("short_name")
        groups = Intake.objects.filter(
            state__in=[IntakeState.PLANNED, IntakeState.STUDYING], programme__college__in=partners
        )
        colleges = Organisation.objects.colleges().filter(pk__in=held.organisations(*COLLEGE_OFFICE))
        plants = hosts.filter(pk__in=held.organisations(*HOST))
        if not colleges:
            hosts = plants
        elif not plants:
            groups = groups.filter(programme__college__in=colleges)
        self.fields["host"].queryset = hosts
        self.fields["intake"].queryset = groups.select_related("programme__occupation", "programme__college").order_by(
            "-starts_on", "pk"
        )
        self.fields["intake"].help_text = _("Groups of the colleges that take part in a cluster with you.")
        self.fields["site"].queryset = self.fields["site"].queryset.filter(organisation__in=hosts).order_by("name")
        self.fields["mentor"].queryset = mentors_of(hosts)
        self.fields["mentor"].help_text = _("Members of the enterprise with the role of mentor.")


class ChangePlaceForm(forms.ModelForm):
    """What may change once places are open: neither the plant nor the group."""

    class Meta:
        model = PracticePlace
        fields = ("title", "site", "seats", "starts_on", "ends_on", "hours_a_day", "is_harmful", "mentor")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = self.instance.host.sites.order_by("name")
        self.fields["mentor"].queryset = mentors_of([self.instance.host_id])


class TickForm(forms.Form):
    """Nothing but ticks, which the page draws itself."""


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("reason"), max_length=300)


class PrepareForm(forms.ModelForm):
    class Meta:
        model = Placement
        fields = ("briefed_on", "medical_until")


class StopForm(forms.Form):
    """Whose fault it was that practice did not begin, or that it stopped."""

    at_fault = forms.ChoiceField(label=_("whose fault"), choices=AtFault.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("what happened"), max_length=300, required=False)


class CompleteForm(forms.Form):
    hours = forms.IntegerField(label=_("hours worked"), min_value=1, max_value=2000)
    mark = forms.TypedChoiceField(
        label=_("mark for the practice"),
        coerce=int,
        choices=[(5, "5"), (4, "4"), (3, "3"), (2, "2")],
        widget=forms.RadioSelect,
    )
    characteristic = forms.CharField(
        label=_("a few words about the student"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
