"""Exams, hires, follow-up: their kinds and states."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ExamLevel(models.TextChoices):
    BASIC = "basic", _("basic")
    PROFILE = "profile", _("profile")


class ExamState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("exam", "planned")
    CLOSED = "closed", _("results recorded")


EXAM_MOVES = {ExamState.PLANNED: {ExamState.CLOSED}, ExamState.CLOSED: {ExamState.PLANNED}}


class HireState(models.TextChoices):
    WORKING = "working", _("works")
    LEFT = "left", pgettext_lazy("worker", "left")
    CANCELLED = "cancelled", _("entered by mistake")


HIRE_MOVES = {
    HireState.WORKING: {HireState.LEFT, HireState.CANCELLED},
    HireState.LEFT: {HireState.WORKING},
    HireState.CANCELLED: set(),
}


class LeavingReason(models.TextChoices):
    OWN_WISH = "own_wish", _("own wish")
    CONSCRIPTED = "conscripted", _("called up for military service")
    DISMISSED = "dismissed", _("dismissed")
    STUDY = "study", _("continues to study")
    MOVED = "moved", _("moved to another town")
    OTHER = "other", _("other")


class Answer(models.TextChoices):
    """An answer to “still there?”."""

    STAYED = "stayed", _("still there")
    LEFT = "left", pgettext_lazy("worker", "left")


class CheckPointState(models.TextChoices):
    WAITING = "waiting", _("waits for an answer")
    STAYED = "stayed", _("still there")
    LEFT = "left", pgettext_lazy("worker", "left")
    DISPUTED = "disputed", _("the two sides disagree")


CHECK_POINT_MOVES = {
    CheckPointState.WAITING: {CheckPointState.STAYED, CheckPointState.LEFT, CheckPointState.DISPUTED},
    CheckPointState.STAYED: {CheckPointState.WAITING, CheckPointState.DISPUTED, CheckPointState.LEFT},
    CheckPointState.LEFT: {CheckPointState.WAITING, CheckPointState.DISPUTED, CheckPointState.STAYED},
    CheckPointState.DISPUTED: {CheckPointState.STAYED, CheckPointState.LEFT, CheckPointState.WAITING},
}
