"""Whether what was measured is what was promised."""

import pytest

from bench import targets
from bench.measurement import Measurement, rows
from bench.scale import Size, growth


def measured(rate: float, **cpu: float) -> Measurement:
    """A hundred messages at this rate."""
    return Measurement(messages=100, seconds=100 / rate, cpu={"sink": 0.0, **cpu})


def size(people: int, ms: float) -> Size:
    """A list of which each message takes so long."""
    return Size(people, 1.0, 1000 / ms, 100, 100, ms=ms, cpu_ms=ms, postgres_cpu_ms=0.05)


def test_each_target_says_whether_it_was_met() -> None:
    found = rows(
        {
            "dateline/fast-sink": [measured(100, workers=0.010, postgres=0.002)],
            "dateline-unthrottled/fast-sink": [measured(100, workers=0.008)],
        }
    )
    met = {verdict.what: verdict.met for verdict in targets.of_rows(found)}
    assert met == {
        "CPU of workers and PostgreSQL, ms a message": True,
        "the throttle in the sending processes, ms a message": False,
    }


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    assert targets.of_rows(rows({"smtp-source/fast-sink": [measured(100)]})) == []


def test_a_message_that_takes_longer_in_a_longer_list_is_seen() -> None:
    assert growth([1.0, 1.25, 1.1]) == pytest.approx(0.25)
    assert growth([1.0, 0.5, 0.6]) == pytest.approx(0.2)
    assert growth([1.0, 0.5]) == pytest.approx(-0.5)
    steady, grown = [size(100, 1.05), size(10, 1.0)], [size(100, 1.2), size(10, 1.0)]
    assert all(verdict.met for verdict in targets.of_sizes(steady))
    assert not any(verdict.met for verdict in targets.of_sizes(grown))
    assert targets.of_sizes([size(10, 1.0)]) == []
