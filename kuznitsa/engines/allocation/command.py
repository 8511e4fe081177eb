"""`kuznitsa allocate`: files in, files out; works without the web part being configured.

Exit status: 0 done (or: the result holds), 1 the result does not hold, 2 bad input or usage, nothing written.
"""

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kuznitsa.engines.allocation import record as records
from kuznitsa.engines.allocation.checks import check
from kuznitsa.engines.allocation.engine import allocate, allocate_checked
from kuznitsa.engines.allocation.formats import RESULT, read_instance, read_result, write_result
from kuznitsa.engines.allocation.model import BadInput, Instance, Result
from kuznitsa.engines.commands import BAD, DONE, Parser, complain, named, refuse_target, run, say, write
from kuznitsa.engines.documents import read_document
from kuznitsa.engines.language import translate as _

DIFFERENT = 1
NAME = "allocate"
LARGEST_INPUT = 1_000_000_000
PEEK = 4096


def main(argv: Sequence[str]) -> int:
    """Run the command with the arguments after its name; say what is wrong in one line on stderr."""
    return run(NAME, lambda: _run(_parse(argv)))


def _run(arguments: argparse.Namespace) -> int:
    if arguments.npz:
        return _arrays(arguments.paths, arguments.verify)
    if arguments.verify:
        return _verify(arguments.paths[0], arguments.verify) if arguments.paths else _verify_record(arguments.verify)
    if arguments.dir:
        return _allocate_folder(*arguments.paths)
    _allocate_file(*arguments.paths)
    return DONE


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = Parser(
        prog="kuznitsa allocate",
        description=_("Allocate applicants to places, or recompute a published allocation."),
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help=_("INPUT OUTPUT, two files"))
    parser.add_argument("--dir", action="store_true", help=_("INPUT and OUTPUT are folders; every *.json is allocated"))
    parser.add_argument("--npz", action="store_true", help=_("INPUT and OUTPUT are files of arrays, for scale"))
    parser.add_argument(
        "--verify",
        type=Path,
        metavar="RESULT",
        help=_(
            "recompute INPUT and say whether this published result holds; the archive of a public record needs no INPUT"
        ),
    )
    arguments = parser.parse_args(argv)
    if arguments.dir and (arguments.verify or arguments.npz):
        parser.error(_("--verify and --npz take files, not a folder"))
    is_record = arguments.verify and not arguments.npz and not arguments.paths
    if not is_record and len(arguments.paths) != (1 if arguments.verify else 2):
        parser.error(
            _(
                "Usage: kuznitsa allocate [--dir | --npz] INPUT OUTPUT, or with --verify RESULT in place of OUTPUT,"
                " or --verify RECORD.zip alone"
            )
        )
    return arguments


def _arrays(paths: Sequence[Path], published: Path | None) -> int:
    """Allocate a file of arrays, or recompute a published match of one."""
    # Arrays are for scale: nobody who allocates a campaign waits for NumPy.
    from kuznitsa.engines.allocation import arrays

    market = named(paths[0], arrays.read_market, paths[0])
    computed = arrays.match(market)
    if published is None:
        target = paths[1]
        refuse_target(target, [paths[0]])
        if problems := arrays.check(market, computed):
            raise BadInput(_("The engine refutes its own result: %(problem)s.") % {"problem": problems[0]})
        write({target: arrays.match_file(computed)})
        return DONE
    claimed = named(published, arrays.read_match, published)
    problems = arrays.check(market, claimed)
    if not problems and (claimed != computed).any():
        problems = [_("applicants could be better off: it is not the best stable match for them")]
    return _tell(problems)


def _tell(differences: Sequence[str]) -> int:
    if differences:
        say(sys.stdout, _("The result does not hold: %(difference)s.") % {"difference": differences[0]})
        return DIFFERENT
    say(sys.stdout, _("The result holds."))
    return DONE


def _allocate_file(source: Path, target: Path) -> None:
    refuse_target(target, [source])
    write({target: _allocated(source, _read(source))})


def _allocate_folder(source: Path, target: Path) -> int:
    """Allocate every instance of a folder; a bad one is told and left out, the others are written."""
    if not source.is_dir():
        raise BadInput(_("%(path)s is not a folder.") % {"path": source})
    if target.exists() and (not target.is_dir() or target.samefile(source)):
        raise BadInput(_("%(path)s is not a folder to write results to.") % {"path": target})
    target.mkdir(parents=True, exist_ok=True)
    paths = sorted(source.glob("*.json"))
    written, bad = 0, 0
    for number, path in enumerate(paths, start=1):
        _progress(number, len(paths))
        try:
            if not path.is_file():
                raise BadInput(f"{path}: " + _("It is not a file."))
            data = _read(path)
            if _is_result(path, data):
                continue
            write({target / path.name: _allocated(path, data)})
            written += 1
        except (BadInput, OSError, MemoryError) as error:
            complain(NAME, error)
            bad += 1
    say(sys.stdout, _("%(written)s written, %(bad)s bad.") % {"written": written, "bad": bad})
    return BAD if bad else DONE


def _is_result(path: Path, data: bytes) -> bool:
    """Whether the file is no instance but a result that lies beside its instance."""
    if RESULT.encode() not in data[:PEEK]:
        return False
    return bool(named(path, read_document, data).get("format") == RESULT)


def _allocated(path: Path, data: bytes) -> bytes:
    instance = named(path, read_instance, data)
    result = named(path, allocate_checked, instance)
    return write_result(result, seed=instance.seed, input_sha256=hashlib.sha256(data).hexdigest())


def _verify(source: Path, published: Path) -> int:
    data = _read(source)
    instance = named(source, read_instance, data)
    computed = named(source, allocate, instance)
    return _tell(_judge(instance, data, computed, *named(published, read_result, _read(published))))


def _verify_record(path: Path) -> int:
    """Recompute the archive of a public record: its hashes, its result, its cut-offs and counts."""
    if path.stat().st_size > LARGEST_INPUT:
        raise BadInput(f"{path}: " + _("It is larger than 1 GB."))
    record = named(path, records.read_record, path.read_bytes())
    data = record.files[records.INPUT]
    instance = named(path / records.INPUT, read_instance, data)
    claimed, document = named(path / records.RESULT, read_result, record.files[records.RESULT])
    computed = named(path / records.INPUT, allocate, instance)
    status = _tell(
        _judge(instance, data, computed, claimed, document) + records.differences(record, instance, computed)
    )
    if not records.is_of_this_engine(record):
        say(sys.stdout, _("It was computed by another version of the engine than this one."))
    return status


def _judge(instance: Instance, data: bytes, computed: Result, claimed: Result, document: dict[str, Any]) -> list[str]:
    """Everything that speaks against a published result, in words."""
    differences = _audit_differences(instance, data, document) + _differences(computed, claimed, document)
    if claimed.pool == computed.pool:
        claimed = replace(claimed, pool_number=computed.pool_number)
    return differences + (check(instance, claimed) if "pool" in document else [])


def _audit_differences(instance: Instance, data: bytes, document: dict[str, Any]) -> list[str]:
    """What a result says differently of where it comes from; the version of who computed it may be any."""
    audit = document.get("audit", {})
    if not isinstance(audit, dict):
        return [_("what it was made from (audit) is not told as an object")]
    found = []
    if audit.get("input_sha256", hashed := hashlib.sha256(data).hexdigest()) != hashed:
        found.append(_("it was made from another input (input_sha256)"))
    if audit.get("seed", instance.seed) != instance.seed:
        found.append(_("it was made with another seed"))
    return found


def _differences(computed: Result, claimed: Result, document: dict[str, Any]) -> list[str]:
    """What a published result says differently; parts it leaves out are not asked for."""
    found = []
    if claimed.assignment != computed.assignment:
        ids = sorted({*claimed.assignment, *computed.assignment})
        applicant = next(id_ for id_ in ids if _seat(claimed, id_) != _seat(computed, id_))
        words = {"applicant": applicant, "seat": _seat(computed, applicant)}
        found.append(_("the assignment of %(applicant)s is %(seat)s") % words)
    if claimed.closed != computed.closed:
        found.append(_("the closed places are %(places)s") % {"places": json.dumps(computed.closed)})
    if "pool" in document and claimed.pool != computed.pool:
        found.append(_("the pools are others"))
    if "issues" in document and Counter(claimed.issues) != Counter(computed.issues):
        found.append(_("the issues are others"))
    if "explanations" in document and claimed.explanations != computed.explanations:
        found.append(_("the explanations are others"))
    return found


def _seat(result: Result, applicant: str) -> str:
    return json.dumps(result.assignment.get(applicant, False), ensure_ascii=False)


def _read(path: Path) -> bytes:
    """The bytes of a file. Raises BadInput early for what is too large or cannot be an instance."""
    with path.open("rb") as file:
        start = file.read(PEEK)
        if not start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
            raise BadInput(f"{path}: " + _("It is not a JSON object."))
        if path.stat().st_size > LARGEST_INPUT:
            raise BadInput(f"{path}: " + _("It is larger than 1 GB."))
        return start + file.read()


def _progress(number: int, total: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{number}/{total}" + ("\n" if number == total else ""))
