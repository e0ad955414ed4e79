"""DMARC of RFC 9989: the policy, what it no longer knows, whose domain it is, and alignment."""

import pytest

from service.domains import Finding, State
from service.domains.organisation import organisation
from tests.nameserver import serving
from tests.service.domains.town import about, look, zones


def dmarc(*texts: str, return_path: str = "bounces.rivers.example") -> list[Finding]:
    with serving(zones(_dmarc__TXT=texts)) as names:
        return about(look(names, return_path=return_path), "DMARC")


def warnings(findings: list[Finding]) -> list[str]:
    return [finding.found for finding in findings if finding.state is State.WARNING]


def test_a_policy_is_told_with_what_it_means_for_names_below() -> None:
    policy, alignment = dmarc("v=DMARC1; p=reject; sp=quarantine; rua=mailto:d@rivers.example")
    assert (policy.state, alignment.state) == (State.WELL, State.WELL)
    assert policy.found == "_dmarc.rivers.example: p=reject, sp=quarantine, np=quarantine, t=n, psd=u"


def test_np_stands_by_itself() -> None:
    policy, _ = dmarc("v=DMARC1; p=quarantine; np=reject; rua=mailto:d@rivers.example")
    assert "np=reject" in policy.found


def test_p_none_is_enough_to_send_and_worth_a_word() -> None:
    found = dmarc("v=DMARC1; p=none; rua=mailto:d@rivers.example")
    assert found[0].state is State.WELL
    assert any("none" in told for told in warnings(found))


@pytest.mark.parametrize("tag", ["pct=50", "rf=afrf", "ri=3600"])
def test_what_rfc_9989_took_out_is_warned_of(tag: str) -> None:
    found = dmarc(f"v=DMARC1; p=reject; {tag}; rua=mailto:d@rivers.example")
    assert any(f"the {tag.partition('=')[0]} tag was removed" in told for told in warnings(found))


def test_a_policy_in_test_mode_is_warned_of() -> None:
    assert any("t=y" in told for told in warnings(dmarc("v=DMARC1; p=reject; t=y; rua=mailto:d@rivers.example")))


def test_a_from_domain_is_no_public_suffix() -> None:
    assert any("psd=y" in told for told in warnings(dmarc("v=DMARC1; p=reject; psd=y; rua=mailto:d@rivers.example")))


def test_no_reports_are_warned_of() -> None:
    assert any("rua" in told for told in warnings(dmarc("v=DMARC1; p=reject")))


@pytest.mark.parametrize(
    "texts", [("v=DMARC1; p=reject", "v=DMARC1; p=none"), ("v=DMARC1; p=perhaps",), ("v=spf1 -all",)]
)
def test_a_record_that_receivers_drop_is_bad(texts: tuple[str, ...]) -> None:
    (finding,) = dmarc(*texts)
    assert finding.state is State.BAD


def test_a_return_path_of_somebody_else_is_not_aligned() -> None:
    *_, alignment = dmarc("v=DMARC1; p=reject; rua=mailto:d@rivers.example", return_path="bounces.relay.example")
    assert alignment.state is State.WARNING
    assert "RETURN_PATH_DOMAIN" in alignment.fix


def test_strict_alignment_wants_the_very_domain() -> None:
    *_, alignment = dmarc("v=DMARC1; p=reject; aspf=s; rua=mailto:d@rivers.example")
    assert alignment.state is State.WARNING
    *_, alignment = dmarc("v=DMARC1; p=reject; aspf=s; rua=mailto:d@rivers.example", return_path="rivers.example")
    assert alignment.state is State.WELL


def test_a_subdomain_has_the_policy_of_the_domain_above() -> None:
    with serving(zones(news__A="192.0.2.10")) as names:
        found = about(look(names, domain="news.rivers.example"), "DMARC")
    assert found[0].found.startswith("_dmarc.rivers.example: p=quarantine")
    assert found[-1].state is State.WELL


TREE = """
_dmarc.rivers 60 IN TXT "v=DMARC1; p=reject"
_dmarc.news.rivers 60 IN TXT "v=DMARC1; p=none"
_dmarc.own.rivers 60 IN TXT "v=DMARC1; p=none; psd=n"
_dmarc.gov 60 IN TXT "v=DMARC1; p=reject; psd=y"
_dmarc.water.gov 60 IN TXT "v=DMARC1; p=reject"
_dmarc.odd 60 IN TXT "v=DMARC1; p=none"
_dmarc.odd 60 IN TXT "v=DMARC1; p=reject"
_dmarc.deep 60 IN TXT "v=DMARC1; p=none"
"""


@pytest.mark.parametrize(
    ("domain", "owner"),
    [
        ("rivers.example", "rivers.example"),
        ("bounces.rivers.example", "rivers.example"),
        ("a.news.rivers.example", "rivers.example"),
        ("a.own.rivers.example", "own.rivers.example"),
        ("own.rivers.example", "own.rivers.example"),
        ("press.water.gov.example", "water.gov.example"),
        ("a.press.fire.gov.example", "fire.gov.example"),
        ("gov.example", "gov.example"),
        ("a.odd.example", "a.odd.example"),
        ("nothing.example", "nothing.example"),
        ("a.b.c.d.e.f.g.h.i.deep.example", "deep.example"),
    ],
)
def test_whose_domain_it_is_is_found_by_walking_up(domain: str, owner: str) -> None:
    with serving({"example.": TREE}) as names:
        assert organisation(domain, names.resolver) == owner
        assert len([name for name in names.asked if name.startswith("_dmarc.")]) <= 8


def test_a_public_suffix_belongs_to_nobody_above_it() -> None:
    tree = '_dmarc 60 IN TXT "v=DMARC1; p=none"\n_dmarc.gov 60 IN TXT "v=DMARC1; p=none; psd=y"\n'
    with serving({"example.": tree}) as names:
        assert organisation("gov.example", names.resolver) == "gov.example"
        assert organisation("rivers.gov.example", names.resolver) == "rivers.gov.example"
        assert organisation("rivers.example", names.resolver) == "example"


def test_what_else_is_written_at_its_place_does_no_harm() -> None:
    policy, _ = dmarc("v=DMARC1; p=reject; rua=mailto:d@rivers.example", "verification=1234")
    assert policy.state is State.WELL
