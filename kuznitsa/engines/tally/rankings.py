"""Choosing one of several from orders: Borda's points, and pairs of projects with Schulze's completion.

Any ballot is an order here: more points before fewer, what is named before what is not, equals side by side.

Whoever wins against each of the others by a majority is the Condorcet winner. Where majorities go round in a circle,
Schulze's method completes them: a chain of majorities is as strong as its weakest link, counted in voters for it, and
a comes before b if the strongest chain from a to b is stronger than the strongest one back. That never contradicts
itself (M. Schulze, 2011). What is left equal is decided by the rule for ties.
"""

from dataclasses import dataclass

from kuznitsa.engines.tally.model import Election


@dataclass(frozen=True, slots=True)
class Ranking:
    """All projects, best first. `votes[a][b]` voters prefer a to b; `chain[a][b]` is the strongest chain."""

    order: list[int]
    votes: list[list[int]]
    chain: list[list[int]]

    @property
    def is_condorcet(self) -> bool:
        """Whether the first wins against each of the others by a majority."""
        first = self.order[0]
        return all(self.votes[first][other] > self.votes[other][first] for other in self.order[1:])


def borda(election: Election, tie: list[int]) -> list[int]:
    """All projects by their points, most first, for orders: Borda's count."""
    totals = election.totals()
    return sorted(range(len(totals)), key=lambda project: (-totals[project], tie[project]))


def condorcet(election: Election, tie: list[int]) -> Ranking:
    """All projects by pairs, completed by Schulze's method."""
    votes = preferences(election)
    chain = chains(votes)
    waiting = sorted(range(len(votes)), key=lambda project: tie[project])
    order: list[int] = []
    while waiting:
        first = next(one for one in waiting if all(chain[one][other] >= chain[other][one] for other in waiting))
        order.append(first)
        waiting.remove(first)
    return Ranking(order, votes, chain)


def preferences(election: Election) -> list[list[int]]:
    """How many voters prefer the one to the other."""
    projects = range(len(election.projects))
    ballots = election.ballots
    # Everybody who names a prefers it to b, but those who name b as well and do not like it less.
    votes = [[0 for _other in projects] for _one in projects]
    for ballot, voters in enumerate(ballots.weight):
        rows = range(ballots.first[ballot], ballots.first[ballot + 1])
        named = [(ballots.project[row], ballots.points[row]) for row in rows]
        for one, points in named:
            mine = votes[one]
            mine[one] += voters
            for other, others in named:
                if points <= others and other != one:
                    mine[other] -= voters
    for one in projects:
        naming = votes[one][one]
        votes[one] = [naming + minus for minus in votes[one]]
        votes[one][one] = 0
    return votes


def chains(votes: list[list[int]]) -> list[list[int]]:
    """The strength of the strongest chain of majorities from the one to the other; 0 if there is none."""
    projects = range(len(votes))
    chain = [
        [votes[one][other] if votes[one][other] > votes[other][one] else 0 for other in projects] for one in projects
    ]
    for between in projects:
        onward = chain[between]
        for one in projects:
            reach = chain[one][between]
            if reach and one != between:
                chain[one] = [
                    max(strength, min(reach, further)) for strength, further in zip(chain[one], onward, strict=True)
                ]
    for one in projects:
        chain[one][one] = 0
    return chain
