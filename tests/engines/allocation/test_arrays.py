"""Markets of arrays: the same rules, the same results, a file in and a file out."""

import hashlib
from zipfile import ZipFile

import numpy as np
import pytest

from kuznitsa.engines.allocation import (
    Applicant,
    Choice,
    Company,
    Instance,
    Place,
    Reason,
    allocate,
    arrays,
    paths,
    ticket,
)
from kuznitsa.engines.allocation.arrays import CODES, ArrayMarket
from kuznitsa.engines.allocation.command import main


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en")


def market_and_instance(seed, applicants=120, places=12, length=5, companies=3):
    """Return one market in both forms, with ties, repeated choices, empty lists, no seats and company limits."""
    draw = np.random.default_rng(seed)
    lengths = draw.integers(0, length + 1, applicants)
    ptr = np.r_[0, np.cumsum(lengths)].astype(np.int64)
    place = draw.integers(0, places, ptr[-1]).astype(np.int32)
    score = draw.integers(0, 6, ptr[-1]).astype(np.int32)
    tickets = [ticket("s", f"a{number}") for number in range(applicants)]
    rank = np.argsort(np.argsort(tickets)).astype(np.int64) * 3 - 50
    capacity = draw.integers(-1, 12, places).astype(np.int32)
    company = draw.integers(-1, companies, places).astype(np.int32)
    company_capacity = draw.integers(-1, 30, companies).astype(np.int32)
    market = ArrayMarket(ptr, place, score, rank, capacity, company, company_capacity)
    instance = Instance(
        "s",
        tuple(
            Applicant(
                f"a{number}",
                tuple(Choice(f"p{place[row]:02}", int(score[row])) for row in range(ptr[number], ptr[number + 1])),
            )
            for number in range(applicants)
        ),
        tuple(
            Place(f"p{number:02}", int(capacity[number]), None if company[number] < 0 else f"c{company[number]}")
            for number in range(places)
        ),
        tuple(Company(f"c{number}", int(company_capacity[number])) for number in range(companies)),
    )
    return market, instance


def names(match):
    return {f"a{number}": None if place < 0 else f"p{place:02}" for number, place in enumerate(match.tolist())}


@pytest.mark.parametrize("seed", range(8))
def test_arrays_and_names_give_the_same(seed, monkeypatch):
    market, instance = market_and_instance(seed)
    result = allocate(instance)
    match = arrays.match(market)
    assert names(match) == result.assignment
    assert arrays.check(market, match) == []
    codes = arrays.reasons(market, match)
    expected = [outcome.reason for explained in result.explanations.values() for outcome in explained]
    assert [CODES[code] for code in codes] == expected
    assert Reason.PLACE_FULL in expected
    monkeypatch.setattr(paths, "is_compiled", lambda: False)
    assert (arrays.match(market) == match).all()


@pytest.mark.parametrize("seed", range(4))
def test_the_next_round_hurts_nobody(seed, monkeypatch):
    market, _instance = market_and_instance(seed)
    before = arrays.match(market)
    draw = np.random.default_rng(seed)
    withdrawn = draw.random(len(before)) < 0.1
    final = draw.random(len(before)) < 0.2
    round_ = arrays.rerun(market, before, withdrawn=withdrawn, final=final)
    after = arrays.match(round_)
    assert (after[withdrawn] == -1).all()
    kept = final & ~withdrawn & (before != -1)
    assert (after[kept] == before[kept]).all()
    old, new = arrays.position_of(market, before), arrays.position_of(market, after)
    stay = ~withdrawn & (before != -1)
    assert (new[stay] != -1).all()
    assert (new[stay] <= old[stay]).all()
    assert arrays.check(round_, after) == []
    monkeypatch.setattr(paths, "is_compiled", lambda: False)
    assert (arrays.match(round_) == after).all()


def tiny(**changes):
    """Two applicants for one seat, who both ask for it; the first has the better score."""
    fields = {
        "ptr": np.array([0, 1, 2]),
        "place": np.array([0, 0], dtype=np.int32),
        "score": np.array([2, 1], dtype=np.int32),
        "ticket": np.array([5, 9]),
        "capacity": np.array([1], dtype=np.int32),
        "company": np.array([-1], dtype=np.int32),
        "company_capacity": np.array([], dtype=np.int32),
    }
    return fields | changes


@pytest.mark.parametrize(
    ("match", "problem"),
    [
        ([-1, 0], "applicant 0 should have a seat at place 0"),
        ([-1, -1], "applicant 0 should have a seat at place 0"),
        ([0, 0], "place 0 has 2 for 1 seats"),
        ([0], "not about exactly the applicants"),
        ([0, 1], "not about exactly the applicants"),
    ],
)
def test_the_check_finds_what_is_wrong(match, problem):
    assert problem in arrays.check(ArrayMarket(**tiny()), np.array(match))[0]


def test_the_check_knows_who_asked_for_what():
    market = ArrayMarket(**tiny(capacity=np.array([1, 1]), company=np.array([-1, -1])))
    assert "did not ask for place 1" in arrays.check(market, np.array([0, 1]))[0]


def test_a_file_is_matched_and_verified(tmp_path, capsys):
    source, target = tmp_path / "in.npz", tmp_path / "out.npz"
    np.savez(source, **tiny())
    assert main(["--npz", str(source), str(target)]) == 0
    match = np.load(target)["match"]
    assert match.dtype == np.int32
    assert match.tolist() == [0, -1]
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    assert main(["--npz", str(source), str(target)]) == 0
    assert hashlib.sha256(target.read_bytes()).hexdigest() == digest
    assert main(["--npz", str(source), "--verify", str(target)]) == 0
    assert "The result holds." in capsys.readouterr().out
    np.savez(target, match=np.array([-1, 0], dtype=np.int32))
    assert main(["--npz", str(source), "--verify", str(target)]) == 1
    assert "does not hold: applicant 0 should have" in capsys.readouterr().out


def test_a_stable_match_that_is_worse_for_applicants_does_not_hold(tmp_path, capsys):
    source, target = tmp_path / "in.npz", tmp_path / "out.npz"
    crossed = tiny(
        ptr=np.array([0, 2, 4]), place=np.array([0, 1, 1, 0]), score=np.array([1, 2, 1, 2]),
        capacity=np.array([1, 1]), company=np.array([-1, -1]),
    )  # fmt: skip
    np.savez(source, **crossed)
    np.savez(target, match=np.array([1, 0], dtype=np.int32))
    assert main(["--npz", str(source), "--verify", str(target)]) == 1
    assert "not the best stable match" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ptr": np.array([0, 2, 1])}, "ptr must rise"),
        ({"ptr": np.array([0, 2])}, "ptr must rise"),
        ({"place": np.array([0, 1])}, "place must name places by their number, from 0; there are 1"),
        ({"place": np.array([0, -1])}, "place must name places"),
        ({"score": np.array([1])}, "of one length"),
        ({"score": np.array([1, -1])}, "must not be negative"),
        ({"score": np.array([1.0, 2.0])}, "score must be a list of integers"),
        ({"score": np.array([[1], [2]])}, "score must be a list of integers"),
        ({"score": np.array(["1", "2"])}, "score must be a list of integers"),
        ({"ticket": np.array([1, 1])}, "same ticket"),
        ({"company": np.array([0])}, "company must name companies"),
        ({"company": np.array([], dtype=int)}, "capacity and company"),
    ],
)
def test_bad_arrays_are_refused(tmp_path, capsys, changes, message):
    source = tmp_path / "in.npz"
    np.savez(source, **tiny(**changes))
    assert main(["--npz", str(source), str(tmp_path / "out.npz")]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out.npz").exists()


def test_arrays_of_the_other_order_of_bytes_are_read(tmp_path):
    sources = tmp_path / "in.npz", tmp_path / "other.npz"
    np.savez(sources[0], **tiny())
    np.savez(sources[1], **{name: array.astype(array.dtype.newbyteorder("S")) for name, array in tiny().items()})
    for source in sources:
        assert main(["--npz", str(source), str(source.with_suffix(".out"))]) == 0
    assert sources[0].with_suffix(".out").read_bytes() == sources[1].with_suffix(".out").read_bytes()


def test_what_is_no_file_of_arrays_is_refused(tmp_path, capsys):
    pickled = tmp_path / "pickled.npz"
    np.savez(pickled, **tiny(score=np.array([{}, {}], dtype=object)))
    missing = tmp_path / "missing.npz"
    np.savez(missing, ptr=np.array([0]))
    text = tmp_path / "text.npz"
    text.write_text("{}")
    cut = tmp_path / "cut.npz"
    np.savez(cut, **tiny())
    cut.write_bytes(cut.read_bytes()[:300])
    words = tmp_path / "words.npz"
    with ZipFile(words, "w") as archive:
        archive.writestr("ptr.npy", "hello")
    single = tmp_path / "single.npy"
    np.save(single, np.arange(3))
    for source, message in (
        (pickled, "not a file of NumPy arrays"),
        (missing, "place is missing"),
        (text, "not a file of NumPy arrays"),
        (cut, "not a file of NumPy arrays"),
        (words, "ptr is missing"),
        (single, "not a file of NumPy arrays"),
        (tmp_path / "none.npz", "none.npz"),
    ):
        assert main(["--npz", str(source), str(tmp_path / "out.npz")]) == 2
        assert message in capsys.readouterr().err
    assert not (tmp_path / "out.npz").exists()
