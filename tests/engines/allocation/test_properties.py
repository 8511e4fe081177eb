import json
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuznitsa.engines.allocation import (
    Applicant,
    Instance,
    MinSize,
    Place,
    Reason,
    allocate,
    allocate_explained,
    check,
    explain,
    queue,
    read_instance,
    read_result,
    rerun,
    write_instance,
    write_result,
)
from kuznitsa.engines.allocation.cleaning import clean
from tests.engines.allocation.markets import (
    instances,
    is_stable,
    preferences,
    rank,
    seats_of,
    stable_outcomes,
    with_closing,
)

TINY = {"applicants": 4, "places": 3, "choices": 3}


@given(instances(**TINY))
def test_outcome_is_the_best_stable_one_for_every_applicant(instance):
    held = seats_of(allocate(instance))
    lists = preferences(clean(instance)[0])

    stable = list(stable_outcomes(instance))

    assert held in stable
    for other in stable:
        for applicant, seats in lists.items():
            order = [*seats, None]
            assert order.index(held[applicant]) <= order.index(other[applicant])


@given(instances(**TINY), st.data())
def test_check_accepts_exactly_the_stable_outcomes(instance, data):
    cleaned, _issues = clean(instance)
    held = {a: data.draw(st.sampled_from([None, *seats])) for a, seats in preferences(cleaned).items()}
    result = replace(
        allocate(instance),
        assignment={a: seat and seat.place for a, seat in held.items()},
        pool={a: seat.pool for a, seat in held.items() if seat},
    )

    assert (check(instance, result) == []) == is_stable(cleaned, held)


@given(instances(**TINY))
def test_no_other_list_helps(instance):
    result = allocate(instance)
    for liar in instance.applicants:
        places = [choice.place for choice in liar.choices]
        honest = rank(instance, result, liar)
        for length in range(len(places) + 1):
            for choices in permutations(liar.choices, length):
                others = tuple(replace(a, choices=choices) if a is liar else a for a in instance.applicants)
                place = allocate(replace(instance, applicants=others)).assignment[liar.id]
                assert place is None or places.index(place) >= honest


@given(instances(min_size=MinSize.CLOSE_REOPEN), st.randoms())
def test_result_file_does_not_depend_on_the_order_of_records(instance, random):
    def shuffled(records):
        return tuple(random.sample(records, len(records)))

    other = replace(
        instance,
        applicants=shuffled(instance.applicants),
        places=shuffled(instance.places),
        companies=shuffled(instance.companies),
    )

    files = [write_result(allocate(i), seed=i.seed, input_sha256="") for i in (instance, other)]

    assert files[0] == files[1]


@pytest.mark.sweep
@given(instances(applicants=14), st.sampled_from([MinSize.CLOSE, MinSize.CLOSE_REOPEN]))
@settings(max_examples=100)
def test_closing_goes_step_by_step_as_the_rule_says(instance, rule):
    instance = replace(instance, rules=replace(instance.rules, min_size=rule))

    result = allocate(instance)

    assert (result.assignment, list(result.closed)) == with_closing(instance)
    assert check(instance, result) == []


@given(instances(), st.data())
def test_withdrawals_hurt_nobody_and_seats_go_on(instance, data):
    first = allocate(instance)
    ids = [applicant.id for applicant in instance.applicants]
    gone = data.draw(st.sets(st.sampled_from(ids))) if ids else set()
    final = data.draw(st.sets(st.sampled_from(ids))) if ids else set()

    round_, second = rerun(instance, first, withdrawn=gone, final=final)

    assert check(round_, second) == []
    assert read_instance(write_instance(round_)) == round_
    for applicant in instance.applicants:
        if applicant.id in gone:
            assert second.assignment[applicant.id] is None
        elif applicant.id in final and first.assignment[applicant.id]:
            assert second.assignment[applicant.id] == first.assignment[applicant.id]
        else:
            assert rank(instance, second, applicant) <= rank(instance, first, applicant)


@given(instances(), st.data())
def test_the_guarantee_changes_nothing_when_people_only_leave(instance, data):
    first = allocate(instance)
    ids = [applicant.id for applicant in instance.applicants]
    gone = data.draw(st.sets(st.sampled_from(ids))) if ids else set()

    round_, second = rerun(instance, first, withdrawn=gone)

    plain = replace(round_, applicants=tuple(replace(a, holds=None) for a in round_.applicants))
    assert allocate(plain).assignment == second.assignment


@given(instances(), instances())
def test_holders_keep_their_seats_whatever_changes(instance, changed):
    """Late applicants and other scores can hurt others; not those who hold a seat."""
    first = allocate(instance)
    scores = {applicant.id: applicant for applicant in changed.applicants}
    applicants = [
        replace(a, choices=tuple(c._replace(score=(c.score or 0) + len(scores)) for c in a.choices))
        for a in instance.applicants
    ]
    late = [replace(a, id="late-" + a.id) for a in changed.applicants]
    later = Instance(instance.seed, (*applicants, *late), instance.places, instance.companies)

    round_, second = rerun(later, first)

    assert check(round_, second) == []
    for applicant in instance.applicants:
        assert rank(instance, second, applicant) <= rank(instance, first, applicant)


@given(instances())
def test_needed_score_suffices_and_is_the_smallest_for_a_last_choice(instance):
    explained = explain(instance, allocate(instance))
    for applicant in instance.applicants:
        places = [choice.place for choice in applicant.choices]
        for position, explanation in enumerate(explained[applicant.id]):
            needed = explanation.needed_score
            if needed is not None:
                assert with_score(instance, applicant, position, needed) in places[: position + 1]
                # Later choices may start a chain that leads back here, and then less is enough.
                if position == len(places) - 1:
                    assert with_score(instance, applicant, position, needed - 1) not in places[: position + 1]
            elif explanation.reason in (Reason.PLACE_FULL, Reason.COMPANY_FULL):
                assert with_score(instance, applicant, position, 1000) not in places[: position + 1]


def with_score(instance: Instance, applicant: Applicant, position: int, score: int) -> str | None:
    """Where the applicant would be with another score at one of the choices."""
    choices = list(applicant.choices)
    choices[position] = choices[position]._replace(score=score)
    changed = replace(applicant, choices=tuple(choices))
    applicants = tuple(changed if a is applicant else a for a in instance.applicants)
    return allocate(replace(instance, applicants=applicants)).assignment[applicant.id]


@given(instances())
def test_next_in_line_gets_an_extra_seat_or_something_better(instance):
    """Where anybody may take any seat; elsewhere it depends on the pool that gets the seat."""
    places = tuple(Place(place.id, place.capacity) for place in instance.places)
    instance = replace(instance, places=places)
    first = allocate(instance)
    applicants = {applicant.id: applicant for applicant in instance.applicants}
    for place in places:
        for id_ in queue(instance, first, place.id)[:1]:
            more = tuple(replace(p, capacity=p.capacity + 1) if p is place else p for p in places)

            _round, second = rerun(replace(instance, places=more), first)

            wanted = [choice.place for choice in applicants[id_].choices]
            assert second.assignment[id_] in wanted[: wanted.index(place.id) + 1]


@given(instances())
def test_check_finds_every_seat_taken_away(instance):
    result = allocate(instance)
    for victim in result.pool:
        others = {applicant: pool for applicant, pool in result.pool.items() if applicant != victim}

        assert check(instance, replace(result, assignment=result.assignment | {victim: None}, pool=others))


@given(instances())
def test_check_finds_every_seat_given_by_hand(instance):
    result = allocate(instance)
    for favourite in {applicant for applicant, place in result.assignment.items() if place is None}:
        for place in clean(instance)[0].places:
            for pool in place.pools:
                assignment = result.assignment | {favourite: place.id}
                pools = result.pool | {favourite: pool.name}

                assert check(instance, replace(result, assignment=assignment, pool=pools))


@given(instances(min_size=MinSize.CLOSE))
def test_files_are_read_as_they_were_written(instance):
    result = allocate(instance)
    data = write_result(result, seed=instance.seed, input_sha256="")

    assert read_instance(write_instance(instance)) == instance
    assert read_result(data)[0] == result
    assert json.loads(data)["audit"]["seed"] == instance.seed


@given(instances())
def test_refusals_are_what_the_choices_say_in_short(instance):
    result, explained = allocate_explained(instance)

    for applicant in result.assignment:
        long = [
            (
                one.place,
                one.reason,
                [(s.pool, s.weight.tagged, s.queue, s.needed_score) for s in one.standings if s.queue is not None],
            )
            for one in explained.choices(applicant)
        ]
        assert explained.refusals(applicant) == long
