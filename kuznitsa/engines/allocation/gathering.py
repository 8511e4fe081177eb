"""The greater part of deferred acceptance, before `kernel` does the rest one applicant at a time.

A pool, or a company, that holds a few more than it has seats for lets go of all that are too many at once: one pass
over its weights in place of a heap kept in order for each of them. As the outcome does not depend on the order of
proposals, whoever is held a little longer than deserved changes nothing.

The tables are those of `kernel`; here the weights of a pool stand in no order.
"""

import numpy as np

from kuznitsa.engines.allocation import kernel
from kuznitsa.engines.allocation.kernel import BATCH, COMPANY, COUNT, CUT_OFF, HEAP, NEXT, NONE, SEATS, Table
from kuznitsa.engines.compiled import inner, loop

CAPACITY, TREE, LEAVES, REFUSED, ROOM = kernel.CAPACITY, kernel.TREE, kernel.LEAVES, kernel.REFUSED, kernel.ROOM
LUCK = kernel.LUCK
order, prefetch, sift_down, take = kernel.order, kernel.prefetch, kernel.sift_down, kernel.take
# A pass over the weights of a pool is worth one applicant in so many let go; below that heaps are quicker.
WORTH = 16


@loop()
def gather(
    stack: Table, waiting: int, applicants: Table, contracts: Table, pools: Table, heap: Table, by_luck: Table,
    score_bits: int, luck_bits: int, companies: Table, members: Table,
) -> int:  # fmt: skip
    """Let the `waiting` applicants offer contracts until few are left; return how many wait now."""
    score_mask = (np.int64(1) << score_bits) - 1
    luck_mask = (np.int64(1) << luck_bits) - 1
    offered = np.empty(BATCH, np.int64)
    batch = np.empty(BATCH, np.int32)
    scratch = np.empty_like(heap)
    looked_at = np.int64(0)
    while waiting * WORTH > looked_at:
        while waiting > 0:
            size = min(waiting, BATCH)
            waiting -= size
            kept = take(stack, waiting, size, applicants, contracts, pools, score_bits, batch, offered)
            for i in range(kept):
                pool = offered[i] >> score_bits
                prefetch(heap, pools[pool, HEAP] + pools[pool, COUNT])
                if pools[pool, COMPANY] != NONE:
                    prefetch(companies, pools[pool, COMPANY])
            for i in range(kept):
                applicant = batch[i]
                pool = offered[i] >> score_bits
                weight = ((offered[i] & score_mask) << luck_bits) | applicants[applicant, LUCK]
                applicants[applicant, NEXT] += 1
                if weight < pools[pool, CUT_OFF]:
                    stack[waiting] = applicant
                    waiting += 1
                    continue
                waiting = _hold(
                    weight, pool, pools, companies, members, heap, scratch, stack, waiting, by_luck, luck_mask
                )
        waiting, looked_at = _trim_all(pools, companies, members, heap, scratch, stack, by_luck, luck_mask)
    return waiting


@inner
def _hold(
    weight: int, pool: int, pools: Table, companies: Table, members: Table, heap: Table, scratch: Table, stack: Table,
    waiting: int, by_luck: Table, luck_mask: int,
) -> int:  # fmt: skip
    """Hold the contract, and let go when there is no room for another; return how many are on the stack."""
    heap[pools[pool, HEAP] + pools[pool, COUNT]] = weight
    pools[pool, COUNT] += 1
    company = pools[pool, COMPANY]
    if company != NONE:
        companies[company, COUNT] += 1
        if companies[company, COUNT] > companies[company, ROOM]:
            waiting = _trim_company(
                company, companies, members, pools, heap, scratch, stack, waiting, by_luck, luck_mask
            )
    # A pool with room for all who ask is never too full.
    if pools[pool, COUNT] == pools[pool, ROOM] and pools[pool, COUNT] > pools[pool, SEATS]:
        waiting = _trim_pool(pool, pools, companies, heap, stack, waiting, by_luck, luck_mask)
    return waiting


@inner
def _trim_all(
    pools: Table, companies: Table, members: Table, heap: Table, scratch: Table, stack: Table, by_luck: Table,
    luck_mask: int,
) -> tuple[int, int]:  # fmt: skip
    """Let go wherever there are too many; return how many wait then, and how much was looked at for it."""
    waiting, looked_at = 0, len(pools)
    for pool in range(len(pools)):
        if pools[pool, COUNT] > pools[pool, SEATS]:
            looked_at += pools[pool, COUNT]
            waiting = _trim_pool(pool, pools, companies, heap, stack, waiting, by_luck, luck_mask)
    for company in range(len(companies)):
        if companies[company, COUNT] > companies[company, CAPACITY]:
            looked_at += companies[company, COUNT]
            waiting = _trim_company(
                company, companies, members, pools, heap, scratch, stack, waiting, by_luck, luck_mask
            )
    return waiting, looked_at


@inner
def _trim_pool(
    pool: int, pools: Table, companies: Table, heap: Table, stack: Table, waiting: int, by_luck: Table, luck_mask: int
) -> int:
    """Let go of all for whom the pool has no seat; return how many are on the stack then."""
    start, count = pools[pool, HEAP], pools[pool, COUNT]
    cut_off = _cut_off(heap, start, count, pools[pool, SEATS])
    pools[pool, CUT_OFF] = cut_off
    waiting = _let_go(pool, cut_off, pools, heap, stack, waiting, by_luck, luck_mask)
    if pools[pool, COMPANY] != NONE:
        companies[pools[pool, COMPANY], COUNT] -= count - pools[pool, COUNT]
    return waiting


@inner
def _trim_company(
    company: int, companies: Table, members: Table, pools: Table, heap: Table, scratch: Table, stack: Table,
    waiting: int, by_luck: Table, luck_mask: int,
) -> int:  # fmt: skip
    """Let go of all for whom a pool of the company or the company has no seat; return how many are on the stack."""
    first = companies[company, TREE] + companies[company, LEAVES]
    beyond = first + companies[company, LEAVES]
    for leaf in range(first, beyond):
        if pools[members[leaf], COUNT] > pools[members[leaf], SEATS]:
            waiting = _trim_pool(members[leaf], pools, companies, heap, stack, waiting, by_luck, luck_mask)
    if companies[company, COUNT] <= companies[company, CAPACITY]:
        return waiting
    size = 0
    for leaf in range(first, beyond):
        start = pools[members[leaf], HEAP]
        for row in range(start, start + pools[members[leaf], COUNT]):
            scratch[size] = heap[row]
            size += 1
    cut_off = _cut_off(scratch, 0, size, companies[company, CAPACITY])
    for leaf in range(first, beyond):
        pool = members[leaf]
        # Who is too light for the company need not be held by its pool.
        pools[pool, CUT_OFF] = max(pools[pool, CUT_OFF], cut_off)
        waiting = _let_go(pool, cut_off, pools, heap, stack, waiting, by_luck, luck_mask)
    companies[company, COUNT] = companies[company, CAPACITY]
    companies[company, REFUSED] = 1
    return waiting


@inner
def _cut_off(heap: Table, start: int, count: int, seats: int) -> int:
    """Return a weight that as many reach as there are seats, of more than that."""
    low = high = heap[start]
    for row in range(start, start + count):
        low, high = min(low, heap[row]), max(high, heap[row])
    high += 1
    cut_off, above = high, 0
    # No two weigh the same, so that there is one between any two of them.
    while above != seats:
        if above > seats:
            low = cut_off
        else:
            high = cut_off
        cut_off = (low + high) >> 1
        above = 0
        for row in range(start, start + count):
            above += heap[row] >= cut_off
    return cut_off


@inner
def _let_go(
    pool: int, cut_off: int, pools: Table, heap: Table, stack: Table, waiting: int, by_luck: Table, luck_mask: int
) -> int:
    """Put those of the pool that are lighter on the stack; return how many are there then."""
    start = pools[pool, HEAP]
    kept = start
    for row in range(start, start + pools[pool, COUNT]):
        weight = heap[row]
        if weight >= cut_off:
            heap[kept] = weight
            kept += 1
        else:
            stack[waiting] = by_luck[weight & luck_mask]
            waiting += 1
    pools[pool, COUNT] = kept - start
    return waiting


@loop()
def settle(pools: Table, heap: Table, companies: Table, tree: Table, members: Table) -> None:
    """Put what `gather` left into the order that the loops of `kernel` need."""
    for pool in range(len(pools)):
        start, count = pools[pool, HEAP], pools[pool, COUNT]
        if pools[pool, SEATS] == 0:
            continue
        pools[pool, CUT_OFF] = NONE
        if count == pools[pool, SEATS]:
            for hole in range((count >> 1) - 1, -1, -1):
                sift_down(heap, start, count, hole, heap[start + hole])
            pools[pool, CUT_OFF] = heap[start]
    for company in range(len(companies)):
        if companies[company, REFUSED]:
            order(pools, heap, companies, company, tree, members)
