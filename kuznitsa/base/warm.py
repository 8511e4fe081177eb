"""A process that answers pages: loaded at its start, and not searched for garbage again and again."""

import gc
from pathlib import Path

from django.apps import apps
from django.template.loader import get_template
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

THRESHOLDS = (20_000, 20, 100)


def settle() -> None:
    """Load the addresses and the templates of all pages, then put all that is loaded out of the collector's sight.

    Without this the collector walks through a quarter of a million objects of the programme itself now and then,
    for 100 to 200 ms of somebody's page.
    """
    _load(get_resolver())
    for app in apps.get_app_configs():
        folder = Path(app.path) / "templates"
        if app.name.startswith("kuznitsa."):
            for template in folder.rglob("*.html"):
                get_template(str(template.relative_to(folder)))
    gc.collect()
    gc.freeze()
    # A page leaves little garbage in circles: looked for less often, in more of it.
    gc.set_threshold(*THRESHOLDS)


def _load(resolver: URLResolver) -> None:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            _load(pattern)
