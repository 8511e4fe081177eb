"""States of practice places and placements."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlaceState(models.TextChoices):
    OPEN = "open", pgettext_lazy("practice place", "open")
    CLOSED = "closed", pgettext_lazy("practice place", "closed")


PLACE_MOVES = {PlaceState.OPEN: {PlaceState.CLOSED}, PlaceState.CLOSED: {PlaceState.OPEN}}


class PlacementState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("practice", "planned")
    STARTED = "started", pgettext_lazy("practice", "started")
    COMPLETED = "completed", pgettext_lazy("practice", "completed")
    NO_SHOW = "no_show", _("did not come")
    INTERRUPTED = "interrupted", _("interrupted")
    CANCELLED = "cancelled", pgettext_lazy("practice", "cancelled")


PLACEMENT_MOVES = {
    PlacementState.PLANNED: {PlacementState.STARTED, PlacementState.NO_SHOW, PlacementState.CANCELLED},
    PlacementState.STARTED: {PlacementState.COMPLETED, PlacementState.INTERRUPTED, PlacementState.PLANNED},
    PlacementState.COMPLETED: {PlacementState.STARTED},
    PlacementState.NO_SHOW: {PlacementState.PLANNED},
    PlacementState.INTERRUPTED: {PlacementState.STARTED},
    PlacementState.CANCELLED: {PlacementState.PLANNED},
}

# Placements that take a place.
TAKING_STATES = (PlacementState.PLANNED, PlacementState.STARTED, PlacementState.COMPLETED)


class AtFault(models.TextChoices):
    """Whose fault it was that a student did not come or that practice was interrupted."""

    STUDENT = "student", _("the student")
    PLANT = "plant", _("the enterprise")
    COLLEGE = "college", _("the college")
    NOBODY = "nobody", _("nobody: illness or another good cause")
