"""DNS asked over real sockets: an answer, nothing there, no answer."""

from time import monotonic

import pytest

from service.errors import BadSettings
from service.resolver import Resolver, Unanswered
from service.settings import name_server, read
from tests.nameserver import serving

ZONE = """
@ 60 IN MX 20 second
@ 60 IN MX 10 first
@ 60 IN TXT "one " "record"
first 60 IN A 192.0.2.1
first 60 IN AAAA 2001:db8::1
other 60 IN CNAME first
silent-mail 60 IN MX 0 .
"""
REVERSE = "1 60 IN PTR first.rivers.example.\n"


def test_what_is_there_is_answered() -> None:
    with serving({"rivers.example.": ZONE, "2.0.192.in-addr.arpa.": REVERSE}) as names:
        dns = names.resolver
        assert dns.texts("rivers.example") == ["one record"]
        assert dns.addresses("other.rivers.example") == ["192.0.2.1", "2001:db8::1"]
        assert dns.exchanges("rivers.example") == ["first.rivers.example", "second.rivers.example"]
        assert dns.exchanges("silent-mail.rivers.example") == [""]
        assert dns.names("192.0.2.1") == ["first.rivers.example"]
        assert dns.exists("rivers.example")
        assert dns.exists("first.rivers.example")


def test_what_is_not_there_is_an_empty_answer() -> None:
    with serving({"rivers.example.": ZONE}) as names:
        dns = names.resolver
        assert dns.texts("first.rivers.example") == []
        assert dns.texts("nobody.rivers.example") == []
        assert dns.texts("a..b") == []
        assert not dns.exists("nobody.rivers.example")


@pytest.mark.parametrize("trouble", ["broken", "silent"])
def test_no_answer_is_not_nothing(trouble: str) -> None:
    with serving({"rivers.example.": ZONE}, **{trouble: {"rivers.example"}}) as names:
        with pytest.raises(Unanswered, match="SERVFAIL" if trouble == "broken" else "no answer in time"):
            names.resolver.texts("rivers.example")
        with pytest.raises(Unanswered):
            names.resolver.exists("rivers.example")


def test_a_server_that_is_not_there_does_not_answer() -> None:
    with serving({}) as names:
        dns = Resolver(names.resolver.servers, seconds=0.5)
    with pytest.raises(Unanswered):
        dns.texts("rivers.example")


def test_questions_with_a_budget_end_together() -> None:
    slow = [f"{number}.rivers.example" for number in range(20)]
    with serving({"rivers.example.": ZONE}, silent=slow) as names:
        dns = names.resolver.within(0.6)
        began = monotonic()
        for name in [*slow, "rivers.example"]:
            with pytest.raises(Unanswered, match="in time"):
                dns.texts(name)
        assert monotonic() - began < 5
        assert names.resolver.texts("rivers.example") == ["one record"]


def test_a_long_answer_comes_by_tcp() -> None:
    long = "".join(f'@ 60 IN TXT "{number} {"x" * 200}"\n' for number in range(12))
    with serving({"rivers.example.": long}) as names:
        assert len(names.resolver.texts("rivers.example")) == 12


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("9.9.9.9", ("9.9.9.9", 53)),
        (" 127.0.0.1:5353", ("127.0.0.1", 5353)),
        ("2620:fe::fe", ("2620:fe::fe", 53)),
        ("[::1]:5353", ("::1", 5353)),
    ],
)
def test_a_name_server_has_an_address_and_perhaps_a_port(text: str, server: tuple[str, int]) -> None:
    assert name_server(text) == server


@pytest.mark.parametrize("text", ["dns.example", "9.9.9.9:x", "9.9.9.9:99999", "9.9.9", "[::1"])
def test_another_name_server_is_refused_at_start(text: str) -> None:
    with pytest.raises(BadSettings, match="DNS_SERVERS"):
        read(dns_servers=text)
