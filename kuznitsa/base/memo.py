"""Answers remembered for the length of one request."""

from collections.abc import Callable, Hashable
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
    def remembering(*args: Hashable) -> Answer:
        memory = _remembered.get()
        if memory is None:
            return function(*args)
        key = (function, args)
        if key not in memory:
            memory[key] = function(*args)
        answer: Answer = memory[key]
        return answer

    return remembering


class MemoMiddleware:
    """Give every reading request a memory of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A request that writes may change what was remembered, so only reading ones remember.
        token = _remembered.set({} if request.method in ("GET", "HEAD") else None)
        try:
            return self.get_response(request)
        finally:
            _remembered.reset(token)
