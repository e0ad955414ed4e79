"""Knocking at links: the public web is asked by the very address that was looked up, the inside never."""

from collections.abc import Callable

import httpx2
import pytest

from service import fetching
from service.fetching import Nowhere, Private, Unavailable
from service.resolver import Unanswered

PUBLIC, INSIDE = "93.184.216.34", "10.0.0.8"


class Names:
    """A resolver that knows these hosts."""

    def __init__(self, **hosts: list[str]) -> None:
        self.hosts = {name.replace("_", "."): found for name, found in hosts.items()}

    def addresses(self, name: str) -> list[str]:
        if name == "silent.example":
            raise Unanswered("no answer in time")
        return self.hosts.get(name, [])


NAMES = Names(
    rivers_example=[PUBLIC], inside_example=[INSIDE], both_example=[PUBLIC, "127.0.0.1"], six_example=["fd00::1"]
)


class Web:
    """Answers each request by its Host and path, and remembers who was asked where."""

    def __init__(self, answer: Callable[[httpx2.Request], httpx2.Response]) -> None:
        self.asked: list[tuple[str, str]] = []
        self._answer = answer

    def transport(self) -> httpx2.MockTransport:
        def handle(request: httpx2.Request) -> httpx2.Response:
            self.asked.append((request.url.host, request.headers["Host"]))
            return self._answer(request)

        return httpx2.MockTransport(handle)


def status(url: str, web: Web) -> int:
    return fetching.status(url, dns=NAMES, transport=web.transport())  # type: ignore[arg-type]


def found(_request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200)


def test_the_address_that_was_looked_up_is_the_one_asked() -> None:
    web = Web(found)
    assert status("https://rivers.example/data?x=1#part", web) == 200
    assert web.asked == [(PUBLIC, "rivers.example")]


@pytest.mark.parametrize(
    "url",
    [
        "http://inside.example/", "http://both.example/", "https://six.example/", "http://127.0.0.1/", "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/", "http://[::ffff:10.0.0.1]/", "http://[64:ff9b::a00:1]/",
        "http://[2002:a00:1::]/", "http://10.0.0.8./", "http://rivers.example:8080/", "http://rivers.example:22/",
        "http://user@inside.example/", "http://0.0.0.0/", "http://224.0.0.1/", "http://100.64.0.1/",
    ],
)  # fmt: skip
def test_what_is_not_the_public_web_is_never_asked(url: str) -> None:
    web = Web(found)
    with pytest.raises((Private, Nowhere)):
        status(url, web)
    assert web.asked == []


@pytest.mark.parametrize("url", ["ftp://rivers.example/", "https://", "http://nobody.example/", "javascript:alert(1)"])
def test_what_is_no_place_leads_nowhere(url: str) -> None:
    with pytest.raises(Nowhere):
        status(url, Web(found))


@pytest.mark.parametrize(
    "to", ["http://inside.example/", "http://127.0.0.1:5432/", "//169.254.169.254/", "file:///etc/passwd"]
)
def test_a_redirect_to_the_inside_is_not_followed(to: str) -> None:
    web = Web(lambda _: httpx2.Response(302, headers={"Location": to}))
    with pytest.raises((Private, Nowhere)):
        status("https://rivers.example/", web)
    assert web.asked == [(PUBLIC, "rivers.example")]


def test_redirects_are_followed_a_few_times_and_not_for_ever() -> None:
    def moved(request: httpx2.Request) -> httpx2.Response:
        new = request.url.path == "/new"
        return httpx2.Response(200) if new else httpx2.Response(301, headers={"Location": "/new"})

    once = Web(moved)
    assert status("http://rivers.example/old", once) == 200
    for_ever = Web(lambda _: httpx2.Response(302, headers={"Location": "/again"}))
    with pytest.raises(Unavailable):
        status("http://rivers.example/", for_ever)
    assert len(for_ever.asked) == fetching.STEPS


def test_who_does_not_answer_is_unavailable_and_not_dead() -> None:
    def broken(_request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectTimeout("no")

    for url in ("https://rivers.example/", "https://silent.example/"):
        with pytest.raises(Unavailable):
            status(url, Web(broken))
