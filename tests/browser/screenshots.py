"""`make screenshots`: the main pages as they look, from the demonstration's newsroom and press corps, into a folder."""

import sys
import tempfile
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from service import migrations
from service.supervisor import embedded
from tests.browser.conftest import CHROMIUM
from tests.browser.server import ROOT, serving
from tests.browser.stage import LATELY, UNGOVERNED, Stage, furnish

FOLDER = ROOT / "docs" / "screenshots"
DESK: ViewportSize = {"width": 1280, "height": 800}
ALL, LIGHT = ("light", "dark", "phone"), ("light",)
COLOURS = 96
Stop = tuple[str, str, tuple[str, ...]]
PHONE: ViewportSize = {"width": 390, "height": 800}


def tour(stage: Stage) -> tuple[Stop, ...]:
    """The pages in the order of the work, by the name of their picture."""
    release, journalists = "/releases/{}".format, "/journalists/{}".format
    return (
        ("home", "/", ALL),
        ("releases", "/releases", ("light", "phone")),
        ("sending", release(stage.sending), ALL),
        ("release", release(stage.sent), ("light", "phone")),
        ("stop", f"{release(stage.sending)}/stop", LIGHT),
        ("retry", f"{release(stage.sending)}/retry", LIGHT),
        ("new", "/releases/new", LIGHT),
        ("writing", f"{release(stage.asked)}/write/en", ALL),
        ("details", f"{release(stage.asked)}/arrange", LIGHT),
        ("files", f"{release(stage.asked)}/files", LIGHT),
        ("versions", f"{release(stage.asked)}/versions", LIGHT),
        ("pitch", f"{release(stage.asked)}/pitch", LIGHT),
        ("test-send", f"{release(stage.asked)}/test", LIGHT),
        ("checks", f"{release(stage.asked)}/checks", LIGHT),
        ("audience", f"{release(stage.asked)}/audience", ("light", "phone")),
        ("waves", f"{release(stage.waves)}/waves", LIGHT),
        ("approval", f"{release(stage.asked)}/approval", ("light", "phone")),
        ("history", f"{release(stage.water)}/history", LIGHT),
        ("schedule", f"{release(stage.approved)}/schedule?when=now", ("light", "phone")),
        ("newsroom-of-release", f"{release(stage.water)}/newsroom", LIGHT),
        ("notice-ask", f"{release(stage.sent)}/notice", LIGHT),
        ("notice", f"{release(stage.notice)}/notice/send", LIGHT),
        ("calendar", "/calendar", ("light", "phone")),
        ("journalists", "/journalists", ALL),
        ("person", journalists(stage.person), ("light", "phone")),
        ("duplicates", "/journalists/duplicates", LIGHT),
        ("import", "/journalists/import", LIGHT),
        ("import-columns", f"/journalists/import/{stage.checked}/columns", LIGHT),
        ("import-checked", f"/journalists/import/{stage.checked}", LIGHT),
        ("imported", f"/journalists/import/{stage.imported}", LIGHT),
        ("lists", "/lists", LIGHT),
        ("list", f"/lists/{stage.press_list}", LIGHT),
        ("segment", f"/segments/{stage.segment}", LIGHT),
        ("topics", "/topics", LIGHT),
        ("reports", "/reports", LIGHT),
        ("report", f"{release(stage.sent)}/report", ("light", "dark")),
        ("feedback", "/feedback", LIGHT),
        ("unmatched", "/feedback/unmatched", LIGHT),
        ("suppressed", "/suppressions", LIGHT),
        ("people", "/people", LIGHT),
        ("colleague", f"/people/{stage.colleague}", LIGHT),
        ("audit", "/people/audit", LIGHT),
        ("account", "/account", LIGHT),
    )


IN_RUSSIAN = ("home", "sending", "release", "writing")


def take(browser: Browser, address: str, stage: Stage, folder: Path, *, move: Callable[[], None]) -> None:
    """Every picture; `move` lets the release that is being sent have been busy this moment."""
    with browser.new_context(base_url=address, reduced_motion="reduce", viewport=DESK) as context:
        page = context.new_page()
        page.goto("/sign-in")
        _shoot(page, folder / "sign-in.png")
        page.goto("/sign-in/" + stage.link.rpartition("/")[2])
        page.get_by_role("main").get_by_role("button").first.click()
        page.wait_for_url("**/password")
        for name, path, kinds in tour(stage):
            move()
            _shoot_each(page, name, path, kinds, folder)
        page.locator("details.who summary").click()
        _shoot(page, folder / "menu.png")
        page.get_by_role("button", name="Русский").click()
        for name, path, _ in (stop for stop in tour(stage) if stop[0] in IN_RUSSIAN):
            move()
            _shoot_each(page, f"{name}-ru", path, ("light",), folder)
        _shoot_each(page, "leave-kk", f"/leave/{stage.leave}?lang=kk", ("light",), folder)


def _shoot_each(page: Page, name: str, path: str, kinds: tuple[str, ...], folder: Path) -> None:
    """In light, in dark, or on a phone."""
    for kind in kinds:
        page.set_viewport_size(PHONE if kind == "phone" else DESK)
        page.emulate_media(color_scheme="dark" if kind == "dark" else "light")
        page.goto(path)
        _shoot(page, folder / (f"{name}.png" if kind == "light" else f"{name}-{kind}.png"))
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="light")


def _shoot(page: Page, path: Path) -> None:
    Image.open(BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS).save(path, optimize=True)


def _move(engine: Engine, stage: Stage) -> None:
    with engine.begin() as connection:
        connection.execute(text(UNGOVERNED))
        connection.execute(text(LATELY), {"release": stage.sending})


def main(folder: Path) -> None:
    """Start everything, take the pictures, stop everything."""
    folder.mkdir(parents=True, exist_ok=True)
    place = "/var/tmp"  # PostgreSQL's unprivileged account must reach it
    with tempfile.TemporaryDirectory(prefix="dateline-screens-", dir=place) as data:
        Path(data).chmod(0o755)
        with embedded(Path(data) / "data") as servers, sync_playwright() as playwright:
            engine = create_engine(servers.database_url)
            migrations.upgrade(engine)
            with Session(engine) as session, session.begin():
                stage = furnish(session)
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            with serving(servers.database_url, Path(data), BROKER_URL=servers.broker_url) as address:
                take(browser, address, stage, folder, move=partial(_move, engine, stage))
            browser.close()
            engine.dispose()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
