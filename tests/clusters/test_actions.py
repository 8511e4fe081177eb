from datetime import timedelta

import pytest

from kuznitsa.base.refusal import Refused
from kuznitsa.clusters import actions
from kuznitsa.clusters.enums import ClusterStage, Part
from kuznitsa.clusters.queries import duties, participants, stages
from kuznitsa.organisations.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.classifiers import RegionFactory
from tests.factories.clusters import ClusterFactory, ParticipationFactory
from tests.factories.organisations import CollegeFactory, EmployerFactory, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("en")]


@pytest.fixture
def college():
    return CollegeFactory()


@pytest.fixture
def coordinator(college):
    return member(college, Role.COORDINATOR)


@pytest.fixture
def cluster(college):
    return ParticipationFactory(
        cluster=ClusterFactory(state=ClusterStage.IDEA), organisation=college, part=Part.BASE_COLLEGE
    ).cluster


def test_a_coordinator_founds_a_cluster_for_their_college(college, coordinator, at):
    cluster = actions.create_cluster(
        name="Металлургия Кузбасса",
        region=RegionFactory(),
        founder=college,
        part=Part.BASE_COLLEGE,
        by=coordinator,
        at=at,
    )
    assert cluster.slug == "metallurgiia-kuzbassa"
    assert [row.organisation for row in participants(cluster)] == [college]


def test_a_coordinator_founds_nothing_for_others(coordinator, at):
    with pytest.raises(Refused, match="Choose the organisation"):
        actions.create_cluster(
            name="X", region=RegionFactory(), founder=CollegeFactory(), part=Part.BASE_COLLEGE, by=coordinator, at=at
        )


def test_others_found_nothing(at):
    with pytest.raises(Refused, match="Only a cluster coordinator"):
        actions.create_cluster(name="X", region=RegionFactory(), by=UserFactory(), at=at)


def test_an_address_on_the_site_stands_once(cluster, at):
    with pytest.raises(Refused, match="address on the site"):
        actions.create_cluster(name="X", region=RegionFactory(), slug=cluster.slug, by=None, at=at)


def test_details_change(cluster, coordinator, at):
    actions.edit_cluster(cluster=cluster, summary="О кластере", by=coordinator, at=at)
    cluster.refresh_from_db()
    assert cluster.summary == "О кластере"


def test_others_change_no_details(cluster, at):
    with pytest.raises(Refused, match="Only a coordinator"):
        actions.edit_cluster(cluster=cluster, summary="X", by=UserFactory(), at=at)


def test_an_organisation_takes_part_once(cluster, coordinator, at):
    plant = EmployerFactory()
    actions.add_participant(cluster=cluster, organisation=plant, part=Part.ANCHOR_EMPLOYER, by=coordinator, at=at)
    with pytest.raises(Refused, match="already takes part"):
        actions.add_participant(cluster=cluster, organisation=plant, part=Part.EMPLOYER, by=coordinator, at=at)


def test_others_add_nobody(cluster, at):
    with pytest.raises(Refused):
        actions.add_participant(
            cluster=cluster, organisation=EmployerFactory(), part=Part.EMPLOYER, by=UserFactory(), at=at
        )


def test_a_participation_ends_and_begins_again(cluster, coordinator, at):
    left = ParticipationFactory(cluster=cluster)
    actions.end_participation(participation=left, reason="sold", by=coordinator, at=at)
    assert left.organisation not in [row.organisation for row in participants(cluster)]

    actions.resume_participation(participation=left, by=coordinator, at=at)

    assert left.organisation in [row.organisation for row in participants(cluster)]


def test_an_end_lies_between_the_start_and_today(cluster, coordinator, at):
    row = ParticipationFactory(cluster=cluster, started_on=at.date())
    with pytest.raises(Refused, match="before the start"):
        actions.end_participation(participation=row, ended_on=at.date() - timedelta(days=1), by=coordinator, at=at)
    with pytest.raises(Refused, match="future"):
        actions.end_participation(participation=row, ended_on=at.date() + timedelta(days=1), by=coordinator, at=at)


def test_a_participation_ends_once(cluster, coordinator, at):
    row = ParticipationFactory(cluster=cluster)
    stale = type(row).objects.get(pk=row.pk)
    actions.end_participation(participation=row, by=coordinator, at=at)
    for again in (row, stale):
        with pytest.raises(Refused, match="has ended already"):
            actions.end_participation(participation=again, by=coordinator, at=at)


def test_who_takes_part_does_not_come_back(cluster, coordinator, at):
    with pytest.raises(Refused, match="has not ended"):
        actions.resume_participation(participation=ParticipationFactory(cluster=cluster), by=coordinator, at=at)


def test_a_cluster_moves_along_the_stages(cluster, coordinator, at):
    for to in (ClusterStage.PARTNERS, ClusterStage.AGREEMENT, ClusterStage.OPERATING):
        actions.move_cluster(cluster=cluster, to=to, by=coordinator, at=at)
    cluster.refresh_from_db()
    assert (cluster.state, cluster.started_on) == (ClusterStage.OPERATING, at.date())
    assert [entry.stage for entry in stages(cluster)] == ["partners", "agreement", "operating"]


def test_no_stage_is_skipped(cluster, coordinator, at):
    with pytest.raises(Refused, match="cannot become"):
        actions.move_cluster(cluster=cluster, to=ClusterStage.OPERATING, by=coordinator, at=at)


def test_a_step_back_and_the_closing_need_a_reason(cluster, coordinator, at):
    with pytest.raises(Refused, match="Say why"):
        actions.move_cluster(cluster=cluster, to=ClusterStage.CLOSED, by=coordinator, at=at)
    actions.move_cluster(cluster=cluster, to=ClusterStage.CLOSED, reason="no plant", by=coordinator, at=at)
    assert stages(cluster)[-1].reason == "no plant"


def test_others_move_nothing(cluster, at):
    with pytest.raises(Refused):
        actions.move_cluster(cluster=cluster, to=ClusterStage.SESSION, by=UserFactory(), at=at)


def test_a_cluster_without_an_anchor_is_a_duty(cluster, coordinator, at):
    assert [duty.title for duty in duties(coordinator, at.date())] == ["Add the anchor employer"]
    ParticipationFactory(cluster=cluster, part=Part.ANCHOR_EMPLOYER)
    assert duties(coordinator, at.date()) == []
