"""Language and colours are chosen at the head of every page, with script or without; a refusal says what is wrong."""

from playwright.sync_api import Page, StorageState, expect

from tests.browser import axe
from tests.browser.conftest import Complaints, Open


def test_the_menu_opens_speaks_another_language_and_closes(page: Page) -> None:
    page.goto("/releases?state=sent")
    menu = page.locator("details.who summary")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Русский")).to_be_visible()
    assert axe.faults(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Русский")).to_be_hidden()
    expect(menu).to_be_focused()
    menu.click()
    page.get_by_role("button", name="Русский").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Релизы")
    assert page.url.endswith("/releases?state=sent")
    assert page.locator("html").get_attribute("lang") == "ru"
    assert axe.faults(page) == []


def test_the_language_is_chosen_without_script_too(scriptless: Page) -> None:
    scriptless.goto("/")
    scriptless.locator("details.who summary").click()
    scriptless.get_by_role("button", name="Русский").click()
    expect(scriptless.get_by_role("heading", level=1)).to_have_text("Главная")


def test_colours_follow_the_system_until_they_are_chosen(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto("/")
    html = page.locator("html")
    expect(html).to_have_attribute("data-bs-theme", "dark")
    page.locator("details.who summary").click()
    page.get_by_role("button", name="Light").click()
    expect(html).to_have_attribute("data-bs-theme", "light")
    page.reload()
    expect(html).to_have_attribute("data-bs-theme", "light")


def test_a_refused_form_has_the_focus_on_what_is_wrong_and_a_link_to_the_field(
    open_page: Open, ada: StorageState, complaints: Complaints
) -> None:
    page = open_page(as_=ada)
    page.goto("/password")
    page.locator("main form").evaluate("form => { form.noValidate = true; }")
    page.get_by_label("New password").fill("short")
    with page.expect_response("**/password") as answer:
        page.get_by_role("button", name="Set this password").click()
    assert answer.value.status == 422
    expect(page.get_by_role("alert")).to_be_focused()
    assert page.title().startswith("Error:")
    assert axe.faults(page) == []
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("New password")).to_be_focused()
    complaints.heard.clear()  # Chromium tells its console of every 4xx
