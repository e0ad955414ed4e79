"""What an SMTP server offers is asked for where it is needed; what it cannot take is not sent."""

import pytest

from tests.workers.relays.scripted import MESSAGE, Peer, Run, serving, to_ben
from workers.relays.relay import Answer, Envelope, Outcome, Stage
from workers.relays.smtp import SmtpRelay


@pytest.mark.parametrize(
    ("offers", "envelope", "stage", "enhanced"),
    [
        (("SIZE 40",), to_ben(), Stage.MAIL, "5.3.4"),
        (("8BITMIME",), Envelope("b@x.example", "bén@science.example", MESSAGE), Stage.RCPT, "5.6.7"),
        (("8BITMIME",), Envelope("b@x.example", "ben@science.example", MESSAGE, utf8=True), Stage.RCPT, "5.6.7"),
        (("PIPELINING",), to_ben("Größe\r\n".encode()), Stage.MAIL, "5.6.3"),
    ],
)
def test_what_the_server_cannot_take_is_refused_before_it_is_asked(
    run: Run, offers: tuple[str, ...], envelope: Envelope, stage: Stage, enhanced: str
) -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING", *offers)
        await peer.take()

    async def scenario() -> tuple[Answer, Answer]:
        async with serving(script) as server:
            connection = await SmtpRelay.from_url(server.url).connect()
            return await connection.send(envelope), await connection.send(to_ben(b"Small\r\n"))

    refused, accepted = run(scenario())

    assert (refused.outcome, refused.stage, refused.code) == (Outcome.REJECTED, stage, None)
    assert refused.enhanced == enhanced
    assert accepted.outcome is Outcome.ACCEPTED


@pytest.mark.parametrize(
    ("envelope", "parameters"),
    [
        (to_ben(b"Size\r\n"), b" SIZE=6"),
        (to_ben("Ö\r\n".encode()), b" SIZE=4 BODY=8BITMIME"),
        (Envelope("b@x.example", "bén@science.example", b"Hi\r\n"), b" SIZE=4 SMTPUTF8"),
        (Envelope("b@x.example", "b@x.example", "Ö: ö\r\n".encode(), utf8=True), b" SIZE=8 SMTPUTF8 BODY=8BITMIME"),
    ],
)
def test_only_what_is_needed_is_asked_for(run: Run, envelope: Envelope, parameters: bytes) -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING", "SIZE", "8BITMIME", "SMTPUTF8")
        await peer.take()

    async def scenario() -> list[bytes]:
        async with serving(script) as server:
            connection = await SmtpRelay.from_url(server.url).connect()
            assert (connection.size, connection.eight_bit, connection.utf8) == (None, True, True)
            assert (await connection.send(envelope)).outcome is Outcome.ACCEPTED
            return server.heard

    mail, recipient = run(scenario())[1:3]
    assert mail == f"MAIL FROM:<{envelope.return_path}>".encode() + parameters
    assert recipient == f"RCPT TO:<{envelope.recipient}>".encode()


@pytest.mark.parametrize(
    ("recipient", "original"),
    [
        ("ben@science.example", " ORCPT=rfc822;ben@science.example"),
        ("ben+tide=up@science.example", " ORCPT=rfc822;ben+2Btide+3Dup@science.example"),
        ("бен@science.example", ""),
    ],
)
def test_reports_are_asked_for_where_they_are_offered(run: Run, recipient: str, original: str) -> None:
    """RFC 3461: of failure and delay, with the headers only, under our own name for the message."""

    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING", "SMTPUTF8", "DSN")
        await peer.take()

    async def scenario() -> list[bytes]:
        async with serving(script) as server:
            connection = await SmtpRelay.from_url(server.url).connect()
            envelope = Envelope("b@x.example", recipient, b"Hi\r\n", utf8=not recipient.isascii(), envid="0a1b2c")
            assert (await connection.send(envelope)).outcome is Outcome.ACCEPTED
            return server.heard

    mail, told = run(scenario())[1:3]
    assert mail.endswith(b" RET=HDRS ENVID=0a1b2c")
    assert told == f"RCPT TO:<{recipient}> NOTIFY=FAILURE,DELAY{original}".encode()
