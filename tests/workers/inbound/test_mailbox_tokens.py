"""A mailbox without a password: signed in to by a token, against a real Dovecot that asks a token server about it."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

import pytest
from imap_tools.errors import MailboxLoginError
from pydantic import ValidationError

from service.settings import Settings
from tests import imap_server
from tests.imap_server import USER
from workers.inbound import mailbox, tokens
from workers.inbound.tokens import Tokens, Unobtainable, Withdrawn


class TokenServer:
    """Gives tokens for a refresh token that is `good`, and says of the last one alone that it is active."""

    def __init__(self) -> None:
        self.good, self.given, self.takes = "refresh-1", 0, True
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
                status, said = server.answer(self.path, {name: values[0] for name, values in form.items()})
                body = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        Thread(target=self._http.serve_forever, daemon=True).start()

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        if path == "/introspect":
            return 200, {"active": self.takes and form.get("token") == f"access-{self.given}", "username": USER}
        if form.get("grant_type") != "refresh_token" or form.get("refresh_token") != self.good:
            return 400, {"error": "invalid_grant"}
        self.given += 1
        return 200, {"access_token": f"access-{self.given}", "expires_in": 3600}

    def tokens(self, refresh_token: str = "refresh-1") -> Tokens:
        return Tokens(f"{self.url}/token", "client", "secret", refresh_token)

    def close(self) -> None:
        self._http.shutdown()


@pytest.fixture(scope="module")
def token_server() -> Iterator[TokenServer]:
    found = TokenServer()
    yield found
    found.close()


@pytest.fixture(scope="module", params=["oauthbearer xoauth2", "xoauth2"])
def dovecot(
    request: pytest.FixtureRequest, token_server: TokenServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[imap_server.Server]:
    folder = tmp_path_factory.mktemp("dovecot-oauth")
    where = f"{token_server.url}/introspect"
    with imap_server.running(folder, bearer=request.param, introspection=where) as server:
        yield server


def test_a_token_opens_it_and_is_used_again(token_server: TokenServer, dovecot: imap_server.Server) -> None:
    token_server.good, token_server.takes = "refresh-1", True
    secret, before = token_server.tokens(), token_server.given
    for _ in range(2):
        with mailbox.opened(mailbox.place(dovecot.url()), secret) as box:
            assert box.folder.get() == "INBOX"
    assert token_server.given == before + 1


def test_a_token_that_is_not_good_any_more_is_renewed(token_server: TokenServer, dovecot: imap_server.Server) -> None:
    token_server.good, token_server.takes = "refresh-1", True
    secret = token_server.tokens()
    secret.access()
    token_server.given += 1  # somebody else got one, and ours is worth nothing now
    with mailbox.opened(mailbox.place(dovecot.url()), secret) as box:
        assert box.folder.get() == "INBOX"


def test_who_is_let_in_by_no_token_is_told_so(token_server: TokenServer, dovecot: imap_server.Server) -> None:
    token_server.good, token_server.takes = "refresh-1", False
    with (
        pytest.raises(MailboxLoginError),
        mailbox.opened(mailbox.place(dovecot.url()), token_server.tokens()),
    ):
        pass


def test_a_refresh_token_that_is_refused_needs_the_operator(token_server: TokenServer) -> None:
    token_server.good = "refresh-2"
    with pytest.raises(Withdrawn, match="invalid_grant"):
        token_server.tokens().access()
    assert token_server.tokens("refresh-2").access().startswith("access-")


def test_a_token_server_that_is_away_is_waited_for() -> None:
    with pytest.raises(Unobtainable):
        Tokens("http://127.0.0.1:1/token", "client", "", "refresh").access()
    assert issubclass(Unobtainable, mailbox.AWAY)


def test_tokens_are_renewed_before_they_expire_and_shown_to_nobody(token_server: TokenServer) -> None:
    token_server.good, now = "refresh-1", [0.0]
    secret = Tokens(f"{token_server.url}/token", "client", "secret", "refresh-1", clock=lambda: now[0])
    first = secret.access()
    now[0] = 3600 - tokens.EARLIER - 1
    assert secret.access() == first
    now[0] += 1
    assert secret.access() != first
    assert "secret" not in repr(secret)
    assert "refresh-1" not in repr(secret)


def test_settings_refuse_a_token_server_that_hears_secrets_in_clear() -> None:
    with pytest.raises(ValidationError, match="https"):
        Settings(bounce_mailbox_token_url="http://login.example/token")
