"""SPF: what receivers would make of the record."""

import pytest

from service.domains import Finding, State
from service.domains.authorising import result
from tests.nameserver import serving
from tests.service.domains.town import RELAY, about, look, zones


def spf(*texts: str, more: dict[str, str] | None = None, addresses: tuple[str, ...] = ()) -> list[Finding]:
    """The findings about the return path's SPF when it publishes these."""
    with serving(zones(bounces__TXT=texts) | (more or {})) as names:
        return about(look(names, addresses=addresses), "SPF of bounces")


def chain(number: int) -> dict[str, str]:
    """So many includes, each good for one look-up."""
    return {"many.example.": "".join(f'i{each} 60 IN TXT "v=spf1 ip4:192.0.2.{each} -all"\n' for each in range(number))}


def including(number: int) -> str:
    return f"v=spf1 {' '.join(f'include:i{each}.many.example' for each in range(number))} -all"


def test_ten_look_ups_are_allowed_and_counted() -> None:
    (finding,) = spf(including(10), more=chain(10))
    assert finding.state is State.WELL
    assert "10 look-ups" in finding.found


def test_the_eleventh_look_up_is_one_too_many() -> None:
    (finding,) = spf(including(11), more=chain(11))
    assert finding.state is State.BAD
    assert "11" in finding.found


def test_three_look_ups_that_find_nothing_are_too_many() -> None:
    (finding,) = spf("v=spf1 a:a.rivers.example a:b.rivers.example a:c.rivers.example -all")
    assert finding.state is State.BAD
    assert "void" in finding.found


def test_two_records_are_none() -> None:
    (finding,) = spf("v=spf1 ip4:192.0.2.1 -all", "v=spf1 mx -all")
    assert (finding.state, finding.found) == (State.BAD, "several records")


@pytest.mark.parametrize(
    "text",
    [
        "v=spf1 +all",
        "v=spf1 all",
        "v=spf1 ip4:192.0.2.1 +all",
        "v=spf1 ip4:0.0.0.0/0 -all",
        "v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all",
        "v=spf1 ip6:::/0 -all",
        "v=spf1 include:open.many.example -all",
        "v=spf1 redirect=open.many.example",
    ],
)
def test_a_record_that_lets_everybody_send_is_bad(text: str) -> None:
    (finding,) = spf(text, more={"many.example.": 'open 60 IN TXT "v=spf1 +all"\n'})
    assert finding.state is State.BAD
    assert finding.expected == "only our own servers allowed"


def test_a_record_without_an_end_is_a_warning() -> None:
    (finding,) = spf("v=spf1 ip4:192.0.2.1")
    assert (finding.state, finding.expected) == (State.WARNING, "a word on everybody else")


@pytest.mark.parametrize("text", ["v=spf1 ip4:not.an.address -all", "v=spf1 foo:bar -all", "v=spf1 ip4:192.0.2.1-all"])
def test_a_record_that_cannot_be_read_is_bad(text: str) -> None:
    (finding,) = spf(text)
    assert (finding.state, finding.expected) == (State.BAD, "a record that can be read")


def test_an_include_that_is_not_there_breaks_the_record() -> None:
    (finding,) = spf("v=spf1 include:gone.many.example -all", more=chain(1))
    assert finding.state is State.BAD
    assert "gone.many.example" in finding.fix


def test_a_record_that_includes_itself_is_bad() -> None:
    (finding,) = spf("v=spf1 include:bounces.rivers.example -all", addresses=(RELAY,))
    assert finding.state is State.BAD


def test_a_relay_that_is_not_covered_is_bad() -> None:
    _, finding = spf("v=spf1 ip4:192.0.2.99 ~all", addresses=(RELAY,))
    assert (finding.state, finding.found) == (State.BAD, "softfail for 192.0.2.25")
    assert "ip4:192.0.2.25" in finding.fix


def test_what_only_a_receiver_can_tell_is_said_so() -> None:
    *_, finding = spf("v=spf1 exists:%{i}.many.example ~all", addresses=(RELAY,))
    assert finding.state is State.WARNING
    assert "cannot be told" in finding.found


RECORDS = """
four 60 IN TXT "v=spf1 ip4:192.0.2.0/28 -all"
six 60 IN TXT "v=spf1 ip6:2001:db8::/32 ~all"
own 60 IN TXT "v=spf1 a -all"
own 60 IN A 192.0.2.1
near 60 IN TXT "v=spf1 a:own.many.example/24 ?all"
mails 60 IN TXT "v=spf1 mx -all"
mails 60 IN MX 10 own
nearmails 60 IN TXT "v=spf1 mx:mails.many.example/24//64 -all"
no 60 IN TXT "v=spf1 -ip4:192.0.2.1 include:four.many.example -all"
through 60 IN TXT "v=spf1 include:four.many.example include:six.many.example -all"
moved 60 IN TXT "V=SPF1 REDIRECT=four.many.example"
open 60 IN TXT "v=spf1 ip4:198.51.100.1"
macro 60 IN TXT "v=spf1 ip4:192.0.2.1 include:%{d2}.example -all"
loop 60 IN TXT "v=spf1 redirect=loop.many.example"
"""


@pytest.mark.parametrize(
    ("name", "address", "said"),
    [
        ("four", "192.0.2.15", "pass"),
        ("four", "192.0.2.16", "fail"),
        ("four", "2001:db8::1", "fail"),
        ("six", "2001:db8:ffff::1", "pass"),
        ("six", "192.0.2.1", "softfail"),
        ("own", "192.0.2.1", "pass"),
        ("own", "192.0.2.2", "fail"),
        ("near", "192.0.2.200", "pass"),
        ("near", "198.51.100.1", "neutral"),
        ("mails", "192.0.2.1", "pass"),
        ("mails", "192.0.2.2", "fail"),
        ("nearmails", "192.0.2.2", "pass"),
        ("no", "192.0.2.1", "fail"),
        ("no", "192.0.2.2", "pass"),
        ("through", "2001:db8::1", "pass"),
        ("through", "198.51.100.1", "fail"),
        ("moved", "192.0.2.1", "pass"),
        ("moved", "198.51.100.1", "fail"),
        ("open", "192.0.2.1", "neutral"),
        ("macro", "192.0.2.1", "pass"),
        ("macro", "192.0.2.2", None),
        ("nobody", "192.0.2.1", "none"),
        ("loop", "192.0.2.1", "none"),
    ],
)
def test_an_address_is_judged_as_a_receiver_would(name: str, address: str, said: str | None) -> None:
    with serving({"many.example.": RECORDS}) as names:
        assert result(f"{name}.many.example", address, names.resolver) == said


def test_an_explanation_is_looked_up_at_our_own_name_server_too() -> None:
    with serving(zones(bounces__TXT="v=spf1 ip4:192.0.2.25 exp=why.rivers.example -all", why__TXT="No.")) as names:
        assert about(look(names, addresses=()), "SPF of bounces")[0].state is State.WELL
        assert "why.rivers.example" in names.asked


def test_a_strangers_record_cannot_write_on_the_terminal() -> None:
    with serving(zones(bounces__TXT="v=spf1 ip4:192.0.2.25 \\027[2J ~all")) as names:
        found = about(look(names), "SPF of bounces")
    assert any("[2J" in finding.found for finding in found)
    assert all(finding.found.isprintable() for finding in found)
