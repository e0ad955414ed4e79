"""From measurements to the figures of the table."""

import pytest

from bench.measurement import Measurement, paired, rows


def measured(rate: float, **cpu: float) -> Measurement:
    """A hundred messages at this rate."""
    return Measurement(messages=100, seconds=100 / rate, cpu=cpu or {"sender": 0.01})


def test_a_round_is_compared_with_what_the_yardstick_did_right_before_and_after() -> None:
    assert paired([100, 50], [100, 100, 0.0001]) == pytest.approx(1.0, abs=1e-3)
    assert paired([300], [100, 200]) == 2.0


def test_without_the_yardstick_there_is_no_ratio() -> None:
    [row] = rows({"dateline/fast-sink": [measured(500)]})
    assert row.ratio_to_smtp_source is None
    assert row.ratio_to_smtp_source_same_sink is None


def test_to_another_sink_the_ratio_is_still_to_postfix_against_its_own() -> None:
    found = rows(
        {
            "smtp-source/smtp-sink": [measured(100), measured(100)],
            "dateline/smtp-sink": [measured(110)],
            "smtp-source/fast-sink": [measured(300), measured(300)],
            "dateline/fast-sink": [measured(150)],
        }
    )
    ratios = {row.name: (row.ratio_to_smtp_source, row.ratio_to_smtp_source_same_sink) for row in found}
    assert ratios["smtp-source/smtp-sink"] == (1.0, 1.0)
    assert ratios["dateline/smtp-sink"] == pytest.approx((1.1, 1.1))
    assert ratios["dateline/fast-sink"] == pytest.approx((1.5, 0.5))


def test_planning_and_the_sink_are_no_cost_of_sending() -> None:
    [row] = rows({"dateline/smtp-sink": [measured(10, workers=0.02, postgres=0.01, planning=1.0, sink=1.0)]})
    assert row.cpu_ms_per_message == pytest.approx(0.3)
    assert row.cpu_ms["sink"] == pytest.approx(10.0)


def test_a_row_is_the_median_of_its_rounds() -> None:
    [row] = rows({"usual/smtp-sink": [measured(1), measured(1000), measured(10)]})
    assert row.messages_per_second == pytest.approx(10)


def test_a_row_has_its_own_yardstick_a_row_or_a_number() -> None:
    taken = {
        "signing/none": [measured(100), measured(300)],
        "signed/sink": [measured(180)],
        "slow/sink": [measured(30)],
    }
    found = {row.name: row for row in rows(taken, {"signed/sink": "signing/none", "slow/sink": 40.0})}
    assert found["signed/sink"].ratio == pytest.approx(0.9)
    assert found["slow/sink"].ratio == pytest.approx(0.75)
    assert found["slow/sink"].beside == "40/s"
    assert found["signing/none"].ratio is None


def test_answers_that_were_no_acceptance_count_for_the_rate_and_not_for_the_cost() -> None:
    found = Measurement(messages=100, seconds=1, cpu={"workers": 0.1}, answers=105)
    assert found.rate == pytest.approx(105)
    assert found.sending_cpu_ms == pytest.approx(1)
