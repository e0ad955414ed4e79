"""Access tokens for a mailbox that takes no password: got by a refresh token (RFC 6749, 6), used until they expire."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

import httpx2
import structlog
from imap_tools import BaseMailBox
from imap_tools.errors import MailboxLoginError
from imap_tools.utils import check_command_status

from service.settings import Settings

log = structlog.get_logger(__name__)

SECONDS = 10.0
EARLIER = 60.0
"""A token is not used in its last seconds, so that it does not expire on its way."""
SHORTEST = 300.0
"""How long a token is taken to last where the server does not say."""


class Unobtainable(OSError):
    """The token server is away, or answers what is no answer: try again later."""


class Withdrawn(Exception):
    """The operator has to consent anew: the refresh token is not taken any more. The message is the server's word."""


@dataclass
class Tokens:
    """The tokens of one mailbox; secrets stay out of every repr. A refresh token that is renewed is kept in memory."""

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)
    scope: str = ""
    clock: Callable[[], float] = field(default=monotonic, repr=False)
    _access: str = field(default="", init=False, repr=False)
    _until: float = field(default=0.0, init=False)

    def access(self) -> str:
        """A token to sign in with. Raises Unobtainable, Withdrawn."""
        if not self._access or self.clock() >= self._until:
            self._renew()
        return self._access

    def forget(self) -> None:
        """The next one asked for is a new one."""
        self._access = ""

    def _renew(self) -> None:
        said = self._asked()
        self._access = str(said.get("access_token") or "")
        if not self._access:
            raise Unobtainable("the token server's answer holds no token")
        # Microsoft gives another refresh token each time; the one before stays good for a while.
        self.refresh_token = str(said.get("refresh_token") or self.refresh_token)
        lasts = said.get("expires_in")
        seconds = float(lasts) if isinstance(lasts, int | float) else SHORTEST
        self._until = self.clock() + max(seconds - EARLIER, 0)
        log.info("mailbox token renewed", seconds=int(seconds))

    def _asked(self) -> dict[str, object]:
        form = {"grant_type": "refresh_token", "refresh_token": self.refresh_token, "client_id": self.client_id}
        form |= {"client_secret": self.client_secret} if self.client_secret else {}
        form |= {"scope": self.scope} if self.scope else {}
        try:
            answer = httpx2.post(self.url, data=form, timeout=SECONDS, follow_redirects=False)
            said = answer.json()
        except (httpx2.HTTPError, ValueError) as fault:
            raise Unobtainable(type(fault).__name__) from fault
        if not isinstance(said, dict):
            raise Unobtainable("the token server's answer is no object")
        if answer.status_code in (400, 401):  # RFC 6749, 5.2
            raise Withdrawn(str(said.get("error"))[:100])
        if answer.status_code != 200:
            raise Unobtainable(f"the token server answers {answer.status_code}")
        return said


def given(settings: Settings) -> Tokens | None:
    """The tokens of the settings, None where the mailbox has a password."""
    if not settings.bounce_mailbox_token_url:
        return None
    return Tokens(
        settings.bounce_mailbox_token_url,
        settings.bounce_mailbox_client_id,
        settings.bounce_mailbox_client_secret.get_secret_value(),
        settings.bounce_mailbox_refresh_token.get_secret_value(),
        settings.bounce_mailbox_scope,
    )


def sign_in(box: BaseMailBox, user: str, tokens: Tokens, offered: frozenset[str]) -> None:
    """By OAUTHBEARER (RFC 7628), else by its forerunner XOAUTH2; once more with a new token where one is refused.

    Raises MailboxLoginError, Unobtainable, Withdrawn.
    """
    bearer = "AUTH=OAUTHBEARER" in offered
    try:
        _authenticate(box, user, tokens.access(), bearer=bearer)
    except MailboxLoginError:
        tokens.forget()
        _authenticate(box, user, tokens.access(), bearer=bearer)


def _authenticate(box: BaseMailBox, user: str, token: str, *, bearer: bool) -> None:
    first = f"n,a={user},\x01auth=Bearer {token}\x01\x01" if bearer else f"user={user}\x01auth=Bearer {token}\x01\x01"
    # To what is wrong the server wants an answer that says nothing, and then tells that it refuses (RFC 7628, 3.2.3).
    answers = iter((first.encode(), b"\x01" if bearer else b""))
    try:
        result = box.client.authenticate("OAUTHBEARER" if bearer else "XOAUTH2", lambda _challenge: next(answers, b""))
    except box.client.error as fault:
        if isinstance(fault, box.client.abort):
            raise
        raise MailboxLoginError(("NO", [b"token refused"]), "OK") from fault
    check_command_status(result, MailboxLoginError)
