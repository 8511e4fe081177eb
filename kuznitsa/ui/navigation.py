"""What the main navigation shows. Apps above register their entries in `AppConfig.ready()`:

navigation.register(NavItem(_("Need"), "demand:list", icon="factory", order=30, show=is_employer))
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from kuznitsa.base.memo import per_request


def everybody(user: Any) -> bool:
    return True


def nobody(user: Any) -> bool:
    return False


# Home comes first (10); what is somebody's main work comes right after it.
MAIN_WORK = 11


@dataclass(frozen=True)
class NavItem:
    """One entry: `place` is "main" (the navigation) or "user" (the user's menu); `post` makes it a button.

    `overview` entries, for everybody to look at, stand under their own heading after those one works with;
    for those to whom `leads` says yes the entry is their main work and comes right after home.
    """

    label: Any
    url_name: str
    icon: str = "circle"
    order: int = 100
    show: Callable[[Any], bool] = everybody
    place: str = "main"
    post: bool = False
    overview: bool = False
    leads: Callable[[Any], bool] = nobody

    @property
    def url(self) -> str:
        return _address(self.url_name)


@per_request
def _address(url_name: str) -> str:
    """Return the address; the entries of a page are drawn twice, and each is compared with where one is."""
    return reverse(url_name)


_items: dict[tuple[str, str], NavItem] = {}


def register(item: NavItem) -> None:
    """Add an entry; the same `url_name` in the same place registered again replaces the earlier one."""
    _items[item.place, item.url_name] = item


def items_for(user: Any, *, place: str = "main") -> list[NavItem]:
    """Return the entries that `user` (possibly anonymous) sees, in order."""
    return _items_for(user, place)


@per_request
def _items_for(user: Any, place: str) -> list[NavItem]:
    shown = [
        replace(item, order=MAIN_WORK, overview=False) if item.leads(user) else item
        for item in _items.values()
        if item.place == place and item.show(user)
    ]
    return sorted(shown, key=lambda item: (item.overview, item.order, str(item.label)))


def current(items: list[NavItem], path: str) -> NavItem | None:
    """Return the entry whose address is the longest beginning of `path`; "/" fits only itself."""
    fits = [item for item in items if path == item.url or (item.url != "/" and path.startswith(item.url))]
    return max(fits, key=lambda item: len(item.url), default=None)
