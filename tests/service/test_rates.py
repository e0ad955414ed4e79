"""Rates in an operator's words."""

import pytest

from service import rates
from service.errors import BadSettings
from service.rates import CEILING, Rate
from service.settings import read


def test_a_rate_counts_the_second_the_hour_and_the_day() -> None:
    assert rates.parse("50/s 10000/h 100000/d") == {"*": Rate(50, 10_000, 100_000)}
    assert rates.parse("30/m") == {"*": Rate(0.5)}
    assert rates.parse("5000/d") == {"*": Rate(CEILING, day=5_000)}


def test_each_name_has_its_own_and_the_star_is_for_all_others() -> None:
    found = rates.parse("google=20/s 5000/h; *=100/s;")

    assert rates.of(found, "google") == Rate(20, 5_000)
    assert rates.of(found, "yandex") == Rate(100)
    assert rates.of({}, "yandex") == Rate(CEILING), "never unlimited"


@pytest.mark.parametrize("words", ["fast", "50", "0/s", "-1/s", "5/s 6/s", "5/s 60/m", "a=1/s; a=2/s", "a b=1/s", "a="])
def test_what_is_no_rate_is_said_at_the_start(words: str) -> None:
    with pytest.raises(BadSettings, match="RELAY_LIMITS"):
        read(relay_limits=words)
