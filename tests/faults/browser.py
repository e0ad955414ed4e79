"""A browser with cookies, over real HTTP against the real pages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import BaseHandler, HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

from service import accounts
from service.models import Account
from tests.faults.scene import Scene

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
SECONDS = 20


@dataclass(frozen=True, slots=True)
class Page:
    """An answer."""

    status: int
    text: str


class _StayHere(HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_options: object) -> None:
        return None


class Browser:
    """Somebody's browser."""

    def __init__(self, address: str) -> None:
        self._address = address
        handlers: list[BaseHandler] = [HTTPCookieProcessor(CookieJar()), _StayHere()]
        self._opener = build_opener(*handlers)
        self._token = ""

    @classmethod
    def signed_in(cls, address: str, service: Scene) -> "Browser":
        """Ada's, after she has come by her one-time link."""
        with service.transaction() as session:
            link = accounts.sign_in_link(session, session.get_one(Account, service.newsroom.ada.id))
        browser = cls(address)
        path = "/sign-in/" + link.rpartition("/")[2]
        assert browser.post(path, page=path) == 302
        return browser

    def get(self, path: str) -> Page:
        """Open a page; its form's token is kept. Raises OSError when nobody answers."""
        page = self._ask(path)
        if found := TOKEN.search(page.text):
            self._token = found[1]
        return page

    def post(self, path: str, *, page: str = "", fields: Mapping[str, str] | None = None) -> int:
        """Press a button of a page, opened before if it is named; the status. Raises OSError when nobody answers."""
        if page:
            self.get(page)
        return self._ask(path, {"csrf_token": self._token, **(fields or {})}).status

    def _ask(self, path: str, fields: Mapping[str, str] | None = None) -> Page:
        data = urlencode(fields).encode() if fields is not None else None
        request = Request(self._address + path, data=data, headers={"Referer": self._address + path})
        try:
            with self._opener.open(request, timeout=SECONDS) as answer:
                return Page(answer.status, answer.read().decode())
        except HTTPError as answer:
            return Page(answer.code, answer.read().decode())
