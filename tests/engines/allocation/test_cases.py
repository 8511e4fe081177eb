import json
from pathlib import Path

import pytest

from kuznitsa.engines.allocation import (
    BadInput,
    allocate,
    check,
    read_instance,
    read_result,
    write_instance,
    write_result,
)

CASES = Path(__file__).parent / "cases"
INSTANCES = sorted(path for path in CASES.glob("*.json") if not path.name.endswith(".expected.json"))


@pytest.mark.parametrize("path", INSTANCES, ids=lambda path: path.stem)
def test_case_gives_the_published_result(path):
    instance = read_instance(path.read_bytes())
    expected = json.loads(path.with_suffix(".expected.json").read_text())

    result = allocate(instance)

    document = json.loads(write_result(result, seed=instance.seed, input_sha256=""))
    assert {name: document[name] for name in expected} == expected
    assert check(instance, result) == []


@pytest.mark.parametrize("path", INSTANCES, ids=lambda path: path.stem)
def test_files_are_read_as_they_were_written(path):
    instance = read_instance(path.read_bytes())
    result = allocate(instance)

    assert read_instance(write_instance(instance)) == instance
    assert read_result(write_result(result, seed=instance.seed, input_sha256=""))[0] == result


def test_file_that_is_no_object_is_refused():
    with pytest.raises(BadInput, match="It is not a JSON object"):
        read_instance(b"[]")
