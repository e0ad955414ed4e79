"""DKIM keys from their making to their end: two selectors live, DNS is asked, mails in flight still verify."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import dkim_keys
from service.dkim_keys import (
    AlreadyWaiting,
    BadSelector,
    NotSigning,
    NotWaiting,
    SelectorTaken,
    StillNeeded,
    Unseen,
)
from service.errors import NotFound
from service.models import Algorithm, AuditEntry, DkimKey, KeyState
from tests.nameserver import serving

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
WEEK = timedelta(days=7)
DOMAIN = "rivers.example"


def make(session: Session, algorithm: Algorithm = Algorithm.ED25519, selector: str | None = None) -> DkimKey:
    return dkim_keys.make(session, DOMAIN, algorithm=algorithm, selector=selector, now=NOW)


def signing(session: Session, algorithm: Algorithm = Algorithm.ED25519) -> DkimKey:
    key = make(session, algorithm)
    dkim_keys.activate(session, key, now=NOW, dns=None)
    return key


def zone(*keys: DkimKey) -> dict[str, str]:
    return {f"{DOMAIN}.": "".join(f"{dkim_keys.record(key)}\n" for key in keys)}


def test_a_new_key_waits_and_signs_nothing(session: Session) -> None:
    key = make(session)
    assert (key.state, key.selector) == (KeyState.WAITING, "d20261124e")
    assert dkim_keys.keys_for(session, DOMAIN) == []


def test_it_signs_once_dns_shows_it(session: Session) -> None:
    key = make(session, Algorithm.RSA)
    with serving(zone()) as names:
        with pytest.raises(Unseen, match="nothing"):
            dkim_keys.activate(session, key, now=NOW, dns=names.resolver)
        names.zones = zone(key)
        assert dkim_keys.activate(session, key, now=NOW, dns=names.resolver) is None
    assert [one.selector for one in dkim_keys.keys_for(session, DOMAIN)] == [key.selector]


def test_dns_that_does_not_answer_is_not_taken_for_a_yes(session: Session) -> None:
    key = make(session)
    with (
        serving(zone(key), broken={f"{key.selector}._domainkey.{DOMAIN}"}) as names,
        pytest.raises(Unseen, match="SERVFAIL"),
    ):
        dkim_keys.activate(session, key, now=NOW, dns=names.resolver)
    assert key.state is KeyState.WAITING


def test_it_can_be_activated_unseen_and_the_audit_log_says_so(session: Session) -> None:
    key = signing(session)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "DKIM key activated")).one()
    assert entry.detail == {"domain": DOMAIN, "selector": key.selector, "key": str(key.id), "seen": False}


def test_the_key_before_is_retired_and_stays_published_for_a_week(session: Session) -> None:
    old, new = signing(session), make(session)
    assert new.selector == "d20261124e2"
    later = NOW + WEEK
    assert dkim_keys.activate(session, new, now=later, dns=None) is old
    assert (old.state, new.state) == (KeyState.RETIRED, KeyState.SIGNING)
    assert dkim_keys.removable_at(old) == later + WEEK
    with pytest.raises(StillNeeded, match="2026-12-08 09:00"):
        dkim_keys.remove(session, old, now=later + WEEK - timedelta(seconds=1))
    dkim_keys.remove(session, old, now=later + WEEK)
    dkim_keys.remove(session, old, now=later + WEEK)
    assert old.state is KeyState.GONE


def test_a_retired_key_never_signs_and_has_no_private_half(session: Session) -> None:
    key = signing(session)
    dkim_keys.retire(session, key, now=NOW)
    assert dkim_keys.keys_for(session, DOMAIN) == []
    assert key.private is None
    with pytest.raises(NotSigning):
        dkim_keys.retire(session, key, now=NOW)
    with pytest.raises(NotWaiting):
        dkim_keys.activate(session, key, now=NOW, dns=None)


def test_both_algorithms_sign_side_by_side_rsa_first(session: Session) -> None:
    signing(session, Algorithm.ED25519)
    signing(session, Algorithm.RSA)
    assert [key.selector for key in dkim_keys.keys_for(session, "Rivers.example")] == ["d20261124r", "d20261124e"]


def test_a_key_that_waits_is_used_before_another_is_made(session: Session) -> None:
    first = make(session)
    with pytest.raises(AlreadyWaiting, match=first.selector):
        make(session)
    dkim_keys.remove(session, first, now=NOW)
    assert make(session).selector == "d20261124e2"


def test_a_signing_key_is_not_removed(session: Session) -> None:
    with pytest.raises(StillNeeded, match="while it signs"):
        dkim_keys.remove(session, signing(session), now=NOW)


def test_a_selector_is_used_once_for_ever(session: Session) -> None:
    key = make(session, selector="Autumn")
    assert key.selector == "autumn"
    dkim_keys.remove(session, key, now=NOW)
    with pytest.raises(SelectorTaken):
        make(session, selector="autumn")


@pytest.mark.parametrize("selector", ["a b", "-a", "a_b", "a..b", "a" * 64, "осень", 'a"; DROP', "a."])
def test_a_selector_is_a_name_in_dns(session: Session, selector: str) -> None:
    with pytest.raises(BadSelector):
        make(session, selector=selector)


def test_keys_of_other_domains_are_not_used(session: Session) -> None:
    key = signing(session)
    assert dkim_keys.keys_for(session, "lakes.example") == []
    assert dkim_keys.by_selector(session, DOMAIN, key.selector) is key
    with pytest.raises(NotFound):
        dkim_keys.by_selector(session, "lakes.example", key.selector)


def test_every_step_is_in_the_audit_log(session: Session) -> None:
    old = signing(session)
    dkim_keys.activate(session, make(session), now=NOW, dns=None)
    dkim_keys.remove(session, old, now=NOW + WEEK)
    session.flush()
    acts = session.scalars(
        select(AuditEntry.act).where(AuditEntry.act.startswith("DKIM")).order_by(AuditEntry.id)
    ).all()
    assert acts == [
        "DKIM key made",
        "DKIM key activated",
        "DKIM key made",
        "DKIM key retired",
        "DKIM key activated",
        "DKIM key gone",
    ]
