"""Generated votes of the sizes of real ones, as Pabulib files; always the same for the same numbers."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Size:
    """A vote to generate.

    `named` is how many projects a ballot names at most and on average; `round_to` what costs are multiples of; `even`
    makes projects nearly equally popular, so that many are nearly equal.
    """

    name: str
    voters: int
    projects: int
    budget: int
    most_cost: int
    named: tuple[int, float]
    vote_type: str = "approval"
    round_to: int = 100
    even: float = 0.0


DISTRICT = Size("5,000 × 54", 5_000, 54, 3_090_000, 600_000, (15, 8.5))
LARGE_DISTRICT = Size("13,000 × 98", 13_000, 98, 6_400_000, 900_000, (15, 9.5))
NEAR_TIES = Size("4,500 × 199, near ties", 4_500, 199, 8_000_000, 300_000, (10, 4.0), round_to=10_000, even=0.85)
CITY = Size("90,000 × 160", 90_000, 160, 24_000_000, 4_000_000, (5, 3.2))
RANKINGS = Size("33,000 × 123, orders", 33_000, 123, 12_000_000, 2_000_000, (3, 2.8), vote_type="ordinal")
SMALL_UNITS = Size("29,000 × 175, small currency", 29_000, 175, 1_000_000_000, 120_000_000, (15, 6.0), round_to=100_000)
MANY_BALLOTS = Size("130,000 × 197, choose one", 130_000, 197, 4_000_000, 500_000, (1, 1.0), vote_type="choose-1")


def text(size: Size) -> str:
    """The file."""
    draw = np.random.default_rng(size.voters + size.projects)
    popularity = (1 / np.arange(2, size.projects + 2)) ** (1 - size.even)
    popularity /= popularity.sum()
    costs = draw.lognormal(np.log(size.most_cost / 6), 0.9, size.projects).clip(size.round_to, size.most_cost)
    costs = (costs // size.round_to).clip(1).astype(int) * size.round_to
    lines = ["META", "key;value", f"num_projects;{size.projects}", f"num_votes;{size.voters}", f"budget;{size.budget}"]
    lines += [f"vote_type;{size.vote_type}", f"max_length;{size.named[0]}", "PROJECTS", "project_id;cost;name"]
    lines += [f"{number};{cost};Project {number}" for number, cost in enumerate(costs)]
    lines += ["VOTES", "voter_id;vote;age;sex;voting_method"]
    most, mean = size.named
    lengths = np.minimum(1 + draw.poisson(mean - 1, size.voters), most)
    # Without replacement, all voters at once: the smallest of exponential times.
    for start in range(0, size.voters, 10_000):
        part = lengths[start : start + 10_000]
        times = draw.exponential(size=(len(part), size.projects)) / popularity
        first = np.argsort(times, axis=1)[:, :most]
        ages = draw.integers(14, 90, len(part))
        for number, (length, row, age) in enumerate(zip(part, first, ages, strict=True), start=start):
            lines.append(f"{number};{','.join(map(str, row[:length]))};{age};F;internet")
    return "\n".join(lines) + "\n"
