"""Small votes as text of a Pabulib file, with many equals, and a count of them that reads like the rules."""

from dataclasses import dataclass
from fractions import Fraction

from hypothesis import strategies as st

from kuznitsa.engines.tally import Completion, Parameters, Rule, Stop, Utility, VoteType, ticket


@dataclass(frozen=True)
class Vote:
    """What is in a file: costs by id, and ballots as the names in them with the points of each."""

    vote_type: VoteType
    budget: int
    costs: dict[str, int]
    ballots: list[dict[str, int]]

    @property
    def text(self) -> str:
        """The file."""
        has_points = self.vote_type in {VoteType.CUMULATIVE, VoteType.SCORING}
        lines = ["META", "key;value", f"budget;{self.budget}", f"vote_type;{self.vote_type}", "PROJECTS"]
        lines += ["project_id;cost", *(f"{id_};{cost}" for id_, cost in self.costs.items())]
        lines += ["VOTES", "voter_id;vote;points" if has_points else "voter_id;vote"]
        for number, ballot in enumerate(self.ballots):
            row = f"{number};{','.join(ballot)}"
            lines.append(row + (f";{','.join(map(str, ballot.values()))}" if has_points else ""))
        return "\n".join(lines) + "\n"

    @property
    def points(self) -> list[dict[str, int]]:
        """The points of every ballot, Borda's for an order."""
        if self.vote_type != VoteType.ORDINAL:
            return self.ballots
        return [{id_: len(ballot) - 1 - place for place, id_ in enumerate(ballot)} for ballot in self.ballots]


@st.composite
def votes(draw, types=tuple(VoteType), most=6):
    """Votes of a few projects and voters, with few different costs and points."""
    vote_type = draw(st.sampled_from(types))
    ids = draw(st.permutations([f"p{number}" for number in range(draw(st.integers(1, most)))]))
    costs = {id_: draw(st.sampled_from([0, 1, 5, 10, 10, 12, 30])) for id_ in ids}
    longest = 1 if vote_type == VoteType.CHOOSE_1 else len(ids)
    ballot = st.lists(st.sampled_from(ids), unique=True, max_size=longest)
    ballots = [
        {id_: 1 if vote_type.is_set else draw(st.integers(0, 4)) for id_ in named}
        for named in draw(st.lists(ballot, min_size=1, max_size=9))
    ]
    return Vote(vote_type, draw(st.integers(1, 60)), costs, ballots)


def brute(vote: Vote, parameters: Parameters) -> list[str]:
    """The winners, voter by voter and step by step, in fractions."""
    totals = {id_: sum(points.get(id_, 0) for points in vote.points) for id_ in vote.costs}

    def tie(id_):
        if parameters.ties == "id":
            return (id_,)
        return (vote.costs[id_], -totals[id_], ticket(parameters.seed, id_))

    def greedily(winners, is_density=False):
        def key(id_):
            if not is_density or vote.vote_type.is_set:
                return (-totals[id_], tie(id_))
            cost = vote.costs[id_]
            return (-(Fraction(totals[id_], cost) if cost else 10**9 * bool(totals[id_])), tie(id_))

        for id_ in sorted(set(vote.costs) - set(winners), key=key):
            if sum(vote.costs[winner] for winner in winners) + vote.costs[id_] <= vote.budget:
                winners = [*winners, id_]
        return winners

    def utility(points, id_):
        if points.get(id_, 0) and vote.vote_type.is_set and parameters.utility == Utility.COST:
            return vote.costs[id_]
        return points.get(id_, 0)

    def equal_shares(share):
        purses, winners = [share] * len(vote.ballots), []
        while True:
            best = None
            for id_ in sorted(set(vote.costs) - set(winners)):
                supporters = [voter for voter, points in enumerate(vote.points) if points.get(id_, 0)]
                if not supporters or sum(purses[voter] for voter in supporters) < vote.costs[id_]:
                    continue
                worth = {voter: utility(vote.points[voter], id_) for voter in supporters}
                rest, rho = vote.costs[id_], Fraction(0)
                for voter in sorted(supporters, key=lambda voter: purses[voter] / worth[voter] if worth[voter] else 0):
                    others = sum(worth[other] for other in supporters)
                    rho = Fraction(rest, others) if others else Fraction(0)
                    if purses[voter] >= rho * worth[voter]:
                        break
                    rest -= purses[voter]
                    supporters = [other for other in supporters if other != voter]
                if best is None or (rho, tie(id_)) < best[:2]:
                    best = (rho, tie(id_), id_, worth)
            if best is None:
                return winners
            rho, _tie, id_, worth = best
            for voter, each in worth.items():
                purses[voter] -= min(purses[voter], rho * each)
            winners.append(id_)

    def cost(winners):
        return sum(vote.costs[winner] for winner in winners)

    if parameters.rule != Rule.EQUAL_SHARES:
        return greedily([], parameters.rule == Rule.GREEDY_DENSITY)
    share = first = Fraction(vote.budget, len(vote.ballots))
    step = first * parameters.step.amount / 100 if parameters.step.is_percent else parameters.step.amount
    winners = equal_shares(share)
    if parameters.completion == Completion.NONE:
        return winners
    supported = {id_ for id_ in vote.costs if totals[id_]}
    while others := supported.difference(winners):
        is_full = all(cost(winners) + vote.costs[id_] > vote.budget for id_ in others)
        if is_full and parameters.stop == Stop.FIRST_INFEASIBLE:
            break
        share += step
        following = equal_shares(share)
        if cost(following) <= vote.budget:
            winners = following
        elif parameters.stop == Stop.FIRST_INFEASIBLE or share > vote.budget + max(vote.costs.values()):
            # With so much, whoever has spent the whole budget could still pay for anything alone.
            break
    return greedily(winners) if parameters.completion == Completion.ADD1_THEN_GREEDY else winners
