"""The second core: the same search with another seed, in a process of its own."""

import multiprocessing
import signal
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

import numpy.typing as npt

from kuznitsa.engines.timetabling.planning.arrays import State, tables
from kuznitsa.engines.timetabling.planning.model import Model, Plan
from kuznitsa.engines.timetabling.planning.search import Schedule, Search

Table = npt.NDArray[Any]
BETWEEN_REPORTS = 0.2


class Partner:
    """A search elsewhere; its best plan comes back from time to time, and at its end."""

    def __init__(
        self, model: Model, published: Plan | None, state: State, schedule: Schedule, iterations: int, seed: int
    ) -> None:
        # A fresh process, not a fork: the caller may be a server with threads.
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe(duplex=False)
        self.slot, self.room = state.slot.copy(), state.room.copy()
        self._best = (state.hard, state.soft)
        arguments = (theirs, model, published, self.slot, self.room, schedule, iterations, seed)
        self._process = context.Process(target=_work, args=arguments, daemon=True)
        self._process.start()
        theirs.close()
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
        self._process.join()
        self._pipe.close()
        self._process.close()

    def _listen(self, seconds: float) -> None:
        try:
            while not self._is_done and self._pipe.poll(seconds):
                self._best, self.slot, self.room, self._is_done = self._pipe.recv()
        except (EOFError, OSError):
            self._is_done = True


def _work(
    pipe: Connection, model: Model, published: Plan | None, slot: Table, room: Table, schedule: Schedule,
    iterations: int, seed: int,
) -> None:  # fmt: skip
    # An interrupt from the keyboard reaches both; the first process decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
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
