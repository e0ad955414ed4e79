"""MX, MTA-STS, TLS-RPT and reverse names."""

import pytest

from service.domains import Finding, State
from service.domains.policies import Unfetched
from tests.nameserver import serving
from tests.service.domains.town import RELAY, about, look, zones

POLICY = "version: STSv1\nmode: {mode}\nmx: {mx}\nmax_age: 86400\n"


def one(what: str, found: list[Finding]) -> Finding:
    (finding,) = about(found, what)
    return finding


def test_bounces_need_an_mx() -> None:
    with serving(zones(bounces__MX=None)) as names:
        assert one("MX of bounces", look(names)).state is State.BAD


@pytest.mark.parametrize(("name", "what"), [("bounces__MX", "MX of bounces"), ("apex__MX", "MX of rivers")])
def test_a_null_mx_takes_nothing_back(name: str, what: str) -> None:
    with serving(zones(**{name: "0 ."})) as names:
        finding = one(what, look(names))
    assert finding.state is State.BAD
    assert "null MX" in finding.found


def test_an_mx_without_an_address_is_none() -> None:
    with serving(zones(bounces__MX="10 gone")) as names:
        assert one("MX of bounces", look(names)).found == "gone.rivers.example has no address"


def test_an_address_has_a_name_that_points_back() -> None:
    with serving(zones()) as names:
        assert one("reverse", look(names)).found == "relay.rivers.example"
    with serving(zones(relay__A="192.0.2.26")) as names:
        finding = one("reverse", look(names, addresses=[RELAY]))
    assert (finding.state, finding.found) == (State.BAD, "relay.rivers.example, which does not point back")
    with serving(zones()) as names:
        assert one("reverse", look(names, addresses=["192.0.2.99"])).found == "no name"


def test_an_ipv6_address_is_recognised_however_it_is_written() -> None:
    pointer = "5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0"
    more = {"8.b.d.0.1.0.0.2.ip6.arpa.": f"{pointer} 60 IN PTR relay.rivers.example.\n"}
    with serving(zones(relay__AAAA="2001:0db8:0::0025") | more) as names:
        assert one("reverse", look(names, addresses=["2001:db8::25"])).state is State.WELL


@pytest.mark.parametrize(
    ("mode", "mx", "state"),
    [
        ("enforce", "mail.rivers.example", State.WELL),
        ("enforce", "*.rivers.example", State.WELL),
        ("enforce", "old.rivers.example", State.BAD),
        ("testing", "old.rivers.example", State.WARNING),
        ("none", "old.rivers.example", State.WELL),
        ("sometimes", "mail.rivers.example", State.WARNING),
    ],
)
def test_an_mta_sts_policy_names_every_mx(mode: str, mx: str, state: State) -> None:
    asked = []

    def fetch(domain: str) -> str:
        asked.append(domain)
        return POLICY.format(mode=mode, mx=mx)

    with serving(zones(**{"_mta-sts.bounces__TXT": "v=STSv1; id=20261124;"})) as names:
        assert one("MTA-STS of bounces", look(names, fetch=fetch)).state is state
    assert asked == ["bounces.rivers.example"]


def test_a_policy_that_cannot_be_had_is_a_warning() -> None:
    def fetch(domain: str) -> str:
        raise Unfetched(f"{domain} is away")

    with serving(zones(**{"_mta-sts.bounces__TXT": "v=STSv1; id=20261124;"})) as names:
        finding = one("MTA-STS of bounces", look(names, fetch=fetch))
    assert (finding.state, finding.found) == (State.WARNING, "bounces.rivers.example is away")


def test_without_a_way_to_fetch_it_the_policy_is_not_judged() -> None:
    with serving(zones(**{"_mta-sts.bounces__TXT": "v=STSv1; id=20261124;"})) as names:
        assert "not fetched" in one("MTA-STS of bounces", look(names)).found


@pytest.mark.parametrize(
    ("text", "state"),
    [("v=TLSRPTv1; rua=mailto:tls@rivers.example", State.WELL), ("v=TLSRPTv1; rua=nowhere", State.WARNING)],
)
def test_a_tls_report_address_can_be_read(text: str, state: State) -> None:
    with serving(zones(**{"_smtp._tls.bounces__TXT": text})) as names:
        assert one("TLS-RPT of bounces", look(names)).state is state
