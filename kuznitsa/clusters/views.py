"""Clusters: the list, the page, who takes part, the way through the stages."""

from copy import copy

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kuznitsa.base.refusal import Refused
from kuznitsa.clusters import actions, permissions, queries
from kuznitsa.clusters.enums import ClusterStage
from kuznitsa.clusters.forms import ClusterForm, FoundingForm, MoveForm, ParticipantForm, ReasonForm
from kuznitsa.clusters.models import Cluster, Participation
from kuznitsa.clusters.tables import ClusterFilter, ClusterTable
from kuznitsa.ui.listings import list_page
from kuznitsa.ui.parts import Crumb, Event, Step


def _way(*crumbs: Crumb) -> list[Crumb]:
    return [Crumb(_("Clusters"), reverse("clusters:list")), *crumbs]


def _visible(request: HttpRequest, slug: str) -> Cluster:
    rows = Cluster.objects.visible_to(request.user).select_related("region", "industry")
    return get_object_or_404(rows, slug=slug)


@login_not_required
@require_GET
def clusters(request: HttpRequest) -> HttpResponse:
    listing = list_page(request, queryset=queries.for_list(request.user), table=ClusterTable, filterset=ClusterFilter)
    if listing.export:
        return listing.export
    context = {"listing": listing, "why_not_create": permissions.why_not_create(request.user)}
    return render(request, listing.template("clusters/list.html"), context)


@login_not_required
@require_GET
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a cluster, for everybody; apps above add their panels."""
    cluster = _visible(request, slug)
    why_not_run = permissions.why_not_run(request.user, cluster)
    context = {
        "cluster": cluster,
        "steps": _steps(cluster),
        "participants": [(row, ReasonForm(auto_id=f"end_{row.pk}_%s")) for row in queries.participants(cluster)],
        "former": queries.former_participants(cluster),
        "events": _events(cluster),
        "why_not_run": why_not_run,
        "move_form": None if why_not_run else MoveForm(cluster=cluster),
        "crumbs": _way(Crumb(cluster)),
    }
    return render(request, "clusters/detail.html", context)


def _steps(cluster: Cluster) -> list[Step]:
    """Return the stages as steps; of a closed cluster none is the current one."""
    order = [stage for stage in ClusterStage if stage != ClusterStage.CLOSED]
    if cluster.state == ClusterStage.CLOSED:
        return [Step(ClusterStage.CLOSED.label, "failed")]
    now = order.index(ClusterStage(cluster.state))
    states = ["done"] * now + ["current"] + ["todo"] * (len(order) - now - 1)
    return [Step(stage.label, state) for stage, state in zip(order, states, strict=True)]


def _events(cluster: Cluster) -> list[Event]:
    return [
        Event(timezone.localdate(entry.at), entry.stage.label, entry.reason, icon="flag", tone="accent")
        for entry in reversed(queries.stages(cluster))
    ]


def create(request: HttpRequest) -> HttpResponse:
    form = FoundingForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_cluster(**form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("The cluster is founded. Add the others who take part."))
            return redirect(made)
        except Refused as refused:
            form.add_error(None, refused.reason)
    context = {
        "form": form,
        "title": _("Found a cluster"),
        "crumbs": _way(Crumb(_("New"))),
        "why_not": permissions.why_not_create(request.user),
        "back": reverse("clusters:list"),
    }
    return render(request, "clusters/form.html", context)


def edit(request: HttpRequest, slug: str) -> HttpResponse:
    cluster = _visible(request, slug)
    form = ClusterForm(request.POST or None, instance=copy(cluster))
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_cluster(cluster=cluster, **form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("Saved."))
            return redirect(cluster)
        except Refused as refused:
            form.add_error(None, refused.reason)
    return _form_page(request, cluster, form, _("Details of the cluster"))


def _form_page(request: HttpRequest, cluster: Cluster, form: object, title: str) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "crumbs": _way(Crumb(cluster, cluster.get_absolute_url()), Crumb(title)),
        "why_not": permissions.why_not_run(request.user, cluster),
        "back": cluster.get_absolute_url(),
    }
    return render(request, "clusters/form.html", context)


def add_participant(request: HttpRequest, slug: str) -> HttpResponse:
    cluster = _visible(request, slug)
    initial = {"started_on": timezone.localdate()}
    form = ParticipantForm(request.POST or None, cluster=cluster, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_participant(cluster=cluster, **form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("%(organisation)s takes part now.") % form.cleaned_data)
            return redirect(cluster)
        except Refused as refused:
            form.add_error(None, refused.reason)
    return _form_page(request, cluster, form, _("Add a participant"))


def move(request: HttpRequest, slug: str) -> HttpResponse:
    cluster = _visible(request, slug)
    form = MoveForm(request.POST or None, cluster=cluster)
    if request.method == "POST" and form.is_valid():
        try:
            actions.move_cluster(cluster=cluster, **form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("The stage is now: %(stage)s.") % {"stage": cluster.get_state_display()})
            return redirect(cluster)
        except Refused as refused:
            form.add_error(None, refused.reason)
    return _form_page(request, cluster, form, _("Move to another stage"))


def _participation(request: HttpRequest, pk: int) -> Participation:
    rows = Participation.objects.visible_to(request.user).select_related("cluster", "organisation")
    return get_object_or_404(rows, pk=pk)


@require_POST
def end_participation(request: HttpRequest, pk: int) -> HttpResponse:
    participation = _participation(request, pk)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    actions.end_participation(participation=participation, reason=reason, by=request.user, at=timezone.now())
    messages.success(request, _("The participation has ended. It can be taken up again from the list below."))
    return redirect(participation.cluster)


@require_POST
def resume_participation(request: HttpRequest, pk: int) -> HttpResponse:
    participation = _participation(request, pk)
    actions.resume_participation(participation=participation, by=request.user, at=timezone.now())
    messages.success(request, _("%(organisation)s takes part again.") % {"organisation": participation.organisation})
    return redirect(participation.cluster)
