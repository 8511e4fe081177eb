import pytest

from kuznitsa.base.refusal import Refused
from kuznitsa.base.saving import save_or_refuse
from tests.factories.programmes import IntakeFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db


def test_what_is_right_is_saved():
    programme = ProgrammeFactory()
    programme.months = 34
    save_or_refuse(programme)
    programme.refresh_from_db()
    assert programme.months == 34


def test_a_wrong_field_is_named(en):
    programme = ProgrammeFactory()
    programme.qualification = "x" * 300
    with pytest.raises(Refused, match="Qualification: "):
        save_or_refuse(programme)


def test_a_broken_rule_is_told_in_its_own_words(en):
    intake = IntakeFactory()
    intake.ends_on = intake.starts_on
    with pytest.raises(Refused, match=r"^The intake graduates before it starts\.$"):
        save_or_refuse(intake)
