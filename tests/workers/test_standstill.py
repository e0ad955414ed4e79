"""A worker that takes nothing though its queues hold something is connected anew, then ended."""

from hypothesis import given
from hypothesis import strategies as st

from workers.standstill import LONGEST, RECONNECTIONS, Remedy, Standstill


def no() -> bool:
    return False


def yes() -> bool:
    return True


def stood_still(standstill: Standstill, since: float, taken: int = 7) -> Remedy:
    """What helps when nothing was taken for the longest time."""
    standstill.look(since, taken, free=True, waiting=yes)
    standstill.look(since + 1, taken, free=True, waiting=yes)
    return standstill.look(since + 1 + LONGEST, taken, free=True, waiting=yes)


def test_a_worker_with_a_free_hand_that_takes_nothing_for_a_minute_is_connected_anew() -> None:
    standstill = Standstill(taken=7)
    standstill.look(1, 7, free=True, waiting=yes)

    assert standstill.look(LONGEST, 7, free=True, waiting=yes) is Remedy.NONE
    assert not standstill.lasts
    assert standstill.look(1 + LONGEST, 7, free=True, waiting=yes) is Remedy.RECONNECT
    assert standstill.lasts


def test_it_is_ended_when_connecting_anew_has_not_helped() -> None:
    standstill = Standstill()
    remedies = [stood_still(standstill, number * 1000.0) for number in range(RECONNECTIONS + 1)]

    assert remedies == [Remedy.RECONNECT] * RECONNECTIONS + [Remedy.END]


def test_a_message_taken_shows_that_connecting_anew_has_helped() -> None:
    standstill = Standstill()
    remedies = [stood_still(standstill, number * 1000.0, taken=number) for number in range(RECONNECTIONS + 2)]

    assert remedies == [Remedy.RECONNECT] * len(remedies)
    standstill.look(1e6, 99, free=True, waiting=yes)
    assert not standstill.lasts


@given(st.lists(st.tuples(st.floats(0, 100), st.integers(0, 3), st.booleans(), st.booleans()), max_size=60))
def test_only_a_free_worker_with_something_waiting_is_disturbed(looks: list[tuple[float, int, bool, bool]]) -> None:
    standstill, now, still = Standstill(), 0.0, 0.0
    before = -1
    for seconds, taken, free, waiting in looks:
        now += seconds
        still = still + seconds if free and waiting and taken == before else 0.0
        remedy = standstill.look(now, taken, free=free, waiting=yes if waiting else no)
        before = taken
        assert remedy is Remedy.NONE or still >= LONGEST


def test_the_broker_is_asked_only_when_it_matters() -> None:
    def unasked() -> bool:
        raise AssertionError

    standstill = Standstill()
    standstill.look(0, 1, free=True, waiting=unasked)
    standstill.look(5, 1, free=False, waiting=unasked)
