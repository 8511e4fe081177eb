"""What if: trials and scenarios of a campaign side by side, for the college only."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kuznitsa.admissions import actions, permissions
from kuznitsa.admissions.forms.scenarios import ScenarioForm
from kuznitsa.admissions.models import Campaign, Scenario
from kuznitsa.admissions.queries.runs import unchecked
from kuznitsa.admissions.queries.scenarios import columns_of, rows_of, trial_seed
from kuznitsa.base.refusal import Refused, refuse_if


def list_(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("college"), pk=pk)
    refuse_if(permissions.why_not_allocate(request.user, campaign))
    form = ScenarioForm(request.POST or None, campaign=campaign)
    if form.is_valid() and _tried(request, campaign, form):
        return redirect("admissions:scenarios", campaign.pk)
    scenarios = list(campaign.scenarios.order_by("pk"))
    columns = columns_of(scenarios)
    context = {
        "campaign": campaign,
        "form": form,
        "columns": columns,
        "rows": rows_of(campaign, columns),
        "waiting": [scenario for scenario in scenarios if not scenario.outcome],
        "unchecked": unchecked(campaign),
        "seed": trial_seed(campaign),
        "why_not": permissions.why_not_try_scenario(request.user, campaign),
    }
    return render(request, "admissions/scenarios/list.html", context)


def _tried(request: HttpRequest, campaign: Campaign, form: ScenarioForm) -> bool:
    name, changes = form.cleaned_data["name"], form.changes
    try:
        actions.try_scenario(campaign=campaign, name=name, changes=changes, by=request.user, at=timezone.now())
    except Refused as refused:
        form.add_error(None, refused.reason)
        return False
    messages.success(request, _("Calculated beside the rules as they are. Nothing has changed for anybody."))
    return True


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    scenarios = Scenario.objects.visible_to(request.user).select_related("campaign__college")
    scenario = get_object_or_404(scenarios, pk=pk)
    actions.remove_scenario(scenario=scenario, by=request.user, at=timezone.now())
    messages.success(request, _("The scenario is removed."))
    return redirect("admissions:scenarios", scenario.campaign_id)
