"""How loops become machine code: by whoever needs them first after an installation, and then kept for everybody.

They are kept in a folder named after what all of them say: one that has changed may be part of any other, which numba
by itself does not see. The folder is beside this file, or where that cannot be written in the user's cache;
NUMBA_CACHE_DIR wins over both.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
BESIDE = HERE / "__pycache__"
# Every module of the engines that has loops.
MODULES = (
    "timetabling.curricula.kernel",
    "timetabling.curricula.rooms",
    "timetabling.planning.kernel",
    "tally.kernel",
    "tally.steady",
    "allocation.gathering",
    "allocation.kernel",
)

Function = Callable[..., Any]


# What makes no array need not count who refers to which either, its callers do that: it takes half the time.
MAKES_NO_ARRAY: dict[str, Any] = {"_nrt": False}
# Without ways to call it from elsewhere a function is sooner compiled.
ONLY_FOR_LOOPS: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def loop(signature: str | None = None, **options: Any) -> Callable[[Function], Any]:
    """Decorate a function to be compiled: at once if it has a signature, else when it is first called."""

    def decorate(function: Function) -> Any:
        return _compiled(function, signature, options)

    return decorate


def inner(function: Function) -> Any:
    """Decorate a function that only loops call and that makes no array."""
    return _compiled(function, None, MAKES_NO_ARRAY | ONLY_FOR_LOOPS)


def _compiled(function: Function, signature: str | None, options: dict[str, Any]) -> Any:
    import numba

    # Not all that is used here is in its types.
    settings: Any = numba.config
    njit: Any = numba.njit
    place = folder()
    if place is not None:
        settings.CACHE_DIR = str(place)
    arguments = () if signature is None else (signature,)
    with alone(place / f"{function.__module__}.lock" if place and signature else None):
        return njit(*arguments, cache=place is not None, error_model="numpy", **options)(function)


@contextmanager
def alone(lock: Path | None) -> Iterator[None]:
    """Of two processes that start at once the second waits, and finds what the first has made; None locks nothing."""
    if lock is None:
        yield
        return
    with lock.open("w") as file:
        # Some network drives have no locks: then both do the same.
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@cache
def folder() -> Path | None:
    """Where compiled loops are kept; None where nothing can be written."""
    said = hashlib.sha256()
    for module in ("compiled", *MODULES):
        said.update(HERE.joinpath(*module.split(".")).with_suffix(".py").read_bytes())
    name = f"loops-{said.hexdigest()[:12]}"
    if own := os.environ.get("NUMBA_CACHE_DIR"):
        places = [Path(own) / name]
    else:
        places = [BESIDE / name, Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "kuznitsa" / name]
    for one in places:
        # A user without a home has no `~`.
        with suppress(OSError, RuntimeError):
            place = one.expanduser()
            is_new = not place.exists()
            place.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=place).close()
            if is_new and place.parent == BESIDE:
                for old in set(BESIDE.glob("loops-*")) - {place}:
                    shutil.rmtree(old, ignore_errors=True)
            return place
    return None


def is_kept(package: str) -> bool:
    """Whether the loops of a package of the engines have been compiled before."""
    place = folder()
    return place is not None and any(place.glob(f"{package}_*/*.nbi"))


def load(package: str) -> None:
    """Have those loops of a package of the engines that have signatures, compiled if need be."""
    for name in MODULES:
        if package in name.split("."):
            import_module(f"kuznitsa.engines.{name}")


def load_all() -> None:
    """Have the loops of all engines compiled."""
    for package in ("curricula", "planning", "tally"):
        load(package)
    from kuznitsa.engines.allocation import fast

    fast.rehearse()
