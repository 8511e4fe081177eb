"""The second core: the same search with another seed, in a process of its own.

A plain program, not `multiprocessing`: that would run the caller's own main program again in the process.
"""

import os
import subprocess
import sys
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

import numpy.typing as npt

from kuznitsa.engines.commands import deaf_to_the_keyboard
from kuznitsa.engines.timetabling.planning.arrays import State, tables
from kuznitsa.engines.timetabling.planning.model import Model, Plan
from kuznitsa.engines.timetabling.planning.search import Schedule, Search

Table = npt.NDArray[Any]
BETWEEN_REPORTS = 0.2
_Task = tuple[Model, Plan | None, Table, Table, Schedule, int, int]


class Partner:
    """A search elsewhere; its best plan comes back from time to time, and at its end."""

    def __init__(
        self, model: Model, published: Plan | None, state: State, schedule: Schedule, iterations: int, seed: int
    ) -> None:
        theirs, ours = os.pipe(), os.pipe()
        command = [sys.executable, "-m", "kuznitsa.engines.timetabling.planning.partner"]
        with deaf_to_the_keyboard():
            self._process = subprocess.Popen(command, stdin=theirs[0], stdout=ours[1])
        os.close(theirs[0])
        os.close(ours[1])
        self._pipe = Connection(ours[0], writable=False)
        self.slot, self.room = state.slot.copy(), state.room.copy()
        self._best = (state.hard, state.soft)
        with Connection(theirs[1], readable=False) as input_, suppress(BrokenPipeError):
            input_.send((model, published, self.slot, self.room, schedule, iterations, seed))
        self._is_done = False

    def best(self) -> tuple[int, int]:
        """How much the best plan told so far breaks and costs."""
        self._listen(0)
        return self._best

    def finish(self, *, wait: bool, until: float) -> bool:
        """Whether it came to its end; wait for that if asked to, at most until that time of the monotonic clock."""
        while wait and not self._is_done and time.monotonic() < until:
            self._listen(BETWEEN_REPORTS)
        self._listen(0)
        return self._is_done

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        self._pipe.close()

    def _listen(self, seconds: float) -> None:
        try:
            while not self._is_done and self._pipe.poll(seconds):
                self._best, self.slot, self.room, self._is_done = self._pipe.recv()
        except (EOFError, OSError):
            self._is_done = True


def main() -> None:
    """Take the task, search, tell."""
    pipe = Connection(os.dup(1), readable=False)
    # Whatever a library prints is not for the caller.
    os.dup2(2, 1)
    task: _Task = Connection(os.dup(0), writable=False).recv()
    model, published, slot, room, schedule, iterations, seed = task
    t = tables(model, published)
    search = Search(t, schedule, seed, State(t, slot, room))
    search.plan_for(iterations)
    told, told_at = search.best, time.monotonic()
    with suppress(BrokenPipeError):
        while search.done < iterations and not search.is_perfect:
            search.advance()
            if search.best < told and time.monotonic() > told_at + BETWEEN_REPORTS:
                pipe.send((search.best, search.best_slot, search.best_room, False))
                told, told_at = search.best, time.monotonic()
        pipe.send((search.best, search.best_slot, search.best_room, True))


if __name__ == "__main__":
    main()
