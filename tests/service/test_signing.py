"""Tokens that come back: whole, by their purpose, by this key or the one before; everything else is forged."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import links, signing
from service.signing import Forged, Purpose, Signer

DELIVERY = UUID("0199c0de-0000-7000-8000-000000000001")


@given(st.uuids())
def test_a_token_gives_back_its_id_in_any_case(id_: UUID) -> None:
    token = signing.sign(Purpose.RETURN, id_)

    assert signing.verify(Purpose.RETURN, token) == signing.verify(Purpose.RETURN, token.upper()) == id_


def test_a_token_for_one_purpose_is_worth_nothing_for_another() -> None:
    with pytest.raises(Forged):
        signing.verify(Purpose.LEAVE, signing.sign(Purpose.RETURN, DELIVERY))


@given(position=st.integers(0, 51), digit=st.sampled_from("0123456789abcdef"))
def test_a_token_altered_in_any_digit_is_forged(position: int, digit: str) -> None:
    token = signing.sign(Purpose.LEAVE, DELIVERY)
    altered = token[:position] + digit + token[position + 1 :]
    if altered == token:
        return
    with pytest.raises(Forged):
        signing.verify(Purpose.LEAVE, altered)


@given(st.text(max_size=80))
def test_any_other_text_is_forged(text: str) -> None:
    with pytest.raises(Forged):
        signing.verify(Purpose.LEAVE, text)


def test_a_token_of_the_key_before_is_still_good(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = b"o" * 40, b"n" * 40
    token = Signer(Purpose.LEAVE, old).token(DELIVERY)
    monkeypatch.setattr(signing, "keys", lambda: (new, old))
    assert signing.verify(Purpose.LEAVE, token) == DELIVERY
    monkeypatch.setattr(signing, "keys", lambda: (new,))
    with pytest.raises(Forged):
        signing.verify(Purpose.LEAVE, token)


@pytest.mark.parametrize("wrapped", ["{}", "prvs=1234567890={}", "SRS0=ab=cd=daily.example={}"])
def test_a_return_path_is_known_again_however_it_was_wrapped(wrapped: str) -> None:
    id_ = uuid4()
    local, _, domain = links.personal().return_path(id_).partition("@")

    assert len(local) <= 64
    assert links.bounced_delivery(f"{wrapped.format(local).upper()}@{domain}") == id_


def test_a_token_tells_nothing() -> None:
    assert "cleo" not in links.personal().leave(DELIVERY)
