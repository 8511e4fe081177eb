"""Home."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kuznitsa.organisations.queries import standing
from kuznitsa.workspaces import queries


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    duties = queries.duties_of(request.user, today)
    context = {
        "duties": duties,
        "coming": queries.coming_of(request.user, today, duties),
        "promises": queries.promises_at_home(request.user, today),
        "administration": queries.administration_of(request.user),
        "paths": queries.paths_of(request.user),
        "bands": queries.bands_of(request.user),
        "shortcuts": queries.shortcuts_of(request.user),
        "is_member": bool(standing(request.user).roles),
    }
    return render(request, "workspaces/home.html", context)
