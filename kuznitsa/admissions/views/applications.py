"""Screens of applications: for applicants, guardians and the office that helps them."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kuznitsa.admissions import actions, permissions
from kuznitsa.admissions.forms import applications as forms
from kuznitsa.admissions.models import Application, ApplicationDocument
from kuznitsa.admissions.queries import applications as queries
from kuznitsa.admissions.queries import starting
from kuznitsa.admissions.queries.rules import quotas_of
from kuznitsa.admissions.tables.applications import ApplicationFilter, ApplicationTable
from kuznitsa.base.models import AuditEntry
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.people.actions import Paper
from kuznitsa.people.models import Person
from kuznitsa.people.permissions import why_no_guardian, why_not_on_screen
from kuznitsa.people.queries import giver_on_screen, guardians_who_decide
from kuznitsa.ui.listings import list_page
from kuznitsa.ui.parts import Step


def list_(request: HttpRequest) -> HttpResponseBase:
    listing = list_page(
        request,
        queryset=queries.listed_applications(request.user),
        table=ApplicationTable,
        filterset=ApplicationFilter,
        search_in=("person__search", "campaign__search"),
    )
    if listing.export:
        return listing.export
    return render(request, listing.template("admissions/applications/list.html"), {"listing": listing})


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    application = _application(request, pk)
    seat = queries.current_seat(application)
    on, user = timezone.localdate(), request.user
    texts = {} if application.needs_guardian(on) else queries.missing_consents(application, on)
    context = {
        **_forms(application, texts),
        "application": application,
        "choices": application.choices.visible_to(user).select_related("offer__employer").order_by("rank"),
        "is_whole": Application.objects.seen_whole_by(user).filter(pk=application.pk).exists(),
        "documents": ApplicationDocument.objects.visible_to(user).filter(application=application).order_by("added_at"),
        "seat": seat,
        "steps": [Step(label, state, note) for label, state, note in queries.progress_of(application, seat)],
        "texts": texts,
        "on_screen": not why_not_on_screen(user, application.person),
        "run": queries.published_run(application.campaign),
        "why_not": _why_not(user, application, seat),
        "why_no_guardian": _why_no_guardian(application),
        "lacking": queries.lacking_consents(application),
        "ways_in": starting.ways_in(user, application),
        "is_office": not permissions.why_not_note_paper(user, application),
        "history": AuditEntry.objects.about(application).order_by("-at", "-pk")[:20],
    }
    return render(request, "admissions/applications/detail.html", context)


def _why_no_guardian(application: Application) -> str:
    """Return why nobody can agree for the applicant; "" when somebody can, has, or need not."""
    asked = application.needs_guardian(timezone.localdate()) and application.guardian_id is None
    return why_no_guardian(application.person) if asked else ""


def _forms(application: Application, texts: Any) -> dict[str, Any]:
    checked = {
        "average_mark_hundredths": application.average_mark_hundredths,
        "achievement_points": application.achievement_points,
    }
    return {
        "consents": forms.ConsentForm(texts=texts),
        "paper_form": forms.PaperForm(givers=[application.person]),
        "document_form": forms.DocumentForm(),
        "reason_form": forms.ReasonForm(),
        "quotas": quotas_of(application),
        "claim_form": forms.ClaimForm(),
        "check_form": forms.CheckForm(initial=checked),
        "correction_form": forms.CorrectionForm(initial=checked),
    }


def _why_not(user: Any, application: Application, seat: Any) -> dict[str, str]:
    """Return for each button of the page why it rests, "" where it may be pressed."""
    return {
        "edit": permissions.why_not_edit_application(user, application),
        "paper": permissions.why_not_add_paper(user, application),
        "submit": permissions.why_not_submit_application(user, application),
        "agree": permissions.why_not_agree_to_application(user, application),
        "revise": permissions.why_not_revise_application(user, application),
        "withdraw": permissions.why_not_withdraw_application(user, application),
        "check": permissions.why_not_check_application(user, application),
        "return": permissions.why_not_return_application(user, application),
        "reject": permissions.why_not_reject_application(user, application),
        "correct": permissions.why_not_correct_score(user, application),
        "reconsider": permissions.why_not_reconsider_application(user, application),
        "claim": permissions.why_not_state_claim(user, application),
        "answer": permissions.why_not_answer_seat(user, seat) if seat else "",
        "accept": permissions.why_not_accept_seat(user, seat) if seat else "",
        "wait": permissions.why_not_wait(user, seat) if seat else "",
        "place_late": permissions.why_not_place_late(user, application),
        "give_back": permissions.why_not_give_back_seat(user, seat) if seat else "",
    }


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    application = _application(request, pk)
    refuse_if(permissions.why_not_edit_application(request.user, application))
    if "move" in request.POST:
        form = forms.ApplicationForm(forms.ApplicationForm.moved(request.POST), application=application)
    else:
        wanted = starting.number_of(request.GET.get("offer", ""))
        form = forms.ApplicationForm(request.POST or None, application=application, wanted=wanted)
    if request.method == "POST" and "move" not in request.POST and form.is_valid():
        try:
            actions.edit_application(
                application=application,
                offers=form.chosen,
                average_mark_hundredths=form.cleaned_data["average_mark_hundredths"],
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Saved. Look at it once more and send it."))
            return redirect(application)
    return render(request, "admissions/applications/edit.html", {"application": application, "form": form})


@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    application = _application(request, pk)
    on = timezone.localdate()
    refuse_if(permissions.why_not_submit_application(request.user, application))
    texts = {} if application.needs_guardian(on) else queries.missing_consents(application, on)
    paper = _signed_by_an_adult(request, application, texts) if texts else None
    actions.submit_application(application=application, paper=paper, by=request.user, at=timezone.now())
    if application.receipt_number:
        messages.success(request, _("Sent. Here is the receipt of your wishes."))
        return redirect("admissions:application-receipt", application.pk)
    messages.success(request, _("Now the guardian's agreement is asked for."))
    return redirect(application)


def _signed_by_an_adult(request: HttpRequest, application: Application, texts: Any) -> Paper | None:
    """Return the paper by which the office sends the application of an adult; None: they have ticked it themselves."""
    if why_not_on_screen(request.user, application.person):
        form = forms.PaperForm(request.POST, request.FILES, givers=[application.person])
        refuse_if("" if form.is_valid() else " ".join(str(one) for errors in form.errors.values() for one in errors))
        return Paper(form.cleaned_data["scan"], form.cleaned_data["original"])
    consents = forms.ConsentForm(request.POST, texts=texts)
    refuse_if("" if consents.is_valid() else _("Each consent is needed to take part: read and tick them."))
    return None


def agree(request: HttpRequest, pk: int) -> HttpResponse:
    application = get_object_or_404(_applications(Application.objects.seen_whole_by(request.user)), pk=pk)
    guardians = guardians_who_decide(application.person)
    mine = giver_on_screen(request.user, guardians)
    texts = queries.missing_consents(application, timezone.localdate())
    form = _agreement_form(request, mine, guardians, texts)
    if request.method == "POST" and guardians and form.is_valid():
        _agree(request, application, mine, form)
        messages.success(request, _("Thank you. The application is sent; here is its receipt."))
        return redirect("admissions:application-receipt", application.pk)
    context = {
        "application": application,
        "choices": application.choices.select_related("offer__employer", "offer__intake__programme__occupation")
        .prefetch_related("offer__support")
        .order_by("rank"),
        "guardian": mine,
        "form": form,
        "texts": texts,
        "reason_form": forms.ReasonForm(),
        "why_not": permissions.why_not_agree_to_application(request.user, application)
        or why_no_guardian(application.person),
    }
    return render(request, "admissions/applications/agree.html", context)


def _agreement_form(request: HttpRequest, mine: Person | None, guardians: list[Person], texts: Any) -> Any:
    """Return what a guardian ticks; for the office, what they have signed on paper."""
    data = request.POST or None
    if mine is not None:
        return forms.ConsentForm(data, texts=texts)
    return forms.PaperForm(data, request.FILES or None, givers=guardians, with_scan=bool(texts))


def _agree(request: HttpRequest, application: Application, mine: Person | None, form: Any) -> None:
    guardian, paper = mine, None
    if guardian is None:
        guardian = form.cleaned_data["signed_by"]
        paper = Paper(form.cleaned_data.get("scan"), form.cleaned_data["original"])
    actions.agree_to_application(
        application=application, guardian=guardian, paper=paper, by=request.user, at=timezone.now()
    )


@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    application = _application(request, pk)
    reason = request.POST.get("reason", "")
    actions.decline_application(application=application, reason=reason, by=request.user, at=timezone.now())
    messages.success(request, _("The application is a draft again, and your words are passed on."))
    return redirect(application)


@require_POST
def revise(request: HttpRequest, pk: int) -> HttpResponse:
    application = _application(request, pk)
    actions.revise_application(application=application, by=request.user, at=timezone.now())
    messages.info(request, _("It is a draft again: change it and do not forget to send it."))
    return redirect("admissions:application-edit", application.pk)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    application = _application(request, pk)
    reason = request.POST.get("reason", "")
    actions.withdraw_application(application=application, reason=reason, by=request.user, at=timezone.now())
    messages.success(request, _("The application is withdrawn."))
    return redirect(application)


@require_POST
def add_document(request: HttpRequest, pk: int) -> HttpResponse:
    application = _application(request, pk)
    form = forms.DocumentForm(request.POST, request.FILES)
    refuse_if("" if form.is_valid() else " ".join(str(error) for errors in form.errors.values() for error in errors))
    actions.add_document(application=application, **form.cleaned_data, by=request.user, at=timezone.now())
    messages.success(request, _("The paper is added."))
    return redirect(application)


def document(request: HttpRequest, pk: int) -> FileResponse:
    paper = get_object_or_404(ApplicationDocument.objects.visible_to(request.user), pk=pk)
    if not paper.file:
        raise Http404
    return FileResponse(paper.file.open(), as_attachment=True)


@require_POST
def remove_document(request: HttpRequest, pk: int) -> HttpResponse:
    paper = get_object_or_404(ApplicationDocument.objects.visible_to(request.user), pk=pk)
    actions.remove_document(document=paper, by=request.user, at=timezone.now())
    messages.success(request, _("The paper is taken out."))
    return redirect(paper.application)


def _application(request: HttpRequest, pk: int) -> Application:
    return get_object_or_404(_applications(Application.objects.visible_to(request.user)), pk=pk)


def _applications(rows: Any) -> Any:
    return rows.select_related("person__user", "campaign__college", "guardian")
