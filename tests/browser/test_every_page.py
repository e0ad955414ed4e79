"""Every page in a real browser: no complaint, not wider than a phone, and nothing for axe to find in any colours."""

import pytest
from flask import Flask
from playwright.sync_api import Page, StorageState

from service.app import create_app
from service.settings import read
from tests.browser import axe
from tests.browser.conftest import Open, Site
from tests.browser.visits import Visit, visits

PHONE = 360
"""Pixels: the narrowest that is still sold."""


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app(read(base_url="http://127.0.0.1"))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("public", [False, True], ids=["officers", "public"])
def test_axe_finds_nothing_in_light_dark_or_right_to_left(
    app: Flask, site: Site, open_page: Open, ada: StorageState, public: bool
) -> None:
    page = open_page(as_=None if public else ada)
    found = []
    for visit in visits(app, site.office):
        if visit.public is public:
            found += _faults(page, visit)
    assert found == []


def _faults(page: Page, visit: Visit) -> list[str]:
    page.emulate_media(color_scheme="light")
    answer = page.goto(visit.path)
    assert answer is not None
    assert answer.status == 200, visit
    found = [f"{visit.path} in light: {fault}" for fault in axe.faults(page)]
    page.emulate_media(color_scheme="dark")
    found += [f"{visit.path} in dark: {fault}" for fault in axe.faults(page)]
    page.evaluate("document.documentElement.dir = 'rtl'")
    found += [f"{visit.path} right to left: {fault}" for fault in axe.faults(page)]
    return found + _too_wide(page, visit)


def _too_wide(page: Page, visit: Visit) -> list[str]:
    before = page.viewport_size
    assert before is not None
    page.set_viewport_size({"width": PHONE, "height": 740})
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(before)
    return [f"{visit.path} is {width} pixels wide on a phone"] if width > PHONE else []
