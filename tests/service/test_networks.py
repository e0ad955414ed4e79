"""Networks outside have their share each, whatever they write their address like."""

import pytest

from service import networks
from service.networks import Turnstile


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("198.51.100.1", "198.51.100.200", True),
        ("198.51.100.1", "198.51.101.1", False),
        ("::ffff:198.51.100.1", "198.51.100.7", True),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("fe80::1%eth0", "fe80::2", True),
    ],
)
def test_what_one_customer_commonly_has_is_one_network(one: str, other: str, same: bool) -> None:
    assert (networks.of(one) == networks.of(other)) is same


def test_a_share_is_a_minutes_and_comes_back_in_time() -> None:
    clock = Clock()
    turnstile = Turnstile(3, clock=clock)
    assert [turnstile.admit("198.51.100.1") for _ in range(4)] == [True, True, True, False]
    assert turnstile.admit("203.0.113.1")
    clock.now = 20
    assert turnstile.allows("198.51.100.9")
    assert [turnstile.admit("198.51.100.9") for _ in range(2)] == [True, False]


def test_a_socket_of_this_machine_and_a_trusted_network_have_no_limit() -> None:
    turnstile = Turnstile(1, networks.listed("127.0.0.0/8, ::1"))
    assert all(turnstile.admit(address) for address in ("", "127.0.0.5", "::1") for _ in range(5))


def test_a_flood_of_networks_takes_no_more_than_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    turnstile = Turnstile(1)
    for number in range(networks.MOST_NETWORKS + 500):
        turnstile.admit(f"10.{number // 256 % 256}.{number % 256}.1" if number < 65536 else "::1")
    assert len(turnstile._seen) <= networks.MOST_NETWORKS
