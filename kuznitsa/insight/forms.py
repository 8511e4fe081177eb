"""What to look at, and what to try out."""

from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kuznitsa.classifiers.models import Occupation, Region
from kuznitsa.clusters.models import Cluster
from kuznitsa.insight.queries import Scope
from kuznitsa.organisations.models import SHORT_NAMES, Organisation

# A longer list is no choice: first the region or the cluster, then its enterprises.
LONGEST_LIST = 120
# How far ahead somebody may plan seats.
YEARS_AHEAD = 8
SEPTEMBER = 9


class ScopeForm(forms.Form):
    """The filters of the thread and of the balance; offers what threads exist for. Read by `Scope.from_query`."""

    cluster = forms.ChoiceField(label=_("cluster"), required=False)
    employer = forms.ChoiceField(label=_("enterprise"), required=False)
    college = forms.ChoiceField(label=_("college"), required=False)
    occupation = forms.ChoiceField(label=_("occupation"), required=False)
    region = forms.ChoiceField(label=_("region"), required=False)
    year = forms.ChoiceField(label=_("year"), required=False)

    def __init__(self, scope: Scope, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial=scope.query, **kwargs)
        threads = scope.threads.order_by()
        clusters = Cluster.objects.filter(pk__in=threads.values("cluster")).only("slug", "name", "name_en")
        organisations = Organisation.objects.only("slug", *SHORT_NAMES)
        self._offer(scope, "cluster", clusters, "slug", "search")
        for side in ("employer", "college"):
            self._offer(scope, side, organisations.filter(pk__in=threads.values(side)), "slug", "search")
        self._offer(scope, "occupation", Occupation.objects.filter(pk__in=threads.values("occupation")), "code", "code")
        regions = Cluster.objects.filter(pk__in=threads.values("cluster")).values("region")
        self._offer(scope, "region", Region.objects.filter(pk__in=regions), "code", "search")
        years = threads.values_list("year", flat=True).distinct().order_by("year")
        self.fields["year"].choices = [("", _("all years")), *((year, str(year)) for year in years)]

    def _offer(self, scope: Scope, name: str, rows: Any, key: str, order: str) -> None:
        """Offer what there is in the scope; a list too long to choose from waits until the scope is narrower."""
        chosen = getattr(scope, name)
        found = [chosen] if chosen else list(rows.order_by(order)[: LONGEST_LIST + 1])
        if len(found) > LONGEST_LIST:
            del self.fields[name]
        else:
            self.fields[name].choices = [("", _("all")), *((getattr(row, key), str(row)) for row in found)]


class WhatIfForm(forms.Form):
    """More seats for one occupation, from September of a year."""

    occupation = forms.ModelChoiceField(label=_("occupation"), queryset=Occupation.objects.none(), to_field_name="code")
    seats = forms.IntegerField(label=_("more seats"), min_value=1, max_value=10_000, initial=25)
    start = forms.TypedChoiceField(label=_("studies begin"), coerce=int)

    def __init__(self, scope: Scope, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="what_if_%s", initial={"occupation": scope.query.get("occupation")}, **kwargs)
        threads = replace(scope, occupation=None).threads
        self.fields["occupation"].queryset = Occupation.objects.filter(pk__in=threads.values("occupation")).order_by(
            "code"
        )
        first = today.year if today.month < SEPTEMBER else today.year + 1
        years = range(first, first + YEARS_AHEAD)
        self.fields["start"].choices = [(year, _("September %(year)d") % {"year": year}) for year in years]
