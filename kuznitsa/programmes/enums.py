"""Programmes, intakes, facilities, enrolments: their kinds and states."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EducationBase(models.TextChoices):
    AFTER_9 = "after_9", _("after grade 9")
    AFTER_11 = "after_11", _("after grade 11")


class IntakeState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("intake", "planned")
    STUDYING = "studying", _("studying")
    GRADUATED = "graduated", pgettext_lazy("intake", "graduated")
    CANCELLED = "cancelled", pgettext_lazy("intake", "cancelled")


INTAKE_MOVES = {
    IntakeState.PLANNED: {IntakeState.STUDYING, IntakeState.CANCELLED},
    IntakeState.STUDYING: {IntakeState.GRADUATED, IntakeState.PLANNED},
    IntakeState.GRADUATED: {IntakeState.STUDYING},
    IntakeState.CANCELLED: {IntakeState.PLANNED},
}


class FacilityKind(models.TextChoices):
    LABORATORY = "laboratory", _("laboratory")
    WORKSHOP = "workshop", _("workshop")


class FacilityState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("facility", "planned")
    EQUIPPING = "equipping", _("being equipped")
    ACCEPTED = "accepted", pgettext_lazy("facility", "accepted")


FACILITY_MOVES = {
    FacilityState.PLANNED: {FacilityState.EQUIPPING, FacilityState.ACCEPTED},
    FacilityState.EQUIPPING: {FacilityState.ACCEPTED, FacilityState.PLANNED},
    FacilityState.ACCEPTED: {FacilityState.EQUIPPING},
}


class EnrolmentBasis(models.TextChoices):
    TARGET = "target", _("target training")
    BUDGET = "budget", _("paid by the state")
    PAID = "paid", _("paid by the student")


class EnrolmentState(models.TextChoices):
    STUDYING = "studying", _("studying")
    LEAVE = "leave", _("academic leave")
    GRADUATED = "graduated", _("graduated")
    LEFT = "left", _("left")
    ANNULLED = "annulled", pgettext_lazy("enrolment", "entered by mistake")


ENROLMENT_MOVES = {
    EnrolmentState.STUDYING: {
        EnrolmentState.LEAVE,
        EnrolmentState.GRADUATED,
        EnrolmentState.LEFT,
        EnrolmentState.ANNULLED,
    },
    EnrolmentState.LEAVE: {EnrolmentState.STUDYING, EnrolmentState.LEFT},
    EnrolmentState.GRADUATED: {EnrolmentState.STUDYING},
    EnrolmentState.LEFT: {EnrolmentState.STUDYING},
    EnrolmentState.ANNULLED: set(),
}

# Enrolments that take no place of the intake.
PLACELESS_STATES = (EnrolmentState.LEFT, EnrolmentState.ANNULLED)


class LeavingReason(models.TextChoices):
    OWN_WISH = "own_wish", _("own wish")
    FAILING = "failing", _("failing in studies")
    MOVED = "moved", _("moved to another college")
    OTHER = "other", _("other")
