"""An independent look at a count, from the definitions, in plain fractions: for small votes and for tests."""

from dataclasses import dataclass, field
from fractions import Fraction

from kuznitsa.engines.tally.model import Completion, Election, Parameters, Result, Rule, Step, Stop, Utility


@dataclass(slots=True)
class _Purses:
    """What every kind of ballot's voters have left, each, and what its projects are worth to them."""

    election: Election
    parameters: Parameters
    share: Fraction
    left: list[Fraction] = field(default_factory=list)
    utility: list[dict[int, Fraction]] = field(default_factory=list)

    def __post_init__(self) -> None:
        election, ballots = self.election, self.election.ballots
        self.left = [self.share] * len(ballots)
        for ballot in range(len(ballots)):
            worth = {}
            for row in range(ballots.first[ballot], ballots.first[ballot + 1]):
                project = ballots.project[row]
                worth[project] = Fraction(ballots.points[row], election.point)
                if election.vote_type.is_set and self.parameters.utility == Utility.COST:
                    worth[project] = election.currency(election.projects[project].cost)
            self.utility.append(worth)

    def supporters(self, project: int) -> list[int]:
        ballots = self.election.ballots
        return [
            ballot
            for ballot in range(len(ballots))
            for row in range(ballots.first[ballot], ballots.first[ballot + 1])
            if ballots.project[row] == project and ballots.points[row]
        ]

    def cost(self, project: int) -> Fraction:
        return self.election.currency(self.election.projects[project].cost)

    def paid(self, project: int, rho: Fraction) -> Fraction:
        """What supporters pay together at this ρ."""
        return sum((self.payment(ballot, project, rho) for ballot in self.supporters(project)), Fraction(0))

    def payment(self, ballot: int, project: int, rho: Fraction) -> Fraction:
        each = min(self.left[ballot], rho * self.utility[ballot][project])
        return self.election.ballots.weight[ballot] * each

    def rho(self, project: int) -> Fraction | None:
        """The least ρ at which the payments add up to the cost; None if there is none.

        Payments grow with ρ in straight pieces; they bend where somebody's money ends.
        """
        cost, supporters = self.cost(project), self.supporters(project)
        if not supporters:
            return None
        if cost == 0:
            return Fraction(0)
        bends = sorted({self.left[ballot] / self.utility[ballot][project] for ballot in supporters})
        before = Fraction(0)
        for bend in bends:
            low, high = self.paid(project, before), self.paid(project, bend)
            if high >= cost:
                return before + (cost - low) * (bend - before) / (high - low)
            before = bend
        return None

    def pay(self, project: int, rho: Fraction) -> None:
        for ballot in self.supporters(project):
            self.left[ballot] -= min(self.left[ballot], rho * self.utility[ballot][project])


def check(election: Election, parameters: Parameters, result: Result) -> list[str]:
    """Everything that is wrong with a count by greedy rules or equal shares; empty when it holds.

    Looks at what winners cost, at every step's choice and payments, and at the reason to stop. Shares no code with
    the rules. Takes time that grows with the square of the number of ballots.
    """
    ids = [project.id for project in election.projects]
    if len(set(result.winners)) != len(result.winners) or not set(result.winners) <= set(ids):
        return ["the winners are not different projects of the election"]
    winners = [ids.index(id_) for id_ in result.winners]
    problems = []
    cost = sum((election.currency(election.projects[winner].cost) for winner in winners), Fraction(0))
    if cost != result.cost:
        problems.append(f"the winners cost {cost}, not {result.cost}")
    if cost > election.currency(election.budget):
        problems.append(f"the winners cost {cost}, more than the budget")
    if parameters.rule == Rule.EQUAL_SHARES:
        return problems + _shares(election, parameters, result, winners)
    return problems + _greedy(election, parameters, winners, [])


def _shares(election: Election, parameters: Parameters, result: Result, winners: list[int]) -> list[str]:
    first = election.currency(election.budget) / election.voters
    by = _step(first, parameters.step)
    if result.share != first + result.steps * by:
        return [f"the share is {result.share}, not {first} and {result.steps} steps"]
    tie = election.order_of_ties(parameters.ties, parameters.seed)
    purses = _Purses(election, parameters, result.share)
    bought: list[int] = []
    while (choice := _choice(purses, tie, bought)) is not None:
        project, rho = choice
        if len(bought) == len(winners) or winners[len(bought)] != project:
            return [f"purchase {len(bought) + 1} should be {election.projects[project].id}"]
        paid = purses.paid(project, rho)
        if paid != purses.cost(project):
            return [f"payments for {election.projects[project].id} add up to {paid}"]
        purses.pay(project, rho)
        bought.append(project)
    if parameters.completion == Completion.ADD1_THEN_GREEDY:
        problems = _greedy(election, parameters, winners[len(bought) :], bought)
    else:
        problems = [] if bought == winners else ["there are winners that nobody paid for"]
    if parameters.completion != Completion.NONE:
        problems += _stop(election, parameters, result.share, bought, tie)
    return problems


def _step(first: Fraction, step: Step) -> Fraction:
    return first * step.amount / 100 if step.is_percent else step.amount


def _choice(purses: _Purses, tie: list[int], bought: list[int]) -> tuple[int, Fraction] | None:
    """The affordable project with the smallest ρ, ties by rule."""
    found = [
        (rho, tie[project], project)
        for project in range(len(purses.election.projects))
        if project not in bought and (rho := purses.rho(project)) is not None
    ]
    if not found:
        return None
    rho, _tie, project = min(found)
    return project, rho


def _stop(election: Election, parameters: Parameters, share: Fraction, bought: list[int], tie: list[int]) -> list[str]:
    """There was a reason to stop: nothing more to add, or too much at the next share, or at all that follow."""
    budget = election.currency(election.budget)
    by = _step(budget / election.voters, parameters.step)
    purses = _Purses(election, parameters, share)
    left = budget - sum(map(purses.cost, bought))
    others = [
        project for project in range(len(election.projects)) if project not in bought and purses.supporters(project)
    ]
    if parameters.stop == Stop.FIRST_INFEASIBLE:
        others = [project for project in others if purses.cost(project) <= left]
    if not others:
        return []
    last = share + by if parameters.stop == Stop.FIRST_INFEASIBLE else _hopeless_from(purses, budget)
    while share + by <= last:
        share += by
        purses = _Purses(election, parameters, share)
        again: list[int] = []
        while (choice := _choice(purses, tie, again)) is not None:
            purses.pay(*choice)
            again.append(choice[0])
        if sum(map(purses.cost, again)) <= budget:
            return ["the shares could have been raised further"]
    return []


def _hopeless_from(purses: _Purses, budget: Fraction) -> Fraction:
    """With this share too much is bought: whoever has spent the whole budget together with others can still pay for
    each of some projects, and these cost more."""
    weight = purses.election.ballots.weight
    supported = []
    for project in range(len(purses.election.projects)):
        if voters := sum(weight[ballot] for ballot in purses.supporters(project)):
            supported.append(((budget + purses.cost(project)) / voters, purses.cost(project)))
    supported.sort()
    enough = [
        share for number, (share, _cost) in enumerate(supported) if sum(c for _s, c in supported[: number + 1]) > budget
    ]
    # Where all together fit, all of them win in the end.
    return (enough or [share for share, _cost in supported[-1:]])[0]


def _greedy(election: Election, parameters: Parameters, winners: list[int], before: list[int]) -> list[str]:
    """Everything that is not a winner did not fit after those that go first."""
    tie = election.order_of_ties(parameters.ties, parameters.seed)
    ballots = election.ballots
    worth = [Fraction(0)] * len(election.projects)
    for ballot, voters in enumerate(ballots.weight):
        for row in range(ballots.first[ballot], ballots.first[ballot + 1]):
            worth[ballots.project[row]] += voters * ballots.points[row]
    keys = []
    for project, total in enumerate(worth):
        cost = election.projects[project].cost
        is_free = False
        if parameters.rule == Rule.GREEDY_DENSITY and not election.vote_type.is_set:
            is_free = cost == 0 and total > 0
            total = total / cost if cost else Fraction(0)
        keys.append((not is_free, -total, tie[project]))
    left = election.budget - sum(election.projects[project].cost for project in before)
    expected = []
    for project in sorted(set(range(len(worth))) - set(before), key=keys.__getitem__):
        if election.projects[project].cost <= left:
            left -= election.projects[project].cost
            expected.append(project)
    return [] if winners == expected else ["the winners are not those that go first and fit"]
