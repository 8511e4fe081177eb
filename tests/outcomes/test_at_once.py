"""Two people of HR at the same graduate."""

import pytest

from kuznitsa.facts.enums import FactKind
from kuznitsa.facts.models import Fact
from kuznitsa.outcomes import actions
from kuznitsa.outcomes.models import Hire
from tests.admissions.test_last_seat import at_once
from tests.factories.organisations import EmployerFactory
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_nobody_is_hired_twice_at_the_same_time(at):
    person, employer = PersonFactory(), EmployerFactory()

    def hire():
        actions.hire_graduate(person=person, employer=employer, hired_on=at.date(), position="слесарь", by=None, at=at)

    assert len(at_once(hire, hire)) == 1
    assert Hire.objects.count() == 1
    assert Fact.objects.filter(kind=FactKind.HIRED).count() == 1
