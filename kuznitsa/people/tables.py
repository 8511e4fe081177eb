"""The list of persons."""

import django_filters
from django.utils.translation import gettext_lazy as _

from kuznitsa.people.enums import AffiliationKind
from kuznitsa.people.models import Affiliation, Guardianship, Person
from kuznitsa.ui.columns import DateColumn, MainColumn
from kuznitsa.ui.listings import FilterSet, Table


class PersonTable(Table):
    full_name = MainColumn(verbose_name=_("name"), order_by="search")
    born_on = DateColumn(verbose_name=_("date of birth"))

    empty_icon = "users"
    empty_title = _("No persons yet")
    empty_hint = _("Applicants appear here by themselves; a school adds its pupils.")

    class Meta:
        model = Person
        fields = ("full_name", "born_on", "school", "phone", "email")
        order_by = "full_name"


class PersonFilter(FilterSet):
    kind = django_filters.ChoiceFilter(label=_("who"), choices=AffiliationKind.choices, method="filter_kind")
    guardian = django_filters.ChoiceFilter(
        label=_("guardian"), choices=[("awaiting", _("waits for confirmation"))], method="filter_guardian"
    )

    class Meta:
        model = Person
        fields = ("kind", "guardian")

    def filter_kind(self, queryset, name, value):
        return queryset.filter(pk__in=Affiliation.objects.current().filter(kind=value).values("person"))

    def filter_guardian(self, queryset, name, value):
        return queryset.filter(pk__in=Guardianship.objects.awaiting().values("child"))
