"""Work that does not wait for an answer: letters, papers, long counts, nightly tidying.

An app registers its jobs in its `jobs.py`; a job loads by id and calls one action:

    @every("daily")
    @job("admissions.close_campaigns")
    def close_campaigns() -> None: ...

    enqueue("admissions.run_allocation", run=run.pk)   # after the transaction has been committed

Jobs are kept in the same database as what they work on. A job may be given out a second time (its worker was
killed, or it failed half-way), so it must be idempotent: doing it twice leaves what doing it once leaves.
"""

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from croniter import croniter
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.exceptions import TimeoutException
from django_q.models import Failure, OrmQ, Schedule
from django_q.tasks import async_task

from kuznitsa.base.models import JobProgress

logger = logging.getLogger(__name__)

Handler = Callable[..., None]

# How long after a failed attempt the next one is made; when they are used up, the job is given up.
PAUSES = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1))
TIMES = {"hourly": "7 * * * *", "daily": "15 3 * * *", "weekly": "30 3 * * 1"}
RUNNER = "kuznitsa.base.jobs.run"

_handlers: dict[str, Handler] = {}
_times: dict[str, str] = {}


class UnknownJob(LookupError):
    """No app has registered a job of this name."""


def job(name: str) -> Callable[[Handler], Handler]:
    """Register the decorated function as the job `name` (`app.verb`)."""

    def register(handler: Handler) -> Handler:
        if name in _handlers and _handlers[name].__qualname__ != handler.__qualname__:
            raise ValueError(f"two jobs are named {name}")
        _handlers[name] = handler
        handler.job_name = name  # type: ignore[attr-defined]
        return handler

    return register


def every(time: str) -> Callable[[Handler], Handler]:
    """Have a registered job run `hourly`, `daily` (at night), `weekly`, or by a cron expression in local time."""
    cron = TIMES.get(time, time)
    if not croniter.is_valid(cron):
        raise ValueError(f"neither a cron expression nor one of {', '.join(TIMES)}: {time}")

    def register(handler: Handler) -> Handler:
        _times[handler.job_name] = cron  # type: ignore[attr-defined]
        return handler

    return register


def enqueue(name: str, **arguments: Any) -> None:
    """Have the job `name` run with `arguments` once the current transaction is committed.

    Arguments are numbers, strings and lists: ids, never objects. Raises `UnknownJob`, `TypeError`.
    """
    if name not in _handlers:
        raise UnknownJob(name)
    json.dumps(arguments)
    if getattr(settings, "JOBS_INLINE", False):
        transaction.on_commit(partial(_handlers[name], **arguments))
    else:
        transaction.on_commit(partial(_put, name, arguments))


def run(name: str, arguments: dict[str, Any], attempt: int = 1) -> None:
    """Run one job; called by the worker. A failure is logged, and tried again later until `PAUSES` are used up."""
    try:
        if name not in _handlers:
            raise UnknownJob(name)
        _handlers[name](**arguments)
    except (Exception, TimeoutException):
        if attempt <= len(PAUSES):
            logger.warning("job %s %s failed, attempt %d", name, arguments, attempt, exc_info=True)
            _put(name, arguments, attempt + 1, after=PAUSES[attempt - 1])
        else:
            logger.exception("job %s %s failed, given up", name, arguments)
        raise


def _put(name: str, arguments: dict[str, Any], attempt: int = 1, after: timedelta = timedelta()) -> None:
    # Successes leave a line in the log and no row; a failure is acknowledged because run() has already
    # put the next attempt into the queue.
    options = {"task_name": name, "save": False, "ack_failure": True, "broker": _Later(after)}
    async_task(RUNNER, name, arguments, attempt, q_options=options)


class _Later:
    """The broker of the queue, which hands a job out only after a pause."""

    def __init__(self, pause: timedelta) -> None:
        self.pause = pause
        self.list_key = get_broker().list_key

    def enqueue(self, package: str) -> int:
        return int(OrmQ.objects.create(key=self.list_key, payload=package, lock=timezone.now() + self.pause).pk)


def sync_schedules() -> None:
    """Make the stored schedule say what `@every` says. Called when a worker starts."""
    Schedule.objects.filter(func=RUNNER).exclude(name__in=_times).delete()
    for name, cron in _times.items():
        if name in Schedule.objects.filter(func=RUNNER, cron=cron).values_list("name", flat=True):
            continue
        Schedule.objects.update_or_create(
            name=name,
            defaults={
                "func": RUNNER,
                "args": repr((name, {})),
                "kwargs": repr({"q_options": {"task_name": name, "save": False, "ack_failure": True}}),
                "schedule_type": Schedule.CRON,
                "cron": cron,
                "next_run": croniter(cron, timezone.localtime()).get_next(datetime),
            },
        )


def pending(name: str) -> int:
    """Return how many jobs `name` wait or run."""
    return len([row for row in OrmQ.objects.all() if row.task["name"] == name])


def failed_since(moment: datetime) -> int:
    """Return how many attempts of jobs have failed since `moment`; each stays on record until staff remove it."""
    return int(Failure.objects.filter(stopped__gte=moment).count())


def report_progress(key: str, done: int, total: int, text: str = "") -> None:
    """Remember how far the work `key` (`app.verb:id`) is. Call it outside transactions, or nobody sees it."""
    JobProgress.objects.update_or_create(key=key, defaults={"done": done, "total": total, "text": text[:200]})


def progress(key: str) -> JobProgress | None:
    """Return how far the work `key` is; None when it has not reported yet."""
    return JobProgress.objects.filter(key=key).first()
