"""One envelope in, one answer out, over real sockets."""

import asyncio

import pytest

from tests.workers.relays.scripted import MESSAGE, Peer, Run, serving, to_ben
from workers.relays.relay import Answer, Envelope, Outcome, Stage
from workers.relays.smtp import SmtpRelay


def test_a_message_is_handed_over_in_two_writes(run: Run) -> None:
    groups: list[bytes] = []

    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING", "SIZE 1000000")
        groups.append(await peer.reader.read(65536))
        await peer.say("250 2.1.0 Ok", "250 2.1.5 Ok", "354 Go ahead")
        groups.append(await peer.reader.read(65536))
        await peer.say("250 2.0.0 Ok: queued as 4XyZ")

    async def scenario() -> Answer:
        async with serving(script) as server:
            connection = await SmtpRelay.from_url(f"{server.url}?hello=mail.newsroom.example").connect()
            assert server.heard == [b"EHLO mail.newsroom.example"]
            return await connection.send(to_ben())

    answer = run(scenario())

    assert answer == Answer(Outcome.ACCEPTED, Stage.DOT, 250, "2.0.0", "2.0.0 Ok: queued as 4XyZ")
    size = f" SIZE={len(MESSAGE)}".encode()
    envelope = b"MAIL FROM:<b-1@newsroom.example>" + size + b"\r\nRCPT TO:<ben@science.example>\r\nDATA\r\n"
    assert groups == [envelope, MESSAGE + b".\r\n"]


def test_without_pipelining_each_command_waits_for_its_reply(run: Run) -> None:
    groups: list[bytes] = []

    async def script(peer: Peer) -> None:
        await peer.welcome("8BITMIME")
        for reply in ("250 Ok", "250 Ok", "354 Go ahead", "250 Ok"):
            groups.append(await peer.reader.read(65536))
            await asyncio.sleep(0.01)
            await peer.say(reply)

    async def scenario() -> Answer:
        async with serving(script) as server:
            connection = await SmtpRelay.from_url(server.url).connect()
            return await connection.send(to_ben())

    assert run(scenario()).outcome is Outcome.ACCEPTED
    assert groups == [
        b"MAIL FROM:<b-1@newsroom.example>\r\n",
        b"RCPT TO:<ben@science.example>\r\n",
        b"DATA\r\n",
        MESSAGE + b".\r\n",
    ]


@pytest.mark.parametrize(
    ("refusal", "outcome"),
    [("550 5.1.1 User unknown", Outcome.REJECTED), ("450 4.7.1 Greylisted", Outcome.DEFERRED)],
)
@pytest.mark.parametrize("data", ["554 5.5.1 No valid recipients", "503 5.5.1 RCPT first", "354 Go ahead"])
def test_after_a_refused_journalist_the_next_one_gets_the_mail(
    run: Run, refusal: str, outcome: Outcome, data: str
) -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING")
        for _ in range(3):
            await peer.hear()
        await peer.say("250 Ok", refusal, data)
        if data.startswith("354"):
            assert await peer.hear() == b"."
            await peer.say("554 5.5.1 No valid recipients")
        assert await peer.hear() == b"RSET"
        await peer.say("250 Ok")
        await peer.take()

    async def scenario() -> tuple[Answer, Answer]:
        async with serving(script) as server:
            connection = await SmtpRelay.from_url(server.url).connect()
            first = await connection.send(to_ben())
            return first, await connection.send(to_ben(recipient="cleo@culture.example"))

    refused, accepted = run(scenario())

    assert (refused.outcome, refused.stage, refused.code) == (outcome, Stage.RCPT, int(refusal[:3]))
    assert refused.enhanced == refusal[4:9]
    assert accepted.outcome is Outcome.ACCEPTED


def test_a_refusal_in_lockstep_ends_the_transaction_and_the_next_begins_with_a_reset(run: Run) -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome()
        for reply in ("250 Ok", "550 5.1.1 User unknown", "250 Ok", "250 Ok", "250 Ok", "354 Go ahead"):
            await peer.hear()
            await peer.say(reply)
        await peer.hear_message()
        await peer.say("250 Ok")

    async def scenario() -> tuple[Answer, Answer, list[bytes]]:
        async with serving(script) as server:
            connection = await SmtpRelay.from_url(server.url).connect()
            first = await connection.send(to_ben())
            return first, await connection.send(to_ben(recipient="cleo@culture.example")), server.heard

    refused, accepted, heard = run(scenario())

    assert (refused.outcome, refused.stage) == (Outcome.REJECTED, Stage.RCPT)
    assert accepted.outcome is Outcome.ACCEPTED
    assert [line.split()[0] for line in heard[1:]] == [b"MAIL", b"RCPT", b"RSET", b"MAIL", b"RCPT", b"DATA"]


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        (("530 5.7.0 Log in first", "503 No", "503 No"), (Outcome.REJECTED, Stage.MAIL, 530)),
        (("452 4.3.1 Disk full", "503 No", "503 No"), (Outcome.DEFERRED, Stage.MAIL, 452)),
        (("250 Ok", "250 Ok", "451 4.3.0 Not now"), (Outcome.DEFERRED, Stage.DATA, 451)),
        (("250 Ok", "250 Ok", "554 5.7.1 No"), (Outcome.REJECTED, Stage.DATA, 554)),
    ],
)
def test_each_reply_is_booked_to_its_command(
    run: Run, replies: tuple[str, ...], expected: tuple[Outcome, Stage, int]
) -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING")
        for _ in range(3):
            await peer.hear()
        await peer.say(*replies)
        await peer.hear()

    async def scenario() -> Answer:
        async with serving(script) as server:
            connection = await SmtpRelay.from_url(server.url).connect()
            return await connection.send(to_ben())

    answer = run(scenario())
    assert (answer.outcome, answer.stage, answer.code) == expected


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("554 5.7.1 Looks like spam", Outcome.REJECTED),
        ("451 4.3.0 Try again in 5 minutes", Outcome.DEFERRED),
    ],
)
def test_the_reply_to_the_dot_is_the_outcome(run: Run, reply: str, outcome: Outcome) -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING")
        await peer.take(answer=reply)
        await peer.take()

    async def scenario() -> tuple[Answer, Answer, list[bytes]]:
        async with serving(script) as server:
            connection = await SmtpRelay.from_url(server.url).connect()
            return await connection.send(to_ben()), await connection.send(to_ben()), server.heard

    answer, next_answer, heard = run(scenario())

    assert (answer.outcome, answer.stage, answer.text) == (outcome, Stage.DOT, reply[4:])
    assert answer.retry_after == (300 if outcome is Outcome.DEFERRED else None)
    assert next_answer.outcome is Outcome.ACCEPTED
    assert b"RSET" not in heard


def test_a_server_that_dribbles_octet_by_octet_is_understood(run: Run) -> None:
    async def dribble(peer: Peer, *lines: str) -> None:
        for octet in "".join(f"{line}\r\n" for line in lines).encode():
            peer.writer.write(bytes([octet]))
            await peer.writer.drain()
            await asyncio.sleep(0)

    async def script(peer: Peer) -> None:
        await dribble(peer, "220-welcome", "220 here")
        await peer.hear()
        await dribble(peer, "250-scripted", "250-8BITMIME", "250 PIPELINING")
        for _ in range(3):
            await peer.hear()
        await dribble(peer, "250-2.1.0 Ok", "250 2.1.0 indeed", "250 Ok", "354 Go ahead")
        await peer.hear_message()
        await dribble(peer, "250-Thank you", "250 2.0.0 queued as 7")

    async def scenario() -> Answer:
        async with serving(script) as server:
            connection = await SmtpRelay.from_url(server.url).connect()
            return await connection.send(to_ben())

    assert run(scenario()) == Answer(Outcome.ACCEPTED, Stage.DOT, 250, "2.0.0", "Thank you\n2.0.0 queued as 7")


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


def test_a_server_that_knows_no_ehlo_is_greeted_the_old_way(run: Run) -> None:
    async def script(peer: Peer) -> None:
        await peer.say("220 ancient")
        for reply in ("502 What?", "250 hello", "250 Ok", "250 Ok", "354 Go ahead"):
            await peer.hear()
            await peer.say(reply)
        await peer.hear_message()
        await peer.say("250 Ok")

    async def scenario() -> tuple[Answer, list[bytes]]:
        async with serving(script) as server:
            connection = await SmtpRelay.from_url(server.url).connect()
            return await connection.send(to_ben()), server.heard

    answer, heard = run(scenario())
    assert answer.outcome is Outcome.ACCEPTED
    assert heard[:2] == [b"EHLO localhost", b"HELO localhost"]


def test_two_messages_at_once_on_one_connection_are_the_callers_mistake(run: Run) -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING")
        await peer.take()

    async def scenario() -> Answer:
        async with serving(script) as server:
            connection = await SmtpRelay.from_url(server.url).connect()
            first = asyncio.create_task(connection.send(to_ben()))
            await asyncio.sleep(0)
            with pytest.raises(RuntimeError):
                await connection.send(to_ben())
            return await first

    assert run(scenario()).outcome is Outcome.ACCEPTED


def test_the_goodbye_is_polite_and_bounded(run: Run) -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING")
        assert await peer.hear() == b"QUIT"
        await peer.say("221 Bye")

    async def scenario() -> list[bytes]:
        async with serving(script) as server:
            connection = await SmtpRelay.from_url(server.url).connect()
            await connection.close()
            assert connection.closed
            await connection.close()
            return server.heard

    assert run(scenario())[-1] == b"QUIT"
