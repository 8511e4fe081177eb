"""What placements answers when a lower app asks before a step back."""

from typing import Any

from django.utils.translation import gettext as _

from kuznitsa.placements.enums import PlacementState
from kuznitsa.placements.models import Placement
from kuznitsa.programmes.models import Enrolment


def why_enrolment_may_not_go(*, enrolment: Enrolment, **_signal: Any) -> str:
    """Return that the student is placed for practice with the group, "" when they are not."""
    placed = Placement.objects.filter(person=enrolment.person_id, place__intake=enrolment.intake_id)
    if placed.exclude(state=PlacementState.CANCELLED).exists():
        return _("The student is placed for practice with this group. Take that back first.")
    return ""
