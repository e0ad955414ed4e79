"""What a relay's link, or a relay, may do to us: tampers for the proxy, and servers that speak nonsense."""

import itertools
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from tests.faults.proxy import Pair, Tamper, Toward

QUEUED = b"250 2.0.0 Ok: queued"
BYE = b"421 4.3.2 Enough for one connection, come again\r\n"


def closes_after(number: int, *, farewell: bool) -> Tamper:
    """The relay takes so many mails on a connection and closes it, with a 421 or without a word."""
    taken: Counter[Pair] = Counter()

    def sees(pair: Pair, toward: Toward, data: bytes) -> bytes | None:
        if toward is Toward.SERVER:
            return data
        taken[pair] += data.count(QUEUED)
        if taken[pair] < number:
            return data
        pair.write(toward, data + (BYE if farewell else b""))
        pair.close()
        return None

    return sees


def resets_in_data(every: int, octets: int) -> Tamper:
    """Every n-th message is cut with RST after so many octets of it, and none a second time."""
    begun = itertools.count(1)
    cut: set[bytes] = set()

    def sees(pair: Pair, toward: Toward, data: bytes) -> bytes | None:
        if toward is Toward.CLIENT or b"Message-ID:" not in data or next(begun) % every:
            return data
        message_id = data.partition(b"Message-ID:")[2].partition(b"\r\n")[0]
        if message_id in cut:
            return data
        cut.add(message_id)
        pair.write(toward, data[:octets])
        pair.reset()
        return None

    return sees


def drops_after_the_dot(every: int) -> Tamper:
    """The relay takes every n-th message, and the connection is gone before its answer (RFC 1047)."""
    answers = itertools.count(1)

    def sees(pair: Pair, toward: Toward, data: bytes) -> bytes | None:
        if toward is Toward.SERVER or QUEUED not in data or next(answers) % every:
            return data
        pair.reset()
        return None

    return sees


def drips(*, connections: int) -> Tamper:
    """The first connections get nothing but one octet of each reply: a tarpit."""
    stuck: list[Pair] = []

    def sees(pair: Pair, toward: Toward, data: bytes) -> bytes | None:
        if toward is Toward.CLIENT and pair not in stuck and len(stuck) < connections:
            stuck.append(pair)
        return data[:1] if toward is Toward.CLIENT and pair in stuck else data

    return sees


def says(reply: bytes, *, first: int) -> Tamper:
    """The first so many mails have these bytes for an answer to each command; they do not reach the relay."""
    said = itertools.count(1)

    def sees(pair: Pair, toward: Toward, data: bytes) -> bytes | None:
        if toward is Toward.CLIENT or b"MAIL FROM" not in data or next(said) > first:
            return data
        pair.write(Toward.CLIENT, reply * data.count(b"\r\n"))
        return None

    return sees


@contextmanager
def server(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that does this with each connection; its port."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=100)

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                threading.Thread(target=_talk, args=(talk, connection), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def _talk(talk: Callable[[socket.socket], None], connection: socket.socket) -> None:
    with connection, suppress(OSError):
        connection.settimeout(20)
        talk(connection)


class Poison:
    """Does something each time these bytes are on their way to the server, which they never reach."""

    def __init__(self, words: bytes, act: Callable[[], None]) -> None:
        self._words, self._act = words, act
        self.times = 0

    def sees(self, pair: Pair, toward: Toward, data: bytes) -> bytes | None:
        """A piece on its way."""
        if toward is Toward.CLIENT or self._words not in data:
            return data
        self.times += 1
        self._act()
        pair.reset()
        return None
