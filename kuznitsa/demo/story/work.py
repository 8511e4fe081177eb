"""Stages `practice` and `hired`: contracts, studies, practice, exam, work, and who is still there."""

from datetime import date, timedelta
from typing import NamedTuple

from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.text import capfirst

from kuznitsa.admissions.actions import (
    cancel_contract,
    close_offer,
    complete_campaign,
    draw_up_contract,
    pay_month,
    sign_contract,
    sign_contract_by_scan,
    suspend_contract,
)
from kuznitsa.admissions.enums import ContractState, SeatState, SupportKind, SuspensionReason
from kuznitsa.admissions.models import ContractParty, Seat, TargetContract
from kuznitsa.admissions.models.contracts import TargetContractQuerySet
from kuznitsa.base.documents import render
from kuznitsa.clusters.actions import move_cluster
from kuznitsa.clusters.enums import ClusterStage
from kuznitsa.demo.story.promises import STUDIES_BEGIN, STUDIES_END, accept_laboratories, pay_scholarships
from kuznitsa.demo.story.scene import Scene
from kuznitsa.outcomes.actions import (
    ResultLine,
    answer_for_employer,
    close_exam,
    end_employment,
    hire_graduate,
    plan_exam,
    record_results,
)
from kuznitsa.outcomes.enums import Answer, LeavingReason
from kuznitsa.outcomes.models import CheckPoint
from kuznitsa.outcomes.queries import students_of_exam
from kuznitsa.people.actions import Paper, give_consent
from kuznitsa.people.enums import ConsentPurpose
from kuznitsa.people.models import Person
from kuznitsa.people.permissions import is_minor
from kuznitsa.placements.actions import (
    complete_placement,
    open_place,
    place_students,
    prepare_placement,
    start_placement,
)
from kuznitsa.programmes.actions import finish_intake, start_intake, start_leave

DRAWN_UP_DAY, SIGNED_DAY, CANCELLED_DAY, COMPLETED_DAY = 115, 125, 140, 145
CONSENT_DAYS = 20  # before practice
LEAVE_DAY, EXAM_DAY, HIRED_DAY, ASKED_DAY = 780, 800, 830, 926
# So many do not sign their contract, do not begin to work, are not asked about yet.
UNSIGNED, NOT_HIRED, NOT_ASKED = 2, 1, 3
# While the stage `practice` is shown, so many have completed it.
COMPLETED = 15


class Practice(NamedTuple):
    """First and last day of the story, hours a day, hours in all."""

    first: int
    last: int
    hours_a_day: int
    hours: int


# The youngest are fifteen in the first: the law gives them five hours a day.
PRACTICES = (Practice(400, 428, 5, 100), Practice(700, 756, 6, 240))


def draw_up_contracts(scene: Scene) -> None:
    seats = Seat.objects.filter(offer__in=scene.offers, state=SeatState.ACCEPTED)
    for seat in seats.select_related("application__person", "offer").order_by("pk"):
        draw_up_contract(seat=seat, by=scene.user("admissions"), at=scene.timeline.at(DRAWN_UP_DAY))


def sign_contracts(scene: Scene) -> None:
    """All sides sign, but for two families who think better of it; the campaign is over."""
    at, office = scene.timeline.at, scene.user("admissions")
    contracts = list(_contracts(scene).filter(offer=scene.offers[0]).exclude(person__user__isnull=False))
    unsigned = {contract.pk for contract in contracts[-UNSIGNED:]}
    for contract in _contracts(scene):
        if contract.pk in unsigned:
            reason = "семья передумала: ребёнок учится на общих основаниях"
            cancel_contract(contract=contract, reason=reason, give_seat_back=False, by=office, at=at(CANCELLED_DAY))
        else:
            _sign(scene, contract)
    scene.campaigns[0].refresh_from_db()
    complete_campaign(campaign=scene.campaigns[0], by=office, at=at(COMPLETED_DAY))
    for offer in scene.offers:
        offer.refresh_from_db()
        close_offer(offer=offer, reason="набор завершён", by=office, at=at(COMPLETED_DAY))


def _contracts(scene: Scene) -> TargetContractQuerySet:
    return TargetContract.objects.filter(offer__in=scene.offers).select_related("person", "offer").order_by("pk")


def _sign(scene: Scene, contract: TargetContract) -> None:
    """The organisations sign in the product; so do those who can sign in, and others on paper."""
    directors = {scene.plant.pk: scene.user("plant.director"), scene.college.pk: scene.user("director")}
    at = scene.timeline.at(SIGNED_DAY)
    for party in ContractParty.objects.filter(contract=contract).select_related("person__user").order_by("pk"):
        user = directors.get(party.organisation_id) or party.person.user
        if user:
            sign_contract(party=party, by=user, at=at)
        else:
            scan = ContentFile(_scan_of(party, timezone.localdate(at)), name="contract.pdf")
            sign_contract_by_scan(
                party=party, scan=scan, signed_on=timezone.localdate(at), by=scene.user("admissions"), at=at
            )


def _scan_of(party: ContractParty, day: date) -> bytes:
    """Return a paper that stands for the scan of a signed one, and that a reader of PDF opens."""
    paper = {
        "number": party.contract.number,
        "date": f"{day:%d.%m.%Y}",
        "role": capfirst(party.get_role_display()),
        "name": str(party.organisation or party.person),
    }
    return render("demo/scan", paper, on=day)


def begin_studies(scene: Scene) -> None:
    for intake in scene.intakes:
        start_intake(intake=intake, by=scene.user("admissions"), at=scene.timeline.at(STUDIES_BEGIN))
    accept_laboratories(scene)
    for stage, day in ((ClusterStage.EQUIPPING, 90), (ClusterStage.OPERATING, STUDIES_BEGIN)):
        move_cluster(cluster=scene.cluster, to=stage, by=scene.user("coordinator"), at=scene.timeline.at(day))
    pay_scholarships(scene, 300, {"bardin": 600_000, "sibgiu": 400_000})


def pay_until_leave(scene: Scene) -> None:
    _pay_support(scene, STUDIES_BEGIN, min(scene.timeline.day, LEAVE_DAY))


def _pay_support(scene: Scene, first: int, last: int) -> None:
    """On the last day of every month between two days of the story the plant pays those under contract."""
    for day in range(first, last):
        paid_on = scene.timeline.on(day)
        if (paid_on + timedelta(days=1)).day != 1:
            continue
        for offer in scene.offers:
            contracts = offer.contracts.filter(state=ContractState.ACTIVE).values_list("pk", flat=True)
            pay_month(
                offer=offer,
                measure=offer.support.get(kind=SupportKind.STIPEND),
                contracts=list(contracts),
                paid_on=paid_on,
                document=f"ведомость {paid_on:%m.%Y}",
                by=scene.user("hr"),
                at=scene.timeline.at(day),
            )


def practise(scene: Scene) -> None:
    """Practice at the plant, as far as its days have come."""
    for practice in PRACTICES:
        if practice.first <= scene.timeline.day:
            for number in range(len(scene.offers)):
                _practise(scene, number, practice)


def _practise(scene: Scene, number: int, practice: Practice) -> None:
    at, on, mentor = scene.timeline.at, scene.timeline.on, scene.user("mentor")
    offer, first = scene.offers[number], practice.first
    students = _students(scene, number)
    _consent(scene, students, first - CONSENT_DAYS)
    place = open_place(
        host=scene.plant,
        intake=scene.intakes[number],
        title=offer.position,
        seats=len(students),
        starts_on=on(first),
        ends_on=on(practice.last),
        hours_a_day=practice.hours_a_day,
        mentor=mentor,
        site=offer.site,
        cluster=scene.cluster,
        by=scene.user("hr"),
        at=at(first - CONSENT_DAYS),
    )
    placed = place_students(place=place, persons=students, by=scene.user("practice"), at=at(first - 10))
    for count, placement in enumerate(placed.placements):
        prepare_placement(
            placement=placement, briefed_on=on(first), medical_until=on(first + 360), by=mentor, at=at(first)
        )
        start_placement(placement=placement, by=mentor, at=at(first, 11))
        if practice.last <= scene.timeline.day or count < COMPLETED:
            complete_placement(
                placement=placement,
                hours=practice.hours,
                mark=4 + count % 2,
                characteristic="Работает внимательно, соблюдает правила безопасности.",
                by=mentor,
                at=at(min(practice.last, scene.timeline.day), 8),
            )


def _students(scene: Scene, number: int) -> list[Person]:
    contracts = _contracts(scene).filter(offer=scene.offers[number], state=ContractState.ACTIVE)
    return [contract.person for contract in contracts]


def _consent(scene: Scene, students: list[Person], day: int) -> None:
    """Guardians of those under age consent to practice, the others do so themselves; on paper."""
    for student in students:
        if not student.consents.in_force().filter(purpose=ConsentPurpose.PRACTICE).exists():
            minor = is_minor(student, scene.timeline.on(day))
            give_consent(
                person=student,
                purpose=ConsentPurpose.PRACTICE,
                given_by=student.guardianships.in_force()[0].guardian if minor else student,
                operator=scene.college,
                paper=Paper(original="личное дело студента в колледже"),
                by=scene.user("practice"),
                at=scene.timeline.at(day),
            )


def examine(scene: Scene) -> None:
    """The demonstration exam; one student is on leave by then. The groups graduate."""
    at, on, office = scene.timeline.at, scene.timeline.on, scene.user("admissions")
    for number, intake in enumerate(scene.intakes):
        if number == 0:
            enrolment = intake.enrolments.studying().order_by("-pk")[0]
            start_leave(enrolment=enrolment, reason="служба в армии", by=office, at=at(LEAVE_DAY))
            suspend_contract(
                contract=_contracts(scene).get(person=enrolment.person),
                reason=SuspensionReason.MILITARY,
                starts_on=on(LEAVE_DAY),
                document="повестка",
                by=scene.user("hr"),
                at=at(LEAVE_DAY),
            )
            _pay_support(scene, LEAVE_DAY, STUDIES_END + 31)
        exam = plan_exam(intake=intake, on=on(EXAM_DAY), place="площадка техникума", by=office, at=at(LEAVE_DAY))
        lines = [
            ResultLine(enrolment.person, 4_500 + 400 * (count % 12))
            for count, enrolment in enumerate(students_of_exam(exam))
        ]
        record_results(exam=exam, lines=lines, by=scene.user("expert"), at=at(EXAM_DAY, 16))
        close_exam(exam=exam, by=scene.user("expert"), at=at(EXAM_DAY + 1))
        finish_intake(intake=intake, on=on(STUDIES_END), by=office, at=at(STUDIES_END))


def hire(scene: Scene) -> None:
    """Most graduates begin to work; after three months the plant says who is still there."""
    at, hr = scene.timeline.at, scene.user("hr")
    for offer in scene.offers:
        graduates = _contracts(scene).filter(offer=offer, person__exam_results__mark__gte=3)
        hired = list(graduates)[: -NOT_HIRED if offer == scene.offers[0] else None]
        for contract in hired:
            hire_graduate(
                person=contract.person,
                employer=scene.plant,
                hired_on=scene.timeline.on(HIRED_DAY),
                position=offer.position,
                contract=contract,
                college=scene.college,
                site=offer.site,
                by=hr,
                at=at(HIRED_DAY),
            )
    due = CheckPoint.objects.filter(due_on__lte=scene.timeline.on(ASKED_DAY), hire__employer=scene.plant)
    asked = list(due.select_related("hire__person").order_by("pk"))
    leaver, *stayed = asked
    answer_for_employer(check_points=stayed[:-NOT_ASKED], answer=Answer.STAYED, by=hr, at=at(ASKED_DAY))
    end_employment(
        hire=leaver.hire, on=scene.timeline.on(ASKED_DAY - 30), reason=LeavingReason.MOVED, by=hr, at=at(ASKED_DAY)
    )
    pay_scholarships(scene, 500, {"bardin": 900_000, "sibgiu": 600_000})
