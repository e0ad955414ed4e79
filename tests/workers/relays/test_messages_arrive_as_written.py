"""Dots, odd octets and long lines: what was handed over is what arrives, in one piece."""

import asyncio
from itertools import pairwise

from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as Received
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.relays.scripted import MESSAGE
from workers.relays.development.reception import Answered, Mail, Reception
from workers.relays.relay import Envelope, Outcome
from workers.relays.smtp import SmtpRelay

PIECES = st.sampled_from(
    [b".", b"..", b"\r\n", b"\r\n.", b"\r", b"\n", b"\n.\n", b"\r\n.\r", b"a", b"\0", b"\xff", b"QUIT"]
)
MESSAGES = st.lists(PIECES, max_size=12).map(lambda pieces: b"".join(pieces) + b"\r\n")
LINES = st.sampled_from([b"", b".", b"..", b".x", b"a", b"\xc3\xb6", b". QUIT"])
TEXTS = st.lists(LINES, min_size=1, max_size=8).map(lambda lines: b"".join(line + b"\r\n" for line in lines))


class Keeper:
    """A desk, and an aiosmtpd handler, that keeps what comes."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []

    def recipient(self, _address: str) -> bytes | None:
        return None

    def deliver(self, mail: Mail, answered: Answered) -> None:
        self.messages.append(mail.message)
        answered(b"250 2.0.0 Ok\r\n")

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Received) -> str:  # noqa: N802
        self.messages.append(bytes(envelope.original_content or b""))
        return "250 Ok"


async def send_all(port: int, messages: list[bytes]) -> None:
    connection = await SmtpRelay.from_url(f"smtp://127.0.0.1:{port}").connect()
    for message in messages:
        answer = await connection.send(Envelope("b-1@newsroom.example", "ben@science.example", message))
        assert answer.outcome is Outcome.ACCEPTED, answer
    await connection.close()


@given(st.lists(MESSAGES, min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_any_octets_arrive_as_they_were(messages: list[bytes]) -> None:
    keeper = Keeper()

    async def scenario() -> None:
        server = await asyncio.get_running_loop().create_server(lambda: Reception(keeper), "127.0.0.1", 0)
        await send_all(server.sockets[0].getsockname()[1], messages)
        server.close()

    asyncio.run(scenario())
    assert keeper.messages == messages


@given(st.lists(TEXTS, min_size=1, max_size=4))
@settings(max_examples=20, deadline=None)
def test_another_peoples_server_reads_the_same(messages: list[bytes]) -> None:
    """aiosmtpd offers no PIPELINING: this is the lockstep way as well."""
    keeper = Keeper()

    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(keeper, loop=loop, enable_SMTPUTF8=True), "127.0.0.1", 0)
        await send_all(server.sockets[0].getsockname()[1], messages)
        server.close()

    asyncio.run(scenario())
    assert keeper.messages == messages


def test_a_large_message_arrives_whole() -> None:
    keeper = Keeper()
    large = (b"." + b"x" * 76 + b"\r\n") * 100_000

    async def scenario() -> None:
        server = await asyncio.get_running_loop().create_server(lambda: Reception(keeper), "127.0.0.1", 0)
        await send_all(server.sockets[0].getsockname()[1], [large, MESSAGE])
        server.close()

    asyncio.run(scenario())
    assert keeper.messages == [large, MESSAGE]


class Tape(asyncio.Transport):
    """A transport that only remembers what was written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data

    def close(self) -> None: ...


@given(MESSAGES, st.lists(st.integers(0, 300), max_size=8))
def test_the_sink_reads_the_same_wherever_the_stream_is_cut(message: bytes, cuts: list[int]) -> None:
    stuffed = (b"\r\n" + message).replace(b"\r\n.", b"\r\n..")[2:]
    session = (
        b"EHLO x\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\n" + stuffed + b".\r\nNOOP\r\nQUIT\r\n"
    )
    keeper, tape = Keeper(), Tape()
    reception = Reception(keeper)
    reception.connection_made(tape)
    places = sorted({0, len(session), *(min(cut, len(session)) for cut in cuts)})
    for start, end in pairwise(places):
        reception.data_received(session[start:end])
    assert keeper.messages == [message]
    codes = [line[:3] for line in tape.written.split(b"\r\n") if line[3:4] == b" "]
    assert codes == [b"220", b"250", b"250", b"250", b"354", b"250", b"250", b"221"]
