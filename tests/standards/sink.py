"""A mail server that keeps what it is told, octet by octet, and understands only what the standard allows."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

CRLF = b"\r\n"


@dataclass(frozen=True)
class Taken:
    """One message as it crossed the wire: the commands before it, and all that came after 354, the final dot too."""

    commands: tuple[bytes, ...]
    wire: bytes

    @property
    def envelope(self) -> tuple[str, tuple[str, ...]]:
        """The return path and the recipients."""
        said = [command.decode() for command in self.commands]
        paths = [(line[:4].upper(), line.partition("<")[2].partition(">")[0]) for line in said]
        return next(path for verb, path in paths if verb == "MAIL"), tuple(p for verb, p in paths if verb == "RCPT")


@dataclass
class Sink:
    """What it offers, what it took, and what it will answer to the next final dots (else 250)."""

    offers: tuple[str, ...]
    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)
    answers: deque[bytes] = field(default_factory=deque)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


class Talk(StreamRequestHandler):
    """One connection."""

    sink: Sink

    def handle(self) -> None:
        self._since: list[bytes] = []
        self._say(b"220 sink")
        while line := self.rfile.readline():
            self.sink.heard.append(line)
            self._since.append(line)
            if not self._answer(line[:4].upper()):
                return

    def _answer(self, verb: bytes) -> bool:
        if verb == b"DATA":
            self._take()
        elif verb == b"EHLO":
            offers = ("sink", *self.sink.offers)
            self._say(*(f"250-{offer}".encode() for offer in offers[:-1]), f"250 {offers[-1]}".encode())
        elif verb == b"QUIT":
            self._say(b"221 2.0.0 Bye")
        else:
            self._say(b"250 2.0.0 Ok")
        if verb in (b"EHLO", b"RSET"):
            self._since.clear()
        return verb != b"QUIT"

    def _take(self) -> None:
        self._say(b"354 Go ahead")
        lines: list[bytes] = []
        # Only CRLF . CRLF ends a message; what a lenient server would take for its end stays in it, to be found.
        while not (lines and lines[-1] == b".\r\n" and (len(lines) == 1 or lines[-2].endswith(CRLF))):
            line = self.rfile.readline()
            if not line:
                return
            lines.append(line)
        self.sink.taken.append(Taken(tuple(self._since), b"".join(lines)))
        self._since.clear()
        self._say(self.sink.answers.popleft() if self.sink.answers else b"250 2.0.0 Ok")

    def _say(self, *lines: bytes) -> None:
        self.wfile.write(b"".join(line + CRLF for line in lines))


class Server(ThreadingTCPServer):
    """A thread for each connection."""

    daemon_threads = True
    block_on_close = False


@contextmanager
def listening(*offers: str) -> Iterator[Sink]:
    """A sink on a free port of the loopback."""
    sink = Sink(offers)
    with Server(("127.0.0.1", 0), type("SinkTalk", (Talk,), {"sink": sink})) as server:
        sink.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield sink
        finally:
            server.shutdown()
            thread.join(10)
