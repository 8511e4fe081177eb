"""A search in a process of its own: the task comes through standard input, what is found goes out through the output.

A plain program, not `multiprocessing`: that would run the caller's own main program again in every process.
"""

import os
import subprocess
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import NamedTuple

from kuznitsa.engines.commands import deaf_to_the_keyboard
from kuznitsa.engines.timetabling.curricula.model import Found, Instance


class Task(NamedTuple):
    """From these periods on, over a number of iterations or until a time of the monotonic clock."""

    instance: Instance
    periods: list[int]
    seed: int
    iterations: int | None
    until: float | None


class Worker:
    """A search elsewhere. `pipe` receives pairs: the share that is done, the best solution so far."""

    def __init__(self, task: Task) -> None:
        theirs, ours = os.pipe(), os.pipe()
        command = [sys.executable, "-m", "kuznitsa.engines.timetabling.curricula.worker"]
        with deaf_to_the_keyboard():
            self._process = subprocess.Popen(command, stdin=theirs[0], stdout=ours[1])
        os.close(theirs[0])
        os.close(ours[1])
        self.pipe = Connection(ours[0], writable=False)
        with Connection(theirs[1], readable=False) as input_, suppress(BrokenPipeError):
            input_.send(task)

    def close(self) -> None:
        """End the search."""
        self._process.kill()
        self._process.wait()
        self.pipe.close()


def main() -> None:
    """Take the task, search, tell."""
    tell = Connection(os.dup(1), readable=False)
    # Whatever a library prints is not for the caller.
    os.dup2(2, 1)
    task: Task = Connection(os.dup(0), writable=False).recv()

    from kuznitsa.engines.timetabling.curricula.search import Search, by_iterations, by_time

    def report(share: float, found: Found) -> None:
        tell.send((share, found))

    with suppress(BrokenPipeError):
        search = Search(task.instance, task.periods, task.seed)
        report(0.0, search.found)
        if task.iterations is not None:
            by_iterations(search, task.iterations, report)
        elif task.until is not None:
            by_time(search, task.until, report)


if __name__ == "__main__":
    main()
