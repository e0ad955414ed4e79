"""Embargo lines: an instant only when everybody would read the same one."""

from datetime import UTC, datetime

import pytest

from service.manuscripts import embargoes

TEN_IN_ASTANA = datetime(2026, 3, 22, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        "EMBARGOED UNTIL 10:00 (UTC+5), 22 March 2026",
        "Embargoed until 22 March 2026, 10:00 Astana time",
        "STRICTLY EMBARGOED UNTIL 05:00 GMT ON 22 MARCH 2026",
        "HOLD FOR RELEASE UNTIL March 22, 2026, 5 a.m. UTC",
        "NOT FOR PUBLICATION before 2026-03-22 10:00 +05:00",
        "EMBARGO: 22.03.2026, 10.00 GMT+5",
        "Embargoed until 1:00 a.m. EDT, March 22, 2026",
        "Under embargo until 22 March 2026, 8:00 MSK",
        "ЭМБАРГО до 10:00 по времени Астаны 22 марта 2026 года",
        "Не для публикации до 8.00 мск 22 марта 2026 г.",
        "2026 жылғы 22 наурыз, Астана уақыты бойынша сағат 10:00-ге дейін эмбарго",
    ],
)
def test_a_date_a_time_and_a_zone_are_an_instant(line: str) -> None:
    assert embargoes.is_line(line)
    assert embargoes.read(line) == TEN_IN_ASTANA


def test_noon_is_a_time() -> None:
    assert embargoes.read("EMBARGOED UNTIL noon UTC, 22 March 2026") == datetime(2026, 3, 22, 12, tzinfo=UTC)


def test_astana_was_an_hour_further_east_until_march_2024() -> None:
    line = "EMBARGOED UNTIL 10:00 Astana time, 22 January 2024"
    assert embargoes.read(line) == datetime(2024, 1, 22, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        "EMBARGOED UNTIL 10:00, 22 March 2026",
        "EMBARGOED UNTIL 22 March 2026 UTC",
        "EMBARGOED UNTIL 10:00 UTC on Monday",
        "EMBARGOED UNTIL 10:00 local time, 22 March 2026",
        "EMBARGOED UNTIL 10:00 IST, 22 March 2026",
        "EMBARGOED UNTIL 10:00 UTC / 15:00 Astana time, 22 March 2026",
        "EMBARGOED UNTIL 10:00 Astana time, 08:00 Moscow time, 22 March 2026",
        "EMBARGOED UNTIL 10:00 UTC, Moscow time, 22 March 2026",
        "EMBARGOED UNTIL 10:00 or 11:00 UTC, 22 March 2026",
        "EMBARGOED UNTIL 25:00 UTC, 22 March 2026",
        "EMBARGOED UNTIL 13 p.m. UTC, 22 March 2026",
        "EMBARGOED UNTIL 10:00 UTC+25, 22 March 2026",
        "EMBARGO",
    ],
)
def test_anything_less_is_not_understood(line: str) -> None:
    assert embargoes.is_line(line)
    assert embargoes.read(line) is None


@pytest.mark.parametrize("line", ["Embargo on oil lifted", "The embargo ends", "Эмбарготовка", "Holding hands"])
def test_a_headline_may_speak_of_an_embargo(line: str) -> None:
    assert not embargoes.is_line(line)
