"""Generated markets of any size, always the same for the same numbers."""

import numpy as np

from kuznitsa.engines.allocation.arrays import ArrayMarket

GRADES = 201
SEATS_OF_APPLICANTS = 0.95
COMPANY_SHARE = 0.85


def market(applicants: int, places: int, choices: int, kind: str, companies: int = 0) -> ArrayMarket:
    """Return a market: `uniform` (equally popular places, independent scores) or `zipf` (popularity by rank, grades).

    With companies, each limits its places to 85 % of their seats.
    """
    draw = np.random.default_rng(applicants + places)
    shape = (applicants, choices)
    if kind == "uniform":
        place = draw.integers(0, places, shape, dtype=np.int32)
        score = draw.integers(0, 1000, shape, dtype=np.int32)
    else:
        popularity = 1 / np.arange(1, places + 1)
        place = draw.choice(places, size=shape, p=popularity / popularity.sum()).astype(np.int32)
        score = draw.integers(0, GRADES, (applicants, 1), dtype=np.int32) + draw.integers(0, 20, shape, dtype=np.int32)
    seats = int(applicants * SEATS_OF_APPLICANTS / places)
    company = np.arange(places, dtype=np.int32) % companies if companies else np.full(places, -1, dtype=np.int32)
    limit = int(COMPANY_SHARE * seats * places / companies) if companies else 0
    return ArrayMarket(
        ptr=np.arange(applicants + 1, dtype=np.int64) * choices,
        place=place.ravel(),
        score=score.ravel(),
        ticket=draw.permutation(applicants).astype(np.int64),
        capacity=np.full(places, seats, dtype=np.int32),
        company=company,
        company_capacity=np.full(companies, limit, dtype=np.int32),
    )
