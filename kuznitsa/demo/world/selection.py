"""Applications, allocations by the product's own engine, and the seats they gave."""

from collections import defaultdict
from datetime import date, timedelta

from kuznitsa import __version__
from kuznitsa.admissions.actions.calculated import keep_calculation
from kuznitsa.admissions.enums import ApplicationState, RunState, SeatState
from kuznitsa.admissions.models import AllocationRun, Application, Campaign, Choice, Seat
from kuznitsa.admissions.queries.calculated import calculate
from kuznitsa.admissions.queries.instances import build_instance
from kuznitsa.admissions.queries.seats import number_in, numbers_of
from kuznitsa.demo.world.loading import Ledger, insert, source_type
from kuznitsa.demo.world.plan import Plan, noon
from kuznitsa.demo.world.promises import Branch
from kuznitsa.engines.allocation import Result
from kuznitsa.facts.enums import FactKind
from kuznitsa.organisations.enums import Role
from kuznitsa.people.models import Person

# How applications of an open campaign stand: most wait to be checked.
OPEN_STATES = (ApplicationState.SUBMITTED, ApplicationState.SUBMITTED, ApplicationState.CHECKED)
# Of so many applicants, as many name a second offer as there are others in the campaign.
EVERY = 6


def build_selection(
    branches: list[Branch], groups: list[list[Person]], plan: Plan, ledger: Ledger
) -> list[tuple[Branch, Seat]]:
    """Write applications, published runs and seats; return the accepted seats with the branch of their offer."""
    together: dict[int, list[Branch]] = defaultdict(list)
    for branch in branches:
        together[branch.campaign.pk].append(branch)
    applications, wishes = [], []
    for branch, group in zip(branches, groups, strict=True):
        others = [other for other in together[branch.campaign.pk] if other is not branch]
        for number, person in enumerate(group):
            applications.append(_application(branch, person, number, plan))
            wishes.append([branch, *others[number % EVERY : number % EVERY + 1]])
    insert(applications)
    choices = insert(
        Choice(application=application, offer=branch.offer, rank=rank)
        for application, wish in zip(applications, wishes, strict=True)
        for rank, branch in enumerate(wish, 1)
    )
    for application, wish in zip(applications, wishes, strict=True):
        source, on = (source_type(Application), application.pk), application.submitted_at.date()
        for branch in wish:
            ledger.add(FactKind.APPLIED, on, 1, branch.thread, source, person=application.person_id)
    return _seats(together, {(choice.application_id, choice.offer_id): choice for choice in choices}, ledger)


def _application(branch: Branch, person: Person, number: int, plan: Plan) -> Application:
    state = OPEN_STATES[number % len(OPEN_STATES)] if branch.cohort.is_applying else ApplicationState.CHECKED
    submitted = branch.campaign.opens_on + timedelta(days=plan.chance.randrange(20))
    return Application(
        campaign=branch.campaign,
        person=person,
        average_mark_hundredths=plan.chance.randrange(320, 500),
        achievement_points=plan.chance.choice((0, 0, 5, 10)),
        state=state,
        submitted_at=noon(min(submitted, plan.today)),
        receipt_number=f"{branch.campaign.pk}-{person.pk}",
        receipt_hash=f"{person.pk:064x}",
    )


def _seats(
    together: dict[int, list[Branch]], choices: dict[tuple[int, int], Choice], ledger: Ledger
) -> list[tuple[Branch, Seat]]:
    taken = []
    for group in together.values():
        campaign, partners = group[0].campaign, group[0].partners
        if group[0].cohort.is_applying:
            continue
        published = campaign.publishes_on
        first, second = (partners.user(partners.college, role) for role in (Role.ADMISSIONS, Role.COORDINATOR))
        run, result = _run(campaign, first, second)
        numbers = numbers_of(campaign.pk)
        by_offer = {branch.offer.pk: branch for branch in group}
        for name, place in result.assignment.items():
            if place is None:
                continue
            branch = by_offer[number_in(place)]
            choice = choices[numbers[name], branch.offer.pk]
            taken.append((branch, _seat(choice, run, published, result.pool[name])))
    insert(seat for _branch, seat in taken)
    for branch, seat in taken:
        source, person = (source_type(Seat), seat.pk), seat.application.person_id
        on = seat.given_at.date()
        ledger.add(FactKind.SEAT_ALLOCATED, on, 1, branch.thread, source, person=person)
        if seat.state != SeatState.ACCEPTED:
            ledger.add(FactKind.SEAT_RETURNED, on + timedelta(days=5), 1, branch.thread, source, person=person)
    return [(branch, seat) for branch, seat in taken if seat.state == SeatState.ACCEPTED]


def _run(campaign: Campaign, first: object, second: object) -> tuple[AllocationRun, Result]:
    calculation = calculate(build_instance(campaign))
    at = noon(campaign.publishes_on)
    run = AllocationRun.objects.create(
        campaign=campaign,
        number=1,
        seed=campaign.draw_seed,
        instance_hash=calculation.instance_hash,
        code_version=__version__,
        state=RunState.PUBLISHED,
        created_by=first,
        created_at=at,
        approved_by=first,
        approved_at=at,
        published_by=second,
        published_at=at,
    )
    keep_calculation(run=run, calculation=calculation, by=None, at=at)
    return run, calculation.result


def _seat(choice: Choice, run: AllocationRun, published: date, pool: str) -> Seat:
    declined = choice.application_id % 12 == 0
    return Seat(
        application=choice.application,
        offer=choice.offer,
        run=run,
        pool=pool,
        rank=choice.rank,
        given_at=noon(published),
        answer_by=published + timedelta(days=7),
        answered_at=noon(published + timedelta(days=5)),
        state=SeatState.DECLINED if declined else SeatState.ACCEPTED,
    )
