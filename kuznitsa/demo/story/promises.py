"""Stages `need` and `agreed`: what the plant needs, what the partners promise each other, where it will be taught."""

from datetime import timedelta

from kuznitsa.admissions.actions import SupportLine, create_offer, propose_offer
from kuznitsa.admissions.enums import Period, SupportKind
from kuznitsa.agreements.actions import accept_act, submit_act
from kuznitsa.agreements.enums import ObligationKind
from kuznitsa.agreements.models import Obligation
from kuznitsa.classifiers.models import Occupation
from kuznitsa.clusters.actions import move_cluster
from kuznitsa.clusters.enums import ClusterStage
from kuznitsa.demand.actions import draft_need, state_need
from kuznitsa.demand.enums import Confidence
from kuznitsa.demo.agreements import draw_up_electrolysis, sign_by_all
from kuznitsa.demo.story.scene import Scene
from kuznitsa.programmes.actions import accept_facility, add_facility, add_intake, add_programme, start_equipping
from kuznitsa.programmes.enums import FacilityState

ELECTROLYSIS, ELECTRICIAN = "22.01.05", "13.01.10"
MONTHS = 22
# Occupation, replacement of leavers, growth, wage in roubles, months of study, places of the group, its name.
NEEDS = (
    (ELECTROLYSIS, 15, 10, 95_000, 25, "ЭРС"),
    (ELECTRICIAN, 6, 2, 80_000, 15, "ЭМ"),
)
LABORATORIES = (
    ("Физическая лаборатория", 9_500_000),
    ("Химическая лаборатория", 14_200_000),
    ("Лаборатория электролизного производства", 31_000_000),
)
NEED_DAY, DRAWN_UP_DAY, SIGNED_DAY, PROGRAMME_DAY, OFFER_DAY = 0, 20, 30, 35, 40
STUDIES_BEGIN, STUDIES_END = 155, 815
LABORATORY_DAYS = (90, 130, 260)


def state_needs(scene: Scene) -> None:
    """The plant's HR states what is needed two years ahead, when those who begin now will have learned it."""
    at, year = scene.timeline.at, scene.timeline.on(STUDIES_END).year
    for code, replacement, growth, wage, *_rest in NEEDS:
        need = draft_need(
            employer=scene.plant,
            site=scene.plant.sites.order_by("pk").first(),
            occupation=Occupation.objects.get(code=code),
            year=year,
            replacement=replacement,
            growth=growth,
            confidence=Confidence.FIRM,
            wage_from_kopecks=wage * 100,
            wage_to_kopecks=wage * 140,
            cluster=scene.cluster,
            by=scene.user("hr"),
            at=at(NEED_DAY),
        )
        scene.needs.append(state_need(need=need, by=scene.user("hr"), at=at(NEED_DAY, 11)))
    # What nobody has answered yet: the electricians of the year after.
    draft_need(
        employer=scene.plant,
        occupation=Occupation.objects.get(code=ELECTRICIAN),
        year=year + 1,
        replacement=5,
        confidence=Confidence.PROBABLE,
        cluster=scene.cluster,
        by=scene.user("hr"),
        at=at(NEED_DAY, 12),
    )


def agree(scene: Scene) -> None:
    """The agreement is signed by all; the technical school plans what it needs; the plant proposes its offers."""
    at, coordinator = scene.timeline.at, scene.user("coordinator")
    agreement = draw_up_electrolysis(
        plant=scene.plant,
        college=scene.college,
        university=scene.cast.organisations["sibgiu"],
        occupation=scene.needs[0].occupation,
        starts_on=scene.timeline.on(SIGNED_DAY),
        cluster=scene.cluster,
        thread=scene.needs[0].thread,
        by=coordinator,
        at=at(DRAWN_UP_DAY),
    )
    sign_by_all(agreement=agreement, by=coordinator, at=at(SIGNED_DAY))
    scene.agreements.append(agreement)
    move_cluster(cluster=scene.cluster, to=ClusterStage.AGREEMENT, by=coordinator, at=at(SIGNED_DAY, 12))
    _plan_studies(scene)
    _propose_offers(scene)


def _plan_studies(scene: Scene) -> None:
    office, on, at = scene.user("admissions"), scene.timeline.on, scene.timeline.at(PROGRAMME_DAY)
    for need, (_code, _replacement, _growth, _wage, places, group) in zip(scene.needs, NEEDS, strict=True):
        programme = add_programme(
            college=scene.college,
            occupation=need.occupation,
            months=MONTHS,
            qualification=need.occupation.name_ru[:200],
            cluster=scene.cluster,
            by=office,
            at=at,
        )
        intake = add_intake(
            programme=programme,
            starts_on=on(STUDIES_BEGIN),
            ends_on=on(STUDIES_END),
            places=places,
            group_name=f"{group}-{on(STUDIES_BEGIN):%y}",
            by=office,
            at=at,
        )
        scene.intakes.append(intake)
    for (name, roubles), day in zip(LABORATORIES, LABORATORY_DAYS, strict=True):
        laboratory = add_facility(
            organisation=scene.college,
            name=name,
            sponsor=scene.plant,
            cluster=scene.cluster,
            programmes=(scene.intakes[0].programme,),
            places=15,
            cost_kopecks=roubles * 100,
            due_on=on(day) + timedelta(days=20),
            by=office,
            at=at,
        )
        start_equipping(facility=laboratory, by=office, at=scene.timeline.at(PROGRAMME_DAY, 15))
        scene.laboratories.append(laboratory)


def _propose_offers(scene: Scene) -> None:
    hr, at = scene.user("hr"), scene.timeline.at
    for need, intake, agreement in zip(scene.needs, scene.intakes, (scene.agreements[0], None), strict=True):
        offer = create_offer(
            employer=scene.plant,
            intake=intake,
            seats=need.number,
            need=need,
            agreement=agreement,
            position=need.occupation.name_ru.split(" (")[0][:200],
            site=need.site,
            service_months=36,
            wage_from_kopecks=need.wage_from_kopecks,
            wage_to_kopecks=need.wage_to_kopecks,
            minimum_mark_hundredths=330,
            needs_medical=True,
            requirements="Окончить 9 классов. Медицинская справка для работы в металлургии.",
            duties="Учиться без отчисления, пройти практику в цехе, отработать на заводе три года.",
            exit_terms=(
                "До подписания договора можно уйти в любой день. После подписания уходящий по своей воле возвращает"
                " выплаченную поддержку; при болезни, переезде родителей и в других случаях по закону не возвращает."
            ),
            contact="Отдел кадров, +7 900 000-00-00",
            support=(
                SupportLine(SupportKind.STIPEND, 700_000, Period.MONTHLY),
                SupportLine(SupportKind.EQUIPMENT, None, Period.ONCE, "спецодежда и средства защиты на практику"),
            ),
            by=hr,
            at=at(OFFER_DAY),
        )
        propose_offer(offer=offer, by=hr, at=at(OFFER_DAY, 12))
        scene.offers.append(offer)


def accept_laboratories(scene: Scene) -> None:
    """The college accepts the laboratories whose day has come."""
    for laboratory, day in zip(scene.laboratories, LABORATORY_DAYS, strict=True):
        laboratory.refresh_from_db()
        if day <= scene.timeline.day and laboratory.state != FacilityState.ACCEPTED:
            accept_facility(
                facility=laboratory,
                accepted_on=scene.timeline.on(day),
                by=scene.user("admissions"),
                at=scene.timeline.at(day),
            )


def pay_scholarships(scene: Scene, day: int, roubles: dict[str, int]) -> None:
    """The plant submits acts of scholarships it has paid, and those whose students got them accept."""
    directors = {"bardin": "director", "sibgiu": "university"}
    for key, amount in roubles.items():
        obligation = Obligation.objects.get(
            agreement=scene.agreements[0],
            kind=ObligationKind.SCHOLARSHIPS,
            beneficiary=scene.cast.organisations[key],
        )
        act = submit_act(
            obligation=obligation,
            on=scene.timeline.on(day),
            quantity=amount,
            description="стипендии за полугодие",
            by=scene.user("hr"),
            at=scene.timeline.at(day),
        )
        accept_act(act=act, by=scene.user(directors[key]), at=scene.timeline.at(day, 15))
