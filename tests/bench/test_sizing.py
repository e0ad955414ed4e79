"""The arithmetic of docs/scale.md."""

from pathlib import Path

import pytest

from bench.sizing import Cost, Load, connections, needs, processes, table

SCALE = Path(__file__).parents[2] / "docs" / "scale.md"
MANY = Load(100_000_000)


def test_a_hundred_million_a_day() -> None:
    assert MANY.mean_rate == pytest.approx(1157.4, abs=0.1)
    assert MANY.peak_rate == pytest.approx(11_574, abs=1)


def test_a_connection_has_one_message_in_flight() -> None:
    assert connections(MANY, 1000, Cost(own_wait=0)) == 50
    assert connections(Load(1, latency=200), 1000, Cost(own_wait=50)) == 250


def test_a_slow_relay_asks_for_processes_and_so_does_a_fast_one_for_cores() -> None:
    slow = Load(1, latency=950, connections=10)
    assert processes(slow, 100, Cost(own_wait=50)) == 10
    fast = Load(1, latency=0, connections=1000)
    assert processes(fast, 7000, Cost(own_wait=0, sending=0.1)) == 1
    assert processes(fast, 7001, Cost(own_wait=0, sending=0.1)) == 2


def test_the_peak_is_what_machines_are_bought_for() -> None:
    by_name = {one.what: one for one in needs(MANY, Cost())}
    assert by_name["PostgreSQL, cores"].peak == pytest.approx(10 * by_name["PostgreSQL, cores"].mean)
    assert by_name["RSA-2048 signatures by the workers, cores"].peak == pytest.approx(11_574 * 0.00103, rel=1e-3)


def test_the_page_shows_what_the_arithmetic_says() -> None:
    assert table(needs(MANY, Cost())) in SCALE.read_text(encoding="utf-8")
