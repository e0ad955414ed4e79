"""How often strangers may have mail sent: counted together on a real Valkey, and lower by each process without it."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import floods
from service.floods import Ask, Counter, network_of
from service.settings import settings


def somebody() -> str:
    return f"cleo.{uuid4().hex[:10]}"


def test_a_mailbox_is_written_to_once_a_day_whoever_asks() -> None:
    address = f"{somebody()}@daily.example"
    assert [floods.may_write(Ask.SUBSCRIBE, address) for _ in range(100)] == [True] + [False] * 99


def test_all_spellings_of_a_mailbox_are_one() -> None:
    local = somebody()
    dotted = ".".join(local.replace(".", ""))
    spellings = [
        f"{local}@gmail.com",
        f"{local}+news@gmail.com",
        f"{dotted}@GoogleMail.com",
        f"{local.upper()}@gmail.com",
    ]
    assert [floods.may_write(Ask.SUBSCRIBE, each) for each in spellings] == [True, False, False, False]


def test_dots_mean_something_elsewhere() -> None:
    local = somebody()
    for address in (f"{local}@daily.example", f"{local.replace('.', '')}@daily.example"):
        assert floods.may_write(Ask.SUBSCRIBE, address)


def test_links_to_preferences_are_counted_by_themselves() -> None:
    address = f"{somebody()}@daily.example"
    assert floods.may_write(Ask.SUBSCRIBE, address)
    assert [floods.may_write(Ask.PREFERENCES, address) for _ in range(5)] == [True, True, True, False, False]


def test_two_processes_count_as_one() -> None:
    name = uuid4().hex
    counters = [Counter(settings().broker_url) for _ in range(2)]
    assert [counters[number % 2].hit("4/hour", name) for number in range(6)] == [True] * 4 + [False] * 2


def test_a_network_that_asks_too_much_is_refused_and_another_is_not() -> None:
    here, there = uuid4().hex, uuid4().hex
    for _ in range(10):
        floods.admit(here)
    with pytest.raises(floods.TooMany):
        floods.admit(here)
    floods.admit(there)


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "redis+socket:///nowhere/valkey.sock?virtual_host=0"])
def test_without_valkey_each_process_allows_a_fifth(url: str) -> None:
    alone = Counter(url)
    assert [alone.hit("10/hour", "here") for _ in range(4)] == [True, True, False, False]
    assert [alone.hit("1/day", "there") for _ in range(2)] == [True, False]


@pytest.mark.parametrize(
    ("visitor", "network"),
    [
        ("192.0.2.17", "192.0.2.0/24"),
        ("192.0.2.200", "192.0.2.0/24"),
        ("::ffff:192.0.2.17", "192.0.2.0/24"),
        ("2001:db8:1:22ff::1", "2001:db8:1:2200::/56"),
        ("2001:db8:1:2200:ffff::9", "2001:db8:1:2200::/56"),
        ("", ""),
        ("unknown", ""),
        ("192.0.2.17:443", ""),
    ],
)
def test_a_network_is_what_one_party_usually_has(visitor: str, network: str) -> None:
    assert network_of(visitor) == network


@given(st.one_of(st.ip_addresses().map(str), st.text(max_size=60)))
def test_no_address_of_a_visitor_makes_trouble(visitor: str) -> None:
    assert network_of(visitor).rpartition("/")[2] in ("", "24", "56")
