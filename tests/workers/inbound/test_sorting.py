"""Sorting: from a report on the wire to the one delivery it is about."""

import pytest
from sqlalchemy import text

from service import db, links
from service.models import DeliveryState
from tests.workers.inbound.post import (
    events_of,
    mail,
    path,
    post,
    received,
    recipient,
    sent,
    state_of,
    store,
    suppressions,
)
from tests.workers.inbound.test_listener import listening
from workers.inbound import sort
from workers.relays.development import returns

S = DeliveryState


def test_a_delivery_report_on_the_wire_makes_its_delivery_bounced(office: str) -> None:
    delivery, other = sent(), sent()
    with listening() as where:
        post(where, path(delivery), returns.bounce(mail(delivery), recipient(delivery)))
    assert sort.sort_new() == 1
    assert state_of(delivery) is S.BOUNCED
    assert state_of(other) is S.ACCEPTED
    assert [verdict for *_, verdict in received()] == ["bounce: bounced"]


def test_the_same_report_a_hundred_times_is_one_event(office: str) -> None:
    delivery = sent()
    report = returns.bounce(mail(delivery), recipient(delivery))
    for _ in range(100):
        store(path(delivery), report)
    assert sort.sort_new() == 100
    assert events_of(delivery) == ["bounce"]
    assert [verdict for *_, verdict in received()] == ["bounce: bounced"] + ["bounce: known already"] * 99


def test_a_report_that_names_another_person_touches_only_the_delivery_of_its_tag(office: str) -> None:
    delivery, other = sent(), sent()
    store(path(delivery), returns.bounce(mail(other), recipient(other)))
    sort.sort_new()
    assert (state_of(delivery), state_of(other)) == (S.BOUNCED, S.ACCEPTED)


def test_a_report_without_a_tag_changes_nothing(office: str) -> None:
    delivery = sent()
    report = returns.bounce(mail(delivery), recipient(delivery))
    store("postmaster@bounces.dateline.example", report.replace(path(delivery).encode(), b"press@rivers.example"))
    sort.sort_new()
    assert (state_of(delivery), events_of(delivery)) == (S.ACCEPTED, [])
    assert [verdict for *_, verdict in received()] == ["bounce: about no delivery of ours"]


def test_a_complaint_to_the_role_address_is_known_by_the_return_path_it_quotes(office: str) -> None:
    delivery = sent()
    store("abuse@bounces.dateline.example", returns.complaint(mail(delivery), recipient(delivery)))
    sort.sort_new()
    assert state_of(delivery) is S.COMPLAINED
    assert suppressions() == 1


def test_a_complaint_that_quotes_a_forged_return_path_changes_nothing(office: str) -> None:
    delivery = sent()
    forged = path(delivery).replace("@", "a@")
    report = returns.complaint(mail(delivery), recipient(delivery)).replace(path(delivery).encode(), forged.encode())
    store("abuse@bounces.dateline.example", report)
    sort.sort_new()
    assert (state_of(delivery), suppressions()) == (S.ACCEPTED, 0)


@pytest.mark.parametrize("kind", [returns.away, returns.delay])
def test_an_absence_or_a_delay_moves_nothing(office: str, kind: object) -> None:
    delivery = sent()
    assert callable(kind)
    store(path(delivery), kind(mail(delivery), recipient(delivery)))
    sort.sort_new()
    assert (state_of(delivery), len(events_of(delivery)), suppressions()) == (S.ACCEPTED, 1, 0)


def test_a_report_that_outruns_its_attempt_waits_for_it(office: str) -> None:
    delivery, next_one = sent(S.ATTEMPTING), sent()
    for one in (delivery, next_one):
        store(path(one), returns.bounce(mail(one), recipient(one)))
    sort.sort_new()
    assert (state_of(delivery), events_of(delivery), state_of(next_one)) == (S.ATTEMPTING, [], S.BOUNCED)
    with db.transaction() as session:
        assert sort.waiting(session)
        session.execute(text("UPDATE delivery SET state = 'accepted' WHERE state = 'attempting'"))
    sort.sort_new()
    assert state_of(delivery) is S.BOUNCED
    with db.transaction() as session:
        assert not sort.waiting(session)


def test_a_message_that_makes_an_error_is_set_aside_and_blocks_nobody(office: str) -> None:
    broken, fine = sent(), sent()
    for one in (broken, fine):
        store(path(one), returns.bounce(mail(one), recipient(one)))
    with db.transaction() as session:
        session.execute(
            text(f"ALTER TABLE event ADD CONSTRAINT refused CHECK (delivery_id <> '{broken}')")  # a defect of ours
        )
    assert sort.sort_new() == 2
    assert (state_of(broken), state_of(fine)) == (S.ACCEPTED, S.BOUNCED)
    assert [verdict for *_, verdict in received()] == ["fault: IntegrityError", "bounce: bounced"]
    assert sort.sort_new() == 0


def test_what_nobody_can_read_is_sorted_too(office: str) -> None:
    delivery = sent()
    for message in (b"", b"\0\xff" * 100, b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n" * 50):
        store(path(delivery), message)
    assert sort.sort_new() == 3
    assert state_of(delivery) is S.ACCEPTED


def test_an_answer_after_the_bounce_that_came_with_it_ends_the_rest(office: str) -> None:
    delivery = sent()
    store(path(delivery), returns.bounce(mail(delivery), recipient(delivery)))
    answer = b"From: %s\r\nSubject: Re: news\r\n\r\nI am here.\r\n" % recipient(delivery).encode()
    store(links.personal().reply(delivery), answer)
    sort.sort_new()
    assert events_of(delivery) == ["bounce", "reply"]
    assert suppressions() == 0
