"""The loop of deferred acceptance as machine code: a million applicants in a third of a second.

The same rules as `solver`, which a test holds equal. Time goes into waiting for memory, so applicants are taken in
batches whose reads overlap, a contract is one number, and whoever is below a full pool's cut-off is refused before
its heap is looked at.

Tables: `applicants` int32 (next contract, end, luck), `contracts` int64 (pool, then score), `pools` int64 (cut-off,
count, seats, first of its heap, company, leaf, room of its heap), `companies` int64 (capacity, count, first of its
tree, leaves, whether it refused anybody, its lightest weight, for how many it has room for a while), `heap` and `tree`
int64 weights. A weight is the score, then the luck; larger wins, and no two applicants weigh the same.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from kuznitsa.engines.compiled import inner, loop

Table = npt.NDArray[Any]

NONE = -1
BATCH = 32
NEXT, END, LUCK = 0, 1, 2
CUT_OFF, COUNT, SEATS, HEAP, COMPANY, LEAF, ROOM = 0, 1, 2, 3, 4, 5, 6
CAPACITY, TREE, LEAVES, REFUSED, LIGHTEST = 0, 2, 3, 4, 5
# No contract weighs as much: the cut-off of a pool that takes nobody, the lightest of an empty one.
SHUT = np.iinfo(np.int64).max


@intrinsic
def prefetch(_typing: Any, table: Any, row: Any) -> Any:
    """Ask for a row of a table before it is needed."""

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        array = context.make_array(table)(context, builder, arguments[0])
        step = builder.extract_value(array.strides, 0)
        start = builder.bitcast(array.data, ir.IntType(8).as_pointer())
        address = builder.gep(start, [builder.mul(step, arguments[1])])
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [address.type, number, number, number])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [address.type], kind)
        builder.call(prefetch, [address, number(0), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(table, types.intp), generate


@inner
def sift_down(heap: Table, start: int, size: int, hole: int, weight: int) -> None:
    """Put `weight` into the hole or below it; the lightest stands first."""
    child = 2 * hole + 1
    while child < size:
        if child + 1 < size and heap[start + child + 1] < heap[start + child]:
            child += 1
        if heap[start + child] >= weight:
            break
        heap[start + hole] = heap[start + child]
        hole = child
        child = 2 * hole + 1
    heap[start + hole] = weight


@inner
def _sift_up(heap: Table, start: int, hole: int, weight: int) -> None:
    while hole > 0:
        parent = (hole - 1) >> 1
        if heap[start + parent] <= weight:
            break
        heap[start + hole] = heap[start + parent]
        hole = parent
    heap[start + hole] = weight


@loop()
def propose(
    stack: Table, waiting: int, applicants: Table, contracts: Table, pools: Table, heap: Table, by_luck: Table,
    score_bits: int, luck_bits: int,
) -> None:  # fmt: skip
    """Let the `waiting` applicants on the stack, and all whom they push out, offer contracts to the end.

    For markets without company limits.
    """
    score_mask = (np.int64(1) << score_bits) - 1
    luck_mask = (np.int64(1) << luck_bits) - 1
    offered = np.empty(BATCH, np.int64)
    batch = np.empty(BATCH, np.int32)
    while waiting > 0:
        size = min(waiting, BATCH)
        waiting -= size
        kept = take(stack, waiting, size, applicants, contracts, pools, score_bits, batch, offered)
        for i in range(kept):
            prefetch(heap, pools[offered[i] >> score_bits, HEAP])
        for i in range(kept):
            applicant = batch[i]
            pool = offered[i] >> score_bits
            weight = ((offered[i] & score_mask) << luck_bits) | applicants[applicant, LUCK]
            applicants[applicant, NEXT] += 1
            if weight < pools[pool, CUT_OFF]:
                stack[waiting] = applicant
                waiting += 1
                continue
            start, count = pools[pool, HEAP], pools[pool, COUNT]
            if count < pools[pool, SEATS]:
                heap[start + count] = weight
                pools[pool, COUNT] = count + 1
                if count + 1 == pools[pool, SEATS]:
                    # Nobody needs the order before the pool is full.
                    for root in range((count - 1) >> 1, -1, -1):
                        sift_down(heap, start, count + 1, root, heap[start + root])
                    pools[pool, CUT_OFF] = heap[start]
                continue
            stack[waiting] = by_luck[pools[pool, CUT_OFF] & luck_mask]
            waiting += 1
            sift_down(heap, start, count, 0, weight)
            pools[pool, CUT_OFF] = heap[start]


@inner
def take(
    stack: Table, waiting: int, size: int, applicants: Table, contracts: Table, pools: Table, score_bits: int,
    batch: Table, offered: Table,
) -> int:  # fmt: skip
    """Move the top of the stack, without those who have no contract left, into the batch; return how many.

    `offered` gets the next contract of each.
    """
    for i in range(size):
        batch[i] = stack[waiting + i]
        prefetch(applicants, batch[i])
    kept = 0
    for i in range(size):
        applicant = batch[i]
        row = applicants[applicant, NEXT]
        if row < applicants[applicant, END]:
            prefetch(contracts, np.int64(row))
            batch[kept] = applicant
            kept += 1
    for i in range(kept):
        offered[i] = contracts[applicants[batch[i], NEXT]]
        prefetch(pools, offered[i] >> score_bits)
    return kept


@loop()
def propose_limited(
    stack: Table, waiting: int, applicants: Table, contracts: Table, pools: Table, heap: Table, by_luck: Table,
    score_bits: int, luck_bits: int, companies: Table, tree: Table, members: Table,
) -> None:  # fmt: skip
    """As `propose`, for markets with company limits; `members` names the pool of every leaf of a company's tree.

    The tree of a company holds the lightest weight of each of its pools, and at every node the lightest below.
    """
    score_mask = (np.int64(1) << score_bits) - 1
    luck_mask = (np.int64(1) << luck_bits) - 1
    offered = np.empty(BATCH, np.int64)
    batch = np.empty(BATCH, np.int32)
    while waiting > 0:
        size = min(waiting, BATCH)
        waiting -= size
        kept = take(stack, waiting, size, applicants, contracts, pools, score_bits, batch, offered)
        for i in range(kept):
            pool = offered[i] >> score_bits
            prefetch(heap, pools[pool, HEAP])
            if pools[pool, COMPANY] != NONE:
                prefetch(companies, pools[pool, COMPANY])
        for i in range(kept):
            applicant = batch[i]
            pool = offered[i] >> score_bits
            weight = ((offered[i] & score_mask) << luck_bits) | applicants[applicant, LUCK]
            applicants[applicant, NEXT] += 1
            refused = _offer(weight, pool, pools, heap, companies, tree, members)
            if refused != NONE:
                stack[waiting] = by_luck[refused & luck_mask]
                waiting += 1


@inner
def _offer(weight: int, pool: int, pools: Table, heap: Table, companies: Table, tree: Table, members: Table) -> int:
    """Hold the contract; return the weight of the one that has to go for it (perhaps itself), or NONE."""
    company = pools[pool, COMPANY]
    start, count = pools[pool, HEAP], pools[pool, COUNT]
    if weight < pools[pool, CUT_OFF]:
        return weight
    if count == pools[pool, SEATS]:
        refused = pools[pool, CUT_OFF]
        sift_down(heap, start, count, 0, weight)
        pools[pool, CUT_OFF] = heap[start]
        if company != NONE and companies[company, REFUSED]:
            _update(pools, pool, heap, companies, company, tree)
        return refused
    if company == NONE or companies[company, COUNT] < companies[company, CAPACITY]:
        if company != NONE:
            companies[company, COUNT] += 1
        _push(pools, pool, heap, weight, companies)
        if company != NONE and companies[company, REFUSED]:
            _update(pools, pool, heap, companies, company, tree)
        return NONE
    if not companies[company, REFUSED]:
        companies[company, REFUSED] = 1
        order(pools, heap, companies, company, tree, members)
    refused = companies[company, LIGHTEST]
    if weight < refused:
        return weight
    loser = _lightest_pool(companies, company, tree, members)
    if loser == pool:
        sift_down(heap, start, count, 0, weight)
        _update(pools, pool, heap, companies, company, tree)
        return refused
    _pop(pools, loser, heap, companies, company, tree)
    _push(pools, pool, heap, weight, companies)
    _update(pools, pool, heap, companies, company, tree)
    return refused


@inner
def order(pools: Table, heap: Table, companies: Table, company: int, tree: Table, members: Table) -> None:
    """Set up the tree of a company that is to refuse for the first time, and order the heaps below it."""
    root, leaves = companies[company, TREE], companies[company, LEAVES]
    for node in range(leaves, 2 * leaves):
        pool = members[root + node]
        start, count = pools[pool, HEAP], pools[pool, COUNT]
        if count < pools[pool, SEATS]:
            for hole in range((count >> 1) - 1, -1, -1):
                sift_down(heap, start, count, hole, heap[start + hole])
        tree[root + node] = heap[start] if count > 0 else SHUT
    for node in range(leaves - 1, 0, -1):
        tree[root + node] = min(tree[root + 2 * node], tree[root + 2 * node + 1])
    companies[company, LIGHTEST] = tree[root + 1]


@inner
def _push(pools: Table, pool: int, heap: Table, weight: int, companies: Table) -> None:
    start, count = pools[pool, HEAP], pools[pool, COUNT]
    pools[pool, COUNT] = count + 1
    company = pools[pool, COMPANY]
    if company != NONE and companies[company, REFUSED]:
        _sift_up(heap, start, count, weight)
    else:
        # Nobody needs the order before the pool is full, or its company is.
        heap[start + count] = weight
        if count + 1 == pools[pool, SEATS]:
            for hole in range((count - 1) >> 1, -1, -1):
                sift_down(heap, start, count + 1, hole, heap[start + hole])
    if count + 1 == pools[pool, SEATS]:
        pools[pool, CUT_OFF] = heap[start]


@inner
def _pop(pools: Table, pool: int, heap: Table, companies: Table, company: int, tree: Table) -> None:
    """Take the lightest out of a pool of the company."""
    start, count = pools[pool, HEAP], pools[pool, COUNT] - 1
    pools[pool, COUNT] = count
    pools[pool, CUT_OFF] = NONE
    if count > 0:
        sift_down(heap, start, count, 0, heap[start + count])
    _update(pools, pool, heap, companies, company, tree)


@inner
def _update(pools: Table, pool: int, heap: Table, companies: Table, company: int, tree: Table) -> None:
    """Tell the company's tree the lightest of one of its pools."""
    root = companies[company, TREE]
    node = companies[company, LEAVES] + pools[pool, LEAF]
    tree[root + node] = heap[pools[pool, HEAP]] if pools[pool, COUNT] > 0 else SHUT
    while node > 1:
        node >>= 1
        lightest = min(tree[root + 2 * node], tree[root + 2 * node + 1])
        if tree[root + node] == lightest:
            break
        tree[root + node] = lightest
    # A company of one pool has no other node than its leaf, which is its root.
    companies[company, LIGHTEST] = tree[root + 1]


@inner
def _lightest_pool(companies: Table, company: int, tree: Table, members: Table) -> int:
    root, leaves = companies[company, TREE], companies[company, LEAVES]
    node = 1
    while node < leaves:
        node *= 2
        if tree[root + node] != tree[root + (node >> 1)]:
            node += 1
    # The leaves of a company stand in `members` where the second half of its tree stands in `tree`.
    return members[root + node]


@loop()
def hold(pools: Table, heap: Table, by_luck: Table, luck_bits: int, applicants: Table, held: Table) -> None:
    """Write the contract that every applicant holds, or NONE."""
    luck_mask = (np.int64(1) << luck_bits) - 1
    held[:] = NONE
    for pool in range(len(pools)):
        start = pools[pool, HEAP]
        for i in range(start, start + pools[pool, COUNT]):
            applicant = by_luck[heap[i] & luck_mask]
            held[applicant] = applicants[applicant, NEXT] - 1


@loop()
def emptiest(pools: Table, first_pool: Table, min_size: Table, is_open: Table) -> int:
    """Return the open place that is furthest below its minimum size, or NONE; the pools of a place stand together."""
    found, least, least_minimum = NONE, np.int64(0), np.int64(1)
    for place in range(len(min_size)):
        minimum = min_size[place]
        if not is_open[place] or minimum <= 0:
            continue
        filled = np.int64(0)
        for pool in range(first_pool[place], first_pool[place + 1]):
            filled += pools[pool, COUNT]
        if filled >= minimum:
            continue
        ours, theirs = filled * least_minimum, least * minimum
        if found == NONE or ours < theirs or (ours == theirs and filled < least):
            found, least, least_minimum = place, filled, minimum
    return found


@loop()
def shut(
    place: int, first_pool: Table, pools: Table, heap: Table, by_luck: Table, luck_bits: int, companies: Table,
    tree: Table, stack: Table,
) -> int:  # fmt: skip
    """Close the pools of a place, put those who held seats there on the stack; return how many."""
    luck_mask = (np.int64(1) << luck_bits) - 1
    waiting = 0
    for pool in range(first_pool[place], first_pool[place + 1]):
        start = pools[pool, HEAP]
        count = pools[pool, COUNT]
        for i in range(start, start + count):
            stack[waiting] = by_luck[heap[i] & luck_mask]
            waiting += 1
        pools[pool, CUT_OFF], pools[pool, COUNT], pools[pool, SEATS] = SHUT, 0, 0
        company = pools[pool, COMPANY]
        if company != NONE:
            companies[company, COUNT] -= count
            if companies[company, REFUSED]:
                _update(pools, pool, heap, companies, company, tree)
    return waiting


@loop()
def interested(applicants: Table, first: Table, held: Table, contracts: Table, score_bits: int, place_of: Table,
               counted: Table, interest: Table) -> None:  # fmt: skip
    """Count who would rather have a contract at each of the `counted` places than what they hold."""
    for applicant in range(len(held)):
        end = applicants[applicant, END] if held[applicant] == NONE else held[applicant]
        last = NONE
        for row in range(first[applicant], end):
            place = place_of[contracts[row] >> score_bits]
            if place != last and counted[place]:
                interest[place] += 1
            last = place


@loop()
def pack(first: Table, pool: Table, score: Table, luck: Table, score_bits: int, applicants: Table, contracts: Table,
         demand: Table) -> None:  # fmt: skip
    """Fill the tables of applicants and contracts; count how many ask for each pool."""
    for applicant in range(len(first) - 1):
        applicants[applicant, NEXT] = first[applicant]
        applicants[applicant, END] = first[applicant + 1]
        applicants[applicant, LUCK] = luck[applicant]
    for row in range(len(pool)):
        contracts[row] = (np.int64(pool[row]) << score_bits) | np.int64(score[row])
        demand[pool[row]] += 1


@loop()
def named_first(first: Table, place: Table, places: int) -> Table:
    """Say of every choice whether it names its place for the first time in its list."""
    found = np.empty(len(place), np.bool_)
    named_by = np.full(places, NONE, np.int32)
    for applicant in range(len(first) - 1):
        for row in range(first[applicant], first[applicant + 1]):
            found[row] = named_by[place[row]] != applicant
            named_by[place[row]] = applicant
    return found


@loop()
def positions(first: Table, ends: Table, place: Table, match: Table) -> Table:
    """Return the row of every applicant's list that names the place matched, or NONE."""
    found = np.full(len(match), NONE, np.int64)
    for applicant in range(len(match)):
        if match[applicant] == NONE:
            continue
        for row in range(first[applicant], ends[applicant]):
            if place[row] == match[applicant]:
                found[applicant] = row
                break
    return found


@loop()
def lightest_admitted(
    position: Table, match: Table, score: Table, luck: Table, luck_bits: int, lightest: Table, filled: Table
) -> None:
    """Note the lightest weight at every place, and how many are there."""
    for applicant in range(len(match)):
        if position[applicant] == NONE:
            continue
        weight = (np.int64(score[position[applicant]]) << luck_bits) | np.int64(luck[applicant])
        place = match[applicant]
        lightest[place] = min(lightest[place], weight)
        filled[place] += 1


@loop()
def judge(first: Table, place: Table, score: Table, luck: Table, luck_bits: int, position: Table, cut_off: Table,
          has_seats: Table, numbers: Table, codes: Table) -> None:  # fmt: skip
    """Write a reason for every choice, the first that applies in the published order."""
    assigned, not_needed, duplicate, no_seats, place_full, company_full = numbers
    for applicant in range(len(position)):
        start = first[applicant]
        for row in range(start, first[applicant + 1]):
            code = company_full
            for earlier in range(start, row):
                if place[earlier] == place[row]:
                    code = duplicate
            if code == duplicate:
                pass
            elif row == position[applicant]:
                code = assigned
            elif position[applicant] != NONE and row > position[applicant]:
                code = not_needed
            elif not has_seats[place[row]]:
                code = no_seats
            elif ((np.int64(score[row]) << luck_bits) | np.int64(luck[applicant])) < cut_off[place[row]]:
                code = place_full
            codes[row] = code
