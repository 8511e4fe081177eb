"""What the engines' commands share: files are read and written whole, and people are told in one line.

Exit status: 0 done, 2 bad input or usage, nothing written, 130 interrupted; what others mean is said by each command.
"""

import argparse
import errno
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, TextIO, TypeVar

from kuznitsa.engines.documents import BadInput
from kuznitsa.engines.language import translate as _

DONE, BAD, INTERRUPTED = 0, 2, 130

S = TypeVar("S")
T = TypeVar("T")


class Parser(argparse.ArgumentParser):
    """Raises BadInput instead of leaving with several lines."""

    def error(self, message: str) -> NoReturn:
        raise BadInput(message)


def run(name: str, work: Callable[[], int]) -> int:
    """The exit status of the work of a command; what is wrong is told in one line."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        status = work()
        if sys.stdout is not None:
            sys.stdout.flush()
    except SystemExit:
        return DONE  # --help has been shown
    except BrokenPipeError:
        raise  # whoever read the output wants no more of it: `kuznitsa.cli` leaves quietly
    except KeyboardInterrupt:
        complain(name, BadInput(_("the work was interrupted")))
        return INTERRUPTED
    except (BadInput, OSError, MemoryError) as error:
        complain(name, error)
        return BAD
    finally:
        signal.signal(signal.SIGTERM, before)
    return status


@contextmanager
def interrupts() -> Iterator[Callable[[], bool]]:
    """Inside, an interrupt or a request to end only asks the search to stop: what it has found is still written."""
    asked: list[int] = []
    wanted = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda received, _frame: asked.append(received)) for number in wanted]
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in zip(wanted, before, strict=True):
            signal.signal(number, handler)


@contextmanager
def deaf_to_the_keyboard() -> Iterator[None]:
    """Processes begun inside never hear an interrupt, not even while they load: the first process decides."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def named(path: Path, work: Callable[[S], T], data: S) -> T:
    """Do the work; what is bad about the input is told with the file's name."""
    try:
        return work(data)
    except BadInput as error:
        raise BadInput(f"{path}: {error}") from None


def read(path: Path, megabytes: int) -> bytes:
    """The bytes of a file. Raises BadInput early for what is larger."""
    most = megabytes * 1_000_000
    with path.open("rb") as file:
        is_file = path.is_file()
        is_larger = is_file and path.stat().st_size > most
        # Of a device or a pipe nobody knows the end.
        data = b"" if is_larger else file.read() if is_file else file.read(most + 1)
    if is_larger or len(data) > most:
        raise BadInput(f"{path}: " + _("It is larger than %(size)s MB.") % {"size": megabytes})
    return data


def refuse_target(target: Path | None, others: Sequence[Path | None]) -> None:
    """Say before the work, not after it, that there is no place for its result, or that it is another of its files."""
    if target is None:
        return
    if not any(other is not None and _is_same(target, other) for other in others):
        if target.exists():
            if target.is_file():
                return
        elif target.parent.is_dir() and os.access(target.parent, os.W_OK):
            return
    raise BadInput(_("%(path)s is not a file to write the result to.") % {"path": target})


def _is_same(one: Path, other: Path) -> bool:
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()


def write(files: dict[Path, bytes]) -> None:
    """Write all these files whole, or none of them; a link stays a link, and what it leads to is written."""
    files = {path.resolve(): data for path, data in files.items()}
    parts = {path: path.with_name(f".{path.name}.{os.getpid()}.part") for path in files}
    path = Path()
    try:
        for path, data in files.items():
            with parts[path].open("wb") as file:
                file.write(data)
                file.flush()
                # A full disk is told here, while what stood there before still stands there.
                os.fsync(file.fileno())
        for path, part in parts.items():
            part.replace(path)
    except OSError as error:
        # Where it was to be written, not what it was called meanwhile.
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def complain(name: str, error: Exception) -> None:
    """Say in one line on stderr what is wrong."""
    if isinstance(error, OSError):
        reason = _reason(error)
        message = f"{error.filename}: {reason}" if error.filename else reason
    elif isinstance(error, MemoryError):
        message = _("There is not enough memory for this input.")
    else:
        message = str(error)
    say(sys.stderr, f"kuznitsa {name}: {message}")


def _reason(error: OSError) -> str:
    """What the system says, in the language of the command as far as it happens often."""
    known = {
        errno.ENOENT: _("No such file or directory"),
        errno.EISDIR: _("Is a directory"),
        errno.ENOTDIR: _("Not a directory"),
        errno.EACCES: _("Permission denied"),
        errno.EPERM: _("Operation not permitted"),
        errno.EROFS: _("Read-only file system"),
        errno.ENAMETOOLONG: _("File name too long"),
        errno.ENOSPC: _("No space left on device"),
    }
    return known.get(error.errno or 0) or str(error.strerror or error)


def tell_compiling() -> None:
    """Say why nothing comes for some seconds."""
    say(sys.stderr, _("The search is being compiled: once, after an installation."))


def say(stream: TextIO | None, message: str) -> None:
    """One line, whatever is in the names, in whatever letters the stream has; none where the stream is closed."""
    if stream is None:
        return
    encoding = stream.encoding or "utf-8"
    line = " ".join(message.splitlines()).encode(encoding, "backslashreplace").decode(encoding)
    # Names must not steer a terminal.
    stream.write("".join(map(_shown, line)) + "\n")


def _shown(letter: str) -> str:
    if letter.isspace():
        return letter if letter == "\xa0" else " "
    return letter if letter.isprintable() else letter.encode("unicode_escape").decode()
