"""Persons, guardians and consents on screen."""

from datetime import date

from django.contrib import messages
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kuznitsa.base.models import AuditEntry
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.people import actions, permissions, queries
from kuznitsa.people.enums import ConsentPurpose
from kuznitsa.people.forms import ConfirmGuardianForm, GuardianForm, PaperConsentForm, PersonForm, ReasonForm
from kuznitsa.people.models import Consent, Guardianship, Person
from kuznitsa.people.tables import PersonFilter, PersonTable
from kuznitsa.ui.listings import list_page


@require_GET
def persons(request: HttpRequest) -> HttpResponse:
    listing = list_page(
        request,
        queryset=Person.objects.visible_to(request.user).select_related("school"),
        table=PersonTable,
        filterset=PersonFilter,
    )
    if listing.export:
        return listing.export
    context = {"listing": listing, "why_not_register": permissions.why_not_register(request.user)}
    return render(request, listing.template("people/list.html"), context)


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user).select_related("school", "user"), pk=pk)
    context = {
        "person": person,
        "age": person.age_on(timezone.localdate()),
        "guardians": queries.guardian_lines(person, request.user),
        "confirm_form": ConfirmGuardianForm(),
        "awaited": queries.awaited_wards(request.user) if person.user_id == request.user.pk else [],
        "affiliations": person.affiliations.current().select_related("organisation").order_by("started_on"),
        "why_not_edit": permissions.why_not_edit(request.user, person),
        "why_not_open_account": permissions.why_not_open_account(request.user, person),
        "is_minor": permissions.is_minor(person, timezone.localdate()),
        "history": AuditEntry.objects.about(person).order_by("-at", "-pk")[:20],
    }
    return render(request, "people/detail.html", context)


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    is_valid = request.method == "POST" and form.is_valid()
    namesakes = queries.namesakes(request.user, form.cleaned_data) if is_valid else []
    if is_valid and (not namesakes or "is_another" in request.POST):
        try:
            person = actions.register_person(
                by=request.user, at=timezone.now(), affiliated_with=form.cleaned_data["school"], **form.cleaned_data
            )
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("The person is registered."))
            return redirect(person)
    context = {"form": form, "namesakes": namesakes, "why_not": permissions.why_not_register(request.user)}
    return render(request, "people/create.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    locked = permissions.why_not_identify(request.user, person)
    form = PersonForm(request.POST or None, instance=person, why_not_identify=locked)
    if request.method == "POST" and form.is_valid():
        person.refresh_from_db()  # the form has already written its values into this object
        try:
            actions.edit_person(person=person, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("The details are saved."))
            return redirect(person)
    why_not = permissions.why_not_edit(request.user, person)
    return render(request, "people/edit.html", {"person": person, "form": form, "why_not": why_not})


@require_http_methods(["GET", "POST"])
def add_guardian(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    by_office = not permissions.why_not_vouch(request.user, person)
    form = GuardianForm(request.POST or None, by_office=by_office)
    if request.method == "POST" and form.is_valid():
        try:
            guardianship = actions.register_guardian(child=person, by=request.user, at=timezone.now(), **form.details)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _guardian_message(guardianship))
            return redirect(person)
    context = {
        "person": person,
        "form": form,
        "by_office": by_office,
        "why_not": permissions.why_not_edit(request.user, person),
    }
    return render(request, "people/add_guardian.html", context)


def _guardian_message(guardianship: Guardianship) -> str:
    if guardianship.confirmed_at is not None:
        return _("The guardian is recorded and confirmed.")
    return _("The guardian is recorded and waits for confirmation.")


@require_POST
def confirm_guardianship(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Guardianship.objects.visible_to(request.user).select_related("child", "guardian__user")
    guardianship = get_object_or_404(visible, pk=pk)
    refuse_if(permissions.why_not_confirm_guardianship(request.user, guardianship))
    form = ConfirmGuardianForm(request.POST)
    refuse_if("" if form.is_valid() else _errors_of(form))
    actions.confirm_guardianship(guardianship=guardianship, **form.cleaned_data, by=request.user, at=timezone.now())
    messages.success(request, _("The guardian is confirmed and may decide for the child now."))
    return redirect(guardianship.child)


def _errors_of(form: Form) -> str:
    return " ".join(str(message) for errors in form.errors.values() for message in errors)


@require_POST
def open_account(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    return _open_account(request, person, back_to=person)


@require_POST
def open_account_of_guardian(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Guardianship.objects.visible_to(request.user).current().select_related("child", "guardian")
    guardianship = get_object_or_404(visible, pk=pk)
    return _open_account(request, guardianship.guardian, back_to=guardianship.child)


def _open_account(request: HttpRequest, person: Person, *, back_to: Person) -> HttpResponse:
    user = actions.open_account(person=person, by=request.user, at=timezone.now())
    messages.success(request, _("A letter with a link to sign in is on its way to %(email)s.") % {"email": user.email})
    return redirect(back_to)


@require_POST
def end_guardianship(request: HttpRequest, pk: int) -> HttpResponse:
    guardianship = get_object_or_404(Guardianship.objects.visible_to(request.user).select_related("child"), pk=pk)
    now = timezone.now()
    actions.end_guardianship(guardianship=guardianship, on=timezone.localdate(now), by=request.user, at=now)
    messages.success(request, _("The guardianship has ended."))
    return redirect(guardianship.child)


@require_GET
def consents(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    today = timezone.localdate()
    givers = queries.givers_of(person, today)
    lines = queries.consent_lines(person, request.user, today)
    context = {
        "person": person,
        "lines": [(line, PaperConsentForm(givers=givers, auto_id=f"id_{line.purpose}_%s")) for line in lines],
        "is_minor": permissions.is_minor(person, today),
        "on_screen": queries.giver_on_screen(request.user, givers),
        "reason_form": ReasonForm(),
        "withdrawn": queries.withdrawn_consents(person),
    }
    return render(request, "people/consents.html", context)


@require_POST
def give_consent(request: HttpRequest, pk: int, purpose: str) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    if purpose not in ConsentPurpose.values:
        raise Http404
    now = timezone.now()
    refuse_if(permissions.why_not_consent(request.user, person, timezone.localdate(now)))
    given_by, paper = _given(request, person, timezone.localdate(now))
    actions.give_consent(
        person=person, purpose=ConsentPurpose(purpose), given_by=given_by, paper=paper, by=request.user, at=now
    )
    messages.success(request, _("The consent is recorded. It can be withdrawn on any day."))
    return redirect("people:consents", pk)


def _given(request: HttpRequest, person: Person, today: date) -> tuple[Person, actions.Paper | None]:
    """Return who consents, and the paper when it is not the user who does so on the screen."""
    givers = queries.givers_of(person, today)
    refuse_if("" if givers else permissions.why_no_guardian(person))
    own = queries.giver_on_screen(request.user, givers)
    if own is not None:
        return own, None
    form = PaperConsentForm(request.POST, request.FILES, givers=givers)
    refuse_if("" if form.is_valid() else _errors_of(form))
    return form.cleaned_data["given_by"], actions.Paper(form.cleaned_data["scan"], form.cleaned_data["original"])


@require_POST
def withdraw_consent(request: HttpRequest, pk: int) -> HttpResponse:
    consent = get_object_or_404(Consent.objects.visible_to(request.user).select_related("person"), pk=pk)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    actions.withdraw_consent(consent=consent, by=request.user, at=timezone.now(), reason=reason)
    messages.success(request, _("The consent is withdrawn."))
    return redirect("people:consents", consent.person_id)


@require_GET
def consent_scan(request: HttpRequest, pk: int) -> FileResponse:
    consent = get_object_or_404(Consent.objects.papers_visible_to(request.user).exclude(scan=""), pk=pk)
    return FileResponse(consent.scan.open(), as_attachment=True)
