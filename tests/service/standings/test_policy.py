"""The table of standards.md 10, line by line, as the pure function that everything else asks."""

from datetime import UTC, datetime, timedelta

import pytest

from service.feedback import Verdict
from service.models import Became
from service.standings import Mark, verdict_on

V = Verdict
FIRST = datetime(2026, 5, 3, 9, tzinfo=UTC)


def mark(day: float, verdict: Verdict = V.HARD, *, proven: bool = True, held: bool = False) -> Mark:
    at = FIRST + timedelta(days=day)
    return Mark(at, at + timedelta(minutes=5), verdict, proven=proven, held=held)


def became(*marks: Mark, alive: float | None = None) -> Became | None:
    found = verdict_on(marks, None if alive is None else FIRST + timedelta(days=alive))
    return found.became if found else None


def on(verdict: Verdict, *days: float) -> list[Mark]:
    return [mark(day, verdict) for day in days]


@pytest.mark.parametrize("verdict", [V.HARD, V.DEAD_DOMAIN])
def test_a_dead_address_rests_at_once_for_seven_days(verdict: Verdict) -> None:
    found = verdict_on([mark(0, verdict)])
    assert found is not None
    assert (found.became, found.until) == (Became.RESTING, FIRST + timedelta(days=7, minutes=5))
    assert found.why == "the address was refused on 3 May 2026"


def test_the_second_verdict_after_the_rest_suppresses() -> None:
    assert became(*on(V.HARD, 0, 7.1)) is Became.SUPPRESSED
    assert became(mark(0, V.DEAD_DOMAIN), mark(9)) is Became.SUPPRESSED


def test_what_left_before_the_rest_is_no_second_verdict() -> None:
    """Mails of the same days come back one after the other; none of them is the new try."""
    assert became(*on(V.HARD, 0, 1, 2, 6.9)) is Became.RESTING


def test_a_bounce_without_a_valid_tag_decides_nothing_however_many_there_are() -> None:
    assert became(*(mark(day, proven=False) for day in range(0, 300, 8))) is None


def test_a_bounce_without_a_valid_tag_counts_with_a_proven_second() -> None:
    assert became(mark(0, proven=False), mark(8)) is Became.SUPPRESSED
    assert became(mark(0, proven=False), mark(3)) is Became.RESTING


def test_a_bounce_without_a_valid_tag_is_never_the_second() -> None:
    assert became(mark(0), mark(8, proven=False)) is Became.RESTING
    assert became(mark(0), mark(8), mark(20, proven=False)) is Became.SUPPRESSED


def test_what_is_held_lets_rest_and_suppresses_nobody() -> None:
    assert became(mark(0, held=True)) is Became.RESTING
    assert became(mark(0), mark(8, held=True)) is Became.RESTING
    assert became(mark(0), mark(8, held=True), mark(16)) is Became.SUPPRESSED


def test_a_mailbox_switched_off_twice_three_days_apart_is_suppressed() -> None:
    assert became(*on(V.DISABLED, 0)) is None
    assert became(*on(V.DISABLED, 0, 1, 2)) is None
    assert became(*on(V.DISABLED, 0, 1, 3)) is Became.SUPPRESSED


def test_a_full_mailbox_is_suppressed_at_the_fifth_day_within_thirty() -> None:
    assert became(*on(V.FULL, 0, 2, 4, 6)) is None
    assert became(*on(V.FULL, 0, 2, 4, 6, 8)) is Became.SUPPRESSED
    assert became(*on(V.FULL, 0, 8, 16, 24, 30)) is Became.SUPPRESSED
    assert became(*on(V.FULL, 0, 8, 16, 24, 31)) is None


def test_a_delivery_between_begins_the_count_of_a_full_mailbox_anew() -> None:
    assert became(*on(V.FULL, 0, 2, 4, 6, 8), alive=5) is None


def test_other_soft_failures_rest_at_the_seventh_day_within_sixty_until_a_person_decides() -> None:
    days = (0, 9, 18, 27, 36, 45)
    assert became(*on(V.SOFT, *days)) is None
    found = verdict_on(on(V.SOFT, *days, 54))
    assert found is not None
    assert (found.became, found.until) == (Became.RESTING, None)
    assert became(*on(V.SOFT, *days, 61)) is None


@pytest.mark.parametrize("verdict", [V.POLICY, V.CONTENT, V.SIZE, V.OURS, V.HOST, V.GREYLISTED])
def test_what_is_said_of_us_or_the_text_never_counts(verdict: Verdict) -> None:
    assert became(*on(verdict, *range(0, 360, 8))) is None


def test_after_a_sign_of_life_a_dead_address_rests_again_first() -> None:
    assert became(*on(V.HARD, 0, 8), alive=4) is Became.RESTING


def test_neither_order_nor_repetition_of_the_marks_matters() -> None:
    marks = [mark(0), mark(8), *on(V.FULL, 1, 2, 3)]
    assert verdict_on(marks) == verdict_on([*reversed(marks), *marks])


def test_the_words_name_the_days_and_nobody() -> None:
    found = verdict_on(on(V.HARD, 0, 8))
    assert found is not None
    assert found.why == "the address was refused as dead on 3 May 2026, 11 May 2026"
