"""Cleo subscribes, confirms, reads, chooses a digest and leaves: by real HTTP, real SMTP and the links in her mails."""

import asyncio
import re
import time
from collections.abc import Iterator
from html import unescape

import pytest
from sqlalchemy import select

from service import db, digests, links
from service.models import Delivery, DeliveryState, Exclusion, Journalist, SubscriptionState
from service.settings import settings
from service.web import visitors
from tests.committed import committed
from tests.service.web.reader import network, somebody
from tests.standards import reading
from tests.standards.office import HOST, Office, Pages, link, opened, serving
from tests.standards.sink import Taken
from workers.relays.smtp import SmtpRelay
from workers.sending.account_mails import Courier
from workers.sending.throttle import OpenThrottle

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(scope="module")
def office(worker_id: str) -> Iterator[Office]:
    with committed(f"comes_and_goes_{worker_id}"), opened("Dana") as found:
        yield found


@pytest.fixture(scope="module")
def pages(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TRUSTED_PROXIES", "1")
        with serving(tmp_path_factory.mktemp("web")) as found:
            yield found


@pytest.fixture
def cleo() -> str:
    return somebody()


def single_mails(office: Office) -> dict[str, Taken]:
    """What account mail leaves now, by recipient."""

    async def go() -> None:
        courier = Courier(settings(), SmtpRelay.from_url(office.sink.url), links.personal(), OpenThrottle())
        await courier.send_due()
        await courier.close()

    asyncio.run(go())
    taken, office.sink.taken[:] = list(office.sink.taken), []
    return {one.envelope[1][0]: one for one in taken}


def text_of(taken: Taken) -> str:
    return "".join(part.text for part in reading.message(taken.wire).parts)


def found(taken: Taken, path: str) -> str:
    """The link to a page in a mail, the same in both of its parts."""
    [only] = {unescape(url) for url in re.findall(rf"{re.escape(HOST)}/{path}/[0-9a-f]{{52}}", text_of(taken))}
    return only


def subscribe(office: Office, pages: Pages, email: str) -> None:
    url = f"{HOST}/subscribe/{office.newsroom.sender.slug}"
    assert "set-cookie" not in pages.ask("GET", url).headers
    form = {
        "email": email,
        "topics": "water",
        "frequency": "at-once",
        "language": "en",
        "zone": "UTC",
        "stamp": visitors.stamp(time.time() - 60),
    }
    answer = pages.ask("POST", url, data=form, headers={"X-Forwarded-For": f"203.0.113.9, {network()}"})
    assert answer.status_code == 303
    confirm = found(single_mails(office)[email], "confirm")
    assert pages.ask("GET", confirm).status_code == 200
    assert pages.ask("POST", confirm).status_code == 200


def row(release: object, email: str) -> Delivery:
    with db.transaction() as session:
        query = select(Delivery).join(Journalist).where(Journalist.address == email)
        return session.scalars(query.where(Delivery.release_id == release)).one()


def test_she_subscribes_reads_chooses_and_leaves_by_the_header(office: Office, pages: Pages, cleo: str) -> None:
    subscribe(office, pages, cleo)
    release = office.plan_release()
    first = office.work()[cleo]
    assert row(release, cleo).state is DeliveryState.ACCEPTED

    preferences = found(first, "preferences")
    assert "You subscribed to it and confirmed that on" in pages.ask("GET", preferences).text
    choice = {"topics": "water", "frequency": "daily", "language": "en", "zone": "Asia/Almaty"}
    assert "Saved." in pages.ask("POST", preferences, data=choice).text

    waiting = office.plan_release()
    assert cleo not in office.work()
    assert row(waiting, cleo).exclusion is Exclusion.DIGEST
    digest = morning(office)[cleo]
    assert "River levels fall" in text_of(digest)
    assert reading.message(digest.wire).one("Subject").value.startswith("Digest, ")

    before = office.plan_release()
    answer = pages.ask("POST", link(digest), data=ONE_CLICK)
    assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)
    assert office.subscription(cleo) is SubscriptionState.ENDED
    assert cleo not in morning(office)
    assert row(before, cleo).exclusion is Exclusion.DIGEST


def morning(office: Office) -> dict[str, Taken]:
    """It is eight o'clock everywhere; what leaves."""
    office.execute("UPDATE journalist SET digest_due_at = now() WHERE digest_due_at IS NOT NULL")
    with db.transaction() as session:
        for sender in digests.due(session):
            digests.make(session, sender)
    office.plan()
    return office.work()


def test_she_leaves_by_the_page_takes_it_back_and_is_forgotten(office: Office, pages: Pages, cleo: str) -> None:
    subscribe(office, pages, cleo)
    office.plan_release()
    leave = link(office.work()[cleo])
    for method in ("GET", "HEAD", "OPTIONS"):
        pages.ask(method, leave, headers={"Sec-Purpose": "prefetch"})
    assert office.subscription(cleo) is SubscriptionState.CONFIRMED

    assert pages.ask("POST", leave, data=ONE_CLICK).status_code == 200
    assert pages.ask("POST", f"{leave}/undo").status_code == 200
    assert office.subscription(cleo) is SubscriptionState.CONFIRMED
    assert pages.ask("POST", f"{leave}/all").status_code == 200
    assert pages.ask("POST", f"{leave}/undo").status_code == 200
    assert office.subscription(cleo) is SubscriptionState.CONFIRMED

    queued = office.plan_release()
    assert pages.ask("POST", f"{leave}/forget").status_code == 200
    assert cleo not in office.work()
    assert row(queued, cleo).exclusion is Exclusion.SUPPRESSED
    mine = found(single_mails(office)[cleo], "preferences")
    assert pages.ask("POST", f"{mine}/data").json()["person"]["address"] == cleo
    assert pages.ask("POST", f"{mine}/erase").status_code == 200
    with db.transaction() as session:
        assert session.scalars(select(Journalist).where(Journalist.address == cleo)).all() == []
    assert pages.ask("GET", mine).status_code == 404


def test_a_forged_forwarded_address_does_not_help_a_flood(office: Office, pages: Pages) -> None:
    """The last of X-Forwarded-For is the one our proxy wrote; what stands before it anybody can write."""
    here = network()
    url = f"{HOST}/subscribe/{office.newsroom.sender.slug}"
    statuses = []
    for number in range(12):
        form = {"email": somebody(), "topics": "water", "zone": "UTC", "stamp": visitors.stamp(time.time() - 60)}
        headers = {"X-Forwarded-For": f"198.51.100.{number}, {here}"}
        statuses.append(pages.ask("POST", url, data=form, headers=headers).status_code)
    assert statuses == [303] * 10 + [429] * 2
