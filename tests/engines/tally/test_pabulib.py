"""Pabulib files as they come: every ballot type, odd ways of writing, and what is refused, with its line."""

from fractions import Fraction

import pytest

from kuznitsa.engines.tally import BadInput, Issue, Project, VoteType, pabulib, read
from kuznitsa.engines.tally.ballots import boxed

META = "META\nkey;value\nbudget;100\nvote_type;approval\n"
PROJECTS = "PROJECTS\nproject_id;cost;name\n1;10;One\n2;20;Two\n"
VOTES = "VOTES\nvoter_id;vote\na;1,2\nb;2\n"
GOOD = META + PROJECTS + VOTES


def of_type(vote_type, *rows, columns="voter_id;vote", meta=""):
    return (
        GOOD.replace("approval\n", f"{vote_type}\n{meta}").split("VOTES")[0]
        + "\n".join(["VOTES", columns, *rows])
        + "\n"
    )


def ballots(text):
    """Weight and points by project of every different ballot."""
    election, _issues = read(text.encode())
    box, ids = election.ballots, [project.id for project in election.projects]
    return [
        (
            weight,
            {
                ids[box.project[row]]: Fraction(box.points[row], election.point)
                for row in range(box.first[ballot], box.first[ballot + 1])
            },
        )
        for ballot, weight in enumerate(box.weight)
    ]


def test_sets():
    election, issues = read(GOOD.encode())

    assert (election.vote_type, election.budget, election.voters) == (VoteType.APPROVAL, 100, 2)
    assert election.projects == (Project("1", 10), Project("2", 20))
    assert issues == []
    assert ballots(GOOD) == [(1, {"1": 1, "2": 1}), (1, {"2": 1})]


def test_equal_ballots_are_one_whatever_the_order_in_them():
    assert ballots(GOOD + "c;2,1\nd; 2 , 1\n") == [(3, {"1": 1, "2": 1}), (1, {"2": 1})]


def test_empty_ballots_are_voters():
    assert ballots(GOOD + "c;\nd; \n") == [(2, {}), (1, {"1": 1, "2": 1}), (1, {"2": 1})]


def test_choose_one():
    assert ballots(of_type("choose-1", "a;1", "b;2", "c;1")) == [(2, {"1": 1}), (1, {"2": 1})]


@pytest.mark.parametrize("vote_type", ["cumulative", "scoring", "SCORING"])
def test_points(vote_type):
    text = of_type(vote_type, "a;1,2;2,1", "b;2;2.5", "c;1,2;0,3", columns="voter_id;vote;points")
    assert ballots(text) == [(1, {"1": 2, "2": 1}), (1, {"2": Fraction(5, 2)}), (1, {"2": 3})]


def test_points_before_votes_in_the_row():
    assert ballots(of_type("scoring", "2,1;a;1,2", columns="points;voter_id;vote")) == [(1, {"1": 2, "2": 1})]


def test_orders_give_points_by_position():
    text = of_type("ordinal", "a;2,1", "b;1")
    assert ballots(text) == [(1, {"1": 0}), (1, {"1": 0, "2": 1})]


def test_unknown_projects_are_dropped_and_reported():
    text = of_type("ordinal", "a;9,2,1", "b;2,9", "c;9")
    assert read(text.encode())[1] == [Issue("unknown_project", "9", 3)]
    assert read(text.encode())[1][0].line == 11
    assert ballots(text) == [(1, {}), (1, {"1": 0, "2": 1}), (1, {"2": 0})]


def test_projects_named_twice_count_once():
    text = of_type("scoring", "a;1,1;2,5", columns="voter_id;vote;points")
    assert read(text.encode())[1] == [Issue("named_twice", "1", 1)]
    assert ballots(text) == [(1, {"1": 2})]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\r"),
        GOOD.replace("\n", "\n\n").replace("VOTES", "  \nVOTES"),
        GOOD.rstrip("\n"),
        VOTES + META + PROJECTS,
        GOOD.replace("META", "meta;").replace("VOTES", " Votes;;"),
        GOOD.replace("budget;100", "budget;100.00"),
        GOOD.replace("budget;100", "budget;1e2"),
        GOOD.replace("budget;100", "num_projects;2\nnum_votes;2\nmax_length;2\nbudget;100"),
        GOOD.replace("One", 'the "One"'),
        GOOD.replace("One", '"One'),
        GOOD.replace("One", '"One; or the first"'),
        GOOD.replace("One", '"One ""1"";"'),
        GOOD.replace("One", '"One" and so on'),
        GOOD.replace("One", '"One\nin three lines;\n"'),
        GOOD.replace("1,2", '"1,2"'),
        GOOD.replace("1,2", '"1,2"').replace("b;2", 'b;"2"'),
        GOOD.replace("a;1,2", "a;1,2;more;than;asked"),
        GOOD.replace("a;1,2", "a;,1,,2,"),
        GOOD.replace("voter_id;vote\na", "VOTER_ID; vote\na"),
        GOOD.replace("a;", "\x0b\u2028;"),
        GOOD.replace("1;10;One\n2;20;Two", "2;20;Two\n1;10;One"),
    ],
)
def test_other_ways_of_writing_the_same(text):
    election, issues = read(text.encode())
    assert [(project.id, Fraction(project.cost, election.money)) for project in election.projects] == [
        ("1", 10),
        ("2", 20),
    ]
    assert Fraction(election.budget, election.money) == 100
    assert issues == []
    assert ballots(text) == ballots(GOOD)


def test_decimals_become_whole_units():
    election, _issues = read(GOOD.replace("100", "100,5").replace(";10;", ";10.25;").encode())
    assert (election.money, election.budget, election.projects[0].cost) == (100, 10050, 1025)


POINTS = "voter_id;vote;points"


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "line 1: this is no Pabulib file: it does not begin with a section META"),
        ("\n\nhello\n" + GOOD, "line 3: this is no Pabulib file: it does not begin with a section META"),
        (META + PROJECTS, "line 8: the section VOTES is missing; the file may be cut off"),
        (META, "line 4: the section PROJECTS is missing; the file may be cut off"),
        (GOOD + VOTES, "line 13: the section VOTES appears twice"),
        (GOOD + "c\n", "line 13: the row has 1 of 2 columns; the file may be cut off"),
        (GOOD.replace("2;20;Two", "2;20"), "line 8: the row has 2 of 3 columns; the file may be cut off"),
        (GOOD.replace("budget;100", "budget"), "line 3: the row has 1 of 2 columns; the file may be cut off"),
        (GOOD.replace("budget;100\n", ""), "line 1: META does not say budget"),
        (GOOD.replace("budget;100", "budget;"), "line 3: META does not say budget"),
        (GOOD.replace("vote_type;approval\n", ""), "line 1: META does not say vote_type"),
        (GOOD.replace("budget;100", "budget;100\nbudget;200"), "line 4: the key budget appears twice"),
        (
            GOOD.replace("approval", "thumbs"),
            "line 4: vote_type is one of approval, choose-1, cumulative, scoring, ordinal, not thumbs",
        ),
        (GOOD.replace("budget;100", "budget;0"), "line 3: the budget is zero: there is nothing to decide about"),
        (GOOD.replace("budget;100", "budget;-5"), "line 3: -5 is not a number from 0 to 10^18"),
        (GOOD.replace("budget;100", "budget;NaN"), "line 3: NaN is not a number from 0 to 10^18"),
        (GOOD.replace("budget;100", "budget;1e99"), "line 3: 1e99 is not a number from 0 to 10^18"),
        (GOOD.replace(";10;", f";{'9' * 5000};"), f"line 7: {'9' * 39}… is not a number from 0 to 10^18"),
        (GOOD.replace(";10;", ";;"), "line 7:  is not a number from 0 to 10^18"),
        (GOOD.replace(";10;", ";-1;"), "line 7: -1 is not a number from 0 to 10^18"),
        (GOOD.replace("2;20", "1;20"), "line 8: there are two projects with the id 1"),
        (GOOD.replace("2;20", ";20"), "line 8: the project has no id"),
        (META + "PROJECTS\nproject_id;cost\n" + VOTES, "line 5: there are no projects"),
        (META + PROJECTS + "VOTES\nvoter_id;vote\n", "line 9: there are no votes"),
        (GOOD.replace("project_id", "id"), "line 5: there is no column project_id in this section"),
        (GOOD.replace("voter_id;vote", "voter_id;voice"), "line 9: there is no column vote in this section"),
        (META + PROJECTS + "VOTES\n", "line 9: there is no column vote in this section"),
        (
            GOOD.replace("budget", "num_votes;3\nbudget"),
            "line 3: num_votes says 3, but the file has 2; it may be cut off",
        ),
        (
            GOOD.replace("budget", "num_projects;1\nbudget"),
            "line 3: num_projects says 1, but the file has 2; it may be cut off",
        ),
        (GOOD.replace("budget", "max_length;1\nbudget"), "line 12: the ballot names 2 projects, more than 1"),
        (of_type("choose-1", "a;1", "b;1,2"), "line 12: the ballot names 2 projects, more than 1"),
        (of_type("scoring", "a;1;1"), "line 9: there is no column points in this section"),
        (of_type("scoring", "a;1,2;1", columns=POINTS), "line 11: the ballot names 2 projects and gives points to 1"),
        (of_type("scoring", "a;1;-1", columns=POINTS), "line 11: -1 is not a number from 0 to 10^18"),
        (of_type("scoring", "a;1;1", "b;1;x", columns=POINTS), "line 12: x is not a number from 0 to 10^18"),
        (
            of_type("scoring", "a;1;4", columns=POINTS, meta="max_points;3\n"),
            "line 12: the ballot gives 4 points, more than 3",
        ),
        (
            of_type("cumulative", "a;1,2;2,2", columns=POINTS, meta="max_sum_points;3\n"),
            "line 12: the ballot gives 4 points, more than 3",
        ),
        (
            of_type("scoring", "a;1;1" + "0" * 13, columns=POINTS),
            "line 11: the ballot gives 10000000000000 points, more than 1000000000",
        ),
        (
            of_type("scoring", "a;1;1", columns=POINTS, meta="default_score;1\n"),
            "line 5: default_score is not supported: a project that a ballot leaves out gets no points",
        ),
        (GOOD.replace("Two", "\0"), "line 8: this is not text"),
    ],
)
def test_what_is_refused(monkeypatch, text, message):
    monkeypatch.setenv("LANGUAGE", "en")
    with pytest.raises(BadInput) as refused:
        read(text.encode())
    assert str(refused.value) == message


def test_there_is_a_letter_for_every_position():
    # Some of them are no letters by themselves.
    positions = [0, 0xD800, 0xDFFF, 0xFFFF, 0x10000, pabulib.MOST_PROJECTS - 1]
    assert list(boxed({("".join(map(chr, positions)), ()): 1}, 1).project) == positions


def test_more_projects_than_there_are_letters_are_refused(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setattr(pabulib, "MOST_PROJECTS", 1)
    with pytest.raises(BadInput, match="^line 8: there are more than 1 projects$"):
        read(GOOD.encode())


def test_other_encodings_are_refused(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en")
    for encoding in ("cp1251", "utf-16"):
        with pytest.raises(BadInput, match=r"line \d: this is not text in UTF-8"):
            read(GOOD.replace("Two", "Два").encode(encoding))


def test_minimum_sizes_are_not_asked_for():
    assert read(GOOD.replace("budget", "min_length;2\nbudget").encode())[0].voters == 2
