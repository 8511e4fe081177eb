"""A small campaign in Stupino that takes applications today, whatever the stage: a newcomer can try to apply.

That the two plants work with this technical school is in the source; the offers are invented.
"""

from kuznitsa.admissions.actions import (
    SupportLine,
    agree_offer,
    create_campaign,
    create_offer,
    open_campaign,
    propose_offer,
    publish_offer,
)
from kuznitsa.admissions.enums import Period, SupportKind
from kuznitsa.agreements.models import Agreement
from kuznitsa.classifiers.models import Occupation
from kuznitsa.clusters.models import Cluster
from kuznitsa.demand.actions import draft_need, state_need
from kuznitsa.demand.enums import Confidence
from kuznitsa.demo.cast import Cast
from kuznitsa.demo.timeline import Timeline
from kuznitsa.programmes.actions import add_intake, add_programme

# Days from today.
PLANNED, PUBLISHED, OPENED, CLOSES, RESULTS, BEGINS, ENDS = -20, -15, -10, 25, 35, 95, 755
# The plant, who signs for it, the occupation, the group, seats, wage in roubles.
OFFERS = (
    ("smk", "smk", "22.01.11", "ОМП", 5, 85_000),
    ("smpp", "smpp", "15.01.38", "ОНС", 4, 90_000),
)


def open_campaign_in_stupino(cast: Cast, timeline: Timeline, cluster: Cluster, agreement: Agreement) -> None:
    coordinator, college, today = cast.users["stupino"], cast.organisations["tumanov"], timeline.day
    campaign = create_campaign(
        college=college,
        cluster=cluster,
        name="Целевой набор на заводы Ступина",
        opens_on=timeline.on(today + OPENED),
        closes_on=timeline.on(today + CLOSES),
        publishes_on=timeline.on(today + RESULTS),
        draw_source="номера первого тиража лотереи «5 из 36» после последнего дня приёма",
        by=coordinator,
        at=timeline.at(today + PLANNED),
    )
    for plant, director, code, group, seats, wage in OFFERS:
        occupation = Occupation.objects.get(code=code)
        programme = add_programme(
            college=college,
            occupation=occupation,
            months=22,
            qualification=occupation.name_ru[:200],
            cluster=cluster,
            by=coordinator,
            at=timeline.at(today + PLANNED),
        )
        intake = add_intake(
            programme=programme,
            starts_on=timeline.on(today + BEGINS),
            ends_on=timeline.on(today + ENDS),
            places=20,
            group_name=f"{group}-{timeline.on(today + BEGINS):%y}",
            by=coordinator,
            at=timeline.at(today + PLANNED),
        )
        need = draft_need(
            employer=cast.organisations[plant],
            occupation=occupation,
            year=intake.ends_on.year,
            replacement=seats,
            confidence=Confidence.FIRM,
            wage_from_kopecks=wage * 100,
            wage_to_kopecks=wage * 130,
            cluster=cluster,
            by=cast.users[director],
            at=timeline.at(today + PLANNED),
        )
        offer = create_offer(
            employer=cast.organisations[plant],
            intake=intake,
            need=state_need(need=need, by=cast.users[director], at=timeline.at(today + PLANNED)),
            campaign=campaign,
            agreement=agreement,
            seats=seats,
            position=occupation.name_ru,
            service_months=36,
            wage_from_kopecks=wage * 100,
            wage_to_kopecks=wage * 130,
            minimum_mark_hundredths=320,
            requirements="Окончить 9 классов.",
            duties="Учиться без отчисления, пройти практику на заводе и отработать на нём три года.",
            exit_terms=(
                "До подписания договора можно уйти в любой день. После подписания уходящий по своей воле возвращает"
                " выплаченную поддержку; при болезни, переезде родителей и в других случаях по закону не возвращает."
            ),
            contact="Отдел кадров, +7 900 000-00-00",
            support=(SupportLine(SupportKind.STIPEND, 500_000, Period.MONTHLY),),
            by=cast.users[director],
            at=timeline.at(today + PLANNED, 11),
        )
        propose_offer(offer=offer, by=cast.users[director], at=timeline.at(today + PLANNED, 12))
        agree_offer(offer=offer, by=coordinator, at=timeline.at(today + PLANNED, 14))
        publish_offer(offer=offer, by=cast.users[director], at=timeline.at(today + PUBLISHED))
    open_campaign(campaign=campaign, by=coordinator, at=timeline.at(today + OPENED))
