"""The harness itself: it must notice what a person would only see in the console."""

from tests.browser.conftest import listen_to


def test_complaints_of_the_browser_are_noticed(browser, live_server):
    complaints: list[str] = []
    page = browser.new_page()
    listen_to(page, complaints)
    page.goto(f"{live_server.url}/nothing-is-here/")
    page.evaluate("console.error('broken')")
    page.close()
    assert any(complaint.startswith("404 GET") for complaint in complaints)
    assert any("broken" in complaint for complaint in complaints)
