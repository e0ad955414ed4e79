"""Account mail as bytes: what no robot answers, what no list is, the same words in both parts."""

import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage
from itertools import product
from uuid import UUID

import pytest

from service.mail import notices
from service.mail.notice_words import KINDS, LANGUAGES
from service.mail.notices import Notice
from service.models import AccountMailKind
from service.settings import settings

ID = UUID("0199c0de-0000-7000-8000-000000000001")
AT = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)
LINK = "https://press.example/sign-in/" + "x" * 43
SAID_IN_OUR_WORDS = [kind for kind in AccountMailKind if kind is not AccountMailKind.PROOF]
"""A test of a release is the release itself."""
VALUES = {
    "by": "Ada Officer",
    "until": "2026-12-01 09:00 Asia/Almaty (2026-12-01 04:00 UTC)",
    "author": "cleo@daily.example",
    "headline": "River levels fall",
    "held": "provider google",
    "journalist": "Cleo Reader",
    "outlet": "Daily",
    "text": "Can you call me?",
    "link": LINK,
    "newsroom": "Steppe Rivers Commission",
    "reason": "120 of 400 bounced",
    "who": "Ada Officer",
}


def composed(kind: AccountMailKind = AccountMailKind.SIGN_IN, language: str = "en", **values: str) -> EmailMessage:
    name, address = notices.system()
    notice = Notice(kind, language, "ada@rivers.example", name, address, {**VALUES, **values})
    found = email.message_from_bytes(notices.compose(notice, ID, AT), policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def words(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_it_says_that_a_machine_wrote_it_and_belongs_to_no_list() -> None:
    mail = composed()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert not {"List-Unsubscribe", "List-Id", "Precedence", "Feedback-ID", "Reply-To"} & set(mail.keys())
    assert mail["From"] == f"Dateline <dateline@{settings().return_path_domain}>"
    assert mail["Message-ID"] == f"<{ID.hex}@{settings().return_path_domain}>"
    assert not mail.defects


@pytest.mark.parametrize(("kind", "language"), list(product(SAID_IN_OUR_WORDS, LANGUAGES)))
def test_every_kind_has_its_words_in_every_language(kind: AccountMailKind, language: str) -> None:
    mail = composed(kind, language)
    said = KINDS[language, kind]
    assert mail["Subject"] == said.subject
    for part in ("plain", "html"):
        assert LINK in words(mail, part)
        assert said.heading in words(mail, part)
        assert said.after in words(mail, part)


def test_a_language_we_do_not_speak_gets_english_and_a_regional_one_its_base() -> None:
    assert composed(language="de")["Subject"] == KINDS["en", AccountMailKind.SIGN_IN].subject
    assert composed(language="ru-KZ")["Subject"] == KINDS["ru", AccountMailKind.SIGN_IN].subject


def test_a_sign_in_mail_holds_no_word_that_anybody_typed() -> None:
    mail = composed(newsroom="TYPED", reason="TYPED", name="TYPED")
    assert "TYPED" not in mail.as_string()


def test_typed_words_cannot_become_markup() -> None:
    mail = composed(AccountMailKind.ALARM, newsroom="<b>Rivers</b> & Sons")
    assert "&lt;b&gt;Rivers&lt;/b&gt; &amp; Sons" in words(mail, "html")
    assert "<b>Rivers</b> & Sons" in words(mail, "plain")


def test_every_line_is_short_enough_for_any_relay() -> None:
    name, address = notices.system()
    notice = Notice(AccountMailKind.ALARM, "ru", "ada@rivers.example", name, address, VALUES)
    message = notices.compose(notice, ID, AT)
    assert message.isascii()
    assert max(map(len, message.split(b"\r\n"))) <= 78
    assert b"\n" not in message.replace(b"\r\n", b"")
