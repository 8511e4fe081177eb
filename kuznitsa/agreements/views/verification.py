"""Is this paper real? For everybody who holds one: a director, a parent, a bank; no log-in, nobody's name."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from kuznitsa.agreements.forms import VerifyForm
from kuznitsa.agreements.queries.verification import cleaned, paper_of


@login_not_required
@require_GET
def search(request: HttpRequest) -> HttpResponseBase:
    form = VerifyForm(request.GET or None)
    if form.is_valid():
        return redirect("agreements:verify", form.cleaned_data["hash"])
    return render(request, "agreements/verify.html", {"form": form})


@login_not_required
@require_GET
def verify(request: HttpRequest, digest: str) -> HttpResponseBase:
    wanted = cleaned(digest)
    paper = paper_of(wanted)
    context = {"form": VerifyForm(initial={"hash": digest}), "digest": digest, "paper": paper}
    return render(request, "agreements/verify.html", context, status=HTTPStatus.OK if paper else HTTPStatus.NOT_FOUND)
