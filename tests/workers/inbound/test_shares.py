"""A network's share of inbound is one for all listeners, counted on a real Valkey, and each its own without it."""

from ipaddress import ip_network
from uuid import uuid4

from service.floods import Counter
from service.networks import Turnstile
from service.settings import settings
from workers.inbound.shares import SECONDS_AWAY, Shares


class Asked(Counter):
    """A counter that knows how often it was asked."""

    times = 0

    def hit_together(self, limit: str, *names: str) -> bool | None:
        self.times += 1
        return super().hit_together(limit, *names)


def somewhere() -> str:
    """An address of a network that no other test has asked from."""
    return f"2001:db8:{uuid4().hex[:4]}:{uuid4().hex[:4]}::1"


def test_two_listeners_let_one_share_through() -> None:
    peer = somewhere()
    both = [Shares(Turnstile(6), Counter(settings().broker_url)) for _ in range(2)]
    assert [both[number % 2].admit(peer) for number in range(8)] == [True] * 6 + [False] * 2
    assert both[0].admit(somewhere())


def test_who_is_trusted_has_no_share() -> None:
    peer = somewhere()
    shares = Shares(Turnstile(1, [ip_network("2001:db8::/32")]), Counter(settings().broker_url))
    assert all(shares.admit(peer) for _ in range(5))
    assert not shares.is_counted(peer)


def test_without_valkey_each_listener_counts_for_itself_and_asks_again_later() -> None:
    peer, now = somewhere(), [0.0]
    away = Asked("redis://127.0.0.1:1/0")
    shares = Shares(Turnstile(3), away, clock=lambda: now[0])
    assert [shares.admit(peer) for _ in range(4)] == [True, True, True, False]
    assert away.times == 1
    other = Shares(Turnstile(3), Counter(settings().broker_url), clock=lambda: now[0])
    assert other.admit(peer)
    now[0] = SECONDS_AWAY + 1
    assert shares.admit(somewhere())
    assert away.times == 2
