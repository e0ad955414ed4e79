"""A bounce finds its delivery by its signed tag, however it was wrapped; and without a good tag it changes nothing."""

import os
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import insert, text

from service import db
from service.models import DeliveryState, Received
from tests.workers.inbound.post import events_of, path, received, sent, state_of, store
from tests.workers.inbound.tags import DOMAIN, PLACES, WRAPS, bounce, forged, leave
from workers.inbound import sort
from workers.inbound.desk import takes

CASES = int(os.environ.get("FUZZ_CASES", "1000"))
ROLE = f"postmaster@{DOMAIN}"
LEDGER = (
    "SELECT to_jsonb(d) FROM delivery d ORDER BY d.id",
    "SELECT to_jsonb(e) FROM event e ORDER BY e.id",
    "SELECT to_jsonb(s) FROM suppression s ORDER BY s.id",
    "SELECT to_jsonb(r) FROM release r ORDER BY r.id",
    "SELECT to_jsonb(a) FROM audit_entry a ORDER BY a.id",
)


def ledger() -> list[list[object]]:
    """All that a bounce could change."""
    with db.transaction() as session:
        return [list(session.scalars(text(query))) for query in LEDGER]


@pytest.fixture
def four(office: str) -> list[UUID]:
    """Deliveries of which any might be hit: sent, refused, doubtful, and sent so long ago that its tag has expired."""
    states = (DeliveryState.ACCEPTED, DeliveryState.FAILED, DeliveryState.UNCERTAIN, DeliveryState.ACCEPTED)
    found = [sent(state) for state in states]
    with db.transaction() as session:
        session.execute(
            text("UPDATE delivery SET attempted_at = now() - interval '46 days' WHERE id = :id"), {"id": found[3]}
        )
    return found


@pytest.mark.parametrize("wrap", WRAPS)
def test_a_tag_is_known_however_it_was_wrapped(office: str, wrap: str) -> None:
    delivery, other = sent(), sent()
    address = WRAPS[wrap](path(delivery))
    store(address, bounce())
    sort.sort_new()
    assert (state_of(delivery), state_of(other)) == (DeliveryState.BOUNCED, DeliveryState.ACCEPTED)
    # The desk takes what the sorter would know, at our own domain.
    assert takes(address.strip("<>"), DOMAIN) is address.strip("<>").lower().endswith(f"@{DOMAIN}")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("wrap", ["as it was", "in upper case", "by SRS", "by BATV"])
def test_where_the_recipient_is_lost_the_tag_is_found_in_the_report(office: str, wrap: str, place: str) -> None:
    delivery, other = sent(), sent()
    store(ROLE, PLACES[place](WRAPS[wrap](path(delivery))))
    sort.sort_new()
    assert (state_of(delivery), state_of(other)) == (DeliveryState.BOUNCED, DeliveryState.ACCEPTED)


def test_the_link_to_leave_in_the_returned_mail_is_a_tag_too(office: str) -> None:
    delivery = sent()
    store(ROLE, bounce(returned=f"List-Unsubscribe: <{leave(delivery)}>\n"))
    sort.sort_new()
    assert state_of(delivery) is DeliveryState.BOUNCED


def test_the_tag_it_was_sent_to_goes_before_all_it_quotes(office: str) -> None:
    delivery, other = sent(), sent()
    store(path(delivery), PLACES["the returned Return-Path"](path(other)))
    sort.sort_new()
    assert (state_of(delivery), state_of(other)) == (DeliveryState.BOUNCED, DeliveryState.ACCEPTED)


def test_an_answer_is_about_no_mail_that_it_quotes(office: str) -> None:
    delivery = sent()
    answer = b"From: ben@daily.example\nIn-Reply-To: <1@rivers.example>\nSubject: Re: news\n\nThanks!\n> "
    store(ROLE, answer + leave(delivery).encode())
    sort.sort_new()
    assert events_of(delivery) == []


def test_forged_altered_expired_and_foreign_tags_change_nothing(four: list[UUID]) -> None:
    random = Random(17)
    before = ledger()
    bad = [_bad(four, random) for _ in range(CASES)]
    with db.transaction() as session:
        session.execute(insert(Received), [{"recipient": to, "message": report, "verdict": ""} for to, report in bad])
    while sort.sort_new():
        pass
    assert ledger() == before
    assert {verdict for *_, verdict in received()} <= {"bounce: about no delivery of ours", "bounce: too late"}


def _bad(four: list[UUID], random: Random) -> tuple[str, bytes]:
    """A recipient and a report with one bad tag or more, in any place, wrapped in any way."""
    wrap = random.choice(list(WRAPS.values()))
    place = random.choice(list(PLACES.values()))
    expired = path(four[3])
    tag = expired if random.random() < 0.1 else forged(path(random.choice(four)), random)
    both = wrap(path(four[0])), wrap(path(four[1]))
    return random.choice(
        (
            (wrap(tag), bounce()),
            (ROLE, place(wrap(tag))),
            (wrap(tag), place(wrap(tag))),
            (ROLE, bounce(returned=f"List-Unsubscribe: <{leave(four[0])[:-1]}>\n")),
            # Two deliveries cannot both be the one that it is about.
            (ROLE, bounce(headers=f"To: {both[0]}\nDelivered-To: {both[1]}\n")),
        )
    )


def test_replayed_tags_change_nothing_more(four: list[UUID]) -> None:
    reports = [(ROLE, place(path(four[0]))) for place in PLACES.values()] + [(path(four[1]), bounce())]
    for to, report in reports:
        store(to, report)
    sort.sort_new()
    before = ledger()
    again = [reports[number % len(reports)] for number in range(CASES // 4)]
    with db.transaction() as session:
        session.execute(insert(Received), [{"recipient": to, "message": one, "verdict": ""} for to, one in again])
    while sort.sort_new():
        pass
    assert ledger() == before
    assert {verdict for *_, verdict in received()[len(reports) :]} == {"bounce: known already"}
