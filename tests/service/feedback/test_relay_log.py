"""What a relay's log shows of our mails, by the lines that Postfix, Exim, Sendmail and our own relay write."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.feedback import relay_log
from service.feedback.relay_log import Mention

CLEO = Mention(UUID("0190b1a4-0000-7000-8000-00000000c1e0"), "1a2b3c4d")
DANA = Mention(UUID("0190b1a4-0000-7000-8000-00000000da4a"), "1a2b3c4d")


def id_of(mention: Mention) -> str:
    return f"<{mention.delivery.hex}.{mention.version}@rivers.example>"


def postfix(program: str, words: str, queue_id: str = "4F1A22C0D3") -> str:
    return f"Nov 24 10:00:01 mx postfix/{program}[811]: {queue_id}: {words}"


BEGUN = postfix("cleanup", f"message-id={id_of(CLEO)}")
ACTIVE = postfix("qmgr", "from=<b.0190@bounces.rivers.example>, size=15120, nrcpt=1 (queue active)")
SENT = postfix("smtp", "to=<cleo@daily.example>, relay=mx.daily.example[192.0.2.7]:25, delay=1, status=sent (250 ok)")
REMOVED = postfix("qmgr", "removed")


@pytest.mark.parametrize("then", [ACTIVE, SENT, postfix("cleanup", "hold: header Subject: River levels fall")])
def test_postfix_took_what_came_into_its_queue(then: str) -> None:
    log = relay_log.read([BEGUN, then])
    assert (list(log.taken), list(log.begun)) == ([CLEO], [])


def test_postfix_did_not_take_a_text_that_never_came_to_its_end() -> None:
    log = relay_log.read([BEGUN, "Nov 24 10:00:02 mx postfix/smtpd[810]: lost connection after DATA (900 bytes)"])
    assert (list(log.taken), list(log.begun)) == ([], [CLEO])


def test_postfix_did_not_take_what_its_filter_refused() -> None:
    refused = postfix("cleanup", "milter-reject: END-OF-MESSAGE from unknown[192.0.2.1]: 5.7.1 Spam")
    assert relay_log.read([BEGUN, refused]).taken == frozenset()


def test_a_queue_id_that_is_free_again_is_another_mails() -> None:
    anothers = postfix("cleanup", "message-id=<20261124.17@elsewhere.example>")
    assert relay_log.read([BEGUN, REMOVED, ACTIVE]).taken == frozenset()
    assert relay_log.read([BEGUN, anothers, ACTIVE]).taken == frozenset()


@pytest.mark.parametrize(
    "line",
    [
        f"2026-11-24 10:00:01 1vNabc-000001-AB <= b.0190@x.example H=w [192.0.2.1] P=esmtp S=1 id={id_of(CLEO)[1:-1]}",
        f"Nov 24 10:00:01 mx sm-mta[9]: 5AO: from=<b.0190@x.example>, size=15120, nrcpts=1, msgid={id_of(CLEO)}",
        f'{{"sequence": 1, "rcpt": "cleo@daily.example", "message_id": "{id_of(CLEO)}", "answered": false}}',
        f"message {id_of(CLEO)} to <cleo@daily.example> queued as 17",
        f"message {id_of(CLEO).upper()} 250 2.0.0 Ok",
    ],
)  # fmt: skip
def test_other_relays_say_it_in_one_line(line: str) -> None:
    assert relay_log.read([line]).taken == {CLEO}


@pytest.mark.parametrize(
    "line",
    [
        f"2026-11-24 10:00:01 H=w [192.0.2.1] F=<b.0190@x.example> rejected after DATA: spam: {id_of(CLEO)}",
        f"saw {id_of(CLEO)} pass by",
        f"550 refused {id_of(CLEO)} after 250 earlier ones",
    ],
)
def test_a_mention_alone_proves_nothing(line: str) -> None:
    log = relay_log.read([line])
    assert (list(log.taken), list(log.unclear)) == ([], [CLEO])


def test_what_one_line_leaves_unclear_another_may_show() -> None:
    log = relay_log.read([f"saw {id_of(CLEO)}", BEGUN, ACTIVE, f"saw {id_of(DANA)}"])
    assert (list(log.taken), list(log.unclear)) == ([CLEO], [DANA])


def test_a_log_is_known_by_the_texts_it_names() -> None:
    log = relay_log.read([BEGUN])
    assert log.knows("1a2b3c4d")
    assert not log.knows("00000000")


@given(st.lists(st.text()))
def test_nonsense_is_no_evidence(lines: list[str]) -> None:
    assert relay_log.read(lines).taken == frozenset()
