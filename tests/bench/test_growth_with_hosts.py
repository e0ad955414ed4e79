"""From releases by one, two, three worker hosts to what is said about growth."""

import json

import pytest

from bench.__main__ import main
from bench.costs import Costs
from bench.growth import Step, growth, worked
from bench.hosts import brought
from bench.measurement import Measurement

NOTHING = Costs(0, 0, 0, 0, 0, 0)


def step(workers: int, rate: float) -> Step:
    """A thousand messages at this rate."""
    return Step(workers, Measurement(1000, 1000 / rate, {"workers": 0.2}), 60.0, (), NOTHING)


def line(chunk: int, admitted: int) -> str:
    """A line of a worker's log."""
    return json.dumps({"event": "chunk worked", "chunk": chunk, "admitted": admitted, "left": 0})


def test_each_round_is_compared_with_its_own_first_host() -> None:
    found = growth([step(1, 500), step(2, 900), step(1, 100), step(2, 200), step(1, 50), step(2, 90)], bound=640)
    assert [(one.workers, one.bound) for one in found] == [(1, 640), (2, 1280)]
    assert [one.ratio for one in found] == [1.0, pytest.approx(1.8)]
    assert found[1].rounds == pytest.approx((900, 200, 90))


def test_growth_is_told_from_the_fewest_hosts_whatever_the_order() -> None:
    assert [(one.workers, one.ratio) for one in growth([step(3, 300), step(2, 150)], bound=1)] == [(2, 1.0), (3, 2.0)]


def test_a_host_is_believed_for_the_chunks_it_sent_something_of() -> None:
    log = [line(1, 250), "WARNING celery: no JSON", "[]", line(2, 100), line(2, 150), line(3, 0), line(9, 70)]
    assert worked(log) == (3, 570)
    assert worked(log, {1, 2, 3}) == (2, 500)


def test_the_relay_says_who_brought_how_many() -> None:
    log = ["listening on 10.77.0.3:2525", "from 10.77.0.11: 7000 messages", "from 10.77.0.12: 6 messages", "accepted"]
    assert brought("\n".join(log)) == {"10.77.0.11": 7000, "10.77.0.12": 6}


def test_costs_are_the_difference_of_two_readings_for_each_message() -> None:
    spent = Costs(3000, 20, 500, 300, 4, 1.0).since(Costs(1000, 10, 100, 100, 0, 0.5)).each(10)
    assert spent == Costs(200, 1, 40, 20, 0.4, 0.05)


@pytest.mark.parametrize(
    "words", [("--hosts", "0", "2"), ("--latency", "0"), ("--rounds", "x"), ("--hosts", "1", "--scale")]
)
def test_a_benchmark_that_cannot_be_is_refused_before_it_begins(words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(words)
