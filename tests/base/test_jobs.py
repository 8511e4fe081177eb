from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.exceptions import TimeoutException
from django_q.models import OrmQ, Schedule
from django_q.scheduler import scheduler
from django_q.signing import SignedPackage

from kuznitsa.base import jobs

done = []


@jobs.every("0 6 * * 1-5")
@jobs.job("tests.note")
def note(number=0, failing=False):
    if failing:
        raise RuntimeError("no paper in the printer")
    done.append(number)


@jobs.job("tests.too_slow")
def too_slow():
    raise TimeoutException


@pytest.fixture(autouse=True)
def queued(settings):
    settings.JOBS_INLINE = False
    done.clear()


def take():
    """What a worker does: take the jobs that are due."""
    return [(pk, SignedPackage.loads(payload)) for pk, payload in get_broker().dequeue() or []]


def work():
    for pk, task in take():
        jobs.run(*task["args"])
        get_broker().acknowledge(pk)


@pytest.mark.django_db(transaction=True)
def test_a_job_is_run_after_the_transaction_is_committed():
    with transaction.atomic():
        jobs.enqueue("tests.note", number=7)
        assert jobs.pending("tests.note") == 0
    assert jobs.pending("tests.note") == 1

    work()

    assert done == [7]
    assert jobs.pending("tests.note") == 0


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_rolled_back_transaction_is_not_run():
    with pytest.raises(RuntimeError), transaction.atomic():
        jobs.enqueue("tests.note", number=7)
        raise RuntimeError

    assert jobs.pending("tests.note") == 0


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_was_killed_is_given_out_again():
    jobs.enqueue("tests.note", number=7)

    [(pk, _)] = take()
    assert take() == []
    OrmQ.objects.filter(pk=pk).update(lock=timezone.now() - timedelta(seconds=1))
    work()

    assert done == [7]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [("tests.note", {"failing": True}, RuntimeError), ("tests.too_slow", {}, TimeoutException)],
)
def test_a_failed_job_is_tried_again_after_a_pause(name, arguments, error):
    with pytest.raises(error):
        jobs.run(name, arguments)

    row = OrmQ.objects.get()
    assert row.task["args"] == (name, arguments, 2)
    assert timedelta(seconds=25) < row.lock - timezone.now() <= jobs.PAUSES[0]
    assert take() == []


@pytest.mark.django_db(transaction=True)
def test_a_job_that_keeps_failing_is_given_up_and_logged(caplog):
    with pytest.raises(RuntimeError):
        jobs.run("tests.note", {"failing": True}, attempt=len(jobs.PAUSES) + 1)

    assert not OrmQ.objects.exists()
    assert "given up" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_inline_jobs_run_at_once(settings):
    settings.JOBS_INLINE = True

    jobs.enqueue("tests.note", number=3)

    assert done == [3]


@pytest.mark.django_db
def test_mistakes_of_the_caller_are_told():
    with pytest.raises(jobs.UnknownJob):
        jobs.enqueue("tests.unknown")
    with pytest.raises(TypeError):
        jobs.enqueue("tests.note", number=Schedule())
    with pytest.raises(ValueError, match="cron"):
        jobs.every("sometimes")


@pytest.mark.django_db(transaction=True)
def test_schedules_follow_the_code():
    Schedule.objects.create(name="tests.gone", func=jobs.RUNNER, schedule_type="C", cron="* * * * *")

    jobs.sync_schedules()
    jobs.sync_schedules()

    assert not Schedule.objects.filter(name="tests.gone").exists()
    schedule = Schedule.objects.get(name="tests.note")
    local = timezone.localtime(schedule.next_run)
    assert (local.hour, local.minute, local.weekday() < 5) == (6, 0, True)
    assert Schedule.objects.filter(name="base.clear_old_tokens").exists()


@pytest.mark.django_db(transaction=True)
def test_a_due_schedule_puts_its_job_into_the_queue():
    jobs.sync_schedules()
    Schedule.objects.filter(name="tests.note").update(next_run=timezone.now() - timedelta(minutes=1))

    scheduler()
    work()

    assert done == [0]
    assert Schedule.objects.get(name="tests.note").next_run > timezone.now()


@pytest.mark.django_db
def test_progress_is_remembered():
    assert jobs.progress("tests.note:1") is None

    jobs.report_progress("tests.note:1", 1, 4, "reading")
    jobs.report_progress("tests.note:1", 3, 4)

    progress = jobs.progress("tests.note:1")
    assert (progress.percent, progress.is_finished, progress.text) == (75, False, "")
