"""Another people's mail server (aiosmtpd), as a place where mail arrives over a real socket."""

import asyncio

from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as Received

from service.mail.compose import Mail
from workers.relays.relay import Envelope, Outcome
from workers.relays.smtp import SmtpRelay

LARGEST = 50_000_000


class _Keeper:
    def __init__(self) -> None:
        self.messages: list[bytes] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Received) -> str:  # noqa: N802
        self.messages.append(bytes(envelope.original_content or b""))
        return "250 Ok"


def received(*mails: Mail) -> list[bytes]:
    """The messages as they arrived, sent one after another by our own relay client."""
    return asyncio.run(_received(mails))


async def _received(mails: tuple[Mail, ...]) -> list[bytes]:
    keeper, loop = _Keeper(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(keeper, loop=loop, data_size_limit=LARGEST), "127.0.0.1", 0)
    connection = await SmtpRelay.from_url(f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}").connect()
    for mail in mails:
        envelope = Envelope("b-1@bounces.rivers.example", "cleo@daily.example", mail.message, dots=mail.dots)
        answer = await connection.send(envelope)
        assert answer.outcome is Outcome.ACCEPTED, answer
    await connection.close()
    server.close()
    return keeper.messages
