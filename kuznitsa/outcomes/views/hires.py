"""Screens of hires and of “still there?”."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kuznitsa.admissions.models import TargetContract
from kuznitsa.base.models import AuditEntry
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.outcomes import actions, forms, permissions, queries
from kuznitsa.outcomes.enums import Answer
from kuznitsa.outcomes.models import CheckPoint, Hire
from kuznitsa.outcomes.tables import HireFilter, HireTable
from kuznitsa.ui.listings import list_page


def _hire(request: HttpRequest, pk: int) -> Hire:
    hires = Hire.objects.visible_to(request.user)
    return get_object_or_404(hires.select_related("person", "employer", "college", "site", "contract", "thread"), pk=pk)


def list_(request: HttpRequest) -> HttpResponseBase:
    visible = Hire.objects.visible_to(request.user)
    listing = list_page(
        request,
        queryset=queries.listed_hires().filter(pk__in=visible.values("pk")),
        table=HireTable,
        filterset=HireFilter,
    )
    if listing.export:
        return listing.export
    context = {
        "listing": listing,
        "may_hire": bool(permissions.employers_of(request.user)),
        "to_answer": queries.points_to_answer(request.user, timezone.localdate()).count(),
    }
    return render(request, listing.template("outcomes/hires.html"), context)


def create(request: HttpRequest) -> HttpResponseBase:
    """One click from a contract (`?contract=`), everything prefilled; or a graduate without one."""
    may = permissions.employers_of(request.user)
    refuse_if("" if may else _("Hires are recorded by the HR department of the enterprise."))
    today = timezone.localdate()
    contracts = queries.contracts_to_hire(request.user, today)
    contract = _contract(request)
    form = forms.HireForm(
        request.POST or None, user=request.user, by_contract=contract is not None, initial=_initial(contract, today)
    )
    if form.is_valid() and (hire := _save(request, form, contract)):
        return redirect(hire)
    occupation = contract.offer.intake.programme.occupation if contract else None
    context = {
        "form": form,
        "contract": contract,
        "contracts": [] if contract else contracts,
        "warning": queries.warning_for(contract.person, occupation, today) if contract else "",
    }
    return render(request, "outcomes/hire_create.html", context)


def _contract(request: HttpRequest) -> TargetContract | None:
    wanted = request.GET.get("contract", "")
    if not wanted.isdecimal() or len(wanted) > 18:
        return None
    contracts = TargetContract.objects.visible_to(request.user).select_related(
        "person", "offer__employer", "offer__site", "offer__thread", "offer__intake__programme__occupation"
    )
    return get_object_or_404(contracts, pk=wanted)


def _initial(contract: TargetContract | None, today: Any) -> dict[str, Any]:
    if contract is None:
        return {"hired_on": today}
    return {"hired_on": today, "position": contract.offer.position, "site": contract.offer.site}


def _save(request: HttpRequest, form: forms.HireForm, contract: TargetContract | None) -> Hire | None:
    details = dict(form.cleaned_data)
    if contract is not None:
        details |= {"person": contract.person, "employer": contract.offer.employer, "contract": contract}
    try:
        hire = actions.hire_graduate(**details, by=request.user, at=timezone.now())
    except Refused as refused:
        form.add_error(None, refused.reason)
        return None
    messages.success(request, _("Hired. In three months we ask whether they are still there."))
    if contract is not None:
        occupation = contract.offer.intake.programme.occupation
        if warning := queries.warning_for(hire.person, occupation, hire.hired_on):
            messages.warning(request, warning)
    return hire


def detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    hire = _hire(request, pk)
    user = request.user
    entries = AuditEntry.objects.filter(object_type="outcomes.hire", object_id=str(pk))
    context = {
        "hire": hire,
        "lines": queries.points_of(hire, user),
        "is_hirer": not permissions.why_not_hire(user, hire.employer),
        "why_not_change": permissions.why_not_change_hire(user, hire),
        "why_not_leave": permissions.why_not_leave(user, hire),
        "why_not_return": permissions.why_not_return_to_work(user, hire),
        "reason_form": forms.ReasonForm(),
        "leaving_form": forms.LeavingForm(),
        "stayed": {"answer": Answer.STAYED},
        "left": {"answer": Answer.LEFT},
        "history": entries.order_by("-at", "-pk")[:20],
    }
    return render(request, "outcomes/hire.html", context)


def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    hire = _hire(request, pk)
    refuse_if(permissions.why_not_change_hire(request.user, hire))
    form = forms.CorrectHireForm(request.POST or None, instance=hire)
    if form.is_valid():
        try:
            actions.correct_hire(hire=_hire(request, pk), **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Saved."))
            return redirect(hire)
    context = {"form": form, "heading": _("Correct the hire"), "back": hire.get_absolute_url()}
    return render(request, "outcomes/form.html", context)


def leave(request: HttpRequest, pk: int) -> HttpResponseBase:
    hire = _hire(request, pk)
    refuse_if(permissions.why_not_leave(request.user, hire))
    form = forms.LeavingForm(request.POST or None)
    if form.is_valid():
        try:
            actions.end_employment(hire=hire, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Recorded."))
            return redirect(hire)
    context = {"form": form, "heading": _("The worker has left"), "back": hire.get_absolute_url()}
    return render(request, "outcomes/form.html", context)


@require_POST
def return_(request: HttpRequest, pk: int) -> HttpResponseBase:
    hire = _hire(request, pk)
    actions.return_to_work(hire=hire, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now())
    messages.success(request, _("Recorded."))
    return redirect(hire)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponseBase:
    hire = _hire(request, pk)
    actions.cancel_hire(hire=hire, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now())
    messages.success(request, _("The hire does not count any more."))
    return redirect("outcomes:hires")


def check_points(request: HttpRequest) -> HttpResponseBase:
    """Everybody of whom the plant is asked: tick those who are still there."""
    points = list(queries.points_to_answer(request.user, timezone.localdate()))
    if request.method == "POST":
        ticked = [point for point in points if str(point.pk) in request.POST.getlist("points")]
        refuse_if("" if ticked else _("Tick at least one."))
        actions.answer_for_employer(check_points=ticked, answer=Answer.STAYED, by=request.user, at=timezone.now())
        said = ngettext("%(count)d is still there.", "%(count)d are still there.", len(ticked))
        messages.success(request, said % {"count": len(ticked)})
        return redirect("outcomes:check_points")
    return render(request, "outcomes/check_points.html", {"points": points, "form": forms.TickForm()})


def _point(request: HttpRequest, pk: int) -> CheckPoint:
    points = CheckPoint.objects.visible_to(request.user)
    return get_object_or_404(
        points.select_related("hire__person", "hire__employer", "hire__college", "hire__thread"), pk=pk
    )


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One tap: the worker speaks for themselves, HR for the plant."""
    point = _point(request, pk)
    said = request.POST.get("answer", "")
    refuse_if("" if said in Answer.values else _("Say whether they are still there."))
    if point.hire.person.user_id == request.user.pk:
        actions.answer_as_worker(check_point=point, answer=Answer(said), by=request.user, at=timezone.now())
    else:
        actions.answer_for_employer(check_points=[point], answer=Answer(said), by=request.user, at=timezone.now())
    messages.success(request, _("Thank you, noted."))
    return redirect(point.hire)


@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponseBase:
    point = _point(request, pk)
    stayed = request.POST.get("answer") == Answer.STAYED
    reason = request.POST.get("reason", "")
    actions.settle_check_point(check_point=point, stayed=stayed, reason=reason, by=request.user, at=timezone.now())
    messages.success(request, _("Settled."))
    return redirect(point.hire)
