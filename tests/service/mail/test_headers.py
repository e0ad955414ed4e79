"""Header fields: whatever was typed, one field, readable by others, and no line of its own making."""

import email
import email.policy
from datetime import UTC, datetime
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.mail import headers

TYPED = st.text(alphabet=st.characters(codec="utf-8"), max_size=300)
NASTY = st.sampled_from(
    ["\r\nBcc: x@evil.test", "\u2028", "\u0085", "\0", "=?utf-8?q?=0ABcc:?=", "\n .\r\n", "‮", "ё" * 200]
)


def read(field: bytes) -> email.message.Message:
    return email.message_from_bytes(field + b"\r\n", policy=email.policy.compat32)


def words(value: str) -> str:
    """White space is folding's to choose (RFC 5322, 2.2.3)."""
    return " ".join(value.split())


@given(TYPED, NASTY, TYPED)
def test_a_subject_is_one_field_whatever_is_in_it(before: str, nasty: str, after: str) -> None:
    field = headers.field("Subject", before + nasty + after)
    message = read(field)

    assert message.keys() == ["Subject"]
    assert max(map(len, field.split(b"\r\n"))) <= 78
    assert b"\n" not in field.replace(b"\r\n", b"")


@given(st.text(alphabet="abc =?ÄжҚ日ع😀_\"',;()<>.", max_size=300))
def test_a_subject_is_read_back_by_others_as_it_was_written(subject: str) -> None:
    read_back = str(make_header(decode_header(str(read(headers.field("Subject", subject))["Subject"]))))

    assert words(read_back) == words(subject)


@given(st.text(alphabet="abc ÄжҚ日ع😀\"',;()<>.\\@=?", max_size=200))
def test_a_name_is_read_back_by_others_as_it_was_written(name: str) -> None:
    field = b"To: " + headers.mailbox(name, "cleo@daily.example") + b"\r\n"
    message = read(field)
    [(found, address)] = email.utils.getaddresses([message["To"].replace("\r\n", "")])

    assert message.keys() == ["To"]
    assert address == "cleo@daily.example"
    assert words(str(make_header(decode_header(found)))) == words(name)
    assert max(map(len, field.split(b"\r\n"))) <= 78


@pytest.mark.parametrize("word", ["x" * 3000, "https://rivers.example/" + "a" * 100 + " fall", "level " * 20])
def test_a_word_longer_than_a_line_is_folded_as_well(word: str) -> None:
    for field in (headers.field("Subject", word), b"To: " + headers.mailbox(word, "cleo@daily.example") + b"\r\n"):
        assert max(map(len, field.split(b"\r\n"))) <= 78
        assert word.strip() in str(make_header(decode_header(field.decode().replace("\r\n", ""))))


@given(st.text(max_size=200))
def test_encoded_words_are_short_and_split_no_character(name: str) -> None:
    for word in headers.mailbox(name, "c@d.example").split():
        if word.startswith(b"=?utf-8?b?"):
            assert len(word) <= 75
            [(raw, charset)] = decode_header(word.decode())
            assert isinstance(raw, bytes)
            raw.decode(charset or "ascii")


def test_a_structured_field_is_never_encoded_nor_folded() -> None:
    url = "https://press.example/leave/" + "a" * 300

    assert headers.structured("List-Unsubscribe", f"<{url}>") == f"List-Unsubscribe: <{url}>\r\n".encode()


def test_a_structured_field_longer_than_a_line_is_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        headers.structured("List-Unsubscribe", "<" + "a" * 1000 + ">")


def test_a_date_is_one_that_others_read() -> None:
    at = datetime(2026, 12, 1, 4, 0, 7, 123456, tzinfo=UTC)

    assert headers.date(at) == b"Tue, 01 Dec 2026 04:00:07 +0000"
