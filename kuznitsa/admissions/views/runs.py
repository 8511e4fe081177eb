"""Allocation runs: drafts for the office, the public record for everybody."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from kuznitsa.admissions import actions, permissions
from kuznitsa.admissions.forms.applications import ReasonForm
from kuznitsa.admissions.models import AllocationRun, Campaign
from kuznitsa.admissions.queries import records
from kuznitsa.admissions.queries.calculated import PAGE
from kuznitsa.admissions.queries.runs import Placed, cut_offs, runs_of, stages_of, unchecked, why_not_published
from kuznitsa.base.models import AuditEntry


def list_(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("college"), pk=pk)
    context = {
        "campaign": campaign,
        "is_ours": not permissions.why_not_allocate(request.user, campaign),
        "runs": runs_of(campaign, request.user),
        "unchecked": unchecked(campaign),
        "taking_part": campaign.applications.standing().count(),
        "why_not_run": permissions.why_not_run_allocation(request.user, campaign),
    }
    return render(request, "admissions/runs/list.html", context)


@require_POST
def create(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    run = actions.run_allocation(campaign=campaign, by=request.user, at=timezone.now())
    if run.is_calculated:
        messages.success(request, _("The draft is calculated: look at it before you approve it."))
    return redirect(run)


@login_not_required
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    if not run.is_calculated or run.is_being_published:
        return _at_work(request, run)
    if request.htmx:
        return HttpResponseClientRefresh()
    user, name = request.user, request.GET.get("name", "").strip().upper()
    context = {
        "run": run,
        "cut_offs": cut_offs(run),
        "record": records.record_of(run),
        "corrections": records.corrections_after(run),
        "why_not_published": why_not_published(run),
        "asked_name": name,
        "placed": Paginator(Placed(run, user, name), PAGE).get_page(request.GET.get("page")),
        **_verbs(request, run),
    }
    return render(request, "admissions/runs/detail.html", context)


def _at_work(request: HttpRequest, run: AllocationRun) -> HttpResponse:
    """The page of a run that a worker is at; it asks for its middle again until there is more to show."""
    context = {"run": run, "stages": stages_of(run), **_verbs(request, run)}
    name = "admissions/runs/at_work.html"
    return render(request, f"{name}#stages" if request.htmx else name, context)


def _verbs(request: HttpRequest, run: AllocationRun) -> dict[str, Any]:
    user = request.user
    return {
        "reason_form": ReasonForm(),
        "why_not_approve": permissions.why_not_approve_run(user, run),
        "why_not_publish": permissions.why_not_publish_run(user, run),
        "why_not_take_back": permissions.why_not_take_back_approval(user, run),
        "why_not_discard": permissions.why_not_discard_run(user, run),
        "is_ours": not permissions.why_not_allocate(user, run.campaign),
        "history": AuditEntry.objects.about(run).order_by("-at", "-pk")[:20],
    }


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, actions.approve_run, _("Approved. Now somebody else publishes it."))


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    run = actions.publish_run(run=_run(request, pk), by=request.user, at=timezone.now())
    if not run.is_being_published:
        messages.success(request, _("Published. Applicants and guardians get their letters."))
    return redirect(run)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("The approval is taken back.")
    return _do(request, pk, actions.take_back_approval, done, reason=request.POST.get("reason", ""))


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, actions.discard_run, _("The run is put aside."), reason=request.POST.get("reason", ""))


@login_not_required
def input_(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    return _file(records.input_file, run, "input")


@login_not_required
def result(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    return _file(records.result_file, run, "result")


def _file(content: Any, run: AllocationRun, name: str) -> HttpResponse:
    if not run.is_calculated:
        raise Http404
    response = HttpResponse(content(run), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="run-{run.campaign_id}-{run.number}-{name}.json"'
    return response


def _run(request: HttpRequest, pk: int) -> AllocationRun:
    runs = AllocationRun.objects.visible_to(request.user)
    people = ("created_by", "approved_by", "published_by")
    return get_object_or_404(runs.select_related("campaign__college", *people), pk=pk)


def _do(request: HttpRequest, pk: int, action: Any, done: str, **arguments: Any) -> HttpResponse:
    run = _run(request, pk)
    action(run=run, **arguments, by=request.user, at=timezone.now())
    messages.success(request, done)
    return redirect(run)
