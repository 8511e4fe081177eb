"""What outcomes answers when a lower app asks before a step back."""

from typing import Any

from django.utils.translation import gettext as _

from kuznitsa.outcomes.models import ExamResult
from kuznitsa.programmes.models import Enrolment


def why_enrolment_may_not_go(*, enrolment: Enrolment, **_signal: Any) -> str:
    """Return that the student has appeared at an exam of the group, "" when they have not."""
    results = ExamResult.objects.filter(person=enrolment.person_id, exam__intake=enrolment.intake_id)
    if results.filter(appeared=True).exists():
        return _("The student has an exam result in this group. Correct it to “did not appear” first.")
    return ""
