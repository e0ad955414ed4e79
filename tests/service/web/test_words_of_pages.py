"""Numbers and moments as people read them, never kinder than the truth."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.models import DeliveryState
from service.releases.progress import Progress
from service.web import words


@given(part=st.integers(0, 10**7), rest=st.integers(0, 10**7))
def test_only_all_is_a_hundred_percent_and_only_none_is_nothing(part: int, rest: int) -> None:
    said = words.percent(part, part + rest)
    assert (said == "100 %") is (rest == 0 and part > 0)
    assert (said == "0 %") is (part == 0 and rest > 0)


def test_a_moment_is_told_in_the_zone_of_the_release() -> None:
    at = datetime(2024, 12, 5, 4, 0, tzinfo=UTC)
    assert words.moment(at, "Asia/Almaty") == "Thursday 5 December 2024, 09:00 (Almaty, UTC+5)"
    assert words.moment(at) == "Thursday 5 December 2024, 04:00 (UTC)"
    assert words.short_moment(at, "Asia/Almaty") == "5 Dec 2024, 09:00"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(3, "less than a minute"), (61, "about 1 minute"), (3300, "about 55 minutes"), (7300, "about 2 hours")],
)
def test_time_left_is_said_roughly(seconds: float, said: str) -> None:
    assert words.duration(seconds) == said


def test_one_journalist_is_not_journalists() -> None:
    assert (words.people(1), words.people(1234)) == ("1 journalist", "1,234 journalists")


def test_a_language_nobody_knows_keeps_its_code() -> None:
    assert [words.language(code) for code in ("kk", "zh-Hant", "x!")] == ["Kazakh", "Chinese (Traditional)", "x!"]


def test_time_left_is_what_waits_at_the_rate_of_the_last_seconds() -> None:
    states = {DeliveryState.QUEUED: 900, DeliveryState.ACCEPTED: 100, DeliveryState.EXCLUDED: 7}
    moving = Progress(states, {}, lately=300, troubles=())
    assert (moving.people, moving.per_second, moving.seconds_left) == (1000, 30, 30)
    assert Progress(states, {}, lately=0, troubles=()).seconds_left is None


def test_the_uncertain_cannot_be_recalled_either() -> None:
    states = {DeliveryState.UNCERTAIN: 2, DeliveryState.ACCEPTED: 3, DeliveryState.DEFERRED: 4}
    assert (Progress(states, {}, 0, ()).gone, Progress(states, {}, 0, ()).waiting) == (5, 4)


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 minute"), (20, "20 minutes"), (60, "1 hour"), (150, "2 hours 30 minutes")]
)
def test_minutes_are_said_as_people_say_them(count: int, said: str) -> None:
    assert words.minutes(count) == said
