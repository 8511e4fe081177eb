"""The public record of a published run: its page, and the archive that anybody verifies."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from kuznitsa.admissions.models import PublicRecord
from kuznitsa.admissions.queries.records import corrections_after
from kuznitsa.admissions.queries.rounds import given_apart


@login_not_required
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(_records(request).defer("archive"), run__pk=pk)
    context = {
        "record": record,
        "run": record.run,
        "manifest": record.manifest,
        "file_name": _file_name(record),
        "corrections": corrections_after(record.run),
        "apart": given_apart(record.run.campaign),
    }
    return render(request, "admissions/records/detail.html", context)


@login_not_required
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(_records(request), run__pk=pk)
    response = HttpResponse(bytes(record.archive), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{_file_name(record)}"'
    return response


def _records(request: HttpRequest) -> Any:
    people = ("run__created_by", "run__approved_by", "run__published_by")
    return PublicRecord.objects.visible_to(request.user).select_related("run__campaign__college", *people)


def _file_name(record: PublicRecord) -> str:
    return f"record-{record.run.campaign_id}-{record.run.number}.zip"
