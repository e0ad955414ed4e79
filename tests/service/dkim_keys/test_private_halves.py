"""The private half of a key: sealed at rest, opened for signing, shown nowhere."""

import logging
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, datetime

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service import dkim_keys, sealing
from service.models import Algorithm, AuditEntry, DkimKey
from service.sealing import CannotOpen, Sealed

FIRST, SECOND = "first" * 10, "second" * 10
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
DOMAIN = "rivers.example"
MAIL = b"From: press@rivers.example\r\nTo: cleo@daily.example\r\nSubject: Levels\r\n\r\nThey fell.\r\n"


def signing(session: Session, algorithm: Algorithm = Algorithm.RSA) -> DkimKey:
    key = dkim_keys.make(session, DOMAIN, algorithm=algorithm, now=NOW)
    dkim_keys.activate(session, key, now=NOW, dns=None)
    return key


def secrets_of(session: Session) -> list[bytes]:
    """Every way in which the private halves might be written."""
    found: list[bytes] = []
    for key in dkim_keys.keys_for(session, DOMAIN):
        der = key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        core = key.private.private_bytes_raw() if isinstance(key.private, Ed25519PrivateKey) else der[40:120]
        found += [core, core.hex().encode(), b64encode(core).rstrip(b"="), repr(core).encode()]
    assert len(found) == 8
    return found


def test_what_is_signed_with_it_verifies_by_the_published_record(session: Session) -> None:
    row = signing(session)
    (key,) = dkim_keys.keys_for(session, DOMAIN)
    private = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    head = dkim.sign(MAIL, key.selector.encode(), DOMAIN.encode(), private)
    record = dkim_keys.record(row)
    published = {record.name.encode(): record.text.encode()}

    def shown(name: bytes, timeout: int = 0) -> bytes | None:
        return published.get(name.rstrip(b"."))

    assert dkim.verify(head + MAIL, dnsfunc=shown)


def test_an_ed25519_key_is_published_as_its_32_bytes(session: Session) -> None:
    row = signing(session, Algorithm.ED25519)
    (key,) = dkim_keys.keys_for(session, DOMAIN)
    assert isinstance(key.private, Ed25519PrivateKey)
    published = Ed25519PublicKey.from_public_bytes(b64decode(dkim_keys.record(row).text.partition("p=")[2]))
    published.verify(key.private.sign(MAIL), MAIL)


def test_it_is_nowhere_to_be_read(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("sqlalchemy.engine").setLevel(logging.DEBUG)
    rows = [signing(session, algorithm) for algorithm in Algorithm]
    session.flush()
    logging.getLogger("sqlalchemy.engine").setLevel(logging.NOTSET)
    keys = dkim_keys.keys_for(session, DOMAIN)
    told = [repr(keys), repr(rows), str(rows), *(str(dkim_keys.record(row)) for row in rows), caplog.text]
    told += [str(entry.detail) for entry in session.scalars(select(AuditEntry))]
    told.append(session.scalar(text("SELECT string_agg(row_to_json(dkim_key)::text, '') FROM dkim_key")) or "")
    stored = b"".join(row.private or b"" for row in rows)
    for secret in secrets_of(session):
        assert secret not in stored
        assert not any(secret.decode(errors="replace") in one for one in told)


def test_one_rows_secret_does_not_open_in_another_row(session: Session) -> None:
    first, second = signing(session), dkim_keys.make(session, DOMAIN, now=NOW)
    first.private = second.private
    session.flush()
    with pytest.raises(CannotOpen):
        dkim_keys.keys_for(session, DOMAIN)


def test_all_are_sealed_anew_when_the_key_changes(session: Session, keyed: Callable[..., None]) -> None:
    keyed(FIRST)
    row = signing(session, Algorithm.ED25519)
    private = dkim_keys.keys_for(session, DOMAIN)[0].private
    keyed(SECOND)
    assert dkim_keys.shut(session) == [row]
    keyed(SECOND, FIRST)
    assert dkim_keys.reseal(session) == 1
    keyed(SECOND)
    assert dkim_keys.shut(session) == []
    assert row.private is not None
    sealing.open_(Sealed.DKIM_KEY, row.private, place=f"{row.selector}._domainkey.{DOMAIN}")
    assert secrets_of_one(dkim_keys.keys_for(session, DOMAIN)[0].private) == secrets_of_one(private)


def secrets_of_one(private: object) -> bytes:
    assert isinstance(private, Ed25519PrivateKey)
    return private.private_bytes_raw()


def test_the_database_keeps_no_private_half_of_a_retired_key(session: Session) -> None:
    key = signing(session, Algorithm.ED25519)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text("UPDATE dkim_key SET state = 'retired' WHERE id = :id"), {"id": key.id})
