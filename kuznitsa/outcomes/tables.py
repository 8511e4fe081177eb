"""Lists of exams and hires."""

import django_filters
import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from kuznitsa.outcomes.enums import ExamState, HireState
from kuznitsa.outcomes.models import Exam, Hire
from kuznitsa.ui.columns import DateColumn, MainColumn, NumberColumn, StateColumn
from kuznitsa.ui.listings import FilterSet, Table


class ExamTable(Table):
    intake = MainColumn(url="outcomes:exam", verbose_name=_("group"), order_by="intake__programme__occupation__code")
    on = DateColumn()
    results_count = NumberColumn(verbose_name=_("results"))
    passed_count = NumberColumn(verbose_name=_("passed"))
    state = StateColumn()

    empty_icon = "award"
    empty_title = _("No exams yet")
    empty_hint = _("The college plans an exam of a group and enters the results on one page.")

    class Meta:
        model = Exam
        fields = ("intake", "on", "level", "kit", "results_count", "passed_count", "state")


class ExamFilter(FilterSet):
    state = django_filters.ChoiceFilter(choices=ExamState.choices, label=_("state"))

    class Meta:
        model = Exam
        fields = ("state", "level")


class HireTable(Table):
    person = MainColumn(order_by="person__search")
    employer = tables.Column(order_by="employer__search")
    college = tables.Column(order_by="college__search")
    position = tables.Column()
    hired_on = DateColumn()
    in_trade = tables.BooleanColumn(verbose_name=_("in the trade"))
    state = StateColumn()

    empty_icon = "briefcase"
    empty_title = _("No hires yet")
    empty_hint = _("When a graduate begins to work, the HR department of the enterprise records it here.")

    class Meta:
        model = Hire
        fields = ("person", "employer", "college", "position", "hired_on", "in_trade", "state")


class HireFilter(FilterSet):
    state = django_filters.ChoiceFilter(choices=HireState.choices, label=_("state"))
    hired_after = django_filters.DateFilter(field_name="hired_on", lookup_expr="gte", label=_("hired since"))

    class Meta:
        model = Hire
        fields = ("state", "hired_after")
