"""An officer brings her list in, finds somebody, contacts them no more, and takes the list away as a file."""

import os
from uuid import UUID

import pytest
from playwright.sync_api import Page
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from service import imports
from service.imports.sheet import open_
from tests.browser.conftest import Site
from tests.service.imports.books import ods, xlsx

HEADER = ("Почта", "ФИО", "Издание")
LISTS = {
    "press.csv": ";".join(HEADER).encode("cp1251") + "\nanna@vesti.example;Анна Иванова;Вести\n".encode("cp1251"),
    "press.xlsx": xlsx(HEADER, ("boris@vesti.example", "Борис Омаров", "Вести"), ("no address", "Nobody", "")),
    "press.ods": ods(HEADER, ("hana@vesti.example", "Hana Smith", "Вести")),
}


def _work(site: Site, address: str) -> None:
    """What the job does when it is rung for."""
    engine = create_engine(site.database_url)
    more = True
    while more:
        with Session(engine) as session, session.begin():
            more = imports.step(session, UUID(address.rpartition("/")[2]))
    engine.dispose()


@pytest.mark.timeout(180)
def test_a_list_in_three_forms_comes_in_and_somebody_is_contacted_no_more(scriptless: Page, site: Site) -> None:
    page = scriptless
    for name, data in LISTS.items():
        page.goto("/journalists/import")
        page.get_by_label("A list of journalists").set_input_files({"name": name, "mimeType": "x/y", "buffer": data})
        page.get_by_role("button", name="Read the file").click()
        assert "Иванова" in page.content() or name != "press.csv"
        page.get_by_label("Water").check()
        page.get_by_label("Legal basis").fill("Consent at our briefing")
        page.get_by_role("button", name="Check the file").click()
        assert page.get_by_text("1 journalist would be added").is_visible()
        page.get_by_role("button", name="Import 1 journalist").click()
        _work(site, page.url)
        page.reload()
        assert page.get_by_text("1 journalist added").is_visible()
        if folder := os.environ.get("DATELINE_PICTURES"):
            page.screenshot(path=f"{folder}/import-{name}.png", full_page=True)
    page.goto("/journalists")
    page.get_by_label("Name, address or outlet").fill("вести борис")
    page.get_by_role("button", name="Show", exact=True).click()
    page.get_by_role("link", name="Борис Омаров").click()
    page.get_by_role("link", name="Contact no more").click()
    page.get_by_label("Why").fill("Asked by phone")
    page.get_by_role("button", name="Contact them no more").click()
    assert page.get_by_text("Not to be contacted").first.is_visible()
    page.goto("/journalists.xlsx?q=вести")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as XLSX").click()
    rows = open_(download.value.path().read_bytes()).rows
    assert {cells[1]: cells[8] for _, cells in rows} == {
        "anna@vesti.example": "gets releases",
        "boris@vesti.example": "not to be contacted",
        "hana@vesti.example": "gets releases",
    }
