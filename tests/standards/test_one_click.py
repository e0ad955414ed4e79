"""B2, B3, B5: leaving by the link that came, over real HTTP, and what it stops."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from sqlalchemy.orm import Session

from service import db, imports
from service.models import Account, DeliveryState, Sender, SubscriptionState
from tests.committed import committed
from tests.standards import reading
from tests.standards.office import HOST, Office, Pages, link, opened, serving
from tests.standards.sink import Taken

CLEO, DANA, ELI = "cleo@daily.example", "dana@daily.example", "eli@daily.example"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
AS_FORM_DATA = {"files": {"List-Unsubscribe": (None, "One-Click")}}


@pytest.fixture(scope="module")
def office(worker_id: str) -> Iterator[Office]:
    with committed(f"standards_{worker_id}"), opened("Cleo", "Dana", "Eli") as found:
        yield found


@pytest.fixture(scope="module")
def pages(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    with serving(tmp_path_factory.mktemp("web")) as found:
        yield found


@pytest.fixture
def mails(office: Office) -> dict[str, Taken]:
    """What everybody has, who are all subscribed again."""
    office.execute("UPDATE subscription SET state = 'confirmed', ended_at = NULL")
    office.plan_release()
    return office.work()


def test_one_click_is_a_bare_post_and_works_at_once(office: Office, pages: Pages, mails: dict[str, Taken]) -> None:
    """B2: both encodings of the form; no cookie, no Referer, no token, no sign-in; no redirect; twice is once."""
    for address, given in ((CLEO, {"data": ONE_CLICK}), (DANA, AS_FORM_DATA)):
        first, second = (pages.ask("POST", link(mails[address]), **given) for _ in range(2))

        assert {"cookie", "referer", "origin"}.isdisjoint(first.request.headers)
        assert (first.status_code, second.status_code) == (200, 200)
        assert "set-cookie" not in first.headers
        assert first.text == second.text
        assert office.subscription(address) is SubscriptionState.ENDED
    assert first.request.headers["content-type"].startswith("multipart/form-data")
    assert office.subscription(ELI) is SubscriptionState.CONFIRMED


def test_anything_else_is_refused_and_changes_nothing(office: Office, pages: Pages, mails: dict[str, Taken]) -> None:
    """B2: a wrong body, no body, a JSON one; a link that was altered, or made for something else."""
    ours = link(mails[CLEO])
    altered = ours[:-1] + ("0" if ours[-1] != "0" else "1")
    for given in (
        {"data": {"List-Unsubscribe": "Two-Clicks"}},
        {"data": {"list-unsubscribe": "One-Click"}},
        {"content": b""},
        {"json": ONE_CLICK},
        {"content": b"List-Unsubscribe=One-Click", "headers": {"Content-Type": "text/plain"}},
        {"params": ONE_CLICK},
    ):
        assert 400 <= pages.ask("POST", ours, **given).status_code < 500, given
    for forged in (altered, ours[:-2], ours + "00", f"{HOST}/leave/", f"{HOST}/leave/{'0' * 52}"):
        assert 400 <= pages.ask("POST", forged, data=ONE_CLICK).status_code < 500, forged
    for method in ("PUT", "DELETE", "PATCH"):
        assert pages.ask(method, ours, data=ONE_CLICK).status_code == 405
    assert office.subscription(CLEO) is SubscriptionState.CONFIRMED


def test_looking_at_any_link_of_a_message_changes_nothing(
    office: Office, pages: Pages, mails: dict[str, Taken]
) -> None:
    """B3: GET, HEAD, OPTIONS and prefetch on every address in headers and bodies; the page's own form posts."""
    found = addresses_in(mails[CLEO])
    before = everything()
    for url in found:
        for method in ("GET", "HEAD", "OPTIONS"):
            for headers in ({}, {"Sec-Purpose": "prefetch"}, {"X-Purpose": "preview"}, {"User-Agent": "Scanner/1.0"}):
                assert pages.ask(method, url, headers=headers).status_code < 400
            assert pages.ask(method, url, params=ONE_CLICK).status_code < 400
    page = pages.ask("GET", link(mails[CLEO])).text

    assert link(mails[CLEO]) in found
    assert everything() == before
    [action] = re.findall(r'<form method="post" action="([^"]+)"', page)
    assert HOST + unescape(action) == link(mails[CLEO])


def addresses_in(taken: Taken) -> set[str]:
    """Every address of ours that a scanner could find in a message."""
    message = reading.message(taken.wire)
    texts = [message.head.decode(), *(part.text for part in message.parts)]
    return {unescape(url) for text in texts for url in re.findall(r"https?://press\.[^\s<>\"']+", text)}


def everything() -> str:
    """What the database says of all that a link could change."""
    with db.transaction() as session:
        return "\n".join(str(row) for table in TABLES for row in rows(session, table))


TABLES = ("subscription", "suppression", "delivery", "journalist", "event", "audit_entry")


def rows(session: Session, table: str) -> list[object]:
    return list(session.connection().exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1, 2"))


def test_who_left_does_not_get_what_was_queued_already(office: Office, pages: Pages, mails: dict[str, Taken]) -> None:
    """B5: asked again at the moment of sending, so a click is in force with the next message, not in 48 hours."""
    planned = office.plan_release()
    assert office.states(planned) == dict.fromkeys((CLEO, DANA, ELI), DeliveryState.QUEUED)

    assert pages.ask("POST", link(mails[CLEO]), data=ONE_CLICK).status_code == 200
    assert sorted(office.work()) == [DANA, ELI]
    assert office.states(planned)[CLEO] is DeliveryState.EXCLUDED


def test_who_left_gets_no_retry_either(office: Office, pages: Pages, mails: dict[str, Taken]) -> None:
    """B5"""
    planned = office.plan_release()
    office.sink.answers.extend([b"451 4.7.1 Try again later"] * 3)
    office.work()
    assert office.states(planned) == dict.fromkeys((CLEO, DANA, ELI), DeliveryState.DEFERRED)

    assert pages.ask("POST", link(mails[CLEO]), data=ONE_CLICK).status_code == 200
    office.hurry()
    assert sorted(office.work()) == [DANA, ELI]
    assert office.states(planned)[CLEO] is not DeliveryState.ACCEPTED


def test_an_import_does_not_bring_back_who_left(office: Office, pages: Pages, mails: dict[str, Taken]) -> None:
    """B5: leaving outlives a re-import of the address, in any spelling."""
    assert pages.ask("POST", link(mails[CLEO]), data=ONE_CLICK).status_code == 200
    with db.transaction() as session:
        sender = session.get_one(Sender, office.newsroom.sender.id)
        ada = session.get_one(Account, office.newsroom.ada.id)
        table = imports.read(b"email,name,topics\nCLEO@Daily.example,Cleo,water\n")
        imports.apply(session, sender, table, legal_basis="A list of 2020", by=ada)

    assert office.subscription(CLEO) is SubscriptionState.ENDED
    office.plan_release()
    assert sorted(office.work()) == [DANA, ELI]
