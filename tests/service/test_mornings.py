"""When a digest is due: at eight by its reader's own clock, summer time or not."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.journalists import next_morning
from service.models import Frequency

ZONES = sorted(available_timezones())
DIGESTS = [Frequency.DAILY, Frequency.WEEKLY]


@given(
    st.sampled_from(ZONES),
    st.sampled_from(DIGESTS),
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the zone follows
)
def test_it_is_always_later_at_eight_and_soon_enough(zone: str, frequency: Frequency, at: datetime) -> None:
    found = next_morning(zone, frequency, at)
    local = found.astimezone(ZoneInfo(zone))
    assert found > at
    assert (local.hour, local.minute, local.second) == (8, 0, 0)
    assert found - at <= timedelta(days=7 if frequency is Frequency.WEEKLY else 1, hours=25)
    assert frequency is Frequency.DAILY or local.weekday() == 0


@pytest.mark.parametrize(
    ("zone", "at", "due"),
    [
        ("Asia/Almaty", "2026-12-01T02:59:59+00:00", "2026-12-01T03:00:00+00:00"),
        ("Asia/Almaty", "2026-12-01T03:00:00+00:00", "2026-12-02T03:00:00+00:00"),
        # The clocks of Berlin go forward on 29 March 2026 and back on 25 October.
        ("Europe/Berlin", "2026-03-28T07:00:00+00:00", "2026-03-29T06:00:00+00:00"),
        ("Europe/Berlin", "2026-10-24T06:00:00+00:00", "2026-10-25T07:00:00+00:00"),
        ("no such zone", "2026-12-01T09:00:00+00:00", "2026-12-02T08:00:00+00:00"),
    ],
)
def test_it_is_eight_by_the_readers_clock(zone: str, at: str, due: str) -> None:
    assert next_morning(zone, Frequency.DAILY, datetime.fromisoformat(at)) == datetime.fromisoformat(due)
