"""What every answer passes through."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from kuznitsa.base.redirects import redirect_back
from kuznitsa.base.refusal import Refused


class NullCharactersMiddleware:
    """Takes null characters out of what a form sends: nobody types them, and PostgreSQL does not keep them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if request.method != "POST" or not any("\0" in text for _name, texts in request.POST.lists() for text in texts):
            return
        cleaned = request.POST.copy()
        for name, texts in request.POST.lists():
            cleaned.setlist(name, [text.replace("\0", "") for text in texts])
        request.POST = cleaned  # type: ignore[assignment]


class RefusalMiddleware:
    """Turn `Refused` into a message on the page the user came from; nothing was done, nothing is lost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        messages.error(request, exception.reason)
        return redirect_back(request)
