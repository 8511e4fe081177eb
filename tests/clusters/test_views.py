import pytest
from django.urls import reverse

from kuznitsa.clusters.enums import ClusterStage, Part
from kuznitsa.clusters.models import Cluster
from kuznitsa.organisations.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.clusters import ClusterFactory, ParticipationFactory
from tests.factories.organisations import CollegeFactory, EmployerFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def cluster():
    return ParticipationFactory(
        cluster=ClusterFactory(state=ClusterStage.PARTNERS),
        organisation=CollegeFactory(),
        part=Part.BASE_COLLEGE,
    ).cluster


@pytest.fixture
def college(cluster):
    return cluster.participations.get(part=Part.BASE_COLLEGE).organisation


@pytest.fixture
def client(client_as, college):
    return client_as(member(college, Role.COORDINATOR), language="en")


@pytest.fixture
def visitor(client_as):
    return client_as(None, language="en")


def text(answer) -> str:
    return answer.content.decode()


def test_clusters_are_public(visitor, cluster, college):
    assert cluster.name in text(visitor.get(reverse("clusters:list")))
    page = text(visitor.get(cluster.get_absolute_url()))
    assert college.short_name in page
    assert "Move to another stage" not in page


def test_the_list_costs_the_same_for_many(visitor, query_count):
    query_count(lambda: visitor.get(reverse("clusters:list")), ParticipationFactory)


def test_the_page_costs_the_same_for_many_participants(client, cluster, query_count):
    query_count(lambda: client.get(cluster.get_absolute_url()), lambda: ParticipationFactory(cluster=cluster))


def test_the_list_is_filtered(visitor, cluster):
    other = ClusterFactory(state=ClusterStage.OPERATING)
    page = text(visitor.get(reverse("clusters:list"), {"state": "operating"}))
    assert other.name in page
    assert cluster.name not in page


def test_a_coordinator_founds_a_cluster(client, college):
    data = {
        "name": "Стекольный кластер",
        "kind": "industry",
        "region": college.region_id,
        "founder": college.pk,
        "part": Part.BASE_COLLEGE,
    }
    assert client.get(reverse("clusters:create")).status_code == 200
    answer = client.post(reverse("clusters:create"), data)
    assert answer["Location"] == Cluster.objects.get(name="Стекольный кластер").get_absolute_url()


def test_others_read_why_they_found_nothing(client_as):
    answer = client_as(UserFactory(), language="en").get(reverse("clusters:create"))
    assert "Only a cluster coordinator" in text(answer)


def test_details_are_edited(client, cluster):
    url = reverse("clusters:edit", args=[cluster.slug])
    assert client.get(url).status_code == 200
    client.post(url, {"name": "Новое имя", "kind": "industry", "region": cluster.region_id})
    cluster.refresh_from_db()
    assert cluster.name == "Новое имя"


def test_others_edit_nothing_and_keep_what_they_typed(client_as, cluster):
    url = reverse("clusters:edit", args=[cluster.slug])
    answer = client_as(UserFactory(), language="en").post(
        url, {"name": "Чужое", "kind": "industry", "region": cluster.region_id}
    )
    assert "Only a coordinator" in text(answer)
    assert "Чужое" in text(answer)


def test_a_participant_comes_goes_and_comes_again(client, cluster):
    plant = EmployerFactory()
    url = reverse("clusters:add-participant", args=[cluster.slug])
    assert client.get(url).status_code == 200
    client.post(url, {"organisation": plant.pk, "part": Part.ANCHOR_EMPLOYER, "started_on": "2026-01-01"})
    row = cluster.participations.get(organisation=plant)

    client.post(reverse("clusters:end-participation", args=[row.pk]), {"reason": "sold"})
    assert not cluster.participations.current().filter(organisation=plant).exists()
    client.post(reverse("clusters:resume-participation", args=[row.pk]))
    assert cluster.participations.current().filter(organisation=plant).exists()
    assert "Took part earlier" in text(client.get(cluster.get_absolute_url()))


def test_a_stage_is_moved_and_shown(client, cluster):
    client.post(reverse("clusters:move", args=[cluster.slug]), {"to": "agreement", "reason": "signed in May"})
    cluster.refresh_from_db()
    assert cluster.state == ClusterStage.AGREEMENT
    assert "signed in May" in text(client.get(cluster.get_absolute_url()))


def test_a_step_back_without_a_reason_comes_back_with_a_message(client, cluster):
    answer = client.post(reverse("clusters:move", args=[cluster.slug]), {"to": "session"})
    assert "Say why" in text(answer)


def test_a_closed_cluster_says_so(visitor):
    cluster = ClusterFactory(state=ClusterStage.CLOSED)
    assert "closed" in text(visitor.get(cluster.get_absolute_url()))
