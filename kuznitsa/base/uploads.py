"""Files that users send: how large, of what kind, under what name they are kept.

A form with files may be `settings.MAX_UPLOAD_BYTES` large, all its files together. A larger one is not
written to the disk, and its sender gets a message on the page of the form.
"""

import re
import secrets
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext as _

from kuznitsa.base.redirects import redirect_back
from kuznitsa.base.text import clean

# What the fields of a form and the frame around its files may take.
FORM_BYTES = 1024 * 1024
# A browser shows our answer only after it has sent everything: so much is read and thrown away.
DRAINED_BYTES = 1024 * 1024 * 1024
CHUNK = 1024 * 1024
NAME_LENGTH = 100

PDF = b"%PDF-"
PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
# Bytes that no text file contains, in any encoding of one byte or in UTF-8.
CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1a"))


class LimitedUploadHandler(FileUploadHandler):
    """Throws away the rest of a form that is larger than allowed and notes it on the request."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > settings.MAX_UPLOAD_BYTES:
            self.request.upload_is_too_large = True  # type: ignore[union-attr]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class UploadLimitMiddleware:
    """Answers a form that is too large with a message on the page it came from.

    Stands after messages. The declared length is looked at before anything is read; what lies about its
    length is stopped by `LimitedUploadHandler`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and request.content_type == "multipart/form-data" and _declares_too_much(request):
            _drain(request)
            return self._refuse(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.method == "POST" and request.content_type == "multipart/form-data":
            request.POST  # noqa: B018  reads the form, if nobody has yet
            if getattr(request, "upload_is_too_large", False):
                return self._refuse(request)
        return None

    def _refuse(self, request: HttpRequest) -> HttpResponse:
        messages.error(request, too_large())
        return redirect_back(request)


def _declares_too_much(request: HttpRequest) -> bool:
    declared = request.META.get("CONTENT_LENGTH") or "0"
    return declared.isdecimal() and int(declared) > settings.MAX_UPLOAD_BYTES + FORM_BYTES


def _drain(request: HttpRequest) -> None:
    left = DRAINED_BYTES
    while left > 0 and (chunk := request.read(min(CHUNK, left))):
        left -= len(chunk)


def too_large() -> str:
    """Return the message about a file that is too large."""
    limit = filesizeformat(settings.MAX_UPLOAD_BYTES)
    return _("The file is too large: %(limit)s at most. Nothing was saved.") % {"limit": limit}


def content_kind(file: Any) -> str:
    """Return `pdf`, `image`, `spreadsheet`, or "" by what is inside `file`; its name and declared type do not count."""
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    if PDF in head[:1024]:
        return "pdf"
    if head.startswith((PNG, JPEG)) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP"):
        return "image"
    if head.startswith(OLE) or (head.startswith(ZIP) and _is_spreadsheet_archive(file)):
        return "spreadsheet"
    return "spreadsheet" if _is_plain_text(head) else ""


def _is_plain_text(head: bytes) -> bool:
    """Tell a table saved as text; markup is a text, too, but a page that somebody wants us to show."""
    if head.startswith(BYTE_ORDER_MARKS):
        return True
    has_control_bytes = head.translate(None, delete=CONTROL) != head
    is_markup = head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
    return bool(head) and not has_control_bytes and not is_markup


def _is_spreadsheet_archive(file: Any) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if "mimetype" in names:
                return archive.read("mimetype").startswith(b"application/vnd.oasis.opendocument.spreadsheet")
            return "xl/workbook.xml" in names
    except (zipfile.BadZipFile, OSError):
        return False
    finally:
        file.seek(0)


def validate_upload(file: File, kinds: Iterable[str] = ("pdf", "image", "spreadsheet")) -> None:
    """Check size and content of an uploaded file; usable as a validator of a form or model field.

    Raises `ValidationError` when the file is too large, empty, or of none of `kinds`.
    """
    if file.size > settings.MAX_UPLOAD_BYTES:
        raise ValidationError(too_large(), code="too_large")
    if not file.size:
        raise ValidationError(_("The file is empty."), code="empty")
    if content_kind(file) not in kinds:
        allowed = ", ".join(_kind_name(kind) for kind in kinds)
        raise ValidationError(
            _("This file is of another kind than expected. These can be sent: %(kinds)s.") % {"kinds": allowed},
            code="wrong_kind",
        )


def _kind_name(kind: str) -> str:
    names = {
        "pdf": _("PDF"),
        "image": _("picture (PNG, JPEG, WebP)"),
        "spreadsheet": _("spreadsheet (XLSX, XLS, ODS, CSV)"),
    }
    return names[kind]


def safe_name(name: str) -> str:
    """Return a file name without folders, control and special characters; Cyrillic stays."""
    name = clean(name.replace("\\", "/").rsplit("/", 1)[-1])
    name = re.sub(r"[^\w.\- ]", "", name).strip(" .").replace(" ", "_")
    stem, dot, extension = name.rpartition(".")
    if not dot:
        stem, extension = name, ""
    extension = extension[:10]
    stem = stem[: NAME_LENGTH - len(extension) - 1].strip("._") or "file"
    return f"{stem}.{extension}" if extension else stem


@deconstructible
class UploadTo:
    """`upload_to` of a FileField: a folder nobody can guess, then the safe name of the user's file."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __call__(self, instance: models.Model, name: str) -> str:
        return f"{self.folder}/{secrets.token_hex(8)}/{safe_name(name)}"
