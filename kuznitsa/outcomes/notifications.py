"""Letters that ask whether people are still there."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db.models import Model

from kuznitsa.base.mail import Letter, send
from kuznitsa.organisations.enums import Role
from kuznitsa.organisations.queries import holders
from kuznitsa.outcomes.models import CheckPoint


def still_there(points: Iterable[CheckPoint]) -> None:
    """Ask each plant once about all of its workers, and each worker about themselves; `points` by plant."""
    for employer, group in groupby(points, key=lambda point: point.hire.employer):
        asked = list(group)
        for point in asked:
            person = point.hire.person
            if to := person.user or person.email:
                _send(to, "still_there_worker", point, point=point)
        for user in holders([employer.pk], Role.EMPLOYER_HR):
            _send(user, "still_there", employer, employer=employer, count=len(asked))


def _send(to: Any, name: str, about: Model, **context: Any) -> None:
    send(Letter(to=to, template=f"outcomes/letters/{name}", context=context, about=about))
