"""One small market for every rule, reason and issue of the specification."""

from dataclasses import replace

import pytest

from kuznitsa.engines.allocation import (
    Applicant,
    BadInput,
    Choice,
    Company,
    Instance,
    Issue,
    MinSize,
    Place,
    Pool,
    Reason,
    Result,
    Rules,
    Seat,
    allocate,
    allocate_checked,
    check,
    explain,
    queue,
    rerun,
    ticket,
)


def wants(id_, *choices, tags=()):
    return Applicant(id_, tuple(Choice(*choice) for choice in choices), frozenset(tags))


def market(*applicants, places, companies=(), **rules):
    return Instance("s", applicants, tuple(places), tuple(companies), Rules(**rules))


def reasons(result, applicant):
    return [outcome.reason for outcome in result.explanations[applicant]]


def test_ticket_can_be_recomputed_by_anybody():
    # printf 'семя|Аня' | sha256sum
    assert ticket("семя", "Аня") == "9e3f48f9afc95dc8b259d918d79c3166063f90ee6740a077d9ebb9c8ed2416f9"


def test_ties_go_to_the_smaller_ticket():
    first, second = sorted(["a", "b"], key=lambda id_: ticket("s", id_))
    instance = market(wants("a", ("p", 1)), wants("b", ("p", 1)), places=[Place("p", 1)])

    assert allocate(instance).assignment == {first: "p", second: None}


def test_integers_of_any_size_are_exact():
    huge = 10**40
    instance = market(
        wants("a", ("p", huge)),
        wants("b", ("p", huge + 1)),
        wants("c", ("q", -huge)),
        wants("d", ("r", 0)),
        places=[Place("p", 1), Place("q", huge, "c", min_size=huge), Place("r", 10 * huge, min_size=10 * huge)],
        companies=[Company("c", huge)],
        min_size=MinSize.CLOSE_REOPEN,
    )

    result = allocate(instance)

    assert result.assignment == {"a": None, "b": "p", "c": None, "d": None}
    assert result.closed == ("r", "q")
    assert check(instance, result) == []


# Reasons


@pytest.mark.parametrize(
    "applicant, places, companies, expected",
    [
        (wants("a", ("x", 1), ("p", 1)), [Place("p", 1)], [], [Reason.UNKNOWN_PLACE, Reason.ASSIGNED]),
        (wants("a", ("p", 1), ("p", 9)), [Place("p", 1)], [], [Reason.ASSIGNED, Reason.DUPLICATE_CHOICE]),
        (wants("a", ("p", 1), ("q", 1)), [Place("p", 1), Place("q", 1)], [], [Reason.ASSIGNED, Reason.NOT_NEEDED]),
        (wants("a", ("p", 1), ("q",)), [Place("p", 1), Place("q", 0)], [], [Reason.ASSIGNED, Reason.NOT_NEEDED]),
        (wants("a", ("p",)), [Place("p", 0)], [], [Reason.NOT_ELIGIBLE]),
        (wants("a", ("p", 1)), [Place("p", 0)], [], [Reason.NO_SEATS]),
        (wants("a", ("p", 1)), [Place("p", 1, "no such")], [], [Reason.NO_SEATS]),
        (wants("a", ("p", 1)), [Place("p", 1, "c")], [Company("c", 0)], [Reason.NO_SEATS]),
        (wants("a", ("p", 1)), [Place("p", 1, None, 0, (Pool("t", "t", 1, True),))], [], [Reason.NOT_ELIGIBLE]),
        (wants("a", ("p", 1)), [Place("p", 2, min_size=2)], [], [Reason.GROUP_NOT_OPENED]),
    ],
)
def test_reason_of_a_choice(applicant, places, companies, expected):
    instance = market(applicant, places=places, companies=companies, min_size=MinSize.CLOSE)

    assert reasons(allocate(instance), "a") == expected


def test_reason_place_full_when_heavier_contracts_have_all_seats():
    instance = market(wants("a", ("p", 1)), wants("b", ("p", 2)), places=[Place("p", 1)])

    assert reasons(allocate(instance), "a") == [Reason.PLACE_FULL]


def test_reason_company_full_when_the_place_has_a_free_seat():
    instance = market(
        wants("a", ("p", 1)),
        wants("b", ("q", 2)),
        places=[Place("p", 1, "c"), Place("q", 1, "c")],
        companies=[Company("c", 1)],
    )

    assert reasons(allocate(instance), "a") == [Reason.COMPANY_FULL]


def test_company_without_limit_limits_nothing():
    instance = market(wants("a", ("p", 1)), places=[Place("p", 1, "c")], companies=[Company("c", None)])

    assert allocate(instance).assignment == {"a": "p"}


# Issues


def test_duplicate_records_count_once():
    instance = market(
        wants("a", ("p", 1)),
        wants("a", ("q", 1)),
        places=[Place("p", 1, "c"), Place("p", 0), Place("q", 1)],
        companies=[Company("c", 1), Company("c", 0)],
    )

    result = allocate(instance)

    assert result.assignment == {"a": "p"}
    assert result.issues == (
        Issue("duplicate_applicant", applicant="a"),
        Issue("duplicate_company", company="c"),
        Issue("duplicate_place", place="p"),
    )


def test_unknown_names_are_told():
    instance = market(wants("a", ("x", 1), ("x", 1), ("p", 1)), places=[Place("p", 1, "c", 0, (Pool("k", None, 1),))])

    result = allocate(instance)

    assert result.assignment == {"a": None}
    assert result.issues == (
        Issue("unknown_company", place="p", company="c"),
        Issue("unknown_place", applicant="a", place="x"),
        Issue("unknown_place", applicant="a", place="x"),
    )


def test_negative_capacities_count_as_none():
    instance = market(
        wants("a", ("p", 1), ("q", 1), ("r", 1)),
        places=[Place("p", -1), Place("q", 1, "c"), Place("r", 1, None, 0, (Pool("k", "t", -2, True),))],
        companies=[Company("c", -5)],
    )

    result = allocate(instance)

    assert (result.assignment, result.pool) == ({"a": "r"}, {"a": "open"})
    assert result.issues == (
        Issue("negative_capacity", company="c"),
        Issue("negative_capacity", place="p"),
        Issue("negative_capacity", place="r"),
    )


def test_pools_are_cut_in_list_order():
    pools = (Pool("one", None, 1), Pool("two", "t", 9, True), Pool("three", None, 1))
    instance = market(*(wants(f"a{n}", ("p", n), tags=["t"]) for n in range(3)), places=[Place("p", 2, None, 0, pools)])

    result = allocate(instance)

    assert result.pool == {"a1": "two", "a2": "one"}
    assert result.issues == (Issue("pools_exceed_capacity", place="p"),)


# Minimum sizes


def test_closed_place_gives_company_seats_back():
    """b was refused because of the company; when q closes, the seat is free for b."""
    instance = market(
        wants("a", ("q", 9)),
        wants("b", ("p", 1)),
        places=[Place("p", 1, "c"), Place("q", 2, "c", min_size=2)],
        companies=[Company("c", 1)],
        min_size=MinSize.CLOSE,
    )

    result = allocate(instance)

    assert result.assignment == {"a": None, "b": "p"}
    assert reasons(result, "b") == [Reason.ASSIGNED]


def test_failed_reopening_leaves_the_place_closed():
    """Both groups need two of three people; whichever opened again would take them from the other."""
    instance = market(
        wants("a", ("p", 1), ("q", 1)),
        wants("b", ("q", 1), ("p", 1)),
        wants("c", ("q", 1), ("p", 1)),
        places=[Place("p", 2, min_size=2), Place("q", 2, min_size=2)],
        min_size=MinSize.CLOSE_REOPEN,
    )

    result = allocate(instance)

    assert result.closed == ("p",)
    assert check(instance, result) == []


def test_announced_places_stay_closed():
    instance = market(wants("a", ("p", 1)), places=[Place("p", 1)], closed=("p", "no such"))

    result = allocate(instance)

    assert (result.assignment, result.closed) == ({"a": None}, ("p",))
    assert check(instance, result) == []
    assert check(instance, replace(result, closed=()))[0] == "p was announced as closed"


# Where everybody stands

RESERVE = Place("p", 2, None, 0, (Pool("reserve", "t", 1),))


def test_explanation_shows_weights_cut_offs_and_queue():
    instance = market(
        wants("t", ("p", 1), tags=["t"]),
        wants("x", ("p", 5)),
        wants("y", ("p", 4)),
        wants("z", ("p", 3)),
        places=[RESERVE],
    )

    explained = explain(instance, allocate(instance))

    [first] = explained["t"]
    assert (first.reason, first.queue, first.needed_score) == (Reason.ASSIGNED, None, None)
    [last] = explained["z"]
    reserve, opened = last.standings
    assert (last.reason, last.queue) == (Reason.PLACE_FULL, 2)
    assert (reserve.pool, reserve.needed_score) == ("reserve", None)
    assert (reserve.cut_off.tagged, reserve.cut_off.score) == (True, 1)
    assert (opened.pool, opened.weight.score, opened.cut_off.score) == ("open", 3, 5)
    assert last.needed_score == 5 + (ticket("s", "z") > ticket("s", "x"))


def test_tag_alone_can_suffice():
    """The one without tag sits in the reserve; whoever has the tag needs no score to come first there."""
    instance = market(
        wants("a", ("p", 0), tags=["t"]),
        wants("b", ("p", 9)),
        wants("c", ("p", 1), tags=["t"]),
        wants("d", ("q", 5), ("p", 9), tags=["t"]),
        places=[Place("p", 2, "c", 0, (Pool("reserve", "t", 1),)), Place("q", 1)],
        companies=[Company("c", 2)],
    )

    explained = explain(instance, allocate(instance), ["a"])

    assert list(explained) == ["a"]
    assert explained["a"][0].needed_score == 1 + (ticket("s", "a") > ticket("s", "c"))


def test_nobody_is_their_own_rival():
    """Who holds another seat of a full company leaves it for the one liked better."""
    first, second = sorted(["a", "b"], key=lambda id_: ticket("s", id_))
    instance = market(
        wants(second, ("p", 0)),
        wants(first, ("q", -1), ("p", 0)),
        places=[Place("p", 1, "c"), Place("q", 1, "c")],
        companies=[Company("c", 1)],
    )
    result = allocate(instance)
    assert result.assignment == {first: "p", second: None}

    explained = explain(instance, result)

    # The lot decides for the first, who needs no more points than the other has.
    assert explained[first][0].needed_score == 0
    assert explained[second][0].needed_score == 1


def test_explanation_of_dropped_choices_has_no_standing():
    instance = market(wants("a", ("x", 1), ("p", 1), ("p", 2)), places=[Place("p", 1)])

    entries = explain(instance, allocate(instance))["a"]

    assert [len(entry.standings) for entry in entries] == [0, 1, 0]


def test_queue_lists_who_waits_in_order():
    instance = market(
        wants("t", ("p", 1), tags=["t"]),
        wants("u", ("p", 0), tags=["t"]),
        wants("x", ("p", 5)),
        wants("y", ("p", 4)),
        places=[Place("p", 2, None, 0, (Pool("reserve", "t", 1),))],
    )
    result = allocate(instance)

    assert queue(instance, result, "p") == ["u", "y"]
    assert queue(instance, result, "p", "open") == ["y", "u"]


def test_queue_of_an_unknown_place_is_refused():
    instance = market(places=[])

    with pytest.raises(BadInput, match="There is no place p"):
        queue(instance, allocate(instance), "p")


# Rounds


def test_seat_given_back_goes_to_the_next():
    instance = market(wants("a", ("p", 2)), wants("b", ("p", 1), ("q", 1)), places=[Place("p", 1), Place("q", 1)])

    round_, result = rerun(instance, allocate(instance), withdrawn={"a"})

    assert result.assignment == {"a": None, "b": "p"}
    assert round_.applicants[1].holds == Seat("q", "open")
    assert reasons(result, "a") == []


def test_late_applicant_cannot_take_a_seat_that_is_held():
    instance = market(wants("a", ("p", 2)), places=[Place("p", 1)])
    first = allocate(instance)

    _round, result = rerun(replace(instance, applicants=(*instance.applicants, wants("late", ("p", 9)))), first)

    assert result.assignment == {"a": "p", "late": None}


def test_groups_neither_close_nor_reopen_after_publication():
    instance = market(
        wants("a", ("p", 1)),
        wants("b", ("p", 1)),
        wants("c", ("q", 1)),
        places=[Place("p", 2, min_size=2), Place("q", 2, min_size=2)],
        min_size=MinSize.CLOSE,
    )

    round_, result = rerun(instance, allocate(instance), withdrawn=["a"])

    assert (result.assignment, result.closed) == ({"a": None, "b": "p", "c": None}, ("q",))
    assert check(round_, result) == []


def test_fewer_seats_than_holders_are_refused():
    instance = market(wants("a", ("p", 2)), wants("b", ("p", 1)), places=[Place("p", 2)])

    with pytest.raises(BadInput, match="fewer seats than holders: b"):
        rerun(replace(instance, places=(Place("p", 1),)), allocate(instance))


@pytest.mark.parametrize("choice", [Choice("p", None), Choice("q", 1)])
def test_holder_without_a_right_to_the_seat_is_refused(choice):
    instance = market(wants("a", ("p", 2)), places=[Place("p", 1), Place("q", 1)])
    changed = replace(instance, applicants=(Applicant("a", (choice,)),))

    with pytest.raises(BadInput, match="No right to the seat held: a"):
        rerun(changed, allocate(instance))


# Pools that share a name


def test_who_sits_in_the_second_pool_of_one_name_is_not_taken_for_one_of_the_first():
    """There somebody with more points would have a right to object."""
    instance = market(
        wants("a", ("p", 1), tags=["v"]),
        wants("b", ("p", 2)),
        places=[Place("p", 2, company="c", pools=(Pool("x", "t", 1), Pool("x", "v", 1)))],
        companies=[Company("c", 1)],
    )

    result = allocate_checked(instance)

    assert result.assignment == {"a": "p", "b": None}
    assert result.pool_number == {"a": 1}
    assert "b should have a seat in pool x of p" in check(instance, replace(result, pool_number={"a": 0}))


def test_pools_of_one_name_are_told_apart():
    instance = market(
        wants("a", ("p", 1), tags=["t"]),
        wants("b", ("p", 2), tags=["t"]),
        wants("c", ("p", 3)),
        wants("d", ("p", 0)),
        places=[Place("p", 3, None, 0, (Pool("open", "t", 1, True),))],
    )

    result = allocate(instance)

    assert set(result.pool) == {"a", "b", "c"}
    assert check(instance, result) == []
    assert explain(instance, result)["d"][0].standings[0].cut_off.score == 1


# The independent check

SEATED = market(
    wants("a", ("p", 2)),
    wants("b", ("p", 1), ("q", 1)),
    wants("c", ("q",)),
    places=[Place("p", 1, "c", 0, (Pool("t", None, 1),)), Place("q", 1, "c", min_size=1), Place("r", 1, min_size=1)],
    companies=[Company("c", 1)],
    min_size=MinSize.CLOSE,
)


@pytest.mark.parametrize(
    "seats, closed, problem",
    [
        ({"a": ("p", "t"), "b": None}, ["r"], "the assignment is not about exactly the applicants of the input"),
        ({"a": ("x", "t"), "b": None, "c": None}, ["r"], "a is assigned to an unknown place x"),
        ({"a": ("p", None), "b": None, "c": None}, ["r"], "pools are not named for exactly those who have a seat"),
        ({"a": ("p", "t"), "b": None, "c": None}, ["x"], "unknown places are closed: ['x']"),
        ({"a": ("p", "t"), "b": None, "c": ("q", "open")}, ["r"], "c is not eligible at q"),
        ({"a": ("p", "t"), "b": ("p", "t"), "c": None}, ["r"], "pool t of p has 2 for 1 seats"),
        ({"a": ("p", "t"), "b": ("q", "open"), "c": None}, ["r"], "company c has 2 for 1 seats"),
        ({"a": ("p", "open"), "b": None, "c": None}, ["r"], "a has no right to pool open of p"),
        ({"a": ("p", "t"), "b": None, "c": None}, ["p", "q", "r"], "p is closed but not empty"),
        ({"a": ("p", "t"), "b": None, "c": None}, ["p", "q", "r"], "p is closed without a reason"),
        ({"a": ("p", "t"), "b": None, "c": None}, ["q"], "r is open with 0 of 1"),
        ({"a": None, "b": ("p", "t"), "c": None}, ["q", "r"], "a should have a seat in pool t of p"),
    ],
)
def test_check_tells_what_is_wrong(seats, closed, problem):
    result = Result(
        assignment={applicant: seat and seat[0] for applicant, seat in seats.items()},
        pool={applicant: seat[1] for applicant, seat in seats.items() if seat and seat[1]},
        closed=tuple(closed),
    )

    assert problem in check(SEATED, result)


def test_check_accepts_what_the_rules_give():
    assert check(SEATED, allocate(SEATED)) == []


def test_result_that_the_check_refutes_is_not_given():
    instance = market(wants("a", ("p", 1)), places=[Place("p", 1)])

    with pytest.raises(BadInput, match="The engine refutes its own result: a should have a seat in pool open of p"):
        allocate_checked(instance, engine=lambda _instance: Result({"a": None}, {}))


def test_result_that_gives_a_seat_nobody_may_have_cannot_be_explained():
    instance = market(wants("a", ("p", 1)), places=[Place("p", 1)])

    with pytest.raises(BadInput, match="No right to the seat held: a"):
        explain(instance, Result({"a": "p"}, {"a": "no such"}))
