"""Forms of exams, hires and check points."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kuznitsa.organisations.models import Organisation, Site
from kuznitsa.outcomes.actions import ResultLine
from kuznitsa.outcomes.enums import LeavingReason
from kuznitsa.outcomes.models import Exam, Hire
from kuznitsa.outcomes.permissions import colleges_of, employers_of
from kuznitsa.outcomes.queries import ResultRow
from kuznitsa.people.models import Person
from kuznitsa.programmes.models import Intake


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("reason"), max_length=300)


class TickForm(forms.Form):
    """Nothing but ticks, which the page draws itself."""


class ExamForm(forms.ModelForm):
    """`user` limits the groups; the group of an existing exam does not change."""

    class Meta:
        model = Exam
        fields = ("intake", "on", "level", "kit", "place", "max_points")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["intake"]
            return
        groups = Intake.objects.filter(programme__college__in=colleges_of(user))
        self.fields["intake"].label = _("group")
        self.fields["intake"].queryset = groups.select_related("programme__occupation", "programme__college").order_by(
            "-ends_on", "pk"
        )


class ResultsForm(forms.Form):
    """The grid of results: points of each student, or a tick that they did not appear."""

    reason = forms.CharField(
        label=_("why results change"),
        max_length=300,
        required=False,
        help_text=_("Only when a mark that stood is corrected."),
    )

    def __init__(self, *args: Any, rows: Iterable[ResultRow], max_points: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            self.fields[f"points_{row.person.pk}"] = forms.CharField(
                label=str(row.person),
                max_length=8,
                required=False,
                initial=row.points,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )
            self.fields[f"absent_{row.person.pk}"] = forms.BooleanField(
                label=_("did not appear"), required=False, initial=not row.appeared
            )
        self.max_points = max_points

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["lines"] = [line for row in self.rows if (line := self._line(row.person, cleaned)) is not None]
        return cleaned

    def _line(self, person: Person, cleaned: dict[str, Any]) -> ResultLine | None:
        """Return what was entered for one student; None when the row was left empty."""
        name = f"points_{person.pk}"
        typed = cleaned.get(name, "").strip().replace(",", ".")
        if cleaned.get(f"absent_{person.pk}"):
            if typed:
                self.add_error(name, _("Either points or “did not appear”."))
            return ResultLine(person, None)
        if not typed:
            return None
        try:
            hundredths = Decimal(typed) * 100
            possible = hundredths == int(hundredths) and 0 <= hundredths <= self.max_points * 100
        except (ArithmeticError, ValueError):
            possible = False
        if not possible:
            self.add_error(name, _("Points are a number from 0 to %(max)d, like 57.25.") % {"max": self.max_points})
            return None
        return ResultLine(person, int(hundredths))

    @property
    def grid(self) -> list[tuple[ResultRow, Any, Any]]:
        return [(row, self[f"points_{row.person.pk}"], self[f"absent_{row.person.pk}"]) for row in self.rows]


class HireForm(forms.ModelForm):
    """A hire; with a target contract the person and the enterprise are known."""

    class Meta:
        model = Hire
        fields = ("person", "employer", "college", "position", "site", "hired_on", "order_number", "in_trade")

    def __init__(self, *args: Any, user: Any, by_contract: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        employers = Organisation.objects.filter(pk__in=employers_of(user)).order_by("short_name")
        self.fields["site"].queryset = Site.objects.filter(organisation__in=employers).order_by("name")
        if by_contract:
            for name in ("person", "employer", "college"):
                del self.fields[name]
            return
        self.fields["person"].queryset = Person.objects.visible_to(user).by_name()
        self.fields["employer"].queryset = employers
        self.fields["college"].queryset = Organisation.objects.colleges().order_by("short_name")


class CorrectHireForm(forms.ModelForm):
    class Meta:
        model = Hire
        fields = ("position", "site", "hired_on", "order_number", "in_trade")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = self.instance.employer.sites.order_by("name")


class LeavingForm(forms.Form):
    on = forms.DateField(label=_("left on"))
    reason = forms.ChoiceField(label=_("why they left"), choices=LeavingReason.choices)
