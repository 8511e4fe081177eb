"""The verbs of programmes, intakes, facilities and enrolments."""

from kuznitsa.programmes.actions.enrolments import (
    annul_enrolment,
    enrol,
    expel,
    graduate,
    return_to_studies,
    start_leave,
)
from kuznitsa.programmes.actions.facilities import (
    accept_facility,
    add_facility,
    edit_facility,
    reopen_facility,
    return_facility_to_plan,
    start_equipping,
)
from kuznitsa.programmes.actions.programmes import (
    add_intake,
    add_programme,
    cancel_intake,
    edit_intake,
    edit_programme,
    finish_intake,
    reopen_intake,
    start_intake,
)

__all__ = [
    "accept_facility",
    "add_facility",
    "add_intake",
    "add_programme",
    "annul_enrolment",
    "cancel_intake",
    "edit_facility",
    "edit_intake",
    "edit_programme",
    "enrol",
    "expel",
    "finish_intake",
    "graduate",
    "reopen_facility",
    "reopen_intake",
    "return_facility_to_plan",
    "return_to_studies",
    "start_equipping",
    "start_intake",
    "start_leave",
]
