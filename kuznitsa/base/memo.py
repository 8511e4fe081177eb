"""Answers remembered for the length of one request."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

Answer = TypeVar("Answer")

_remembered: ContextVar[dict[Hashable, Any] | None] = ContextVar("remembered", default=None)


def per_request(function: Callable[..., Answer]) -> Callable[..., Answer]:
    """Compute once per request and arguments; outside a request compute every time.

    For small facts that many rows of a page ask for, such as the standing of the signed-in user.
    """

    @wraps(function)
    def remembered(*args: Hashable) -> Answer:
        memory = _remembered.get()
        if memory is None:
            return function(*args)
        key = (function, args)
        if key not in memory:
            memory[key] = function(*args)
        answer: Answer = memory[key]
        return answer

    return remembered


@contextmanager
def remembering() -> Iterator[None]:
    """Remember within, for an action that asks the same for each of many rows and changes no answer."""
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


class MemoMiddleware:
    """Give every reading request a memory of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A request that writes may change what was remembered, so only reading ones remember.
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with remembering():
            return self.get_response(request)
