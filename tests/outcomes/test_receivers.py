import pytest

from kuznitsa.base.refusal import Refused
from kuznitsa.outcomes.models import ExamResult
from kuznitsa.programmes.actions import annul_enrolment, enrol
from tests.factories.outcomes import ExamFactory
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db


def test_an_enrolment_with_an_exam_result_is_not_taken_back(at):
    exam = ExamFactory()
    enrolment = enrol(person=PersonFactory(), intake=exam.intake, enrolled_on=at.date(), by=None, at=at)
    result = ExamResult.objects.create(
        exam=exam, person=enrolment.person, points_hundredths=5000, mark=4, recorded_at=at
    )
    with pytest.raises(Refused, match="результат экзамена"):
        annul_enrolment(enrolment=enrolment, reason="by mistake", by=None, at=at)
    result.appeared, result.points_hundredths, result.mark = False, None, None
    result.save()
    annul_enrolment(enrolment=enrolment, reason="by mistake", by=None, at=at)
