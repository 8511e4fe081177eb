"""Contracts with their payments, practice, exams, hires and who stayed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle, islice

from kuznitsa.admissions.enums import ContractRole, ContractState, TerminationReason
from kuznitsa.admissions.models import ContractParty, Seat, SupportPayment, TargetContract
from kuznitsa.admissions.queries.contract_terms import hash_of, terms_of
from kuznitsa.agreements.enums import SignatureMethod
from kuznitsa.base.streaming import stream
from kuznitsa.demo.world.loading import Ledger, day, insert, next_key, renew_sequences, source_type
from kuznitsa.demo.world.plan import Plan, months_between, noon, working_days
from kuznitsa.demo.world.promises import STIPEND_KOPECKS, Branch
from kuznitsa.facts.enums import STAYED, FactKind
from kuznitsa.organisations.enums import Role
from kuznitsa.outcomes.enums import Answer, CheckPointState, ExamState
from kuznitsa.outcomes.models import CheckPoint, Exam, ExamResult, Hire
from kuznitsa.people.enums import AffiliationKind
from kuznitsa.people.models import Affiliation
from kuznitsa.placements.enums import PlacementState, PlaceState
from kuznitsa.placements.models import Placement, PracticePlace
from kuznitsa.programmes.enums import EnrolmentBasis, EnrolmentState
from kuznitsa.programmes.models import Enrolment

PAYMENT_FIELDS = ("id", "contract", "measure", "paid_on", "amount_kopecks", "document", "cancellation_reason")
HOURS_A_DAY = 6


@dataclass(frozen=True)
class Career:
    """One student under contract, from the signature on."""

    branch: Branch
    contract: TargetContract

    @property
    def person_id(self) -> int:
        return self.contract.person_id

    def lasts_until(self, today: date) -> date:
        """The last day on which support is paid: the end of studies, of the contract, or today."""
        return min(self.contract.ended_on or today, self.branch.cohort.ends_on, today)


def build_contracts(taken: list[tuple[Branch, Seat]], plan: Plan, ledger: Ledger) -> list[Career]:
    """Write enrolments and contracts for the seats that were accepted, with their facts."""
    enrolments = insert(
        Enrolment(
            person=seat.application.person,
            intake=branch.intake,
            basis=EnrolmentBasis.TARGET,
            enrolled_on=branch.cohort.starts_on,
            order_number=f"{branch.cohort.starts_on.year}/1",
            state=EnrolmentState.GRADUATED if branch.cohort.has_graduated else EnrolmentState.STUDYING,
            ended_on=branch.cohort.ends_on if branch.cohort.has_graduated else None,
        )
        for branch, seat in taken
    )
    contracts = insert(
        _contract(branch, seat, enrolment, number, plan.today)
        for number, ((branch, seat), enrolment) in enumerate(zip(taken, enrolments, strict=True))
    )
    careers = [Career(branch, contract) for (branch, _seat), contract in zip(taken, contracts, strict=True)]
    insert(party for career in careers for party in _parties(career))
    insert(row for career in careers for row in _affiliations(career))
    for career in careers:
        _record_contract(career, ledger)
    return careers


def _contract(branch: Branch, seat: Seat, enrolment: Enrolment, number: int, today: date) -> TargetContract:
    ended = branch.cohort.starts_on + timedelta(days=100 + number % 300)
    is_ended = number % 13 == 0 and ended <= today
    name = f"{branch.employer.slug[-4:]}-{branch.cohort.starts_on.year}-{number + 1}"
    drawn_up_on = branch.cohort.starts_on - timedelta(days=30)
    terms = terms_of(
        branch.offer,
        person=seat.application.person,
        guardian=None,
        college=branch.partners.college,
        employing=None,
        number=name,
        on=drawn_up_on,
    )
    return TargetContract(
        number=name,
        person=seat.application.person,
        offer=branch.offer,
        seat=seat,
        enrolment=enrolment,
        drawn_up_on=drawn_up_on,
        regulation=terms["regulation"]["number"],
        terms=terms,
        terms_hash=hash_of(terms),
        service_months=branch.offer.service_months,
        state=ContractState.TERMINATED if is_ended else ContractState.ACTIVE,
        signed_on=branch.cohort.starts_on - timedelta(days=20),
        ended_on=ended if is_ended else None,
        termination_reason=TerminationReason.STUDENT_LEFT if is_ended else "",
    )


def _parties(career: Career) -> Iterator[ContractParty]:
    partners, contract = career.branch.partners, career.contract
    signed = {"contract": contract, "signed_at": noon(contract.signed_on), "method": SignatureMethod.IN_PRODUCT}
    for role, org in ((ContractRole.CUSTOMER, career.branch.employer), (ContractRole.COLLEGE, partners.college)):
        yield ContractParty(
            role=role,
            organisation=org,
            signatory=partners.signatories[org.pk],
            signed_by=partners.user(org, Role.DIRECTOR),
            **signed,
        )
    yield ContractParty(role=ContractRole.CITIZEN, person=contract.person, **signed)


def _affiliations(career: Career) -> Iterator[Affiliation]:
    ended = career.branch.cohort.ends_on if career.branch.cohort.has_graduated else career.contract.ended_on
    since = {"person": career.contract.person, "started_on": career.branch.cohort.starts_on, "ended_on": ended}
    yield Affiliation(organisation=career.branch.partners.college, kind=AffiliationKind.STUDENT, **since)
    yield Affiliation(organisation=career.branch.employer, kind=AffiliationKind.TARGET_STUDENT, **since)


def _record_contract(career: Career, ledger: Ledger) -> None:
    contract, thread, person = career.contract, career.branch.thread, career.person_id
    source = source_type(TargetContract), contract.pk
    ledger.add(FactKind.CONTRACT_SIGNED, contract.signed_on, 1, thread, source, person=person)
    enrolled = source_type(Enrolment), contract.enrolment_id
    ledger.add(FactKind.ENROLLED, career.branch.cohort.starts_on, 1, thread, enrolled, person=person, of_college=True)
    if contract.ended_on:
        ledger.add(FactKind.CONTRACT_ENDED, contract.ended_on, 1, thread, source, person=person)


def build_payments(careers: list[Career], plan: Plan, ledger: Ledger) -> None:
    """Write a monthly payment for every month of every contract, each with its fact."""
    key, kind, rows = next_key(SupportPayment), source_type(SupportPayment), []
    for career in careers:
        branch = career.branch
        for on in months_between(branch.cohort.starts_on, career.lasts_until(plan.today)):
            document = f"ведомость {on:%m.%Y}"
            rows.append((key, career.contract.pk, branch.measure.pk, day(on), STIPEND_KOPECKS, document, ""))
            ledger.add(FactKind.SUPPORT_PAID, on, STIPEND_KOPECKS, branch.thread, (kind, key), person=career.person_id)
            key += 1
    stream(SupportPayment, PAYMENT_FIELDS, rows)
    renew_sequences(SupportPayment)


def build_practice(careers: list[Career], plan: Plan, ledger: Ledger) -> list[Placement]:
    """Write a practice place a branch and study year, and a placement for everybody under contract then."""
    by_branch: dict[int, list[Career]] = {}
    for career in careers:
        by_branch.setdefault(career.branch.offer.pk, []).append(career)
    places, placements = [], []
    for group in by_branch.values():
        branch = group[0].branch
        for first, last in _terms(branch, plan.today):
            place = _place(branch, first, last, len(group), plan.today)
            places.append((branch, place))
            placements.extend(
                _placement(career, place, plan.today)
                for career in group
                if career.contract.ended_on is None or career.contract.ended_on > last
            )
    insert(place for _branch, place in places)
    insert(placements)
    for branch, place in places:
        source = source_type(PracticePlace), place.pk
        ledger.add(FactKind.PRACTICE_PLACE_OPENED, _opened(place), place.seats, branch.thread, source)
    for placement in placements:
        if placement.state == PlacementState.COMPLETED:
            source = source_type(Placement), placement.pk
            ledger.add(
                FactKind.PRACTICE_COMPLETED, placement.ends_on, 1, placement.thread, source, person=placement.person_id
            )
    return placements


def _terms(branch: Branch, today: date) -> list[tuple[date, date]]:
    """Practice in the spring of the first year and in the winter of the second, as far as it has begun."""
    year = branch.cohort.starts_on.year
    terms = [(date(year + 1, 3, 1), date(year + 1, 5, 31)), (date(year + 1, 11, 10), date(year + 2, 2, 10))]
    return [(first, last) for first, last in terms if first <= today]


def _opened(place: PracticePlace) -> date:
    return place.starts_on - timedelta(days=60)


def _place(branch: Branch, first: date, last: date, seats: int, today: date) -> PracticePlace:
    return PracticePlace(
        host=branch.employer,
        cluster=branch.partners.cluster,
        intake=branch.intake,
        site=branch.partners.sites[branch.employer.pk],
        title=branch.offer.position,
        seats=seats,
        starts_on=first,
        ends_on=last,
        hours_a_day=HOURS_A_DAY,
        mentor=branch.partners.user(branch.employer, Role.MENTOR),
        state=PlaceState.CLOSED if last < today else PlaceState.OPEN,
    )


def _placement(career: Career, place: PracticePlace, today: date) -> Placement:
    is_over = place.ends_on <= today
    return Placement(
        place=place,
        person=career.contract.person,
        mentor=place.mentor,
        contract=career.contract,
        thread=career.branch.thread,
        starts_on=place.starts_on,
        ends_on=place.ends_on,
        briefed_on=place.starts_on,
        medical_until=place.ends_on + timedelta(days=100),
        hours=360 if is_over else None,
        mark=4 + career.person_id % 2 if is_over else None,
        state=PlacementState.COMPLETED if is_over else PlacementState.STARTED,
    )


def build_hours(placements: list[Placement], plan: Plan, ledger: Ledger) -> None:
    """Fill the ledger up to the planned number of facts with the hours of practice days."""
    kind = source_type(Placement)
    missing = max(0, plan.facts - ledger.count)
    for number, placement in enumerate(placements):
        share = missing * (number + 1) // len(placements) - missing * number // len(placements)
        days = working_days(placement.starts_on, min(placement.ends_on, plan.today))
        for on in islice(cycle(days), share):
            ledger.add(
                FactKind.PRACTICE_HOURS,
                on,
                HOURS_A_DAY,
                placement.thread,
                (kind, placement.pk),
                person=placement.person_id,
            )
        if len(ledger.waiting) > 100_000:
            ledger.write()


def build_outcomes(careers: list[Career], plan: Plan, ledger: Ledger) -> None:
    """Write exams, hires and check points of those who have finished."""
    finished = [career for career in careers if career.branch.cohort.has_graduated and not career.contract.ended_on]
    intakes = {career.branch.intake.pk: career.branch.intake for career in finished}
    exams = {
        pk: Exam(intake=intake, on=intake.ends_on - timedelta(days=10), state=ExamState.CLOSED)
        for pk, intake in intakes.items()
    }
    insert(exams.values())
    results = insert(_result(career, exams[career.branch.intake.pk]) for career in finished)
    for career, result in zip(finished, results, strict=True):
        source = source_type(ExamResult), result.pk
        ledger.add(
            FactKind.EXAM_PASSED,
            result.exam.on,
            1,
            career.branch.thread,
            source,
            person=career.person_id,
            of_college=True,
        )
    _hires([career for number, career in enumerate(finished) if number % 9], plan.today, ledger)


def _result(career: Career, exam: Exam) -> ExamResult:
    mark = 3 + career.person_id % 3
    return ExamResult(
        exam=exam,
        person=career.contract.person,
        contract=career.contract,
        points_hundredths=1_500 * mark,
        mark=mark,
        recorded_at=noon(exam.on),
    )


def _hires(hired: list[Career], today: date, ledger: Ledger) -> None:
    hires = insert(
        Hire(
            person=career.contract.person,
            employer=career.branch.employer,
            college=career.branch.partners.college,
            contract=career.contract,
            thread=career.branch.thread,
            site=career.branch.offer.site,
            position=career.branch.offer.position,
            hired_on=career.branch.cohort.ends_on + timedelta(days=15),
        )
        for career in hired
    )
    points = insert(_check_point(hire, months, today) for hire in hires for months in STAYED)
    for hire in hires:
        ledger.add(FactKind.HIRED, hire.hired_on, 1, hire.thread, (source_type(Hire), hire.pk), person=hire.person_id)
    for point in points:
        if point.state == CheckPointState.STAYED:
            hire = point.hire
            source = source_type(CheckPoint), point.pk
            ledger.add(STAYED[point.months], point.due_on, 1, hire.thread, source, person=hire.person_id)


def _check_point(hire: Hire, months: int, today: date) -> CheckPoint:
    due = hire.hired_on + timedelta(days=round(months * 30.44))
    if due > today:
        return CheckPoint(hire=hire, months=months, due_on=due)
    return CheckPoint(
        hire=hire,
        months=months,
        due_on=due,
        employer_answer=Answer.STAYED,
        employer_answered_at=noon(due),
        state=CheckPointState.STAYED,
    )
