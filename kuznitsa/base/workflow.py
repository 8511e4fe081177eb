"""Moves between states.

Beside the enum of states stands a table `…_MOVES: dict[state, set of next states]`; the model's `StateField`
knows both. Every change of state goes through `move()`, which refuses what the table does not allow and
writes the audit entry. The diagrams in docs/reference/states.md are generated from the same tables.
"""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from kuznitsa.base.audit import audit
from kuznitsa.base.fields import StateField
from kuznitsa.base.refusal import Refused


def why_not_move(obj: models.Model, to: Any, *, field: str = "state") -> str:
    """Return "" when the table of moves lets `obj` go to `to`, else the reason in the user's language."""
    state = obj._meta.get_field(field)
    assert isinstance(state, StateField)
    current = state.enum(getattr(obj, field))
    if to in state.moves.get(current, ()):
        return ""
    return _("This cannot become “%(to)s”: it is “%(current)s” now.") % {
        "to": state.enum(to).label,
        "current": current.label,
    }


def move(obj: models.Model, to: Any, *, by: Any, at: datetime, reason: str = "", field: str = "state") -> None:
    """Set `obj.<field>` to `to`, save it and write the audit entry.

    The row is changed only if it is still in the state that was read: of two people who act at once
    the second is refused. Raises `Refused` when the move is not in the table or the row has changed.
    """
    why_not = why_not_move(obj, to, field=field)
    if why_not:
        raise Refused(why_not)
    was = getattr(obj, field)
    changed = type(obj)._default_manager.filter(pk=obj.pk, **{field: was}).update(**{field: to})
    if not changed:
        raise Refused(_("Somebody else has just changed this. Reload the page and look again."))
    setattr(obj, field, to)
    audit(f"{obj._meta.app_label}.{obj._meta.model_name}.{to}", obj, by=by, at=at, was=was, reason=reason)
