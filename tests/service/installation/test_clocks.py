"""Time by two clocks: what counts as a jump, and what does not."""

import pytest

from service.installation.clocks import Reading, jump, span

HOUR = 3600.0
THEN = Reading(database=1_000_000.0, other=50.0, of="this boot", blur=0.01)


def later(passed: float, *, ahead: float = 0.0, of: str = "this boot", blur: float = 0.01) -> Reading:
    return Reading(THEN.database + passed + ahead, THEN.other + passed, of, blur)


@pytest.mark.parametrize("passed", [0.0, 5.0, HOUR, 30 * 24 * HOUR])
def test_a_clock_that_goes_as_time_does_has_not_jumped(passed: float) -> None:
    assert jump(THEN, later(passed)) == 0


@pytest.mark.parametrize("ahead", [2 * HOUR, -HOUR, 61.0, -61.0])
def test_a_jump_is_told_with_its_direction(ahead: float) -> None:
    assert jump(THEN, later(5.0, ahead=ahead)) == pytest.approx(ahead)


@pytest.mark.parametrize("ahead", [59.0, -59.0])
def test_a_correction_below_a_minute_is_none(ahead: float) -> None:
    assert jump(THEN, later(5.0, ahead=ahead)) == 0


def test_two_clocks_that_drift_apart_in_a_month_off_have_not_jumped() -> None:
    assert jump(THEN, later(30 * 24 * HOUR, ahead=200.0)) == 0


def test_a_reading_that_took_long_is_trusted_less() -> None:
    assert jump(THEN, later(5.0, ahead=65.0, blur=10.0)) == 0


def test_over_a_restart_of_the_machine_time_may_have_passed_but_not_gone_back() -> None:
    assert jump(THEN, later(5.0, ahead=9 * HOUR, of="the next boot")) == 0
    assert jump(THEN, later(0.0, ahead=-HOUR, of="the next boot")) == -HOUR


@pytest.mark.parametrize(("seconds", "words"), [(7200.0, "2 h 0 min"), (-3661.0, "1 h 1 min"), (90.0, "2 min")])
def test_spans_are_said_in_words(seconds: float, words: str) -> None:
    assert span(seconds) == words
