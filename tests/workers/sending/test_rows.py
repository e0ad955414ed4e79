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
        assert sum(on_hand.values()) <= max(most, len(on_hand))
        left.grant("main", on_hand)
        taken += left.take("main", most)

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
    left.grant("main", on_hand)

    assert [row.provider for row in left.take("main", 6)] == ["microsoft"] * 3
    assert len(left) == 0


def test_what_was_granted_is_dropped_too_and_counts_as_left_until_it_is_handed_out() -> None:
    left = Rows(rows_of(["google"] * 3 + ["microsoft"] * 3))
    left.grant("main", {"google": 2, "microsoft": 3})
    assert len(left) == 6
    left.drop("google")

    assert len(left) == 3
    assert [row.provider for row in left.take("main", 6)] == ["microsoft"] * 3
    left.grant("main", {"google": 1})
    left.clear()
    assert left.take("main", 6) == []
    assert len(left) == 0


def test_what_a_relay_that_has_gone_was_granted_goes_by_another() -> None:
    left = Rows(rows_of(["google"] * 2 + ["microsoft"]))
    left.grant("main", {"google": 2})
    left.grant("backup", {"microsoft": 1})
    left.reclaim()
    left.grant("backup", {"google": 2, "microsoft": 1})

    assert len(left.take("backup", 9)) == 3
