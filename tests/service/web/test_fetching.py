"""What a webhook has us fetch, from real sockets: the host that was meant, and nothing of our own network."""

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from service.web.fetching import LARGEST, Resolve, Unavailable, fetch, is_public
from tests.workers.relays.authority import Authority

HOST = "sns.example"
DOCUMENT = b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\ncertificate"
AWAY = b"HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1/secret\r\nContent-Length: 0\r\n\r\n"
TOO_MUCH = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (2 * LARGEST)


class Site:
    """A server on this machine with a certificate for HOST; `heard` is what was asked of it."""

    def __init__(self, authority: Authority, answer: bytes) -> None:
        self._context = authority.server("site", f"DNS:{HOST}")
        self._answer = answer
        self.heard: list[bytes] = []
        self.met = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.trust = ssl.create_default_context(cafile=authority.ca)
        Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.met += 1
            try:
                with self._context.wrap_socket(connection, server_side=True) as secure:
                    self.heard.append(secure.recv(65_536))
                    secure.sendall(self._answer)
            except OSError:
                continue


@pytest.fixture
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    authority = Authority(tmp_path)
    authority.found()
    found = Site(authority, getattr(request, "param", DOCUMENT))
    yield found
    found.close()


def names(*answers: str) -> Resolve:
    """A name server that says something else each time, and the last of it for ever."""
    left = list(answers)
    return lambda _host, _port: [left.pop(0) if len(left) > 1 else left[0]]


def test_the_document_comes_from_the_host_that_was_meant(site: Site) -> None:
    url = f"https://{HOST}:{site.port}/cert.pem"
    assert fetch(url, resolve=names("127.0.0.1"), allows=lambda _: True, trust=site.trust) == b"certificate"
    assert f"Host: {HOST}:{site.port}\r\n".encode() in site.heard[0]


def test_whoever_answers_must_show_its_certificate(site: Site) -> None:
    with pytest.raises(Unavailable):
        fetch(f"https://x.example:{site.port}/", resolve=names("127.0.0.1"), allows=lambda _: True, trust=site.trust)
    with pytest.raises(Unavailable):
        fetch(f"https://{HOST}:{site.port}/", resolve=names("127.0.0.1"), allows=lambda _: True)
    assert site.heard == []


@pytest.mark.parametrize("site", [AWAY, TOO_MUCH], indirect=True)
def test_no_redirect_is_followed_and_no_end_is_waited_for(site: Site) -> None:
    with pytest.raises(Unavailable):
        fetch(f"https://{HOST}:{site.port}/", resolve=names("127.0.0.1"), allows=lambda _: True, trust=site.trust)
    assert site.met == 1


def test_a_name_of_our_own_network_is_not_even_connected_to(site: Site) -> None:
    for host in ("localhost", "127.0.0.1", "[::1]", HOST):
        with pytest.raises(Unavailable):
            fetch(f"https://{host}:{site.port}/", resolve=names("127.0.0.1"), trust=site.trust)
    assert site.met == 0


def test_a_name_that_changes_its_mind_is_asked_once(site: Site) -> None:
    """DNS rebinding: what was looked at is what is connected to, so the second answer is never heard."""
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["192.0.2.1"] if len(asked) == 1 else ["127.0.0.1"]

    with pytest.raises(Unavailable):
        fetch(f"https://{HOST}:{site.port}/", resolve=rebinding, trust=site.trust)
    assert (asked, site.met) == ([HOST], 0)


def test_one_private_address_among_public_ones_spoils_a_name(site: Site) -> None:
    with pytest.raises(Unavailable):
        fetch(f"https://{HOST}:{site.port}/", resolve=lambda _h, _p: ["8.8.8.8", "127.0.0.1"], trust=site.trust)
    assert site.met == 0


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
        ),
        *("::1", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
    ],
)
def test_these_addresses_are_nobody_s_on_the_internet(address: str) -> None:
    assert not is_public(address)


def test_these_are() -> None:
    assert all(map(is_public, ("8.8.8.8", "2606:4700:4700::1111")))
