"""Conditions of queries, built of what a user stands for."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet


def any_of(**conditions: Iterable[int]) -> Q:
    """Return that one of `conditions` (`field__in=ids`) holds; an empty Q when none of them names anything.

    A condition without ids costs its joins though it can never hold, so it is left out; whoever gets an empty Q
    asks nothing at all, for it would let everything through.
    """
    return reduce(or_, (Q((field, ids)) for field, ids in conditions.items() if ids), Q())


def either(first: QuerySet, *others: QuerySet) -> QuerySet:
    """Return the numbers of the rows that any of these finds, for `pk__in`.

    Each is asked by an index of its own. Beside each other with OR, PostgreSQL would take half of the table for found
    and read all of it.
    """
    numbers, *more = (found.order_by().values("pk") for found in (first, *others))
    return numbers.union(*more)
