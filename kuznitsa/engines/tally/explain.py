"""Why each project won, or what it lacked, as plain words and numbers for a file or a screen."""

from fractions import Fraction
from typing import Any

from kuznitsa.engines.tally.account import Account, Purchase, Terms
from kuznitsa.engines.tally.greedy import Order, Turn
from kuznitsa.engines.tally.model import Election, decimal
from kuznitsa.engines.tally.rankings import Ranking

# Digits of a ρ, which may be one by the number of voters.
FINE = 12

Words = dict[str, Any]


def shares(terms: Terms, account: Account) -> dict[int, Words]:
    """By equal shares: for a winner round, ρ, price and who paid it; for the others the money that was missing."""
    election = terms.election
    supporters = [0] * len(election.projects)
    ballots = election.ballots
    for ballot, voters in enumerate(ballots.weight):
        for row in range(ballots.first[ballot], ballots.first[ballot + 1]):
            supporters[ballots.project[row]] += voters if ballots.points[row] else 0
    found = {
        purchase.project: _bought(terms, account, purchase, number)
        for number, purchase in enumerate(account.purchases, start=1)
    }
    for project in range(len(election.projects)):
        if project not in found:
            money = account.money.get(project, Fraction(0))
            missing = election.projects[project].cost - money
            found[project] = {
                "won": False,
                "cost": _money(election, election.projects[project].cost),
                "supporters": supporters[project],
                "money": _money(election, money),
                "missing": _money(election, missing),
                "more_supporters": -(-missing // account.share),
            }
    return found


def _bought(terms: Terms, account: Account, purchase: Purchase, number: int) -> Words:
    election = terms.election
    price = purchase.price * election.point
    is_cost = terms.factor[purchase.project] > 1
    rho = purchase.rho if is_cost else price / election.money
    return {
        "won": True,
        "round": number,
        "cost": _money(election, election.projects[purchase.project].cost),
        "rho": decimal(rho, FINE),
        "price": _money(election, price),
        "part_of_share": decimal(price / account.share),
        "supporters": purchase.full + purchase.rest + purchase.broke,
        "paid_in_full": purchase.full,
        "paid_the_rest": purchase.rest,
        "had_nothing": purchase.broke,
    }


def turns(
    election: Election, order: Order, found: list[Turn], needed: dict[int, int | None] | None = None, after: int = 0
) -> dict[int, Words]:
    """Greedily: what was left at a project's turn, and with how many votes or points it would have been taken."""
    unit = "votes" if election.vote_type.is_set else "points"
    explained: dict[int, Words] = {}
    for turn in found:
        cost = election.projects[turn.project].cost
        words: Words = {
            "won": turn.is_taken,
            "cost": _money(election, cost),
            unit: decimal(Fraction(order.total[turn.project], election.point)),
            "left": _money(election, turn.left),
        }
        if turn.is_taken:
            after += 1
            words["round"] = after
        else:
            total = (needed or {}).get(turn.project)
            words["missing"] = _money(election, cost - turn.left)
            words[f"needed_{unit}"] = None if total is None else decimal(Fraction(total, election.point))
        explained[turn.project] = words
    return explained


def ranking(found: Ranking, election: Election) -> dict[int, Words]:
    """By pairs: a project's place, and how it stands against the first, directly and by chains."""
    first = found.order[0]
    ids = [project.id for project in election.projects]
    explained: dict[int, Words] = {}
    for place, project in enumerate(found.order, start=1):
        others = [other for other in range(len(ids)) if other != project]
        words: Words = {
            "won": project == first,
            "place": place,
            "beats": [ids[other] for other in others if found.votes[project][other] > found.votes[other][project]],
        }
        if project == first:
            words["condorcet"] = found.is_condorcet
        else:
            words |= {
                "prefer_it": found.votes[project][first],
                "prefer_the_winner": found.votes[first][project],
                "chain_to_the_winner": found.chain[project][first],
                "chain_from_the_winner": found.chain[first][project],
            }
        explained[project] = words
    return explained


def _money(election: Election, units: int | Fraction) -> str:
    return decimal(election.currency(units))
