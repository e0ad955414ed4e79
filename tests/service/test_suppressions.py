"""Addresses that must not be mailed."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import addresses, suppressions
from service.models import Suppression, SuppressionReason
from service.suppressions import TheirWordNeeded
from tests.factories import make_newsroom

CLEO = "cleo@daily.example"


def test_a_suppressed_address_is_known_in_every_spelling_and_by_its_fingerprint(session: Session) -> None:
    sender = make_newsroom(session).sender
    assert not suppressions.holds(session, CLEO, sender)
    suppressions.add(session, "Cleo@DAILY.example", SuppressionReason.BOUNCE, sender=sender)
    assert suppressions.holds(session, CLEO, sender)
    assert suppressions.holds(session, addresses.fingerprint(CLEO), sender.id)
    assert not suppressions.holds(session, "dana@daily.example", sender)


def test_a_suppression_is_for_one_sender_or_for_all(session: Session) -> None:
    ours, theirs = make_newsroom(session).sender, make_newsroom(session).sender
    suppressions.add(session, CLEO, SuppressionReason.BOUNCE, sender=ours)
    assert not suppressions.holds(session, CLEO, theirs)
    suppressions.add(session, CLEO, SuppressionReason.BOUNCE)
    assert suppressions.holds(session, CLEO, theirs)


def test_suppressing_twice_is_once(session: Session) -> None:
    for sender in (make_newsroom(session).sender, None):
        for _ in range(2):
            suppressions.add(session, CLEO, SuppressionReason.COMPLAINT, sender=sender, evidence="arf")
    print_ = addresses.fingerprint(CLEO)
    assert len(session.scalars(select(Suppression).where(Suppression.fingerprint == print_)).all()) == 2


def test_a_complaint_outweighs_a_bounce_whichever_came_first(session: Session) -> None:
    sender = make_newsroom(session).sender
    for reason in (SuppressionReason.BOUNCE, SuppressionReason.COMPLAINT, SuppressionReason.BOUNCE):
        suppressions.add(session, CLEO, reason, sender=sender)
    assert suppressions.reason(session, CLEO, sender) is SuppressionReason.COMPLAINT


@pytest.mark.parametrize("reason", sorted(suppressions.THEIR_WORD))
def test_only_the_person_takes_back_their_no(session: Session, reason: SuppressionReason) -> None:
    sender = make_newsroom(session).sender
    suppressions.add(session, CLEO, reason, sender=sender)
    with pytest.raises(TheirWordNeeded):
        suppressions.lift(session, CLEO, sender=sender)
    assert suppressions.holds(session, CLEO, sender)
    assert suppressions.lift(session, CLEO, sender=sender, on_their_word=True)
    assert not suppressions.holds(session, CLEO, sender)


@pytest.mark.parametrize("reason", [SuppressionReason.BOUNCE, SuppressionReason.BY_HAND])
def test_an_officer_lifts_what_was_no_word_of_theirs(session: Session, reason: SuppressionReason) -> None:
    newsroom = make_newsroom(session)
    suppressions.add(session, CLEO, reason, sender=newsroom.sender)
    assert not suppressions.lift(session, CLEO)
    assert suppressions.lift(session, CLEO, sender=newsroom.sender, by=newsroom.ada)
    assert not suppressions.lift(session, CLEO, sender=newsroom.sender)
