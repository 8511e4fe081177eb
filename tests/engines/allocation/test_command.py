import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from kuznitsa.engines.allocation import command
from kuznitsa.engines.allocation.command import main

CASES = Path(__file__).parent / "cases"


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en")


@pytest.fixture
def document():
    """A small instance that uses every part of the format."""
    return {
        "format": "alloc-instance/1",
        "seed": "s",
        "applicants": [
            {"id": "a", "choices": [{"place": "p", "score": 1}], "tags": ["t"], "holds": {"place": "p", "pool": "k"}}
        ],
        "places": [
            {
                "id": "p",
                "company": "c",
                "capacity": 1,
                "min_size": 0,
                "pools": [{"name": "k", "tag": "t", "seats": 1, "hard": True}],
            }
        ],
        "companies": [{"id": "c", "capacity": 1}],
        "rules": {"min_size": "close", "closed": []},
    }


def save(path, content):
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def refused(capsys, *argv):
    """Run the command, expect bad input, give back its one line."""
    assert main([str(argument) for argument in argv]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("kuznitsa allocate: ")
    assert err.endswith("\n")
    assert err.count("\n") == 1
    return err


def test_file_is_allocated(tmp_path):
    source = CASES / "pools_901.json"

    assert main([str(source), str(tmp_path / "out.json")]) == 0

    result = json.loads((tmp_path / "out.json").read_bytes())
    expected = json.loads((CASES / "pools_901.expected.json").read_bytes())
    assert result | expected == result
    assert result["audit"]["seed"] == "seed-901"
    assert result["audit"]["input_sha256"] == "45265b1fb96893e8fe9286929826c9cbb1c74d64e1b0b941348d9ca21a1c81be"


def test_byte_order_mark_is_no_harm(tmp_path, document):
    source = save(tmp_path / "in.json", b"\xef\xbb\xbf" + json.dumps(document).encode())

    assert main([str(source), str(tmp_path / "out.json")]) == 0


def test_result_can_be_written_again(tmp_path, document):
    source, target = save(tmp_path / "in.json", document), tmp_path / "out.json"
    target.write_text("an older result")

    assert main([str(source), str(target)]) == 0

    assert json.loads(target.read_bytes())["assignment"] == {"a": "p"}
    assert sorted(tmp_path.iterdir()) == [source, target]


def test_ids_that_look_alike_are_different(tmp_path, document):
    ids = ["é", "e\u0301", "É", "a|b"]
    document["applicants"] = [{"id": id_, "choices": []} for id_ in ids]
    source, target = save(tmp_path / "in.json", document), tmp_path / "out.json"

    assert main([str(source), str(target)]) == 0

    assert set(json.loads(target.read_bytes())["assignment"]) == set(ids)


@pytest.mark.parametrize(
    "content, message",
    [
        (b"", "It is not a JSON object."),
        (b"[]", "It is not a JSON object."),
        (b"\x00" * 10_000, "It is not a JSON object."),
        (b"{", "It is not JSON: line 1, column 2."),
        (b"{} {}", "It is not JSON: line 1, column 4."),
        (b'{"seed": "\xff"}', "It is not text in UTF-8: line 1."),
        (b'{"seed": "\\ud800"}', "It is not text in UTF-8."),
        (b'{"seed": NaN}', "NaN is not a JSON number."),
        (b'{"seed": -Infinity}', "-Infinity is not a JSON number."),
        (b'{"seed": 1' + b"0" * 5000 + b"}", "It has a number with too many digits."),
        (b'{"seed": ' * 100_000, "It is nested too deeply."),
        (b'{"seed": "a", "seed": "b"}', 'The key "seed" appears twice in one object.'),
        (b"{}", "format is missing."),
        (b'{"format": "alloc-result/1"}', 'format must be alloc-instance/1, not "alloc-result/1".'),
    ],
)
def test_file_that_is_no_instance_is_refused(capsys, tmp_path, content, message):
    source = save(tmp_path / "in.json", content)

    assert refused(capsys, source, tmp_path / "out.json") == f"kuznitsa allocate: {source}: {message}\n"
    assert list(tmp_path.iterdir()) == [source]


CHOICE = ("applicants", 0, "choices", 0)
POOL = ("places", 0, "pools", 0)


@pytest.mark.parametrize(
    "path, value, message",
    [
        (("seed",), 7, "seed must be a text, not 7."),
        (("applicants",), {}, "applicants must be a list, not {}."),
        (("applicants", 0), "a", 'applicants[0] must be an object, not "a".'),
        (("applicants", 0, "id"), None, "applicants[0].id must be a text, not null."),
        (("applicants", 0, "choices"), None, "applicants[0].choices must be a list, not null."),
        (("applicants", 0, "tags"), "t", 'applicants[0].tags must be a list, not "t".'),
        (("applicants", 0, "tags", 0), 1, "applicants[0].tags[0] must be a text, not 1."),
        (("applicants", 0, "holds"), [], "applicants[0].holds must be an object, not []."),
        (("applicants", 0, "holds", "pool"), "x", "No right to the seat held: a."),
        (CHOICE, "p", 'applicants[0].choices[0] must be an object, not "p".'),
        ((*CHOICE, "place"), 1, "applicants[0].choices[0].place must be a text, not 1."),
        ((*CHOICE, "score"), 1.5, "applicants[0].choices[0].score must be an integer or null, not 1.5."),
        ((*CHOICE, "score"), True, "applicants[0].choices[0].score must be an integer or null, not true."),
        ((*CHOICE, "score"), "9", 'applicants[0].choices[0].score must be an integer or null, not "9".'),
        (("places", 0, "capacity"), None, "places[0].capacity must be an integer, not null."),
        (("places", 0, "company"), 1, "places[0].company must be a text, not 1."),
        (("places", 0, "min_size"), 1.0, "places[0].min_size must be an integer, not 1.0."),
        (("places", 0, "pools"), "x" * 50, f'places[0].pools must be a list, not "{"x" * 38}….'),
        ((*POOL, "hard"), 0, "places[0].pools[0].hard must be true or false, not 0."),
        ((*POOL, "seats"), "1", 'places[0].pools[0].seats must be an integer, not "1".'),
        ((*POOL, "tag"), 1, "places[0].pools[0].tag must be a text, not 1."),
        (("companies", 0, "capacity"), "1", 'companies[0].capacity must be an integer, not "1".'),
        (("places", 0, "id"), "a\nb", "No right to the seat held: a."),
        (("rules",), None, "rules must be an object, not null."),
        (("rules", "min_size"), "shut", 'rules.min_size must be ignore, close, close_reopen, not "shut".'),
        (("rules", "closed"), [1], "rules.closed[0] must be a text, not 1."),
    ],
)
def test_value_of_a_wrong_type_is_refused(capsys, tmp_path, document, path, value, message):
    *parents, last = path
    part = document
    for key in parents:
        part = part[key]
    part[last] = value
    source = save(tmp_path / "in.json", document)

    assert refused(capsys, source, tmp_path / "out.json") == f"kuznitsa allocate: {source}: {message}\n"
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize(
    "path",
    [
        ("format",),
        ("seed",),
        ("applicants",),
        ("places",),
        ("companies",),
        ("applicants", 0, "id"),
        ("applicants", 0, "choices"),
        ("applicants", 0, "holds", "place"),
        ("places", 0, "id"),
        ("places", 0, "capacity"),
        ("companies", 0, "id"),
        ("companies", 0, "capacity"),
        (*CHOICE, "place"),
        (*POOL, "name"),
        (*POOL, "tag"),
        (*POOL, "seats"),
        (*POOL, "hard"),
    ],
)
def test_missing_field_is_refused(capsys, tmp_path, document, path):
    *parents, last = path
    part = document
    for key in parents:
        part = part[key]
    del part[last]
    source = save(tmp_path / "in.json", document)

    assert refused(capsys, source, tmp_path / "out.json").endswith(f"{last} is missing.\n")
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize("name", ["rules", "min_size"])
def test_fields_that_may_be_absent(tmp_path, document, name):
    del document["rules"]["closed"], document["rules"]["min_size"]
    if name == "rules":
        del document["rules"]
    document["places"] = [{"id": "p", "capacity": 1}]
    document["applicants"] = [{"id": "a", "choices": [{"place": "p", "score": 1}, {"place": "p"}]}]
    source, target = save(tmp_path / "in.json", document), tmp_path / "out.json"

    assert main([str(source), str(target)]) == 0

    assert json.loads(target.read_bytes())["pool"] == {"a": "open"}


def test_input_larger_than_a_gigabyte_is_refused(capsys, tmp_path):
    source = save(tmp_path / "in.json", b"{")
    os.truncate(source, command.LARGEST_INPUT + 1)

    assert "It is larger than 1 GB." in refused(capsys, source, tmp_path / "out.json")


def test_paths_that_cannot_be_used_are_refused(capsys, tmp_path, document):
    source = save(tmp_path / "in.json", document)

    assert "No such file" in refused(capsys, tmp_path / "none.json", tmp_path / "out.json")
    assert "Is a directory" in refused(capsys, tmp_path, tmp_path / "out.json")
    assert "is not a file to write" in refused(capsys, source, source)
    assert "is not a file to write" in refused(capsys, source, tmp_path)
    assert "is not a file to write" in refused(capsys, source, "/dev/null")
    assert "is not a file to write" in refused(capsys, source, tmp_path / "none" / "out.json")
    assert "is not a folder." in refused(capsys, "--dir", source, tmp_path / "out")
    assert "is not a folder to write" in refused(capsys, "--dir", tmp_path, source)
    assert "is not a folder to write" in refused(capsys, "--dir", tmp_path, tmp_path)
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize(
    "argv", [[], ["in"], ["in", "out", "more"], ["--no-such", "a", "b"], ["--dir", "a", "--verify", "b"]]
)
def test_wrong_usage_is_told_in_one_line(capsys, argv):
    refused(capsys, *argv)


def test_a_result_of_pools_of_one_name_holds(capsys, tmp_path):
    document = {
        "format": "alloc-instance/1",
        "seed": "s",
        "applicants": [
            {"id": "a", "tags": ["v"], "choices": [{"place": "p", "score": 1}]},
            {"id": "b", "choices": [{"place": "p", "score": 2}]},
        ],
        "places": [
            {
                "id": "p",
                "company": "c",
                "capacity": 2,
                "pools": [{"name": "x", "tag": tag, "seats": 1, "hard": False} for tag in ("t", "v")],
            }
        ],
        "companies": [{"id": "c", "capacity": 1}],
    }
    source, target = save(tmp_path / "in.json", json.dumps(document).encode()), tmp_path / "out.json"

    assert main([str(source), str(target)]) == 0
    assert main(["--verify", str(target), str(source)]) == 0
    assert capsys.readouterr().out == "The result holds.\n"


@pytest.mark.parametrize(
    ("audit", "said"),
    [
        (5, "is not told as an object"),
        ({"input_sha256": None}, "from another input"),
        ({"seed": "another"}, "with another seed"),
    ],
)
def test_a_result_that_tells_another_origin_does_not_hold(capsys, tmp_path, document, audit, said):
    source, target = save(tmp_path / "in.json", document), tmp_path / "out.json"
    main([str(source), str(target)])
    result = json.loads(target.read_bytes())
    result["audit"] = result["audit"] | audit if isinstance(audit, dict) else audit
    save(target, json.dumps(result).encode())

    assert main(["--verify", str(target), str(source)]) == 1
    assert said in capsys.readouterr().out


def test_what_is_no_file_in_a_folder_is_told_and_not_waited_for(capsys, tmp_path, document):
    source = tmp_path / "in"
    source.mkdir()
    save(source / "good.json", document)
    os.mkfifo(source / "pipe.json")

    assert main(["--dir", str(source), str(tmp_path / "out")]) == 2
    assert capsys.readouterr() == (
        "1 written, 1 bad.\n",
        f"kuznitsa allocate: {source / 'pipe.json'}: It is not a file.\n",
    )


def test_what_the_system_says_is_said_in_the_language_of_the_command(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("LANGUAGE", "ru")

    assert refused(capsys, tmp_path / "none.json", tmp_path / "out.json").endswith("Такого файла или папки нет\n")


def test_help_is_shown(capsys):
    assert main(["--help"]) == 0

    assert "--verify" in capsys.readouterr().out


def test_folder_is_allocated_and_bad_files_are_told(capsys, tmp_path, document):
    source, target = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    save(source / "good.json", document)
    save(source / "bad.json", b"{")
    save(source / "notes.txt", b"")
    main([str(source / "good.json"), str(source / "good.expected.json")])

    assert main(["--dir", str(source), str(target)]) == 2

    out, err = capsys.readouterr()
    assert out == "1 written, 1 bad.\n"
    assert err == f"kuznitsa allocate: {source / 'bad.json'}: It is not JSON: line 1, column 2.\n"
    assert [path.name for path in target.iterdir()] == ["good.json"]


def test_given_cases_are_allocated_as_a_folder(capsys, tmp_path):
    assert main(["--dir", str(CASES), str(tmp_path / "out")]) == 0

    assert capsys.readouterr().out == "14 written, 0 bad.\n"


RUN = "import sys; from kuznitsa.engines.allocation.command import main; status = main(sys.argv[1:]);"


def test_progress_is_shown_on_a_terminal(tmp_path):
    ours, theirs = pty.openpty()
    argv = [sys.executable, "-c", RUN, "--dir", str(CASES), str(tmp_path / "out")]
    subprocess.run(argv, stderr=theirs, stdout=subprocess.DEVNULL, check=True)
    os.close(theirs)
    shown = os.read(ours, 10_000)
    os.close(ours)

    assert shown.endswith(b"28/28\r\n")


def test_letters_the_terminal_does_not_have_are_no_harm(tmp_path):
    argv = [sys.executable, "-c", RUN, str(tmp_path / "нет.json"), str(tmp_path / "out.json")]
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}

    process = subprocess.run(argv, capture_output=True, env=environment, check=True)

    assert process.stderr.endswith(b"\\u043d\\u0435\\u0442.json: No such file or directory\n")


def test_input_that_does_not_fit_into_memory_is_refused(tmp_path):
    source = save(tmp_path / "in.json", b"{")
    os.truncate(source, command.LARGEST_INPUT)
    limit = (
        "import resource; pages = int(open('/proc/self/statm').read().split()[0]);"
        "resource.setrlimit(resource.RLIMIT_AS, (pages * 4096 + 2**26,) * 2);"
    )
    code = RUN.replace("status", limit + "status") + "sys.exit(status)"

    process = subprocess.run([sys.executable, "-c", code, str(source), str(tmp_path / "out.json")], capture_output=True)

    assert process.stderr == b"kuznitsa allocate: There is not enough memory for this input.\n"
    assert process.returncode == 2


def test_command_needs_neither_the_web_part_nor_compiled_packages(tmp_path):
    code = RUN + "sys.exit(status or len({'django', 'numba', 'scipy', 'ortools'} & sys.modules.keys()))"

    process = subprocess.run([sys.executable, "-c", code, str(CASES / "min_901.json"), str(tmp_path / "out.json")])

    assert process.returncode == 0


# Verifying


@pytest.fixture
def published(tmp_path):
    """A result that the command wrote, as its document and its file."""
    path = tmp_path / "result.json"
    main([str(CASES / "duplicates.json"), str(path)])
    return json.loads(path.read_bytes()), path


def verify(path):
    return main([str(CASES / "duplicates.json"), "--verify", str(path)])


def test_published_result_holds(capsys, published):
    _document, path = published

    assert verify(path) == 0

    assert capsys.readouterr().out == "The result holds.\n"


def test_parts_that_a_result_leaves_out_are_not_asked_for(published):
    document, path = published
    for name in ("pool", "issues", "explanations", "audit"):
        del document[name]

    assert verify(save(path, document)) == 0


@pytest.mark.parametrize(
    "name, change, difference",
    [
        ("assignment", {"a": None}, 'the assignment of a is "q"'),
        ("assignment", {"z": None}, "the assignment of z is false"),
        ("pool", {"a": "k"}, "the pools are others"),
        ("explanations", {"c": []}, "the explanations are others"),
        ("audit", {"input_sha256": "00"}, "it was made from another input (input_sha256)"),
    ],
)
def test_result_that_says_something_else_does_not_hold(capsys, published, name, change, difference):
    document, path = published
    document[name] |= change

    assert verify(save(path, document)) == 1

    assert capsys.readouterr().out == f"The result does not hold: {difference}.\n"


@pytest.mark.parametrize(
    "name, value, difference",
    [("closed", ["p"], "the closed places are []"), ("issues", [], "the issues are others")],
)
def test_result_with_other_lists_does_not_hold(capsys, published, name, value, difference):
    document, path = published
    document[name] = value

    assert verify(save(path, document)) == 1

    assert capsys.readouterr().out == f"The result does not hold: {difference}.\n"


@pytest.mark.parametrize(
    "name, value, message",
    [
        ("format", "alloc-instance/1", 'format must be alloc-result/1, not "alloc-instance/1".'),
        ("assignment", {"a": 1}, "assignment.a must be a text or null, not 1."),
        ("pool", {"a": None}, "pool.a must be a text, not null."),
        ("closed", None, "closed must be a list, not null."),
        ("issues", [{}], "issues[0].kind is missing."),
        ("explanations", {"a": [{"place": "p", "reason": "?"}]}, "explanations.a[0].reason must be"),
    ],
)
def test_result_that_cannot_be_read_is_refused(capsys, published, name, value, message):
    document, path = published
    document[name] = value

    assert message in refused(capsys, CASES / "duplicates.json", "--verify", save(path, document))
