import pytest
from django.urls import reverse

from kuznitsa.clusters.enums import ClusterStage
from kuznitsa.demand.actions import state_need
from tests.factories.clusters import ClusterFactory
from tests.factories.demand import NeedFactory

pytestmark = pytest.mark.django_db


def test_front_page_shows_clusters_and_what_they_need(client_as, at, language):
    need = state_need(need=NeedFactory(), by=None, at=at)
    closed = ClusterFactory(state=ClusterStage.CLOSED)

    page = client_as(None, language=language).get(reverse("pages:front")).content.decode()

    assert need.cluster.name in page
    assert closed.name not in page
    assert ("нужно 25" if language == "ru" else "needed 25") in page


def test_empty_front_page_says_what_to_do_first(client_as, ru):
    page = client_as(None).get(reverse("pages:front")).content.decode()

    assert "Сегодня открытых мест нет" in page
    assert "Кластеров пока нет" in page


def test_front_page_costs_the_same_for_one_cluster_and_three(client_as, query_count, at):
    client = client_as(None)

    query_count(lambda: client.get(reverse("pages:front")), lambda: state_need(need=NeedFactory(), by=None, at=at))
