"""Where a relay is, and what may not be said in the clear."""

import pytest

from workers.relays.url import Security, Server, parse


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://relay.example", Server("relay.example", 25)),
        ("smtp://[::1]:2525/", Server("::1", 2525)),
        ("smtp://ada:secret@localhost:2525", Server("localhost", 2525, user="ada", password="secret")),
        (
            "smtp+starttls://ada%40newsroom.example:p%3A%2Fw@relay.example",
            Server("relay.example", 587, Security.STARTTLS, "ada@newsroom.example", "p:/w"),
        ),
        ("smtps://relay.example?ca=/etc/ca.pem", Server("relay.example", 465, Security.TLS, ca="/etc/ca.pem")),
    ],
)
def test_a_url_says_where_and_how(url: str, server: Server) -> None:
    assert parse(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "relay.example:25",
        "http://relay.example",
        "smtp://",
        "smtp://relay.example/path",
        "smtp://relay.example?tls=no",
        "smtp://relay.example:port",
    ],
)
def test_what_is_no_relay_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError):
        parse(url)


@pytest.mark.parametrize("host", ["relay.example", "192.0.2.1", "127.0.0.1.relay.example"])
def test_a_password_never_travels_in_the_clear(host: str) -> None:
    with pytest.raises(ValueError, match="TLS") as refused:
        parse(f"smtp://ada:secret@{host}")
    assert "secret" not in str(refused.value)
    assert "secret" not in repr(parse(f"smtps://ada:secret@{host}"))
