"""The virus scanner beside us: clamd asked over a socket, by its INSTREAM command, what it thinks of a file."""

import socket
from contextlib import suppress

import structlog

from service.errors import Refused

log = structlog.get_logger(__name__)

PIECE = 64 * 1024
CONNECT, ANSWER = 5.0, 60.0
"""Seconds; clamd looks through 25 MB in a few."""
LONGEST_ANSWER = 4096


class Infected(Refused):
    """Do not open it; ask whoever sent it."""

    def __init__(self, name: str) -> None:
        super().__init__("The virus scanner found “%(name)s” in this file. It was not kept.", name=name)


class ScannerAway(Refused):
    """Try again later: nothing is taken unseen."""

    def __init__(self) -> None:
        super().__init__(
            "The virus scanner does not answer, so no file is taken now. Try again in some minutes; if it stays, tell "
            "your operator."
        )


def check(content: bytes, scanner: str) -> None:
    """Have the file looked at by the scanner at `host:port`, or at the path of a socket; with none, nothing is asked.

    Raises Infected, ScannerAway.
    """
    if not scanner:
        return
    try:
        said = _ask(content, scanner)
    except OSError as fault:
        log.warning("scanner away", fault=type(fault).__name__)
        raise ScannerAway from fault
    if said.endswith(" FOUND"):
        raise Infected(said.removeprefix("stream: ").removesuffix(" FOUND")[:100])
    if said != "stream: OK":
        log.warning("scanner said something else", answer=said[:100])
        raise ScannerAway


def _ask(content: bytes, scanner: str) -> str:
    with _connected(scanner) as talk:
        talk.settimeout(ANSWER)
        # It answers before the end what is too large for it, and closes: then its answer counts, not our failure.
        with suppress(BrokenPipeError, ConnectionResetError):
            talk.sendall(b"zINSTREAM\0")
            for at in range(0, len(content), PIECE):
                piece = content[at : at + PIECE]
                talk.sendall(len(piece).to_bytes(4) + piece)
            talk.sendall(bytes(4))
        return _answer(talk)


def _connected(scanner: str) -> socket.socket:
    host, _, port = scanner.rpartition(":")
    if host and port.isdigit():
        return socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECT)
    talk = socket.socket(socket.AF_UNIX)
    try:
        talk.settimeout(CONNECT)
        talk.connect(scanner)
    except OSError:
        talk.close()
        raise
    return talk


def _answer(talk: socket.socket) -> str:
    said = b""
    while b"\0" not in said and len(said) < LONGEST_ANSWER:
        piece = talk.recv(LONGEST_ANSWER)
        if not piece:
            break
        said += piece
    return said.partition(b"\0")[0].decode("utf-8", "replace").strip()
