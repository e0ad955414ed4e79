"""Where relays are, and what may not be said in the clear."""

import pytest

from workers.relays.server import Security, Server, server
from workers.relays.url import parse, parse_all


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("smtp://relay.example", Server("relay.example", 25)),
        ("smtp://[::1]:2525/", Server("::1", 2525)),
        ("smtp://ada:secret@localhost:2525", Server("localhost", 2525, user="ada", password="secret")),
        (
            "smtp+starttls://ada%40newsroom.example:p%3A%2Fw@relay.example",
            Server("relay.example", 587, Security.STARTTLS, "ada@newsroom.example", "p:/w"),
        ),
        ("smtps://relay.example?ca=/etc/ca.pem", Server("relay.example", 465, Security.TLS, ca="/etc/ca.pem")),
        ("lmtp://mail.example:2003", Server("mail.example", 2003, lmtp=True)),
        ("lmtp:///run/dovecot/lmtp", Server("localhost", 24, lmtp=True, socket="/run/dovecot/lmtp")),
        ("smtp://relay.example?hello=press.example", Server("relay.example", 25, hello="press.example")),
    ],
)
def test_a_url_says_where_and_how(url: str, found: Server) -> None:
    assert server(parse(url)) == found


@pytest.mark.parametrize(
    "url",
    [
        "relay.example:25",
        "http://relay.example",
        "smtp://",
        "smtp://relay.example/path",
        "smtp:///run/socket",
        "smtp://relay.example?tls=no",
        "smtp://relay.example?ca",
        "smtp://relay.example:port",
        "smtp://relay.example?weight=-1",
        "smtp://relay.example?weight=much",
        "smtp://relay.example?name=%0d%0aevil",
        "smtp://relay.example?hello=x%0d%0aQUIT",
    ],
)
def test_what_is_no_relay_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError):
        server(parse(url))


@pytest.mark.parametrize("scheme", ["smtp", "lmtp"])
@pytest.mark.parametrize("host", ["relay.example", "192.0.2.1", "127.0.0.1.relay.example"])
def test_a_password_never_travels_in_the_clear(host: str, scheme: str) -> None:
    with pytest.raises(ValueError, match="TLS") as refused:
        server(parse(f"{scheme}://ada:secret@{host}"))
    assert "secret" not in str(refused.value)
    assert "secret" not in repr(server(parse(f"smtps://ada:secret@{host}")))
    assert "secret" not in repr(parse(f"postmark://secret@{host}"))


def test_a_secret_file_names_a_relay_a_line() -> None:
    first, second = parse_all("smtps://ada:secret@one.example?weight=3&name=main\nlmtp://two.example:2003\n")

    assert [(place.name, place.weight) for place in (first, second)] == [("main", 3), ("two.example:2003", 1)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "smtps://ada:secret@one.example smtps://bob:secret@one.example",
        "smtps://ada:secret@one.example?name=a smtps://bob:secret@two.example?name=a",
        "smtps://ada:secret@one.example smtps://ada:secret@two.example:secret",
        "smtps://ada:secret@one.example secret",
    ],
)
def test_a_fault_is_told_by_number_and_never_quotes_the_secret(text: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse_all(text)
    assert "secret" not in str(refused.value)
    assert not text or "relay 2" in str(refused.value)
