"""The public record of a run: the files that anybody can download and recompute."""

import json

from kuznitsa.admissions.models import AllocationRun
from kuznitsa.admissions.queries.seats import instance_of, result_of
from kuznitsa.engines import allocation


def input_file(run: AllocationRun) -> bytes:
    """Return the input; its SHA-256 is the hash of the run. A database may keep the keys in another order."""
    return allocation.write_instance(instance_of(run))


def result_file(run: AllocationRun) -> bytes:
    """Return the result; `kuznitsa allocate --verify` recomputes it from the input."""
    audit = run.result["audit"]
    document = json.loads(
        allocation.write_result(result_of(run), seed=audit["seed"], input_sha256=audit["input_sha256"])
    )
    document["audit"] = audit
    return json.dumps(document, ensure_ascii=False).encode() + b"\n"
