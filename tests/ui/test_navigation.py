import pytest
from django.contrib.auth.models import AnonymousUser

from kuznitsa.ui import navigation
from kuznitsa.ui.navigation import NavItem


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch):
    monkeypatch.setattr(navigation, "_items", {})


def test_entries_come_in_order_and_only_to_whom_they_are_for():
    navigation.register(NavItem("Second", "ui:gallery", order=20))
    navigation.register(NavItem("First", "ui:theme", order=10))
    navigation.register(NavItem("Secret", "ui:language", show=lambda user: user.is_authenticated))
    assert [item.label for item in navigation.items_for(AnonymousUser())] == ["First", "Second"]


def test_entry_registered_again_replaces_the_earlier_one():
    navigation.register(NavItem("Old", "ui:gallery"))
    navigation.register(NavItem("New", "ui:gallery"))
    assert [item.label for item in navigation.items_for(AnonymousUser())] == ["New"]


def test_places_are_kept_apart():
    navigation.register(NavItem("Out", "ui:theme", place="user", post=True))
    assert navigation.items_for(AnonymousUser()) == []
    assert [item.label for item in navigation.items_for(AnonymousUser(), place="user")] == ["Out"]


def test_the_longest_address_is_the_current_one():
    gallery = NavItem("Gallery", "ui:gallery")
    assert navigation.current([gallery], "/_ui/part/") == gallery
    assert navigation.current([gallery], "/other/") is None


def test_phone_shows_four_entries_and_the_rest_behind_more(draw, en):
    for number, name in enumerate(["ui:gallery", "ui:theme", "ui:language"]):
        navigation.register(NavItem(f"Entry {number}", name, order=number))
    assert "More" not in draw('{% navigation place="foot" %}')
    for number in range(3, 7):
        navigation._items["main", str(number)] = NavItem(f"Entry {number}", "ui:gallery", order=number)
    html = draw('{% navigation place="foot" %}')
    assert html.index("Entry 3") < html.index("More") < html.index("Entry 4")
