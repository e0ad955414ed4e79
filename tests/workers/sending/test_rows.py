"""The rows of a chunk, handed out by turns of their providers."""

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from workers.sending.rows import Open, Rows

PROVIDERS = st.lists(st.sampled_from(["google", "microsoft", "daily.example", "radio.example"]), max_size=40)


def rows_of(providers: list[str]) -> list[Open]:
    return [Open(uuid4(), 0, provider) for provider in providers]


@given(PROVIDERS, st.integers(1, 20), st.integers(1, 5))
def test_every_row_is_handed_out_once(providers: list[str], most: int, breadth: int) -> None:
    rows = rows_of(providers)
    left, taken = Rows(rows), []
    while len(left):
        on_hand = left.on_hand(most, breadth)
        assert sum(on_hand.values()) > 0
        assert sum(on_hand.values()) <= max(most, len(on_hand))
        taken += left.take(on_hand)

    assert sorted(taken) == sorted(rows)


def test_no_provider_waits_for_another_to_be_done() -> None:
    left = Rows(rows_of(["google"] * 100 + ["radio.example"] * 2))

    assert left.on_hand(4, 4) == {"google": 2, "radio.example": 2}


def test_who_was_named_waits_longest_next_time() -> None:
    left = Rows(rows_of(["google", "microsoft", "radio.example"]))

    assert list(left.on_hand(1, 1)) == ["google"]
    assert list(left.on_hand(1, 1)) == ["microsoft"]


def test_what_was_dropped_while_the_throttle_was_asked_is_not_handed_out() -> None:
    left = Rows(rows_of(["google"] * 3 + ["microsoft"] * 3))
    on_hand = left.on_hand(6, 6)
    left.drop("google")
    left.drop("google")

    assert [row.provider for row in left.take(on_hand)] == ["microsoft"] * 3
    assert len(left) == 0
    left.clear()
    assert left.take(on_hand) == []
