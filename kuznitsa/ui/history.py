"""The audit trail as sentences: "Anna Petrova · signed · 3 May 2026, 10:15"."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kuznitsa.base.fields import StateField
from kuznitsa.ui.tones import tone_of

COMMON = {
    "created": gettext_lazy("created"),
    "added": gettext_lazy("added"),
    "edited": gettext_lazy("edited"),
    "changed": gettext_lazy("changed"),
    "removed": gettext_lazy("removed"),
    "deleted": gettext_lazy("deleted"),
    "imported": gettext_lazy("imported"),
    "uploaded": gettext_lazy("file uploaded"),
    "signed": gettext_lazy("signed"),
    "invited": gettext_lazy("invited"),
    "printed": gettext_lazy("printed"),
    "drafted": gettext_lazy("drafted"),
    "started": pgettext_lazy("history", "started"),
    "ended": gettext_lazy("ended"),
    "resumed": gettext_lazy("resumed"),
    "given": gettext_lazy("given"),
    "withdrawn": pgettext_lazy("history", "withdrawn"),
    "accepted": gettext_lazy("accepted"),
    "registered": gettext_lazy("registered"),
    "sent": gettext_lazy("sent"),
    "sent_again": gettext_lazy("sent again"),
    "confidence": gettext_lazy("confidence changed"),
    "split": gettext_lazy("split in two"),
    "account_opened": gettext_lazy("account opened"),
    "password_set": gettext_lazy("password set"),
    "signed_in_by_link": gettext_lazy("signed in by a link"),
    "employer_answered": gettext_lazy("the employer answered"),
    "worker_answered": gettext_lazy("the worker answered"),
}
_labels: dict[str, Any] = {}


@dataclass(frozen=True)
class Line:
    who: str
    did: str
    at: datetime
    reason: str
    tone: str


def register(labels: dict[str, Any]) -> None:
    """Name the verbs of an app's audit entries: `{"demand.need.split": _("split in two")}`; from `ready()`."""
    _labels.update(labels)


def line(entry: Any) -> Line:
    """Return what a `base.models.AuditEntry` says, in the current language."""
    return Line(
        who=entry.actor_name or _("The system"),
        did=capfirst(_sentence(entry)),
        at=entry.at,
        reason=str(entry.details.get("reason", "")),
        tone=tone_of(entry.verb.rpartition(".")[2]),
    )


def _sentence(entry: Any) -> str:
    """A change of state says where from and where to."""
    noun, _dot, last = entry.verb.rpartition(".")
    was, now = _state_label(noun, str(entry.details.get("was", ""))), _state_label(noun, last)
    if was and now and entry.verb not in _labels:
        return f"{was} → {now}"
    return str(did(entry.verb))


def did(verb: str) -> Any:
    """Return the registered label of `verb`, else the name of the state it led to, else the bare word."""
    noun, _dot, last = verb.rpartition(".")
    return _labels.get(verb) or _state_label(noun, last) or COMMON.get(last) or last.replace("_", " ")


def _state_label(noun: str, value: str) -> Any:
    try:
        model = apps.get_model(noun)
    except (LookupError, ValueError):
        return ""
    for field in model._meta.get_fields():
        if isinstance(field, StateField) and field.enum and value in field.enum.values:
            return field.enum(value).label
    return ""
