"""Do the pages and account mail stay quick while a release leaves? Asked of a real gunicorn at a steady pace."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.cookiejar import CookieJar
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener
from uuid import UUID

from sqlalchemy import select, text

from bench import mailing, newsroom, service, sinks
from bench.measurement import NotMeasured
from bench.newsroom import Newsroom
from bench.sinks import FAST_SINK, HOST
from service import accounts, db
from service.cli import processes as commands
from service.models import Release, ReleaseState
from service.settings import settings
from service.supervisor import Servers, listening, processes

WARM_UP = 1000
PAUSE = 0.1
"""Seconds between two questions: as many officers watching one release as make ten a second."""
MAIL_EVERY = 1.0
PATIENCE = 60.0
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
MAILS = text("""
    SELECT count(*) AS written, count(*) FILTER (WHERE state = 'accepted') AS accepted,
           max(extract(epoch FROM settled_at - created_at))::float AS slowest FROM account_mail
""")


@dataclass(frozen=True, slots=True)
class Page:
    """How long one page took, in milliseconds, over so many times that it was asked for."""

    name: str
    asked: int
    p50: float
    p95: float
    slowest: float


@dataclass(frozen=True, slots=True)
class Watched:
    """A mailing with people watching it: the pages, and the slowest acceptance of an account mail, in seconds."""

    messages: int
    messages_per_second: float
    pages: tuple[Page, ...]
    account_mails: int
    slowest_account_mail: float


def run(people: int, data: Path) -> Watched:
    """Send to so many people and look on. Raises NotMeasured."""
    with service.servers(data, chunk_size=None, connections=None) as servers:
        with db.transaction() as session:
            office = newsroom.found(session, "rivers")
        with db.transaction() as session:
            newsroom.fill(session, office, people, min(people, WARM_UP))
        service.settle()
        return _watched(servers, office)


def _watched(servers: Servers, office: Newsroom) -> Watched:
    with db.transaction() as session:
        manuscript, _ = newsroom.text_of_size(session, office)
    with (
        sinks.running(FAST_SINK, servers.data, None) as sink,
        service.workers(servers, relay=f"{HOST}:{sink.port}") as workers,
        doors(servers, f"{HOST}:{sink.port}") as web,
        ThreadPoolExecutor(1) as pool,
    ):
        mailing.warm_up(office, manuscript, workers, sink)
        mailing.let_the_throttle_open()
        with db.transaction() as session:
            link = accounts.sign_in_link(session, accounts.get(session, office.ada.id))
        browser = signed_in(web, link)
        sending = pool.submit(mailing.send, office, office.everybody, manuscript, workers, sink)
        taken = _look_on(web, browser, office, sending)
        measured = sending.result().measurement
        written, slowest = _account_mails()
    pages = tuple(_page(name, times) for name, times in taken.items())
    return Watched(measured.messages, measured.rate, pages, written, slowest)


@contextmanager
def doors(servers: Servers, relay: str) -> Iterator[str]:
    """Gunicorn with the pages, and the worker of account mail; where the pages are."""
    port = sinks.free_port()
    env = {**service.environment(servers, relay), "WEB_LISTEN": f"{HOST}:{port}"}
    web = replace(commands.web(settings(), env, servers.data), ready=listening(HOST, port))
    started = [processes.start(web), processes.start(commands.express(settings(), env, servers.data))]
    try:
        started[0].wait_ready()
        yield f"http://{HOST}:{port}"
    finally:
        processes.stop(started)


def signed_in(web: str, link: str) -> OpenerDirector:
    """A browser with the cookies of whom this one-time link is for. Raises NotMeasured."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    page = f"{web}/sign-in/{link.rpartition('/')[2]}"
    with browser.open(page, timeout=PATIENCE) as answer:
        found = TOKEN.search(answer.read().decode())
    if found is None:
        raise NotMeasured("the page of a sign-in link has no form")
    with browser.open(page, urlencode({"csrf_token": found[1]}).encode(), timeout=PATIENCE) as answer:
        if not answer.url.endswith("/password"):
            raise NotMeasured(f"signing in led to {answer.url}")
    return browser


def _look_on(
    web: str, browser: OpenerDirector, office: Newsroom, sending: "Future[mailing.Mailing]"
) -> dict[str, list[float]]:
    """Ask for one page after another, and write an account mail each second, until the release has left."""
    release = _release(sending)
    pages = {
        "releases": f"{web}/releases",
        "release, the part that moves": f"{web}/releases/{release}/live",
        "report": f"{web}/releases/{release}/report",
    }
    taken: dict[str, list[float]] = {name: [] for name in pages}
    mailed = 0.0
    while not sending.done():
        for name, address in pages.items():
            taken[name].append(_seconds(browser, address))
            time.sleep(PAUSE)
        if time.monotonic() > mailed + MAIL_EVERY:
            mailed = time.monotonic()
            with db.transaction() as session:
                accounts.mail_link(session, accounts.get(session, office.ben.id))
    return taken


def _release(sending: "Future[mailing.Mailing]") -> UUID:
    """The release that has begun to leave."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not sending.done():
        with db.transaction() as session:
            found = session.scalar(select(Release.id).where(Release.state == ReleaseState.SENDING))
        if found is not None:
            return found
        time.sleep(0.05)
    raise NotMeasured("no release was seen on its way: take more people")


def _seconds(browser: OpenerDirector, address: str) -> float:
    began = time.monotonic()
    with browser.open(address, timeout=PATIENCE) as answer:
        answer.read()
        if answer.status != 200 or answer.url != address:
            raise NotMeasured(f"{address} answered {answer.status} at {answer.url}")
    return time.monotonic() - began


def _page(name: str, times: list[float]) -> Page:
    if len(times) < 2:
        raise NotMeasured(f"the mailing was over before {name} was asked for twice: take more people")
    parts = quantiles((1000 * seconds for seconds in times), n=20, method="inclusive")
    return Page(name, len(times), parts[9], parts[18], 1000 * max(times))


def _account_mails() -> tuple[int, float]:
    """How many were written, and how long the slowest took to be accepted. Raises NotMeasured when one was not."""
    until = time.monotonic() + PATIENCE
    while True:
        with db.transaction() as session:
            written, accepted, slowest = session.execute(MAILS).one()
        if written and written == accepted:
            return written, slowest
        if time.monotonic() > until:
            raise NotMeasured(f"{accepted} of {written} account mails were accepted")
        time.sleep(0.1)
