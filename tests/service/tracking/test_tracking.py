"""Tracking, from the switch to the report: by consent alone, to the links of that very release, told apart."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from service import approvals, consents, db, deliveries, journalists, preferences, releases, reports, senders
from service.app import create_app
from service.models import Account, Delivery, DeliveryState, Journalist, Sender, TrackedLink, Visit
from service.signing import Purpose, sign
from tests.committed import committed
from tests.factories import Newsroom, make_journalist, make_newsroom, make_release, now
from tests.service.mail.test_compose import part, read
from tests.service.tracking.test_judging import APPLE, FIREFOX
from tests.service.web.conftest import open_browser
from tests.workers.sending.desk import Desk
from workers.sending import plan

BODY = "[One](https://a.example/1?x=1&y=2), [two](https://a.example/2), [three](https://a.example/3)."
PROOF = {"words": "May be counted."}


class Press:
    """A newsroom that counts, Cleo who agreed, and Dana who did not."""

    def __init__(self) -> None:
        with db.transaction() as session:
            self.room: Newsroom = make_newsroom(session)
            senders.track(session, session.get_one(Sender, self.room.sender.id), on=True)
            cleo, dana = (
                make_journalist(session, self.room, f"{name} Reader", address=f"{name.lower()}@daily.example")
                for name in ("Cleo", "Dana")
            )
            consents.choose(session, cleo, agrees=True, proof=PROOF)
            self.cleo, self.dana = cleo.id, dana.id
        self.client: FlaskClient = open_browser(create_app())

    def send(self) -> UUID:
        with db.transaction() as session:
            release = make_release(session, self.room)
            release.editions[0].body = BODY
            approvals.approve(session, release, by=session.get_one(Account, self.room.ben.id))
            releases.schedule(session, release, now(), by=session.get_one(Account, self.room.ada.id))
        with db.transaction() as session:
            releases.start_due(session)
            [wave] = plan.due(session)
        plan.plan(wave)
        desk = Desk(release)
        desk.work()
        self.sent = {mail.recipient.partition("@")[0]: mail.message for mail in desk.relay.sent}
        return release.id

    def delivery(self, who: UUID) -> Delivery:
        with db.transaction() as session:
            query = select(Delivery).where(Delivery.journalist_id == who).order_by(Delivery.id.desc())
            return session.scalars(query.limit(1)).one()

    def links(self) -> list[str]:
        html = part(read(self.sent["cleo"]), "html")
        return [unescape(found).partition("example")[2] for found in re.findall(r'href="([^"]+/to/[^"]+)"', html)]

    def picture(self) -> str:
        found = re.search(r'src="[^"]+?(/seen/[^"]+)"', part(read(self.sent["cleo"]), "html"))
        assert found is not None
        return found[1]

    def get(self, path: str, agent: str = FIREFOX, method: str = "GET", **headers: str) -> tuple[int, str]:
        answer = self.client.open(path, method=method, headers={"User-Agent": agent, **headers})
        return answer.status_code, answer.headers.get("Location", "")

    def visits(self) -> list[tuple[str, str, int]]:
        with db.transaction() as session:
            rows = session.execute(select(Visit.link, Visit.visitor, Visit.times).order_by(Visit.visitor, Visit.link))
            return [("link" if link else "open", visitor.value, times) for link, visitor, times in rows]


def later(**more: float) -> None:
    """Let the mails have left a while ago, and what was noted been noted then."""
    with db.transaction() as session:
        for column, table in (("attempted_at", "delivery"), ("first_at", "visit"), ("last_at", "visit")):
            session.execute(
                text(f"UPDATE {table} SET {column} = {column} - make_interval(secs => :s)"),
                {"s": timedelta(**(more or {"minutes": 20})).total_seconds()},
            )


@pytest.fixture
def press(worker_id: str) -> Iterator[Press]:
    with committed(f"tracking_{worker_id}"):
        yield Press()


def test_whoever_did_not_agree_gets_the_very_bytes_they_would_get_without_tracking(press: Press) -> None:
    press.send()
    dana = press.delivery(press.dana)
    assert not dana.tracked
    with db.transaction() as session:
        session.execute(text("UPDATE sender SET tracking = false"))
        again = deliveries.message(session, session.get_one(Delivery, dana.id))
    assert press.sent["dana"] == again
    assert b"/to/" not in again
    assert b"/seen/" not in again
    assert b"https://a.example/2" in again


def test_what_was_sent_is_rendered_again_with_its_links_and_shown_without_its_dot(press: Press) -> None:
    press.send()
    with db.transaction() as session:
        cleo = session.get_one(Delivery, press.delivery(press.cleo).id)
        assert deliveries.message(session, cleo) == press.sent["cleo"]
        assert "/seen/" not in deliveries.as_html(session, cleo)


def test_without_the_newsrooms_switch_nobody_is_counted_consent_or_not(press: Press) -> None:
    with db.transaction() as session:
        senders.track(session, session.get_one(Sender, press.room.sender.id), on=False)
    release = press.send()
    assert b"/to/" not in press.sent["cleo"]
    with db.transaction() as session:
        assert session.scalars(select(TrackedLink)).all() == []
        assert reports.delivery(session, release).engagement is None


def test_a_link_leads_to_where_the_release_says_and_nowhere_else(press: Press) -> None:
    press.send()
    first, *_ = press.links()
    assert press.get(first) == (302, "https://a.example/1?x=1&y=2")
    other = sign(Purpose.LEAVE, press.delivery(press.cleo).id)
    for path in (f"/to/{other}", "/to/" + "0" * 68, first[:-1] + ("0" if first[-1] != "0" else "1")):
        assert press.get(path) == (404, "")
    assert press.get(first + "?url=https://evil.example/") == (302, "https://a.example/1?x=1&y=2")


def test_people_machines_and_scanners_are_told_apart_in_the_report_of_those_who_agreed(press: Press) -> None:
    release = press.send()
    press.get(press.picture(), FIREFOX)
    assert press.visits() == [("open", "scanner", 1)]
    later()
    press.get(press.picture(), APPLE)
    press.get(press.links()[0], method="HEAD")
    press.get(press.links()[0], **{"Sec-Purpose": "prefetch"})
    with db.transaction() as session:
        found = reports.delivery(session, release).engagement
    assert found is not None
    assert (found.agreed, found.opened, found.opened_by_machine) == (1, 0, 1)
    assert (found.followed, found.followed_by_machine) == (0, 1)
    press.get(press.picture())
    press.get(press.links()[1])
    with db.transaction() as session:
        found = reports.delivery(session, release).engagement
        assert "noted" in preferences.export(session, session.get_one(Journalist, press.cleo))["tracking"]
    assert found is not None
    assert (found.opened, found.opened_by_machine, found.followed, found.followed_by_machine) == (1, 0, 1, 0)
    assert (found.links[0].url, found.links[0].people) == ("https://a.example/2", 1)


def test_many_links_within_seconds_are_a_scanners(press: Press) -> None:
    press.send()
    later()
    for link in press.links():
        press.get(link)
    assert {visitor for _, visitor, _ in press.visits()} == {"scanner"}
    later()
    press.get(press.links()[0])
    assert ("link", "person", 1) in press.visits()


def test_who_takes_consent_back_is_counted_no_more_though_links_still_lead_on(press: Press) -> None:
    press.send()
    later()
    with db.transaction() as session:
        consents.choose(session, session.get_one(Journalist, press.cleo), agrees=False, proof={})
    assert press.get(press.links()[0])[0] == 302
    press.get(press.picture())
    assert press.visits() == []
    with db.transaction() as session:
        [kept] = consents.of(session, session.get_one(Journalist, press.cleo))
    assert kept.proof == PROOF
    assert kept.withdrawn_at is not None
    press.send()
    assert b"/to/" not in press.sent["cleo"]


@pytest.mark.parametrize(
    ("agent", "method", "becomes"),
    [(FIREFOX, "GET", "accepted"), (APPLE, "GET", "accepted"), (FIREFOX, "HEAD", "uncertain")],
)
def test_an_uncertain_mail_that_was_opened_has_arrived_and_a_scanner_proves_nothing(
    press: Press, agent: str, method: str, becomes: str
) -> None:
    press.send()
    later()
    cleo = press.delivery(press.cleo).id
    with db.transaction() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))  # no step leads back from accepted
        session.execute(text("UPDATE delivery SET state = 'uncertain' WHERE id = :id"), {"id": cleo})
    press.get(press.picture(), agent, method)
    assert press.delivery(press.cleo).state is DeliveryState(becomes)


def test_an_erased_person_leaves_nothing_of_it(press: Press) -> None:
    press.send()
    later()
    press.get(press.picture())
    with db.transaction() as session:
        cleo = session.get_one(Journalist, press.cleo)
        journalists.erase(session, cleo)
        assert consents.of(session, cleo) == []
    assert press.visits() == []
