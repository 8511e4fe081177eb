"""A paper from its template and data. The same data and day give the same bytes."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Literal

import segno
import typst
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

# Templates import each other from here: "/base/documents/base.typ".
ROOT = Path(__file__).resolve().parents[2]
ARCHIVE: Literal["a-2b"] = "a-2b"


class UnknownTemplate(LookupError):
    """No app has a paper of this name."""


def render(
    template: str, data: Mapping[str, Any], *, on: date | None = None, verify: str = "", language: str = "ru"
) -> bytes:
    """Return the paper `app/name` (the file `kuznitsa/<app>/documents/<name>.typ`) filled with `data`, as PDF/A-2b.

    `data` holds texts, numbers, lists and mappings; dates and amounts come as the texts that are printed.
    `on` is the day of the paper that the file tells about itself, today unless given.
    `verify` is an address or text printed at the foot with a QR code, by which the paper can be checked.
    Raises `UnknownTemplate`, `typst.TypstError` when the template asks for data that is not there.
    """
    inputs = {"language": language, **data}
    if verify:
        inputs["verification"] = {"text": verify, "qr": _qr(verify)}
    made_at = datetime.combine(on or timezone.localdate(), time(), tzinfo=UTC)
    return typst.compile(
        _path(template),
        root=ROOT,
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=ARCHIVE,
        timestamp=made_at,
        sys_inputs={"data": json.dumps(inputs, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)},
    )


def _path(template: str) -> Path:
    label, _, name = template.partition("/")
    try:
        path = Path(apps.get_app_config(label).path) / "documents" / f"{name}.typ"
    except LookupError as error:
        raise UnknownTemplate(template) from error
    if not path.is_file():
        raise UnknownTemplate(template)
    return path


def _qr(text: str) -> str:
    return segno.make(text, error="m", micro=False).svg_inline(border=0)
