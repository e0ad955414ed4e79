"""Messages made worse, as networks, gateways and enemies do it; the same number gives the same message."""

import gzip
from base64 import encodebytes
from collections.abc import Callable, Sequence
from random import Random

Mutation = Callable[[bytes, Random], bytes]

PIECES: tuple[bytes | str, ...] = (
    *(b"\n", b"\r\n", b"\r", b"\n\n", b"\0", b"\xff\xfe", b"\x1b$B", b"--", b"boundary=", b'"', b"<", b">", b"@", b";"),
    *(b"=?x?q?=80?=", b"(" * 500, b"<" * 500, b">" * 500, b"b." * 300, b"-" * 500, b"5.1.1 " * 100, b"9" * 5000),
    *(b" " * 3000, b"=\n" * 500, b"a@" * 500, b"a@a." * 300, b"!a" * 500, b"{[" * 3000, b"until " * 300, b"1. " * 400),
    *(b"Content-Type: message/rfc822\n\n", b"Content-Transfer-Encoding: base64\n", b"Feedback-Type: abuse\n", b": \n"),
    *("İ" * 300, "до понедельника, 5 февраля " * 50, "1月22日至" * 100),
)
CHARSETS = (
    b"utf-7",
    b"punycode",
    b"idna",
    b"hex",
    b"zlib",
    b"undefined",
    b"x-unknown",
    b"iso-2022-jp",
    b"utf-16",
    b"\xff",
)
BOMB = encodebytes(gzip.compress(bytes(150_000_000), 1))


def mutated(number: int, samples: Sequence[bytes]) -> bytes:
    """The message of this number: a sample with one to six things done to it."""
    random = Random(number)
    message = random.choice(samples)
    for _ in range(random.randrange(1, 7)):
        message = random.choice(LIGHT)(message, random)
    if number % 100 == 0:
        message = random.choice(HEAVY)(message, random)
    return message


def _place(message: bytes, random: Random) -> int:
    return random.randrange(len(message) + 1)


def _flip_bits(message: bytes, random: Random) -> bytes:
    changed = bytearray(message or b"\n")
    for _ in range(random.randrange(1, 30)):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _truncate(message: bytes, random: Random) -> bytes:
    return message[: _place(message, random)]


def _behead(message: bytes, random: Random) -> bytes:
    return message[random.randrange(min(len(message), 2000) + 1) :]


def _cut_out(message: bytes, random: Random) -> bytes:
    at = _place(message, random)
    return message[:at] + message[at + random.randrange(500) :]


def _repeat_lines(message: bytes, random: Random) -> bytes:
    lines = message.split(b"\n")
    at = random.randrange(len(lines))
    return b"\n".join((*lines[:at], *lines[at : at + random.randrange(1, 5)] * random.randrange(2, 40), *lines[at:]))


def _shuffle_lines(message: bytes, random: Random) -> bytes:
    lines = message.split(b"\n")
    at = random.randrange(len(lines))
    some = lines[at : at + 12]
    random.shuffle(some)
    return b"\n".join((*lines[:at], *some, *lines[at + 12 :]))


def _insert(message: bytes, random: Random) -> bytes:
    at, piece = _place(message, random), random.choice(PIECES)
    return message[:at] + (piece.encode() if isinstance(piece, str) else piece) + message[at:]


def _break_boundaries(message: bytes, random: Random) -> bytes:
    return message.replace(b"--", random.choice((b"-", b"---", b"-- ", b"--\n", b"")), random.randrange(1, 6))


def _change_charset(message: bytes, random: Random) -> bytes:
    named = b"charset=" + random.choice(CHARSETS)
    if b"charset=" in message:
        return message.replace(b"charset=", named + b";", 3)
    return b"Content-Type: text/plain; " + named + b"\n" + message


def _change_encoding(message: bytes, random: Random) -> bytes:
    encoding = random.choice((b"base64", b"quoted-printable", b"x-uuencode", b"8bit"))
    return message.replace(b"Content-Type:", b"Content-Transfer-Encoding: " + encoding + b"\nContent-Type:", 2)


def _change_line_ends(message: bytes, random: Random) -> bytes:
    return message.replace(b"\n", random.choice((b"\r\n", b"\r", b"\n\r\n", b"")), random.choice((-1, 5)))


def _nest(message: bytes, random: Random) -> bytes:
    return b"Content-Type: message/rfc822\n\n" * random.choice((1, 2, 1000)) + message


def _enclose(message: bytes, random: Random) -> bytes:
    head = b"From: ben@example.org\nContent-Type: multipart/mixed; boundary=%d\n\n--%d\n\n" % (
        2 * (random.randrange(9),)
    )
    return head + message


LIGHT: tuple[Mutation, ...] = (
    *(_flip_bits, _truncate, _behead, _cut_out, _repeat_lines, _shuffle_lines, _insert, _insert, _break_boundaries),
    *(_change_charset, _change_encoding, _change_line_ends, _nest, _enclose),
)


def _deep_multiparts(message: bytes, random: Random) -> bytes:
    return b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1000)) + message


def _many_headers(message: bytes, random: Random) -> bytes:
    return (
        random.choice((b"X-A: b\n", b"To: a@b.example\n", b"Feedback-Type: abuse\n", b" folded\n")) * 100_000 + message
    )


def _huge(message: bytes, random: Random) -> bytes:
    filling = random.choice((b"a", b"a ", b"\n", b"<", b"--c\n", b"> 550 5.1.1 a@b.example\n", b"1 January "))
    return message + filling * (50_000_000 // len(filling))


def _repeat_all(message: bytes, random: Random) -> bytes:
    return message * (1_500_000 // (len(message) + 1) + 1)


def _bomb(message: bytes, random: Random) -> bytes:
    kind = random.choice((b"application/gzip", b"application/zip", b"text/plain; charset=zlib", b"message/rfc822"))
    part = b"Content-Type: " + kind + b"\nContent-Transfer-Encoding: base64\n\n" + BOMB
    return b"Content-Type: multipart/mixed; boundary=z\n\n--z\n" + part + b"\n--z\n" + message


HEAVY: tuple[Mutation, ...] = (_deep_multiparts, _many_headers, _huge, _repeat_all, _bomb)
