"""Forms of programmes, intakes, facilities and enrolments."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kuznitsa.base.uploads import validate_upload
from kuznitsa.classifiers.queries import occupations_on
from kuznitsa.clusters.models import Cluster
from kuznitsa.organisations.models import Organisation
from kuznitsa.people.models import Person
from kuznitsa.programmes.enums import EnrolmentBasis, LeavingReason
from kuznitsa.programmes.models import Enrolment, Facility, Intake, Programme
from kuznitsa.programmes.queries import colleges_managed_by
from kuznitsa.ui.forms import ModelChoicesField, RoublesField


def _clusters_of(colleges: Any) -> Any:
    return Cluster.objects.filter(
        participations__organisation__in=colleges.values("pk"), participations__ended_on=None
    ).distinct()


class ProgrammeForm(forms.ModelForm):
    """`user` limits the colleges; the college of an existing programme does not change."""

    class Meta:
        model = Programme
        fields = ("college", "occupation", "base", "months", "qualification", "cluster", "about")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleges = colleges_managed_by(user)
        self.fields["college"].queryset = colleges
        self.fields["cluster"].queryset = _clusters_of(colleges).order_by("name")
        occupations = occupations_on(timezone.localdate())
        self.fields["occupation"].queryset = occupations
        self.fields["occupation"].label_from_instance = lambda occupation: f"{occupation.code} {occupation}"
        if self.instance.pk:
            del self.fields["college"]
        else:
            self.fields["college"].initial = colleges.first()


class IntakeForm(forms.ModelForm):
    class Meta:
        model = Intake
        fields = ("starts_on", "ends_on", "places", "group_name")


class FacilityForm(forms.ModelForm):
    cost_kopecks = RoublesField(label=gettext_lazy("cost in roubles"), required=False)

    class Meta:
        model = Facility
        fields = (
            "organisation",
            "name",
            "kind",
            "sponsor",
            "cost_kopecks",
            "places",
            "due_on",
            "programmes",
            "cluster",
        )
        field_classes = {"programmes": ModelChoicesField}
        widgets = {"programmes": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleges = colleges_managed_by(user)
        self.fields["organisation"].queryset = colleges
        self.fields["sponsor"].queryset = Organisation.objects.employers().order_by("short_name")
        programmes = Programme.objects.filter(college__in=colleges).select_related("occupation", "college")
        self.fields["programmes"].queryset = programmes.order_by("occupation__code")
        if self.instance.pk:
            del self.fields["organisation"]
        else:
            self.fields["organisation"].initial = colleges.first()


class AcceptanceForm(forms.Form):
    accepted_on = forms.DateField(label=gettext_lazy("accepted on"), initial=timezone.localdate)
    act = forms.FileField(
        label=gettext_lazy("act of acceptance"),
        required=False,
        validators=[validate_upload],
        help_text=gettext_lazy("A scan or a photograph; PDF or picture."),
    )


class EnrolmentForm(forms.Form):
    """Enrol somebody whom the user may see and who is not in the intake yet."""

    person = forms.ModelChoiceField(Person.objects.none(), label=gettext_lazy("student"))
    basis = forms.ChoiceField(
        label=gettext_lazy("basis"), choices=EnrolmentBasis.choices, initial=EnrolmentBasis.BUDGET
    )
    enrolled_on = forms.DateField(label=gettext_lazy("enrolled on"), initial=timezone.localdate)
    order_number = forms.CharField(label=gettext_lazy("order"), max_length=60, required=False)

    def __init__(self, *args: Any, user: Any, intake: Intake, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Enrolment.objects.real().filter(intake=intake)
        persons = Person.objects.visible_to(user).exclude(pk__in=known.values("person"))
        self.fields["person"].queryset = persons.by_name()


class LeavingForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("left on"), initial=timezone.localdate)
    leaving_reason = forms.ChoiceField(label=gettext_lazy("why they left"), choices=LeavingReason.choices)
    note = forms.CharField(label=gettext_lazy("note"), max_length=300, required=False)


class DayForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("on"), initial=timezone.localdate)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].error_messages["required"] = _("Say why.")
