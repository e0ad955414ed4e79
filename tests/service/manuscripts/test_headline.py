"""What a headline may be, at every door."""

import re
import unicodedata
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.manuscripts import characters
from service.manuscripts.headline import BadHeadline, check


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("  Rivers \u2028 rise\t", "Rivers rise"),
        ("Rivers\r\nBcc: eve@evil.example", "Rivers Bcc: eve@evil.example"),
        ("Riv\x00ers\x85rise\x1b", "Rivers rise"),
        ("Rivers\u00a0rise", "Rivers rise"),
        ("Riv\u200bers \u202erise\u202c\u00ad", "Rivers rise"),
        ("cafe\u0301", "café"),
        ("\ud800Rivers", "Rivers"),
        ("می\u200cشود", "می\u200cشود"),
        ("\u200cRivers\u200d rise", "Rivers rise"),
        ("الأنهار ترتفع", "الأنهار ترتفع"),
        ("x" * 255, "x" * 255),
        ("What does =? mean?", "What does =? mean?"),
    ],
)
def test_a_headline_is_cleaned_to_one_line(written: str, stored: str) -> None:
    assert check(written) == stored


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "empty"),
        (" \u200b\u2028\x00", "empty"),
        ("x" * 300, "300 characters"),
        ("=?utf-8?q?=0ABcc:?=", "encoding"),
        ("Rivers =?UTF-8?B?Zm9v?= rise", "encoding"),
        ("=?utf\u200b-8?\x00q?=0ABcc:?=", "encoding"),
    ],
)
def test_a_headline_that_would_poison_a_send_is_refused(written: str, reason: str) -> None:
    with pytest.raises(BadHeadline, match=reason):
        check(written)


@given(st.text(min_size=1, max_size=260))
def test_any_accepted_headline_can_be_a_subject(written: str) -> None:
    try:
        headline = check(written)
    except BadHeadline:
        return
    message = EmailMessage(policy=SMTP)
    message["Subject"] = headline
    assert re.search(rb"\r\n(?! )\S", message.as_bytes().split(b"\r\n\r\n")[0]) is None
    assert not any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in headline)


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert characters.clean_line(characters.clean_line(text)) == characters.clean_line(text)
    assert characters.clean_text(characters.clean_text(text)) == characters.clean_text(text)
