"""A file is taken when clamd has looked at it and found nothing; when it is away, none is taken."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from service.scanning import Infected, ScannerAway, check

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD" + b"-ANTIVIRUS-TEST-FILE!$H+H*"
MOST = 200_000


def verdict(content: bytes) -> bytes:
    if len(content) > MOST:
        return b"INSTREAM size limit exceeded. ERROR"
    return b"stream: Eicar-Signature FOUND" if EICAR in content else b"stream: OK"


@contextmanager
def clamd(where: tuple[str, int] | str, says: Callable[[bytes], bytes] = verdict) -> Iterator[str]:
    """A server that speaks clamd's INSTREAM: pieces with their length before them, an empty one at the end."""
    server = socket.socket(socket.AF_UNIX if isinstance(where, str) else socket.AF_INET)
    server.bind(where)
    server.listen()
    thread = threading.Thread(target=_serve, args=(server, says), daemon=True)
    thread.start()
    name = where if isinstance(where, str) else f"127.0.0.1:{server.getsockname()[1]}"
    yield name
    server.close()
    thread.join(5)


def _serve(server: socket.socket, says: Callable[[bytes], bytes]) -> None:
    try:
        talk, _ = server.accept()
    except OSError:
        return
    with talk, talk.makefile("rb") as read:
        assert read.read(10) == b"zINSTREAM\0"
        content = b""
        while length := int.from_bytes(read.read(4)):
            content += read.read(length)
        talk.sendall(says(content) + b"\0")


@pytest.mark.parametrize("way", ["tcp", "unix"])
def test_a_clean_file_passes_whole_and_in_pieces(way: str, tmp_path: Path) -> None:
    seen: list[bytes] = []

    def note(content: bytes) -> bytes:
        seen.append(content)
        return verdict(content)

    content = bytes(range(256)) * 600
    with clamd(("127.0.0.1", 0) if way == "tcp" else str(tmp_path / "clamd"), note) as scanner:
        check(content, scanner)
    assert seen == [content]


def test_what_is_found_is_named_and_refused() -> None:
    with clamd(("127.0.0.1", 0)) as scanner, pytest.raises(Infected, match="Eicar-Signature"):
        check(b"Some words. " + EICAR, scanner)


def test_what_it_did_not_look_at_is_not_taken() -> None:
    with clamd(("127.0.0.1", 0)) as scanner, pytest.raises(ScannerAway):
        check(b"x" * (MOST + 1), scanner)
    for answer in (b"", b"UNKNOWN COMMAND", b"stream: something new"):
        with clamd(("127.0.0.1", 0), lambda _content, answer=answer: answer) as scanner, pytest.raises(ScannerAway):  # type: ignore[misc]
            check(b"x", scanner)


def test_while_it_is_away_nothing_is_taken(tmp_path: Path) -> None:
    for scanner in ("127.0.0.1:1", str(tmp_path / "nothing")):
        with pytest.raises(ScannerAway):
            check(b"x", scanner)


def test_without_one_nothing_is_asked() -> None:
    check(EICAR, "")
