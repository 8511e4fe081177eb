"""What is read from files, and each way in which they can be bad."""

import pytest

from kuznitsa.engines.documents import BadInput
from kuznitsa.engines.timetabling.curricula import Course, Lecture, Room, read_instance, read_solution, write_solution
from tests.engines.timetabling.curricula.cases import COMPETITION, TINY, changed, needs_competition


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en")


def test_instance():
    instance = read_instance(TINY.encode())
    assert instance.name == "tiny"
    assert instance.courses[1] == Course("Chemistry", "anna", 2, 1, 20)
    assert instance.rooms == (Room("hall", 40), Room("lab", 15))
    assert (instance.days, instance.periods) == (2, 3)
    assert [curriculum.courses for curriculum in instance.curricula] == [
        ("Physics", "Welding"),
        ("Chemistry", "Drawing"),
    ]
    assert instance.unavailable == {("Welding", 0, 0), ("Drawing", 1, 2)}


def test_line_ends_and_a_mark_of_order_do_not_matter():
    assert read_instance(b"\xef\xbb\xbf" + TINY.replace("\n", "\r\n").encode()) == read_instance(TINY.encode())


@needs_competition
def test_files_of_the_competition():
    shapes = {path.stem: read_instance(path.read_bytes()) for path in COMPETITION}
    assert all(instance.courses and instance.rooms and instance.curricula for instance in shapes.values())
    assert sum(course.lectures for course in shapes["comp01"].courses) == 160


@pytest.mark.parametrize(
    "old, new, problem",
    [
        ("Name: tiny", "Title: tiny", "line 1: expected Name:, not “Title: tiny”"),
        ("Courses: 4", "Courses: four", "line 2: Courses must be a number from 1 to 5000, not “four”"),
        ("Courses: 4", "Courses: 0", "line 2: Courses must be a number from 1 to 5000, not “0”"),
        ("Rooms: 2", "Rooms: -2", "line 3: Rooms must be a number from 1 to 1000, not “-2”"),
        ("Days: 2", "Days: ٢", "line 4: Days must be a number from 1 to 60, not “٢”"),
        ("Days: 2\n", "", "line 4: expected Days:, not “Periods_per_day: 3”"),
        ("COURSES:", "COURSE:", "line 9: expected COURSES:, not “COURSE:”"),
        ("anna 2 2 30", "anna 0 2 30", "line 10: LECTURES must be a number from 1 to 3600, not “0”"),
        (
            "anna 2 2 30",
            "anna 2 2 99999999999999999999999",
            "line 10: STUDENTS must be a number from 0 to 1000000, not “99999999999999999999999”",
        ),
        ("anna 2 2 30", "anna 2 -2 30", "line 10: MIN_DAYS must be a number from 0 to 60, not “-2”"),
        (
            "anna 2 2 30",
            "anna 2 2",
            "line 10: COURSES: expected “ID TEACHER LECTURES MIN_DAYS STUDENTS”, not “Physics anna 2 2”",
        ),
        ("Chemistry anna", "Physics anna", "line 11: “Physics” appears a second time"),
        (
            "Drawing vera 2 2 28\n",
            "",
            "line 14: COURSES: expected “ID TEACHER LECTURES MIN_DAYS STUDENTS”, not “ROOMS:”",
        ),
        (
            "Drawing vera 2 2 28\n",
            "Drawing vera 2 2 28\nMore vera 2 2 28\n",
            "line 14: after the announced lines of COURSES expected ROOMS:, not “More vera 2 2 28”",
        ),
        ("lab 15", "hall 15", "line 17: “hall” appears a second time"),
        ("lab 15", "lab 1.5", "line 17: SIZE must be a number from 0 to 1000000, not “1.5”"),
        ("first 2", "first 3", "line 20: curriculum “first” announces 3 courses and names 2"),
        ("Physics Welding", "Physics Sewing", "line 20: there is no course “Sewing”"),
        ("Physics Welding", "Physics Physics", "line 20: “Physics” appears a second time"),
        ("second 2", "first 2", "line 21: “first” appears a second time"),
        ("Welding 0 0", "Sewing 0 0", "line 24: there is no course “Sewing”"),
        ("Welding 0 0", "Welding 2 0", "line 24: DAY must be a number from 0 to 1, not “2”"),
        ("Drawing 1 2", "Drawing 1 3", "line 25: PERIOD must be a number from 0 to 2, not “3”"),
        ("END.\n", "", "line 27: the file ends before END."),
        ("END.\n", "END.\nEND.\n", "line 28: after END. there is “END.”"),
    ],
)
def test_bad_instance(old, new, problem):
    with pytest.raises(BadInput) as refusal:
        read_instance(changed(old, new))
    assert str(refusal.value) == problem


def test_cut_off_anywhere():
    data = TINY.rstrip().encode()
    for length in range(len(data)):
        with pytest.raises(BadInput, match=r"^line \d+: "):
            read_instance(data[:length])


def test_too_many_lectures_in_all():
    courses = "".join(f"c{number} t{number} 3600 1 1\n" for number in range(6))
    text = TINY.replace("Courses: 4", "Courses: 6").replace("Physics anna 2 2 30\n", courses)
    with pytest.raises(BadInput, match="line 15: more than 20000 lectures in all"):
        read_instance(text.encode())


def test_wrong_encoding_is_told_with_its_line():
    with pytest.raises(BadInput, match="line 10: this is not text in UTF-8"):
        read_instance(TINY.replace("Physics", "Физика").encode("cp1251"))


def test_solution_comes_back():
    instance = read_instance(TINY.encode())
    lectures = [Lecture("Physics", "hall", 0, 1), Lecture("Welding", "lab", 1, 0)]
    assert read_solution(b"\n" + write_solution(lectures), instance) == [(2, lectures[0]), (3, lectures[1])]


@pytest.mark.parametrize(
    "line, problem",
    [
        ("Sewing hall 0 0", "there is no course “Sewing”"),
        ("Physics attic 0 0", "there is no room “attic”"),
        ("Physics hall 2 0", "DAY must be a number from 0 to 1, not “2”"),
        ("Physics hall 0 -1", "PERIOD must be a number from 0 to 2, not “-1”"),
        ("Physics hall 0", "expected “COURSE ROOM DAY PERIOD”, not “Physics hall 0”"),
        ("Physics hall 0 0 0", "expected “COURSE ROOM DAY PERIOD”, not “Physics hall 0 0 0”"),
    ],
)
def test_bad_solution(line, problem):
    with pytest.raises(BadInput) as refusal:
        read_solution(f"Physics hall 0 1\n{line}\n".encode(), read_instance(TINY.encode()))
    assert str(refusal.value) == f"line 2: {problem}"
