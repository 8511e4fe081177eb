"""Who did what, when: one append-only table without foreign keys, so that entries outlive what they are about."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models

from kuznitsa.base.models import AuditEntry


def audit(verb: str, obj: models.Model, *, by: Any, at: datetime, **details: Any) -> None:
    """Write one entry: `verb` as `app.noun.done`, `by` a user or None (the system itself)."""
    _entry(verb, obj, by, at, details).save(force_insert=True)


def audit_many(verb: str, objects: Iterable[tuple[models.Model, dict[str, Any]]], *, by: Any, at: datetime) -> None:
    """Write the same entry about many things, each with its details."""
    AuditEntry.objects.bulk_create([_entry(verb, obj, by, at, details) for obj, details in objects])


def _entry(verb: str, obj: models.Model, by: Any, at: datetime, details: dict[str, Any]) -> AuditEntry:
    return AuditEntry(
        verb=verb,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        object_name=str(obj)[:200],
        actor_id=getattr(by, "pk", None),
        actor_name=str(by or "")[:200],
        at=at,
        details={key: value for key, value in details.items() if value not in ("", None)},
    )
