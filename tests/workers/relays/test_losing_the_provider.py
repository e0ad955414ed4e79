"""Lost before a request has begun to leave: certainly not taken. Lost after: nobody knows, and that is said."""

import asyncio
import socket
import ssl
import struct

import pytest

from tests.workers.relays.authority import Authority
from tests.workers.relays.replayed import Recorded, Turn, read, replaying
from tests.workers.relays.scripted import MESSAGE, Run
from workers.relays.api import ApiRelay
from workers.relays.relay import Answer, Envelope, Outcome, Stage, Unavailable, Untrusted
from workers.relays.ses import Ses
from workers.relays.url import parse
from workers.relays.wire import Timeouts

HASTY = Timeouts(connect=0.5, dot=0.3)
EMPTY, ACCEPTED = Recorded.of("ses", "empty"), Recorded.of("ses", "accepted")
LARGE = b"0123456789abcdef" * 64 * 10_000 + b"\r\n"


def hasty(url: str) -> ApiRelay:
    place = parse(url)
    return ApiRelay(Ses(place), place, timeouts=HASTY)


async def attempt(turn: Turn, message: bytes = MESSAGE) -> tuple[Answer, bool, Answer]:
    async with replaying(EMPTY, turn) as api:
        connection = await hasty(api.url("ses")).connect()
        envelope = Envelope("b-1@newsroom.example", "ben@science.example", message)
        answer = await asyncio.wait_for(connection.send(envelope), 10)
        return answer, connection.closed, await connection.send(envelope)


async def leaves(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hangs up unasked."""


async def hears_all_and_is_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read(reader)
    await asyncio.sleep(3)


async def hears_all_and_closes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read(reader)


async def hears_all_and_resets(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read(reader)
    linger = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


async def talks_nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read(reader)
    writer.write(b"220 smtp.example ESMTP\r\n")
    await writer.drain()


async def breaks_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read(reader)
    writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"MessageId": "01')
    await writer.drain()


async def dribbles(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(50):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.1)


async def never_ends(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
    for _ in range(1000):
        writer.write(b"x" * 100_000)
        await writer.drain()


@pytest.mark.parametrize(
    "turn",
    [
        hears_all_and_is_silent,
        hears_all_and_closes,
        hears_all_and_resets,
        talks_nonsense,
        breaks_off,
        dribbles,
        never_ends,
    ],
)
def test_lost_after_the_request_is_uncertain(run: Run, turn: Turn) -> None:
    answer, is_closed, after = run(attempt(turn))

    assert (answer.outcome, answer.stage, answer.code) == (Outcome.UNCERTAIN, Stage.DOT, None)
    assert is_closed
    assert (after.outcome, after.stage) == (Outcome.DEFERRED, Stage.CONNECT)


def test_lost_while_the_request_is_still_leaving_is_deferred(run: Run) -> None:
    async def resets_early(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10_000)
        linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()

    answer, is_closed, _ = run(attempt(resets_early, LARGE))

    assert (answer.outcome, answer.stage, answer.code) == (Outcome.DEFERRED, Stage.DATA, None)
    assert is_closed


def test_a_server_gone_between_two_messages_is_deferred(run: Run) -> None:
    async def scenario() -> Answer:
        async with replaying(EMPTY, leaves) as api:
            connection = await hasty(api.url("ses")).connect()
            await asyncio.sleep(0.05)
        return await connection.send(Envelope("", "ben@science.example", MESSAGE))

    answer = run(scenario())
    assert (answer.outcome, answer.stage) == (Outcome.DEFERRED, Stage.CONNECT)


def test_a_closed_port_is_unavailable(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(Unavailable):
        run(hasty(f"ses://AKID:secret@127.0.0.1:{port}?scheme=http&region=eu-central-1").connect())


@pytest.mark.parametrize("turn", [hears_all_and_is_silent, hears_all_and_closes, talks_nonsense, dribbles])
def test_whoever_does_not_answer_the_knock_is_unavailable(run: Run, turn: Turn) -> None:
    async def scenario() -> None:
        async with replaying(turn) as api:
            await asyncio.wait_for(hasty(api.url("ses")).connect(), 5)

    with pytest.raises(Unavailable):
        run(scenario())


def test_the_key_does_not_follow_a_redirect(run: Run) -> None:
    async def scenario() -> tuple[Answer, int]:
        async with replaying(EMPTY) as elsewhere:
            away = Recorded(307, {"Location": f"http://127.0.0.1:{elsewhere.port}/v2/email/outbound-emails"}, "")
            async with replaying(EMPTY, away) as api:
                connection = await hasty(api.url("ses")).connect()
                answer = await connection.send(Envelope("", "ben@science.example", MESSAGE))
                return answer, len(elsewhere.asked)

    answer, asked = run(scenario())
    assert (answer.outcome, answer.stage) == (Outcome.DEFERRED, Stage.MAIL)
    assert asked == 0


def test_a_cancelled_sender_leaves_no_connection_behind(run: Run) -> None:
    async def scenario() -> bool:
        async with replaying(EMPTY, hears_all_and_is_silent) as api:
            connection = await hasty(api.url("ses")).connect()
            sending = asyncio.create_task(connection.send(Envelope("", "ben@science.example", MESSAGE)))
            await asyncio.sleep(0.05)
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending
            return connection.closed

    assert run(scenario())


@pytest.mark.parametrize("fault", ["", "wrong name", "expired", "self-signed", "clear text"])
def test_only_who_proves_its_name_hears_the_key(run: Run, tmp_path_factory: pytest.TempPathFactory, fault: str) -> None:
    authority, stranger = Authority(tmp_path_factory.mktemp("ours")), Authority(tmp_path_factory.mktemp("theirs"))
    authority.found()
    stranger.found()
    issuer = stranger if fault == "self-signed" else authority
    address = "IP:192.0.2.1" if fault == "wrong name" else "IP:127.0.0.1"
    tls: ssl.SSLContext | None = issuer.server("api", address, days=-1 if fault == "expired" else 2)
    tls = None if fault == "clear text" else tls

    async def scenario() -> tuple[Outcome, int]:
        async with replaying(EMPTY, ACCEPTED, tls=tls) as api:
            relay = hasty(api.url("ses", scheme="https", options=f"&ca={authority.ca}"))
            try:
                connection = await relay.connect()
            finally:
                heard = len(api.asked)
            answer = await connection.send(Envelope("", "ben@science.example", MESSAGE))
            return answer.outcome, heard

    if fault:
        with pytest.raises(Unavailable if fault == "clear text" else Untrusted):
            run(scenario())
    else:
        assert run(scenario()) == (Outcome.ACCEPTED, 1)
