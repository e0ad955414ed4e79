"""Every case of the development relay, met by our own client over real sockets."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

import pytest

from tests.workers.relays.scripted import MESSAGE
from workers.relays.development.postman import Postman
from workers.relays.development.reception import Answered, Mail, Reception
from workers.relays.development.simulator import CASES, Simulator, case_of, table
from workers.relays.relay import Answer, Envelope, Outcome, Stage
from workers.relays.smtp import SmtpRelay

PERSONAL = b"Message-ID: <42.7@newsroom.example>\r\nTo: Ben\r\n" + MESSAGE
RETURN_PATH = "b-1-k7x@newsroom.example"


class Inbound:
    """The inbound listener's stand-in: refuses the first `failures`, then keeps what comes back."""

    def __init__(self, failures: int = 0) -> None:
        self.mails: asyncio.Queue[Mail] = asyncio.Queue()
        self._failures = failures

    def recipient(self, _address: str) -> bytes | None:
        self._failures -= 1
        return b"451 4.3.0 Not yet\r\n" if self._failures >= 0 else None

    def deliver(self, mail: Mail, answered: Answered) -> None:
        self.mails.put_nowait(mail)
        answered(b"250 2.0.0 Ok\r\n")


@asynccontextmanager
async def listening(desk: Simulator | Inbound) -> AsyncIterator[SmtpRelay]:
    server = await asyncio.get_running_loop().create_server(lambda: Reception(desk), "127.0.0.1", 0)
    yield SmtpRelay.from_url(f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    server.close()


async def send(*tags: str, return_path: str = RETURN_PATH) -> list[Answer]:
    async with listening(Simulator()) as relay:
        connection = await relay.connect()
        answers = []
        for tag in tags:
            if connection.closed:
                connection = await relay.connect()
            answers.append(await connection.send(Envelope(return_path, f"ben{tag}@science.example", PERSONAL)))
        return answers


@pytest.mark.parametrize(
    ("tag", "outcome", "stage", "code", "enhanced"),
    [
        ("", Outcome.ACCEPTED, Stage.DOT, 250, "2.0.0"),
        ("+other", Outcome.ACCEPTED, Stage.DOT, 250, "2.0.0"),
        ("+unknown", Outcome.REJECTED, Stage.RCPT, 550, "5.1.1"),
        ("+UNKNOWN", Outcome.REJECTED, Stage.RCPT, 550, "5.1.1"),
        ("+policy", Outcome.REJECTED, Stage.RCPT, 550, "5.7.1"),
        ("+full", Outcome.REJECTED, Stage.RCPT, 552, "5.2.2"),
        ("+defer", Outcome.DEFERRED, Stage.RCPT, 451, "4.3.0"),
        ("+busy", Outcome.DEFERRED, Stage.RCPT, 421, "4.3.2"),
        ("+greylist", Outcome.DEFERRED, Stage.RCPT, 450, "4.7.1"),
        ("+drop", Outcome.UNCERTAIN, Stage.DOT, None, ""),
        ("+bounce", Outcome.ACCEPTED, Stage.DOT, 250, "2.0.0"),
    ],
)
def test_each_mailbox_answers_as_its_tag_says(
    tag: str, outcome: Outcome, stage: Stage, code: int | None, enhanced: str
) -> None:
    answer, plain = asyncio.run(send(tag, ""))
    assert (answer.outcome, answer.stage, answer.code, answer.enhanced) == (outcome, stage, code, enhanced)
    assert plain.outcome is Outcome.ACCEPTED


def test_greylisting_passes_and_is_remembered_for_each_address() -> None:
    answers = asyncio.run(send("+greylist", "+greylist", "+2+greylist", "+defer", "+defer"))
    assert [answer.code for answer in answers] == [450, 250, 450, 451, 451]
    assert answers[0].retry_after == 2


def test_a_slow_mailbox_takes_its_second() -> None:
    began = time.monotonic()
    [answer] = asyncio.run(send("+slow"))
    assert answer.outcome is Outcome.ACCEPTED
    assert time.monotonic() - began >= 1


def test_the_table_tells_of_every_case() -> None:
    assert all(f"+{case.tag} " in table() and case_of(f"x+{case.tag}@y.example") is case for case in CASES)


async def comes_back(tag: str, return_path: str = RETURN_PATH, failures: int = 0) -> Mail:
    inbound = Inbound(failures)
    async with listening(inbound) as back:
        postman = Postman(back, pause=0.05)
        rounds = asyncio.create_task(postman.run())
        async with listening(Simulator(post=postman)) as relay:
            connection = await relay.connect()
            answer = await connection.send(Envelope(return_path, f"ben+{tag}@science.example", PERSONAL))
            assert answer.outcome is Outcome.ACCEPTED
            mail = await asyncio.wait_for(inbound.mails.get(), 3)
        rounds.cancel()
        with suppress(asyncio.CancelledError):
            await rounds
        return mail


def read(mail: Mail) -> EmailMessage:
    message = message_from_bytes(mail.message, policy=policy.default)
    assert not message.defects
    assert mail.return_path == ""
    assert mail.recipients == (RETURN_PATH,)
    assert message["To"].addresses[0].addr_spec == RETURN_PATH
    assert message["Auto-Submitted"] == "auto-replied"
    return message


@pytest.mark.parametrize(("tag", "action", "status"), [("bounce", "failed", "5.1.1"), ("delay", "delayed", "4.4.1")])
def test_a_delivery_report_comes_back(tag: str, action: str, status: str) -> None:
    report = read(asyncio.run(comes_back(tag)))

    assert report.get_content_type() == "multipart/report"
    assert report.get_param("report-type") == "delivery-status"
    text, delivery, headers = list(report.iter_parts())
    assert text.get_content_type() == "text/plain"
    about_message, about_ben = cast("list[EmailMessage]", delivery.get_payload())
    assert about_message["Reporting-MTA"] == "dns; mx.science.example"
    assert about_ben["Final-Recipient"] == f"rfc822; ben+{tag}@science.example"
    assert (about_ben["Action"], about_ben["Status"]) == (action, status)
    assert about_ben["Diagnostic-Code"].startswith("smtp; ")
    assert headers.get_content_type() == "text/rfc822-headers"
    assert "Message-ID: <42.7@newsroom.example>" in headers.get_content()
    assert "The tide returns" not in headers.get_content()


def test_a_complaint_comes_back() -> None:
    report = read(asyncio.run(comes_back("complain")))

    assert report.get_param("report-type") == "feedback-report"
    _, feedback, original = list(report.iter_parts())
    assert feedback.get_content_type() == "message/feedback-report"
    fields = message_from_bytes(feedback.as_bytes().partition(b"\n\n")[2])
    assert (fields["Feedback-Type"], fields["Version"]) == ("abuse", "1")
    assert fields["Original-Mail-From"] == f"<{RETURN_PATH}>"
    assert fields["Original-Rcpt-To"] == "<ben+complain@science.example>"
    [returned] = cast("list[EmailMessage]", original.get_payload())
    assert returned["Message-ID"] == "<42.7@newsroom.example>"


def test_an_absence_is_told_to_the_return_path() -> None:
    reply = read(asyncio.run(comes_back("away")))

    assert reply["In-Reply-To"] == "<42.7@newsroom.example>"
    assert reply["From"].addresses[0].addr_spec == "ben+away@science.example"
    assert "away until Monday" in reply.get_content()


def test_what_comes_back_waits_until_the_listener_is_ready() -> None:
    read(asyncio.run(comes_back("away", failures=3)))


def test_nothing_comes_back_to_the_null_return_path() -> None:
    async def scenario() -> bool:
        inbound = Inbound()
        async with listening(inbound) as back:
            postman = Postman(back)
            rounds = asyncio.create_task(postman.run())
            async with listening(Simulator(post=postman)) as relay:
                connection = await relay.connect()
                await connection.send(Envelope("", "ben+bounce@science.example", PERSONAL))
                await asyncio.sleep(0.4)
            rounds.cancel()
            return inbound.mails.empty()

    assert asyncio.run(scenario())
