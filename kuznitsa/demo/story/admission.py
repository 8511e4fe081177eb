"""Stages `applying` and `allocated`: offers are public, people apply, seats are given and answered for."""

from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile

from kuznitsa.admissions.actions import (
    GroupLine,
    PoolLine,
    accept_seat,
    agree_offer,
    approve_run,
    check_application,
    close_campaign,
    confirm_claim,
    confirm_import,
    create_campaign,
    edit_offer,
    enter_draw_seed,
    open_campaign,
    propose_offer,
    publish_offer,
    publish_run,
    return_offer,
    run_allocation,
    set_campaign_rules,
    set_offer_rules,
    state_claim,
    upload_import,
)
from kuznitsa.admissions.models import Application, Campaign, Seat
from kuznitsa.demo.applicants import applicants_file
from kuznitsa.demo.cast import account
from kuznitsa.demo.story.scene import Scene
from kuznitsa.people.actions import edit_person

AGREED_DAY, PUBLISHED_DAY, OPENS, IMPORTED_DAY, CHECKED_DAY = 45, 60, 75, 92, 95
CLOSES, ALLOCATED_DAY, ANSWERED_DAY = 105, 112, 114
# Of the applications and of the seats so many still wait while their stage is shown.
UNCHECKED, UNANSWERED = 6, 4
# Seats of electrolysis for pupils of the district, who are those of the last of the SCHOOLS.
DISTRICT_SEATS = 5
SCHOOLS = ("gymnasium-10", "school-60", "school-61")


def open_admission(scene: Scene) -> None:
    """The technical school agrees to the offers and opens its campaign; applicants come, by a spreadsheet."""
    at, on, office = scene.timeline.at, scene.timeline.on, scene.user("admissions")
    campaign = create_campaign(
        college=scene.college,
        cluster=scene.cluster,
        name="Целевой набор на места РУСАЛа",
        opens_on=on(OPENS),
        closes_on=on(CLOSES),
        publishes_on=on(ALLOCATED_DAY),
        draw_source="номера первого тиража лотереи «5 из 36» после последнего дня приёма",
        by=office,
        at=at(AGREED_DAY),
    )
    scene.campaigns.append(campaign)
    for offer in scene.offers:
        # Proposed before the campaign was planned: it goes back once to be put into it.
        return_offer(offer=offer, reason="внести в целевой набор", by=office, at=at(AGREED_DAY, 11))
        edit_offer(offer=offer, campaign=campaign, by=scene.user("hr"), at=at(AGREED_DAY, 12))
        propose_offer(offer=offer, by=scene.user("hr"), at=at(AGREED_DAY, 13))
        agree_offer(offer=offer, by=office, at=at(AGREED_DAY, 14))
        publish_offer(offer=offer, by=scene.user("hr"), at=at(PUBLISHED_DAY))
    _set_rules(scene, campaign)
    open_campaign(campaign=campaign, by=office, at=at(OPENS))
    _import_applicants(scene)


def _set_rules(scene: Scene, campaign: Campaign) -> None:
    """Five of the seats of electrolysis go first to pupils of the schools of Novokuznetsk district."""
    at, office = scene.timeline.at(PUBLISHED_DAY, 14), scene.user("admissions")
    district = GroupLine(
        name="ученики школ Новокузнецкого района",
        who="Кто в этом году оканчивает школу Новокузнецкого района.",
        paper="справка из школы",
    )
    set_campaign_rules(campaign=campaign, groups=[district], limits=[], by=office, at=at)
    group = campaign.quota_groups.get()
    pools = [PoolLine(name="районная квота", seats=DISTRICT_SEATS, group=group)]
    set_offer_rules(offer=scene.offers[0], pools=pools, by=office, at=at)


def _import_applicants(scene: Scene) -> None:
    at, office, campaign = scene.timeline.at, scene.user("admissions"), scene.campaigns[0]
    numbers = [offer.number for offer in scene.offers]
    data = applicants_file(numbers, today=scene.timeline.on(IMPORTED_DAY), choices=campaign.max_choices)
    uploaded = upload_import(
        campaign=campaign, file=ContentFile(data, name="applicants.xlsx"), by=office, at=at(IMPORTED_DAY)
    )
    confirm_import(applicant_import=uploaded, by=office, at=at(IMPORTED_DAY, 12))
    _name_schools(scene)
    _give_log_ins(scene)
    waiting = 0 if scene.timeline.reaches("allocated") else UNCHECKED
    applications = list(campaign.applications.standing().order_by("-average_mark_hundredths", "pk"))
    for application in applications[: len(applications) - waiting]:
        check_application(application=application, by=office, at=at(CHECKED_DAY))


def _name_schools(scene: Scene) -> None:
    at, office = scene.timeline.at(IMPORTED_DAY, 13), scene.user("admissions")
    schools = [scene.cast.organisations[key] for key in SCHOOLS]
    applications = scene.campaigns[0].applications.select_related("person", "campaign").order_by("pk")
    for number, application in enumerate(applications):
        school = schools[number % len(schools)]
        edit_person(person=application.person, school=school, by=office, at=at)
        if school == schools[-1]:
            _confirm_quota(application, number, office, at)


def _confirm_quota(application: Application, number: int, office: Any, at: datetime) -> None:
    """The last of the SCHOOLS stands in the district: its pupils have brought the paper with the application."""
    group = application.campaign.quota_groups.get()
    claim = state_claim(application=application, group=group, by=office, at=at)
    confirm_claim(claim=claim, paper=f"справка из школы № {number + 1}", by=office, at=at)


def _give_log_ins(scene: Scene) -> None:
    """The best applicant and the guardian can sign in; the others came on paper."""
    application = best_application(scene)
    guardian = application.person.guardianships.in_force().select_related("guardian").get().guardian
    for address, person in (("student", application.person), ("parent", guardian)):
        person.user = scene.cast.users[address] = account(
            address, person.full_name, at=scene.timeline.at(IMPORTED_DAY, 13)
        )
        person.save(update_fields=["user"])


def best_application(scene: Scene) -> Application:
    """The applicant whom the story follows: electrolysis first, and the best mark."""
    wanted = scene.campaigns[0].applications.filter(choices__offer=scene.offers[0], choices__rank=1)
    return wanted.select_related("person").order_by("-average_mark_hundredths", "pk")[0]


def allocate(scene: Scene) -> None:
    """Applications close, the draw is known, two people publish the result, and most answer at once."""
    at, campaign = scene.timeline.at, scene.campaigns[0]
    office, director = scene.user("admissions"), scene.user("director")
    close_campaign(campaign=campaign, by=office, at=at(CLOSES + 1))
    enter_draw_seed(campaign=campaign, seed="05 11 17 23 31", by=office, at=at(CLOSES + 2))
    run = run_allocation(campaign=campaign, by=office, at=at(ALLOCATED_DAY))
    approve_run(run=run, by=office, at=at(ALLOCATED_DAY, 11))
    publish_run(run=run, by=director, at=at(ALLOCATED_DAY, 12))
    seats = Seat.objects.filter(run=run).select_related("application__person", "application__campaign").order_by("pk")
    waiting = 0 if scene.timeline.reaches("practice") else UNANSWERED
    followed = best_application(scene).pk
    for number, seat in enumerate(seats):
        if number >= waiting or seat.application_id == followed:
            accept_seat(seat=seat, by=office, at=at(ANSWERED_DAY))
