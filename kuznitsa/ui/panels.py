"""Panels: what higher apps add to the page of a lower app's thing.

The page of a cluster belongs to `clusters`, which knows nothing of offers or threads. Apps above register
a panel for it in their `AppConfig.ready()`, and the page shows `{% panels "clusters:detail" cluster %}`.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Panel:
    """`context(request, obj)` returns what `template` needs, or None when there is nothing to show."""

    template: str
    context: Callable[[HttpRequest, Any], dict[str, Any] | None]
    order: int = 50


_panels: dict[str, list[Panel]] = defaultdict(list)


def register(page: str, panel: Panel) -> None:
    """Add `panel` to the page with that URL name; lower orders come first."""
    _panels[page].append(panel)
    _panels[page].sort(key=lambda panel: panel.order)


def panels_of(page: str) -> list[Panel]:
    return list(_panels[page])
