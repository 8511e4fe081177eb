"""Screens of exams: the list, planning, one page for the results of the whole group."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kuznitsa.base.models import AuditEntry
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.outcomes import actions, forms, permissions, queries
from kuznitsa.outcomes.models import Exam
from kuznitsa.outcomes.tables import ExamFilter, ExamTable
from kuznitsa.ui.listings import list_page


def _exam(request: HttpRequest, pk: int) -> Exam:
    exams = Exam.objects.visible_to(request.user)
    return get_object_or_404(
        exams.select_related("intake__programme__college", "intake__programme__occupation").distinct(), pk=pk
    )


def list_(request: HttpRequest) -> HttpResponseBase:
    visible = Exam.objects.visible_to(request.user)
    listing = list_page(
        request,
        queryset=queries.listed_exams().filter(pk__in=visible.values("pk")),
        table=ExamTable,
        filterset=ExamFilter,
        search_in=("intake__programme__search",),
    )
    if listing.export:
        return listing.export
    may_plan = bool(permissions.colleges_of(request.user))
    return render(request, listing.template("outcomes/exams.html"), {"listing": listing, "may_plan": may_plan})


def create(request: HttpRequest) -> HttpResponseBase:
    may = permissions.colleges_of(request.user)
    refuse_if("" if may else _("Exams are recorded by the college: experts, curators, the office."))
    form = forms.ExamForm(request.POST or None, user=request.user, initial={"intake": request.GET.get("intake")})
    if form.is_valid():
        try:
            exam = actions.plan_exam(**form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("The exam is planned."))
            return redirect(exam)
    return render(request, "outcomes/form.html", {"form": form, "heading": _("Plan an exam"), "back_to": "exams"})


def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    exam = _exam(request, pk)
    refuse_if(permissions.why_not_edit_exam(request.user, exam))
    form = forms.ExamForm(request.POST or None, instance=exam, user=request.user)
    if form.is_valid():
        try:
            actions.edit_exam(exam=_exam(request, pk), **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Saved."))
            return redirect(exam)
    context = {"form": form, "heading": _("Change the exam"), "back": exam.get_absolute_url()}
    return render(request, "outcomes/form.html", context)


def detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The exam with the grid of its results, which the college fills."""
    exam = _exam(request, pk)
    why_not = permissions.why_not_record_results(request.user, exam)
    may_see = not permissions.why_not_plan_exam(request.user, exam.intake)
    rows = queries.result_rows(exam) if may_see else _own_rows(request, exam)
    form = forms.ResultsForm(request.POST or None, rows=rows, max_points=exam.max_points)
    if request.method == "POST":
        refuse_if(why_not)
        if form.is_valid() and _save(request, exam, form):
            return redirect(exam)
    context = {
        "exam": exam,
        "rows": rows,
        "form": form,
        "why_not": why_not,
        "may_see": may_see,
        "why_not_edit": permissions.why_not_edit_exam(request.user, exam),
        "reason_form": forms.ReasonForm(),
        "history": AuditEntry.objects.filter(object_type="outcomes.exam", object_id=str(pk)).order_by("-at", "-pk")[
            :20
        ],
    }
    return render(request, "outcomes/exam.html", context)


def _own_rows(request: HttpRequest, exam: Exam) -> list[queries.ResultRow]:
    visible = set(exam.results.visible_to(request.user).values_list("person", flat=True))
    return [row for row in queries.result_rows(exam) if row.person.pk in visible]


def _save(request: HttpRequest, exam: Exam, form: forms.ResultsForm) -> bool:
    try:
        changed = actions.record_results(
            exam=exam,
            lines=form.cleaned_data["lines"],
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        )
    except Refused as refused:
        form.add_error(None, refused.reason)
        return False
    said = ngettext("%(count)d result is saved.", "%(count)d results are saved.", len(changed))
    messages.success(request, said % {"count": len(changed)})
    return True


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponseBase:
    exam = _exam(request, pk)
    actions.close_exam(exam=exam, by=request.user, at=timezone.now())
    messages.success(request, _("The results are closed."))
    return redirect(exam)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponseBase:
    exam = _exam(request, pk)
    actions.reopen_exam(exam=exam, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now())
    messages.success(request, _("The results are open again."))
    return redirect(exam)
