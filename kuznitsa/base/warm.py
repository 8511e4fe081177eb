"""A process that answers pages: loaded at its start, and not searched for garbage again and again."""

import gc

from django.template.loader import get_template
from django.urls import get_resolver
from django.urls.resolvers import URLResolver


def settle() -> None:
    """Load the addresses and the frame of every page, then put all that is loaded out of the collector's sight.

    Without this the collector walks through a quarter of a million objects of the programme itself now and then,
    for 100 to 200 ms of somebody's page.
    """
    _load(get_resolver())
    get_template("base.html")
    gc.collect()
    gc.freeze()


def _load(resolver: URLResolver) -> None:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            _load(pattern)
