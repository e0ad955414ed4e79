"""What is published for a key, and what DNS may show in its place."""

from datetime import UTC, datetime

import dkim
import pytest
from sqlalchemy.orm import Session

from service import dkim_keys
from service.dkim_keys import Published
from service.models import Algorithm, DkimKey
from tests.nameserver import serving

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
NAME = "autumn._domainkey.rivers.example"


def make(session: Session, algorithm: Algorithm = Algorithm.RSA) -> DkimKey:
    return dkim_keys.make(session, "rivers.example", algorithm=algorithm, selector="autumn", now=NOW)


def shown(key: DkimKey, *lines: str) -> tuple[Published, str]:
    with serving({"rivers.example.": "".join(f"{NAME}. 60 IN {line}\n" for line in lines)}) as names:
        seen = dkim_keys.publication(key, names.resolver)
    return seen.published, seen.remark


def test_a_long_record_is_told_in_strings_of_255_characters(session: Session) -> None:
    record = dkim_keys.record(make(session))
    assert record.name == NAME
    assert [len(string) for string in record.strings] == [255, len(record.text) - 255]
    assert str(record).startswith(f'{NAME}. 3600 IN TXT ( "v=DKIM1; k=rsa; p=MII')


def test_another_implementation_finds_the_key_in_our_record(session: Session) -> None:
    _, size, kind, _ = dkim.evaluate_pk(NAME, dkim_keys.record(make(session)).text.encode())
    assert (kind, size) == (b"rsa", 2048)


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_what_was_published_as_told_is_recognised(session: Session, algorithm: Algorithm) -> None:
    key = make(session, algorithm)
    strings = " ".join(f'"{string}"' for string in dkim_keys.record(key).strings)
    assert shown(key, f"TXT {strings}") == (Published.YES, "")


def test_spaces_and_order_do_not_matter(session: Session) -> None:
    key = make(session, Algorithm.ED25519)
    assert shown(key, f'TXT "p= {key.public[:9]} {key.public[9:]} ;k = ed25519"')[0] is Published.YES


def test_a_record_behind_an_alias_counts(session: Session) -> None:
    key = make(session, Algorithm.ED25519)
    text = dkim_keys.record(key).text
    zones = {"rivers.example.": f"{NAME}. 60 IN CNAME k.host.example.", "host.example.": f'k 60 IN TXT "{text}"'}
    with serving(zones) as names:
        assert dkim_keys.publication(key, names.resolver).published is Published.YES


def test_nothing_is_nothing(session: Session) -> None:
    assert shown(make(session))[0] is Published.NOTHING


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("v=DKIM1; k=ed25519; p=AAAA", "another key"),
        ("v=DKIM1; k=rsa; p=KEY", "another key"),
        ("v=DKIM1; p=KEY", "another key"),
        ("v=DKIM1; k=ed25519; p=", "revoked"),
        ("v=DKIM2; k=ed25519; p=KEY", "ignore"),
        ("v=DKIM1; k=ed25519; h=sha1; p=KEY", "sha256"),
        ("v=DKIM1; k=ed25519; s=tlsrpt; p=KEY", "e-mail"),
        ("v=DKIM1; k=ed25519; t=y:s; p=KEY", "testing"),
        ("v=spf1 -all", "ignore|revoked"),
    ],
)
def test_what_receivers_could_not_use_is_told(session: Session, text: str, remark: str) -> None:
    key = make(session, Algorithm.ED25519)
    published, told = shown(key, f'TXT "{text.replace("KEY", key.public)}"')
    assert published is Published.OTHER
    assert any(word in told for word in remark.split("|"))


def test_two_records_are_one_too_many(session: Session) -> None:
    key = make(session, Algorithm.ED25519)
    published, told = shown(key, f'TXT "{dkim_keys.record(key).text}"', 'TXT "v=DKIM1; p=AAAA"')
    assert published is Published.OTHER
    assert "leave one" in told
