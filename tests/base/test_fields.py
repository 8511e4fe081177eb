import pytest

from tests.factories.demand import NeedFactory

pytestmark = pytest.mark.django_db


def test_search_takes_the_search_column_of_a_related_row_in_every_language():
    need = NeedFactory()

    assert need.occupation.name_ru.casefold() in need.search
    assert need.occupation.name_en.casefold() in need.search
    assert need.employer.search in need.search
