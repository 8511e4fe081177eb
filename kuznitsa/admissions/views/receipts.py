"""Receipts of wishes: the printable page, and the public one where a receipt is checked."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from kuznitsa.admissions.forms.applications import ReceiptForm
from kuznitsa.admissions.models import Application
from kuznitsa.admissions.queries.receipts import ReceiptVerdict, check_receipt, wishes_text


def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Application.objects.seen_whole_by(request.user).select_related("person", "campaign__college", "guardian")
    application = get_object_or_404(rows, pk=pk)
    if not application.receipt_number or application.submitted_at is None:
        raise Http404
    context = {
        "application": application,
        "choices": application.choices.select_related("offer__employer").order_by("rank"),
        "text": wishes_text(application),
        "pseudonym": application.pseudonym,
    }
    return render(request, "admissions/applications/receipt.html", context)


@login_not_required
def check(request: HttpRequest) -> HttpResponse:
    """Answers a question and changes nothing, so it is asked by GET."""
    form = ReceiptForm(request.GET if "number" in request.GET else None)
    found = check_receipt(form.cleaned_data["number"], form.cleaned_data["hash"]) if form.is_valid() else None
    context = {"form": form, "found": found, "verdicts": ReceiptVerdict}
    return render(request, "admissions/applications/receipts.html", context)
