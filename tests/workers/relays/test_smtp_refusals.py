"""What an SMTP server refuses is booked to its command and its person, and the next one gets the mail."""

import pytest

from tests.workers.relays.scripted import Peer, Run, serving, to_ben
from workers.relays.relay import Answer, Outcome, Stage
from workers.relays.smtp import SmtpRelay


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
