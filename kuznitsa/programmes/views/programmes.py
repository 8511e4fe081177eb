"""Screens of programmes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.programmes import actions, forms, permissions, queries
from kuznitsa.programmes.models import Programme
from kuznitsa.programmes.tables import ProgrammeFilter, ProgrammeTable
from kuznitsa.ui.listings import list_page
from kuznitsa.ui.parts import Fact


@login_not_required
def list_(request: HttpRequest) -> HttpResponseBase:
    listing = list_page(
        request,
        queryset=queries.listed_programmes().visible_to(request.user),
        table=ProgrammeTable,
        filterset=ProgrammeFilter,
        search_in=("search", "occupation__search", "college__search"),
    )
    if listing.export:
        return listing.export
    can_add = queries.colleges_managed_by(request.user).exists()
    context = {"listing": listing, "can_add": can_add}
    return render(request, listing.template("programmes/list.html"), context)


@login_not_required
def detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    programme = get_object_or_404(queries.listed_programmes().select_related("cluster"), pk=pk)
    context = {
        "programme": programme,
        "facts": _facts(programme),
        "intakes": queries.intakes_with_taken_places(programme),
        "facilities": programme.facilities.select_related("sponsor").order_by("due_on", "name"),
        "may_edit": not permissions.why_not_edit_programme(request.user, programme),
    }
    return render(request, "programmes/detail.html", context)


def _facts(programme: Programme) -> list[Fact]:
    return [
        Fact(_("Code"), programme.occupation.code),
        Fact(_("College"), programme.college, url=programme.college.get_absolute_url()),
        Fact(_("After which school"), programme.get_base_display()),
        Fact(_("Months of study"), programme.months),
        Fact(_("Qualification"), programme.qualification),
        Fact(_("Cluster"), programme.cluster, url=programme.cluster.get_absolute_url() if programme.cluster else ""),
    ]


def create(request: HttpRequest) -> HttpResponseBase:
    if not queries.colleges_managed_by(request.user).exists():
        raise Refused(_("Programmes are added by the admissions office of a college."))
    form = forms.ProgrammeForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            programme = actions.add_programme(**form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("The programme is added. Now plan its first intake."))
            return redirect(programme)
    return render(request, "programmes/form.html", {"form": form, "heading": _("New programme")})


def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    programme = get_object_or_404(Programme.objects.visible_to(request.user).select_related("college"), pk=pk)
    refuse_if(permissions.why_not_edit_programme(request.user, programme))
    form = forms.ProgrammeForm(request.POST or None, instance=programme, user=request.user)
    if form.is_valid():
        try:
            actions.edit_programme(programme=programme, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Saved."))
            return redirect(programme)
    context = {"form": form, "heading": _("Programme"), "back": programme.get_absolute_url()}
    return render(request, "programmes/form.html", context)
