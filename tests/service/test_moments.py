"""A local time is one instant, or it is asked about."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import moments

BERLIN = "Europe/Berlin"


def test_nine_in_almaty_is_four_in_utc() -> None:
    assert moments.instant("2026-12-01T09:00", "Asia/Almaty") == datetime(2026, 12, 1, 4, tzinfo=UTC)


def test_a_time_over_which_clocks_are_put_forward_never_comes() -> None:
    with pytest.raises(moments.NeverComes, match="Europe/Berlin"):
        moments.instant("2026-03-29T02:30", BERLIN)


def test_a_time_that_comes_twice_is_asked_about() -> None:
    with pytest.raises(moments.ComesTwice):
        moments.instant("2026-10-25T02:30", BERLIN)
    first, second = (moments.instant("2026-10-25T02:30", BERLIN, which=which) for which in (0, 1))
    assert second - first == timedelta(hours=1)


@pytest.mark.parametrize("words", ["", "tomorrow", "2026-13-01T09:00", "2026-12-01T09:00+05:00"])
def test_what_is_no_local_time_is_refused(words: str) -> None:
    with pytest.raises(moments.NotATime):
        moments.instant(words, "UTC")


def test_a_zone_there_is_not_is_refused() -> None:
    with pytest.raises(moments.NotAZone):
        moments.instant("2026-12-01T09:00", "Mars/Olympus")


@given(
    st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2037-12-31")),
    st.sampled_from([BERLIN, "Asia/Almaty", "Asia/Tehran"]),
)
def test_every_instant_that_is_found_shows_the_time_that_was_typed(local: datetime, zone: str) -> None:
    words = local.replace(second=0, microsecond=0).isoformat(timespec="minutes")
    try:
        found = moments.instant(words, zone, which=1)
    except moments.NeverComes:
        return
    assert found.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(timespec="minutes") == words
