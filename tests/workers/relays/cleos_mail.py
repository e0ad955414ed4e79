"""One personal message to Cleo, for providers whose answers are replayed."""

from tests.workers.relays.replayed import Asked, Recorded, replaying
from workers.relays.kinds import relay_at
from workers.relays.relay import Answer, Connection, Envelope, Relay
from workers.relays.url import parse

MESSAGE = (
    b"To: =?utf-8?q?Cl=C3=A9o?= Reader <cleo@daily.example>\r\n"
    b"Message-ID: <0a1b.c0ffee00@rivers.example>\r\n"
    b"Date: Tue, 24 Nov 2026 10:00:00 +0000\r\n"
    b"List-Unsubscribe: <https://press.example/leave/token>\r\n"
    b'From: "Steppe Rivers, Press" <press@rivers.example>\r\n'
    b"Reply-To: <ada@rivers.example>\r\n"
    b"Subject: =?utf-8?b?w5ZmZm5lbg==?= the\r\n rivers\r\n"
    b"MIME-Version: 1.0\r\n"
    b"List-Id: <water.rivers.example>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    b"Feedback-ID: r7:rivers:press:dateline\r\n"
    b"DKIM-Signature: v=1; a=rsa-sha256; b=abc\r\n"
    b'Content-Type: multipart/alternative;\r\n boundary="=_x"\r\n'
    b"\r\n"
    b"\r\n--=_x\r\n"
    b'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    b"Die Fl=C3=BCsse.\r\n.a dot\r\n"
    b"--=_x\r\n"
    b'Content-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    b"<p>Die Fl=C3=BCsse.</p>\r\n"
    b"--=_x--\r\n"
)

TAG = "b.k7qabc234"
TO_CLEO = Envelope(f"{TAG}@bounces.rivers.example", "cleo@daily.example", MESSAGE, envid="0a1b")


async def opened(url: str) -> tuple[Relay, Connection]:
    relay = relay_at(parse(url))
    return relay, await relay.connect()


async def attempt(provider: str, *names: str) -> tuple[list[Answer], bool, list[Asked]]:
    """Send as many messages as there are names on one connection; whether it is closed then."""
    turns = [Recorded.of(provider, name) for name in ("empty", *names)]
    async with replaying(*turns) as api:
        _, connection = await opened(api.url(provider))
        answers = [await connection.send(TO_CLEO) for _ in names]
        is_closed = connection.closed
        await connection.close()
        return answers, is_closed, api.asked
