"""Counts a vote by the rule its regulation names."""

from dataclasses import dataclass
from fractions import Fraction

from kuznitsa.engines.tally import completion, explain, greedy, rankings
from kuznitsa.engines.tally.account import PARTS, Account, Counter, Terms
from kuznitsa.engines.tally.model import Completion, Election, Parameters, Result, Rule, downwards
from kuznitsa.engines.tally.paths import counter_for


@dataclass(frozen=True, slots=True)
class Shares:
    """What equal shares gave: the books, and by how many steps the shares were raised."""

    account: Account
    steps: int

    @property
    def winners(self) -> list[int]:
        return [purchase.project for purchase in self.account.purchases]


def tally(election: Election, parameters: Parameters) -> Result:
    """The winners in order of selection, with explanations; the same for any order of the ballots."""
    tie = election.order_of_ties(parameters.ties, parameters.seed)
    if parameters.rule == Rule.CONDORCET:
        return _condorcet(election, tie)
    if parameters.rule == Rule.EQUAL_SHARES:
        return _equal_shares(election, parameters, tie)
    return _greedy(election, parameters.rule, tie)


def count_shares(counter: Counter, parameters: Parameters) -> Shares:
    """Equal shares with their completion, but for what is spent greedily."""
    election = counter.terms.election
    share = completion.first_share(election)
    steps = 0
    if parameters.completion != Completion.NONE:
        steps = completion.raised(counter, parameters.step, parameters.stop)
    return Shares(counter.account(share + steps * completion.units(election, parameters.step)), steps)


def _equal_shares(election: Election, parameters: Parameters, tie: list[int]) -> Result:
    counter = counter_for(Terms.of(election, parameters.utility, tie), parameters.completion != Completion.NONE)
    shares = count_shares(counter, parameters)
    account = shares.account
    explanations = explain.shares(counter.terms, account)
    winners = shares.winners
    support = account.support | dict.fromkeys(winners, PARTS)
    if parameters.completion == Completion.ADD1_THEN_GREEDY:
        order = greedy.order_of(election, Rule.GREEDY, tie)
        left = election.budget - election.total_cost(winners)
        turns = greedy.turns(election, order, left=left, without=winners)
        explanations |= explain.turns(election, order, [turn for turn in turns if turn.is_taken], after=len(winners))
        winners = winners + [turn.project for turn in turns if turn.is_taken]
    result = _result(election, winners, {project: Fraction(part, PARTS) for project, part in support.items()})
    result.explanations = _named(election, explanations)
    result.share, result.steps = election.currency(account.share), shares.steps
    return result


def _greedy(election: Election, rule: Rule, tie: list[int]) -> Result:
    order = greedy.order_of(election, rule, tie)
    turns = greedy.turns(election, order, left=election.budget)
    needed = greedy.needed_totals(election, order, turns)
    support = {turn.project: Fraction(1) for turn in turns if turn.is_taken}
    support |= {project: Fraction(order.total[project], total) for project, total in needed.items() if total}
    result = _result(election, [turn.project for turn in turns if turn.is_taken], support)
    result.explanations = _named(election, explain.turns(election, order, turns, needed))
    return result


def _condorcet(election: Election, tie: list[int]) -> Result:
    ranking = rankings.condorcet(election, tie)
    first, chain = ranking.order[0], ranking.chain
    support = {
        project: Fraction(min(chain[project][first], chain[first][project]), chain[first][project])
        for project in ranking.order[1:]
        if chain[first][project]
    }
    result = _result(election, [first], support | {first: Fraction(1)})
    result.explanations = _named(election, explain.ranking(ranking, election))
    return result


def _result(election: Election, winners: list[int], support: dict[int, Fraction]) -> Result:
    ids = [project.id for project in election.projects]
    return Result(
        winners=[ids[project] for project in winners],
        cost=election.currency(election.total_cost(winners)),
        effective_support={id_: downwards(support.get(project, Fraction(0))) for project, id_ in enumerate(ids)},
    )


def _named(election: Election, explanations: dict[int, explain.Words]) -> dict[str, explain.Words]:
    return {election.projects[project].id: explanations[project] for project in sorted(explanations)}
