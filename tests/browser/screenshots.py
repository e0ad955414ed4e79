"""`make screenshots`: the main pages as they look, from the demonstration's newsroom and press corps, into a folder."""

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from uuid import UUID

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.orm import Session

from service import accounts, approvals, demo, installation, manuscripts, migrations, releases
from service.models import DeliveryState, Journalist, Release, ReleaseState, Role
from service.signing import Purpose, sign
from service.supervisor import embedded
from tests.browser.conftest import CHROMIUM
from tests.browser.server import ROOT, serving
from tests.factories import Newsroom, now
from tests.ledgers import make_ledger

S = DeliveryState
FOLDER = ROOT / "docs" / "screenshots"
PEOPLE = 1200
DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 800}
TEXTS = tuple(ROOT / "config" / "demo" / name for name in ("release.txt", "release.ru.txt"))
UNGOVERNED = "SET LOCAL session_replication_role = replica"
"""What was written is not changed, says the database; here nothing has happened, it is only made up."""
EARLIER = """
    WITH moved AS (UPDATE release SET send_at = send_at - interval '20 hours' WHERE id = :release RETURNING send_at),
         numbered AS (SELECT a.delivery_id, a.number, row_number() OVER (ORDER BY a.delivery_id) AS n
                      FROM attempt a JOIN delivery d ON d.id = a.delivery_id WHERE d.release_id = :release)
    UPDATE attempt a
    SET began_at = moved.send_at + n * interval '50 ms', ended_at = moved.send_at + n * interval '51 ms'
    FROM numbered, moved WHERE a.delivery_id = numbered.delivery_id AND a.number = numbered.number
"""
LATELY = """
    UPDATE delivery SET attempted_at = clock_timestamp() - random() * interval '30 seconds'
    WHERE release_id = :release AND state = 'accepted'
"""
SENDING_MIX = (
    (S.ACCEPTED, 690),
    (S.QUEUED, 240),
    (S.DEFERRED, 34),
    (S.FAILED, 9),
    (S.ATTEMPTING, 16),
    (S.EXCLUDED, 28),
)
SENT_MIX = ((S.ACCEPTED, 1100), (S.FAILED, 17), (S.BOUNCED, 9), (S.COMPLAINED, 2), (S.EXCLUDED, 28))


@dataclass(frozen=True, slots=True)
class Stage:
    """The releases to be seen and the link Ada comes in by."""

    sending: UUID
    sent: UUID
    asked: UUID
    approved: UUID
    link: str
    leave: str


def furnish(session: Session) -> Stage:
    """Releases in each state, with the demonstration's people."""
    installation.begin(session)
    office = demo.open_office(session)
    accounts.grant(session, office.ada, office.sender, [Role.JOURNALISTS, Role.APPROVE, Role.ADMINISTER])
    accounts.grant(session, office.ben, office.sender, [Role.WRITE])
    demo.fill(session, office, PEOPLE)
    newsroom = Newsroom(office.sender, office.ada, office.ben, office.topics[0])
    people = list(session.scalars(select(Journalist).order_by(Journalist.id)))
    sent = _ledger(session, newsroom, people, SENT_MIX, "Commission and riverside towns agree on common flood warnings")
    sent.state, sent.finished_at = ReleaseState.SENT, now() - timedelta(hours=20) + timedelta(minutes=1)
    sending = _ledger(session, newsroom, people, SENDING_MIX, "Ishim at its lowest level since measurements began")
    texts = [manuscripts.read(path.read_bytes()) for path in TEXTS]
    water = releases.write(session, office.sender, texts, by=office.ada, topics=office.topics[:2])
    approvals.approve(session, water, by=office.ben)
    releases.schedule(session, water, now() + timedelta(days=1, hours=2), by=office.ada)
    draft = releases.write(session, office.sender, texts[:1], by=office.ben, topics=office.topics[2:4])
    draft.editions[0].headline = "Three countries to share one forecast for the spring flood"
    approved = releases.write(session, office.sender, texts[:1], by=office.ada, topics=office.topics[4:])
    approved.editions[0].headline = "School competition: draw the river of your town"
    session.flush()
    approvals.request(session, draft, by=office.ben, note="The ministers sign on Thursday at ten.")
    approvals.approve(session, approved, by=office.ben)
    session.flush()
    session.execute(text("UPDATE release SET zone = 'Asia/Almaty'"))
    session.execute(text(UNGOVERNED))
    session.execute(text(EARLIER), {"release": sent.id})
    leave = sign(Purpose.LEAVE, sent.id)
    return Stage(sending.id, sent.id, draft.id, approved.id, accounts.sign_in_link(session, office.ada), leave)


def _ledger(
    session: Session,
    newsroom: Newsroom,
    people: list[Journalist],
    mix: tuple[tuple[DeliveryState, int], ...],
    headline: str,
) -> Release:
    states = [state for state, number in mix for _ in range(number)]
    made = make_ledger(session, newsroom, list(zip(people, states, strict=False)))
    made.release.editions[0].headline = headline
    for delivery in made.deliveries:
        if delivery.state is S.DEFERRED:
            delivery.reason = "They ask us to come back later"
    session.flush()
    return made.release


def take(browser: Browser, address: str, stage: Stage, folder: Path, *, move: Callable[[], None]) -> None:
    """Every picture; `move` lets the release that is being sent have been busy this moment."""
    tour = (
        ("home", "/", ("light", "dark", "phone")),
        ("releases", "/releases", ("light", "phone")),
        ("sending", f"/releases/{stage.sending}", ("light", "dark", "phone")),
        ("stop", f"/releases/{stage.sending}/stop", ("light",)),
        ("retry", f"/releases/{stage.sending}/retry", ("light",)),
        ("report", f"/releases/{stage.sent}/report", ("light", "dark")),
        ("approval", f"/releases/{stage.asked}/approval", ("light", "phone")),
        ("schedule", f"/releases/{stage.approved}/schedule?when=now", ("light",)),
        ("calendar", "/calendar", ("light", "phone")),
    )
    with browser.new_context(base_url=address, reduced_motion="reduce", viewport=DESK) as context:
        page = context.new_page()
        page.goto("/sign-in")
        _shoot(page, folder / "sign-in.png")
        page.goto("/sign-in/" + stage.link.rpartition("/")[2])
        page.get_by_role("main").get_by_role("button").first.click()
        page.wait_for_url("**/password")
        for name, path, kinds in tour:
            move()
            _shoot_each(page, name, path, kinds, folder)
        page.locator("details.who summary").click()
        _shoot(page, folder / "menu.png")
        page.get_by_role("button", name="Русский").click()
        for name, path, _ in (tour[0], tour[2]):
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
    Image.open(BytesIO(page.screenshot())).convert("RGB").save(path, optimize=True)


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
            with serving(servers.database_url, Path(data)) as address:
                take(browser, address, stage, folder, move=partial(_move, engine, stage))
            browser.close()
            engine.dispose()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
