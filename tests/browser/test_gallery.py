"""The gallery in a real browser: every component, both languages, both themes, phone and desktop."""

import pytest
from django.urls import reverse

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def gallery(settings):
    settings.UI_GALLERY = True
    return reverse("ui:gallery")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("width", "height", "language"), [(360, 740, "ru"), (1280, 900, "en")], ids=["phone-ru", "desktop-en"]
)
def test_gallery_is_accessible(open_window, gallery, assert_accessible, shot, width, height, language, dark):
    page = open_window(width=width, height=height, language=language, dark=dark)
    page.goto(gallery)
    page.evaluate("document.querySelectorAll('main details:not([data-dialog])').forEach((each) => (each.open = true))")
    assert_accessible(page)
    page.locator("main .k-dialog > summary").first.click()
    page.locator(".k-dialog[open] .k-dialog__panel").wait_for()
    assert_accessible(page)


def test_theme_changes_without_loading_the_page(desktop, gallery):
    desktop.goto(gallery)
    desktop.locator(".k-preferences summary").click()
    desktop.get_by_role("button", name="Dark").click()
    assert desktop.locator("html").get_attribute("data-bs-theme") == "dark"
    desktop.reload()
    assert desktop.locator("html").get_attribute("data-bs-theme") == "dark"


def test_theme_and_language_change_without_scripts(open_window, gallery):
    page = open_window(width=390, height=844, language="en", scripts=False)
    page.goto(gallery)
    page.locator(".k-preferences summary").click()
    page.get_by_role("button", name="Dark").click()
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    page.locator(".k-preferences summary").click()
    page.get_by_role("button", name="Русский").click()
    assert page.locator("html").get_attribute("lang") == "ru"


def test_block_of_cells_fills_the_grid(desktop, gallery):
    desktop.goto(gallery)
    grid = desktop.locator("[data-paste-grid]")
    first = grid.locator("input").first
    first.focus()
    first.evaluate(
        """(input) => {
          const data = new DataTransfer();
          data.setData("text/plain", "1 200\\t6\\r\\n34\\t7\\r\\n");
          input.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    rows = [[cell.input_value() for cell in row.locator("input").all()[:2]] for row in grid.locator("tbody tr").all()]
    assert rows[:2] == [["1200", "6"], ["34", "7"]]


def test_small_window_closes_by_escape_and_gives_the_focus_back(desktop, gallery):
    desktop.goto(gallery)
    button = desktop.locator("main summary", has_text="Reason")
    button.click()
    desktop.keyboard.press("Escape")
    assert button.evaluate("(it) => !it.parentElement.open && document.activeElement === it")


def test_small_window_closes_by_a_press_beside_it_without_scripts(open_window, gallery):
    page = open_window(width=1280, height=900, language="en", scripts=False)
    page.goto(gallery)
    page.locator("main summary", has_text="Reason").click()
    page.mouse.click(10, 10)
    assert page.locator(".k-dialog[open]").count() == 0
    assert page.url.endswith(gallery)


def test_list_is_narrowed_in_place(desktop, gallery, settle):
    desktop.goto(gallery)
    with desktop.expect_response(lambda response: "q=weld" in response.url) as answer:
        desktop.get_by_role("searchbox").fill("weld")
    settle(desktop)
    assert answer.value.request.headers["hx-target"] == "rows"
    assert "q=weld" in desktop.url


def test_going_back_to_a_narrowed_list_shows_the_whole_page(desktop, gallery, settle):
    desktop.goto(gallery)
    with desktop.expect_response(lambda response: "q=weld" in response.url):
        desktop.get_by_role("searchbox").fill("weld")
    settle(desktop)
    desktop.goto(reverse("ui:gallery") + "?year=2026")
    desktop.go_back()
    assert desktop.locator("h1").inner_text() == "Components"
    assert desktop.get_by_role("searchbox").input_value() == "weld"
