"""A From domain as receivers see it, asked of a real name server."""

import pytest

from service.domains import State, worst
from service.models import Algorithm, DkimKey, KeyState
from tests.nameserver import serving
from tests.service.domains.town import DOMAIN, RETURN_PATH, about, look, wrong, zones


def test_a_domain_with_everything_as_it_should_be() -> None:
    with serving(zones()) as names:
        found = look(names)
    assert wrong(found) == []
    assert worst(found) is None
    assert [finding.what for finding in found] == [
        "SPF of bounces.rivers.example (return path)",
        "SPF of bounces.rivers.example (return path)",
        "SPF of rivers.example (From)",
        "SPF of rivers.example (From)",
        "DKIM autumn",
        "DMARC",
        "DMARC alignment",
        "MX of bounces.rivers.example (return path)",
        "MX of rivers.example (From)",
        "MTA-STS of bounces.rivers.example",
        "TLS-RPT of bounces.rivers.example",
        "MTA-STS of rivers.example",
        "TLS-RPT of rivers.example",
        "reverse DNS of 192.0.2.25",
    ]


def test_a_domain_with_nothing_there() -> None:
    with serving({f"{DOMAIN}.": ""}) as names:
        found = look(names)
    assert wrong(found) == [
        ("SPF of bounces.rivers.example (return path)", State.BAD),
        ("SPF of rivers.example (From)", State.WARNING),
        ("DKIM autumn", State.BAD),
        ("DMARC", State.BAD),
        ("MX of bounces.rivers.example (return path)", State.BAD),
        ("MX of rivers.example (From)", State.WARNING),
        ("reverse DNS of 192.0.2.25", State.BAD),
    ]
    assert all(finding.fix for finding in found if finding.state is not State.WELL)


def test_a_domain_that_is_not_there_at_all() -> None:
    with serving({}) as names:
        found = look(names)
    assert (found[0].found, found[0].state) == ("no such domain", State.BAD)
    assert worst(found) is found[0]


@pytest.mark.parametrize("trouble", ["broken", "silent"])
def test_a_domain_whose_name_server_does_not_answer_is_not_called_empty(trouble: str) -> None:
    with serving(zones(), **{trouble: {DOMAIN}}) as names:
        (finding,) = look(names)
    assert finding.state is State.BAD
    assert finding.found.startswith("no answer from DNS: ")


@pytest.mark.parametrize("trouble", ["broken", "silent"])
@pytest.mark.parametrize(
    ("name", "spoiled"),
    [
        (f"autumn._domainkey.{DOMAIN}", [("DKIM", State.BAD)]),
        (f"_dmarc.{DOMAIN}", [("DMARC", State.BAD)]),
        (f"_mta-sts.{DOMAIN}", [("MTA-STS of rivers.example", State.WARNING)]),
        (f"_smtp._tls.{RETURN_PATH}", [("TLS-RPT of bounces.rivers.example", State.WARNING)]),
        ("25.2.0.192.in-addr.arpa", [("reverse DNS of 192.0.2.25", State.BAD)]),
        (
            RETURN_PATH,
            [
                ("SPF of bounces.rivers.example (return path)", State.BAD),
                ("MX of bounces.rivers.example (return path)", State.BAD),
            ],
        ),
    ],
)
def test_one_answer_that_is_missing_spoils_only_its_own_finding(
    trouble: str, name: str, spoiled: list[tuple[str, State]]
) -> None:
    with serving(zones(), **{trouble: {name}}) as names:
        found = look(names)
    assert wrong(found) == spoiled
    assert all("no answer from DNS: " in finding.found for finding in found if finding.state is not State.WELL)


def test_who_looks_again_sees_what_was_changed() -> None:
    with serving(zones(apex__TXT=None)) as names:
        assert about(look(names), "SPF of rivers.example")[0].found == "no record"
        names.zones = zones()
        assert about(look(names), "SPF of rivers.example")[0].state is State.WELL


def test_the_worst_is_bad_before_it_is_a_warning() -> None:
    with serving(zones(apex__TXT=None, _dmarc__TXT=None)) as names:
        finding = worst(look(names))
    assert finding is not None
    assert (finding.what, finding.state) == ("DMARC", State.BAD)


def key(state: KeyState, algorithm: Algorithm = Algorithm.ED25519, **more: object) -> DkimKey:
    return DkimKey(domain=DOMAIN, selector="autumn", algorithm=algorithm, public="A" * 43 + "=", state=state, **more)


def test_the_key_of_somebody_else_under_our_selector_is_bad() -> None:
    with serving(zones(**{"autumn._domainkey__TXT": "v=DKIM1; k=rsa; p=MIIBIjANBgkq"})) as names:
        (finding,) = about(look(names), "DKIM")
    assert finding.state is State.BAD
    assert "another key" in finding.found
    assert 'autumn._domainkey.rivers.example. 3600 IN TXT ( "v=DKIM1; k=ed25519; p=AAAA' in finding.fix


def test_a_key_that_waits_may_be_unpublished_but_not_wrong() -> None:
    with serving(zones(**{"autumn._domainkey__TXT": None})) as names:
        found = about(look(names, keys=[key(KeyState.WAITING)]), "DKIM")
        assert [finding.state for finding in found] == [State.WARNING, State.WARNING]
    with serving(zones()) as names:
        found = about(look(names, keys=[key(KeyState.WAITING)]), "DKIM autumn")
        assert found[0].state is State.WELL
        assert "--activate autumn" in found[0].fix


def test_without_a_key_of_ours_somebody_else_must_sign() -> None:
    with serving(zones()) as names:
        (finding,) = about(look(names, keys=[]), "DKIM")
    assert finding.state is State.WARNING
    assert "let the relay sign" in finding.fix
