"""Clusters beside the one of the story: Stupino with its agreement, Kulebaki, Gus-Khrustalny."""

from datetime import datetime

from kuznitsa.classifiers.models import Industry, Region
from kuznitsa.clusters.actions import add_participant, create_cluster, move_cluster
from kuznitsa.clusters.enums import ClusterKind, ClusterStage, Part
from kuznitsa.clusters.models import Cluster
from kuznitsa.demo.agreements import draw_up_stupino, sign_by_all
from kuznitsa.demo.cast import Cast
from kuznitsa.demo.open_door import open_campaign_in_stupino
from kuznitsa.demo.timeline import Timeline

FOUNDED = -30  # the day of the story on which its cluster is founded
YOUNG = 90  # the neighbours are so many days old, whatever the stage
# Stages on the way to operating.
WAY = (ClusterStage.PARTNERS, ClusterStage.AGREEMENT, ClusterStage.OPERATING)


def found_novokuznetsk(cast: Cast, timeline: Timeline) -> Cluster:
    """The cluster of the story, with its partners found."""
    cluster = create_cluster(
        name="Металлургический кластер Новокузнецка",
        name_en="Metallurgical cluster of Novokuznetsk",
        slug="novokuznetsk",
        industry=Industry.objects.filter(code="metallurgy").first(),
        region=Region.objects.get(code="42"),
        summary=(
            "Алюминиевый завод, техникум имени Бардина, университет и школы города готовят людей"
            " для работы рядом с домом."
        ),
        summary_en=(
            "The aluminium plant, the Bardin Technical School, the university and the schools of the town"
            " train people for work close to home."
        ),
        founder=cast.organisations["bardin"],
        part=Part.BASE_COLLEGE,
        by=cast.users["coordinator"],
        at=timeline.at(FOUNDED),
    )
    parts = {
        "rusal": Part.ANCHOR_EMPLOYER,
        "sibgiu": Part.UNIVERSITY,
        "gymnasium-10": Part.SCHOOL,
        "school-60": Part.SCHOOL,
        "school-61": Part.SCHOOL,
        "ministry": Part.AUTHORITY,
    }
    _let_in(cluster, parts, cast, "coordinator", timeline.at(FOUNDED, 12))
    move_cluster(cluster=cluster, to=ClusterStage.PARTNERS, by=cast.users["coordinator"], at=timeline.at(FOUNDED, 15))
    return cluster


def found_neighbours(cast: Cast, timeline: Timeline) -> None:
    founded = timeline.day - YOUNG
    _found_stupino(cast, timeline, founded)
    _found_kulebaki(cast, timeline, founded)
    _found_gus(cast, timeline, founded)


def _found_stupino(cast: Cast, timeline: Timeline, founded: int) -> None:
    coordinator, college = cast.users["stupino"], cast.organisations["tumanov"]
    cluster = create_cluster(
        name="Кластер металлургии и машиностроения в Ступине",
        name_en="Cluster of metallurgy and mechanical engineering in Stupino",
        slug="stupino",
        industry=Industry.objects.filter(code="metallurgy").first(),
        region=Region.objects.get(code="50"),
        summary="Два завода города и техникум: стипендии, практика и рабочие места для студентов.",
        summary_en="Two plants of the town and its technical school: scholarships, practice and jobs for students.",
        founder=college,
        part=Part.BASE_COLLEGE,
        by=coordinator,
        at=timeline.at(founded),
    )
    _let_in(
        cluster,
        {"smk": Part.ANCHOR_EMPLOYER, "smpp": Part.EMPLOYER},
        cast,
        "stupino",
        timeline.at(founded, 12),
    )
    agreement = draw_up_stupino(
        metallurgists=cast.organisations["smk"],
        machine_builders=cast.organisations["smpp"],
        college=college,
        starts_on=timeline.on(founded + 10),
        cluster=cluster,
        by=coordinator,
        at=timeline.at(founded + 8),
    )
    sign_by_all(agreement=agreement, by=coordinator, at=timeline.at(founded + 10))
    for stage in WAY[:2]:
        move_cluster(cluster=cluster, to=stage, by=coordinator, at=timeline.at(founded + 10, 15))
    open_campaign_in_stupino(cast, timeline, cluster, agreement)


def _found_kulebaki(cast: Cast, timeline: Timeline, founded: int) -> None:
    cluster = create_cluster(
        name="ИТ-кластер школьников в Кулебаках",
        name_en="IT cluster for pupils in Kulebaki",
        slug="kulebaki",
        kind=ClusterKind.CAREER,
        industry=Industry.objects.filter(code="it").first(),
        region=Region.objects.get(code="52"),
        summary="Завод, колледж и школы района: занятия для девятиклассников каждую неделю.",
        summary_en="A plant, a college and the schools of the district: weekly classes for ninth-graders.",
        founder=cast.organisations["kmk"],
        part=Part.BASE_COLLEGE,
        by=cast.users["kulebaki"],
        at=timeline.at(founded),
    )
    parts = {"ruspolymet": Part.ANCHOR_EMPLOYER, "kulebaki-school-1": Part.SCHOOL}
    _let_in(cluster, parts, cast, "kulebaki", timeline.at(founded, 12))
    for stage in WAY:
        move_cluster(cluster=cluster, to=stage, by=cast.users["kulebaki"], at=timeline.at(founded, 15))


def _found_gus(cast: Cast, timeline: Timeline, founded: int) -> None:
    cluster = create_cluster(
        name="Химико-технологический кластер «Гусь-Хрустальный»",
        name_en="Chemical and glass cluster of Gus-Khrustalny",
        slug="gus-khrustalny",
        industry=Industry.objects.filter(code="chemistry").first(),
        region=Region.objects.get(code="33"),
        summary="Стекольный колледж собирает партнёров: готовится стратегическая сессия.",
        summary_en="The glass college gathers partners: a strategic session is being prepared.",
        founder=cast.organisations["gus-glass"],
        part=Part.BASE_COLLEGE,
        by=cast.users["gus"],
        at=timeline.at(founded),
    )
    _let_in(cluster, {"steklosoyuz": Part.PARTNER}, cast, "gus", timeline.at(founded, 12))
    move_cluster(cluster=cluster, to=ClusterStage.SESSION, by=cast.users["gus"], at=timeline.at(founded, 15))


def _let_in(cluster: Cluster, parts: dict[str, Part], cast: Cast, coordinator: str, at: datetime) -> None:
    for key, part in parts.items():
        add_participant(
            cluster=cluster,
            organisation=cast.organisations[key],
            part=part,
            by=cast.users[coordinator],
            at=at,
        )
