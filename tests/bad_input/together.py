"""Two people, or one impatient person, doing things at the same time: threads with connections of their own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client

from kuznitsa.base.once import FIELD, token
from kuznitsa.base.refusal import Refused


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do all at the same time; return what each has given back, or the exception that it has raised."""
    start = threading.Barrier(len(deeds))
    results: list[Any] = [None] * len(deeds)

    def do(number: int) -> None:
        try:
            start.wait(timeout=10)
            results[number] = deeds[number]()
        except Exception as error:  # noqa: BLE001  told in the test's own thread
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    unexpected = [result for result in results if isinstance(result, Exception) and not isinstance(result, Refused)]
    if unexpected:
        raise unexpected[0]
    return results


def refusals(results: list[Any]) -> list[str]:
    return [result.reason for result in results if isinstance(result, Refused)]


def double_click(user: Any, url: str, /, **fields: Any) -> list[Any]:
    """Press the button of one form twice, before an answer to the first press comes; return both answers."""
    first, second = Client(), Client()
    first.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    second.cookies = first.cookies
    form = {FIELD: token(), **fields}
    return at_once(lambda: first.post(url, form), lambda: second.post(url, form))
