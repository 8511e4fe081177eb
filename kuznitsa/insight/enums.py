"""The stages of the thread: which facts are added up into which number of the band."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kuznitsa.facts.enums import FactKind


@dataclass(frozen=True)
class ThreadStage:
    """One number of the band: the sum of `plus` minus the sum of `minus`."""

    key: str
    label: str | Promise
    meaning: str | Promise
    plus: tuple[FactKind, ...]
    minus: tuple[FactKind, ...] = ()


# "Stayed" is the furthest check point that somebody has reached; see `queries.band`.
STAYED_KINDS = (
    FactKind.STAYED_36,
    FactKind.STAYED_24,
    FactKind.STAYED_12,
    FactKind.STAYED_6,
    FactKind.STAYED_3,
)

STAGES: tuple[ThreadStage, ...] = (
    ThreadStage("needed", _("Needed"), _("people the plants have said they need"), (FactKind.NEED_STATED,)),
    ThreadStage("promised", _("Promised"), _("target seats promised in agreements"), (FactKind.SEATS_PROMISED,)),
    ThreadStage("offered", _("Offered"), _("seats in published target offers"), (FactKind.SEATS_OFFERED,)),
    ThreadStage("applied", _("Applied"), _("applications that named these offers"), (FactKind.APPLIED,)),
    ThreadStage(
        "allocated",
        _("Allocated"),
        _("people who were given a seat and have not returned it"),
        (FactKind.SEAT_ALLOCATED,),
        (FactKind.SEAT_RETURNED,),
    ),
    ThreadStage("contract", _("Contract"), _("target contracts signed by all"), (FactKind.CONTRACT_SIGNED,)),
    ThreadStage("practice", _("Practice"), _("students who have completed practice"), (FactKind.PRACTICE_COMPLETED,)),
    ThreadStage("exam", _("Exam"), _("students who have passed the exam"), (FactKind.EXAM_PASSED,)),
    ThreadStage("hired", _("Hired"), _("graduates taken on by the plants"), (FactKind.HIRED,)),
    ThreadStage("stayed", _("Stayed"), _("graduates who still work there"), STAYED_KINDS),
)

STAGE_BY_KEY = {stage.key: stage for stage in STAGES}
