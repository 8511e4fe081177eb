import pytest

from kuznitsa.base.refusal import Refused
from kuznitsa.placements.enums import PlacementState
from kuznitsa.programmes.actions import annul_enrolment, enrol
from tests.factories.people import PersonFactory
from tests.factories.placements import PlacementFactory
from tests.factories.programmes import IntakeFactory

pytestmark = pytest.mark.django_db


def test_an_enrolment_with_practice_is_not_taken_back(at):
    enrolment = enrol(person=PersonFactory(), intake=IntakeFactory(), enrolled_on=at.date(), by=None, at=at)
    placement = PlacementFactory(person=enrolment.person, place__intake=enrolment.intake)
    with pytest.raises(Refused, match="распределён на практику"):
        annul_enrolment(enrolment=enrolment, reason="by mistake", by=None, at=at)
    placement.state = PlacementState.CANCELLED
    placement.save()
    annul_enrolment(enrolment=enrolment, reason="by mistake", by=None, at=at)
