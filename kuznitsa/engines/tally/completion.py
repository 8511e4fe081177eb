"""What is done with the money that equal shares leave: raising the shares, then greedily."""

from fractions import Fraction

from kuznitsa.engines.tally.account import Counter
from kuznitsa.engines.tally.model import Election, Step, Stop

# As many steps as are tried to be proved at once, at first and at most.
FEW, MANY = 4, 1 << 20
# The most steps that are counted before proving is tried again.
LONG = 16


def first_share(election: Election) -> Fraction:
    """The budget by the voters, in units of money."""
    return Fraction(election.budget, election.voters)


def units(election: Election, step: Step) -> Fraction:
    """By how many units of money a step raises a share."""
    if step.is_percent:
        return first_share(election) * step.amount / 100
    return step.amount * election.money


def raised(counter: Counter, step: Step, stop: Stop) -> int:
    """How many steps the shares are raised by.

    Everybody's share grows step by step, and each time all is counted afresh. FIRST_INFEASIBLE ends before the first
    share whose winners cost more than the budget, or at the first one whose winners leave no money for any other
    project that has a supporter. LAST_FEASIBLE goes on to the largest share whose winners fit, or to the first one at
    which everything that has a supporter does. Winners need not grow with the share: what costs too much at one share
    may fit again at a larger one. So no step is left out unless `steady` proves that it changes nothing.
    """
    election = counter.terms.election
    share, by = first_share(election), units(election, step)
    supported = {project for project, total in enumerate(election.totals()) if total}
    end, limit = (None, election.budget) if stop == Stop.FIRST_INFEASIBLE else (_hopeless_from(election), None)
    winners = counter.count(share)
    assert winners is not None
    steps, feasible, tried, pause, rest = 0, 0, FEW, 1, 1
    while not _is_over(election, supported, winners, stop) and (end is None or share + (steps + 1) * by < end):
        if rest == 0 and counter.steady(share + steps * by, by, tried, winners):
            steps += tried
            tried, pause = min(2 * tried, MANY), 1
        elif rest == 0 and tried // 4 >= FEW:
            tried //= 4
            continue
        else:
            if rest == 0:
                # Winners change too often to prove much: count a while, and longer each time this is found again.
                tried, pause = FEW, min(2 * pause, LONG)
                rest = pause
            following = counter.count(share + (steps + 1) * by, limit)
            if following is None:
                break
            rest = max(rest - 1, 0) if following == winners else max(rest, 1)
            winners = following
            steps += 1
        if election.total_cost(winners) <= election.budget:
            feasible = steps
    return feasible


def _hopeless_from(election: Election) -> Fraction | None:
    """A share from which on winners always cost more than the budget; None if everything supported fits together.

    As long as winners fit, not more than the budget was spent. So those who would pay for a project that did not win
    have together at least their shares without the budget, and that is less than its cost: with larger shares it wins.
    """
    supporters = [0] * len(election.projects)
    ballots = election.ballots
    for ballot, voters in enumerate(ballots.weight):
        for row in range(ballots.first[ballot], ballots.first[ballot + 1]):
            if ballots.points[row]:
                supporters[ballots.project[row]] += voters
    surely = sorted(
        (Fraction(election.budget + project.cost, count), project.cost)
        for project, count in zip(election.projects, supporters, strict=True)
        if count
    )
    spent = 0
    for share, cost in surely:
        spent += cost
        if spent > election.budget:
            return share
    return None


def _is_over(election: Election, supported: set[int], winners: list[int], stop: Stop) -> bool:
    """Whether nothing more can be added."""
    others = supported.difference(winners)
    left = election.budget - election.total_cost(winners)
    if stop == Stop.LAST_FEASIBLE:
        return not others and left >= 0
    return all(election.projects[project].cost > left for project in others)
