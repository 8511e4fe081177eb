"""The stages of the thread: which facts are added up into which number of the band."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kuznitsa.facts.enums import STAYED, FactKind


@dataclass(frozen=True)
class ThreadStage:
    """One number of the band: the sum of `plus` minus the sum of `minus`; of applications, the people behind them.

    `is_part` says that its people are some of those of the stage before, so that a share has a meaning.
    """

    key: str
    label: str | Promise
    meaning: str | Promise
    plus: tuple[FactKind, ...]
    minus: tuple[FactKind, ...] = ()
    is_part: bool = False

    @property
    def kinds(self) -> tuple[FactKind, ...]:
        return (*self.plus, *self.minus)

    def count(self, sums: Mapping[FactKind, int]) -> int:
        """Return the number, given what the facts of each kind add up to."""
        number = 0
        for kind in self.plus:
            number += sums.get(kind, 0)
        for kind in self.minus:
            number -= sums.get(kind, 0)
        return number


STAGES: tuple[ThreadStage, ...] = (
    ThreadStage("needed", _("Needed"), _("people the plants have said they need"), (FactKind.NEED_STATED,)),
    ThreadStage("promised", _("Promised"), _("target seats promised in agreements"), (FactKind.SEATS_PROMISED,)),
    ThreadStage("offered", _("Offered"), _("seats in published target offers"), (FactKind.SEATS_OFFERED,)),
    ThreadStage(
        "applied",
        _("Applied"),
        _("people who named these offers in an application, each counted once"),
        (FactKind.APPLIED,),
    ),
    ThreadStage(
        "allocated",
        _("Allocated"),
        _("people who were given a seat and have not returned it"),
        (FactKind.SEAT_ALLOCATED,),
        (FactKind.SEAT_RETURNED,),
        is_part=True,
    ),
    ThreadStage(
        "contract",
        _("Contract"),
        _("target contracts signed by all and not ended early"),
        (FactKind.CONTRACT_SIGNED,),
        (FactKind.CONTRACT_ENDED,),
        is_part=True,
    ),
    ThreadStage(
        "practice",
        _("Practice"),
        _("students who have completed practice"),
        (FactKind.PRACTICE_COMPLETED,),
        is_part=True,
    ),
    ThreadStage("exam", _("Exam"), _("students who have passed the exam"), (FactKind.EXAM_PASSED,), is_part=True),
    ThreadStage("hired", _("Hired"), _("graduates taken on by the plants"), (FactKind.HIRED,), is_part=True),
    # In the band one check point stands for all; see `queries.stays`.
    ThreadStage(
        "stayed",
        _("Stayed"),
        _("graduates who still work there, of those hired so long ago"),
        tuple(STAYED.values()),
        is_part=True,
    ),
)

STAGE_BY_KEY = {stage.key: stage for stage in STAGES}

STAYED_AFTER = {
    months: ThreadStage(
        "stayed",
        format_lazy(_("Stayed after {months} months"), months=months),
        _("graduates who still work there, of those hired so long ago"),
        (kind,),
        is_part=True,
    )
    for months, kind in STAYED.items()
}
