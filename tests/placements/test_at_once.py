"""Two practice leads at the last place."""

import pytest

from kuznitsa.placements import actions
from kuznitsa.placements.models import PracticePlace
from tests.admissions.test_last_seat import at_once
from tests.factories.placements import PracticePlaceFactory, student

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_the_last_place_is_given_once(at):
    place = PracticePlaceFactory(seats=1)

    def put(person):
        return lambda: actions.place_students(
            place=PracticePlace.objects.get(pk=place.pk), persons=[person], by=None, at=at
        )

    assert len(at_once(put(student(place)), put(student(place)))) == 1
    assert place.placements.count() == 1
