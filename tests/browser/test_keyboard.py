"""Ada without a mouse: she skips the navigation, sees where she is, and goes through a page in the order it is read."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Site

FOCUSED = "() => document.activeElement?.textContent.trim() ?? ''"
OUTLINE = "() => getComputedStyle(document.activeElement).outlineStyle"
TOP = "() => document.activeElement.getBoundingClientRect().top + scrollY"
MANY = 60


@pytest.mark.parametrize("path", ["/", "/releases"])
def test_the_first_stop_skips_to_the_page(page: Page, path: str) -> None:
    page.goto(path)
    page.keyboard.press("Tab")
    assert "Skip" in page.evaluate(FOCUSED)
    assert page.get_by_role("link", name="Skip to the page").is_visible()
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"


def test_focus_is_seen_at_every_stop_and_runs_downwards(page: Page, site: Site) -> None:
    page.goto(f"/releases/{site.office.sending}")
    stops, tops = [], []
    for _ in range(MANY):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement === document.body"):
            break
        assert page.evaluate(OUTLINE) != "none", page.evaluate(FOCUSED)
        stops.append(page.evaluate(FOCUSED))
        if page.evaluate("() => !!document.activeElement.closest('main')"):
            tops.append(round(page.evaluate(TOP)))
    assert "Pause" in stops
    assert tops == sorted(tops)


def test_a_question_is_answered_from_the_keyboard_and_its_first_button_is_the_safe_one(page: Page, site: Site) -> None:
    page.goto(f"/releases/{site.office.sending}/stop")
    page.get_by_role("main").focus()
    stops = []
    for _ in range(8):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUSED))
    assert stops.index("Go back, stop nothing") < next(i for i, words in enumerate(stops) if words.startswith("Stop "))
