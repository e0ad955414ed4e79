"""Quoted-printable: any words, in lines that any relay takes."""

import quopri

from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.mail.mime import SOFT_BREAK, quoted_printable

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=200)
RAGGED = st.lists(st.sampled_from(["x" * 25, "x", " ", "\t", "\n", "=", "ж"]), max_size=20).map("".join)


@settings(max_examples=1000)
@given(WORDS | RAGGED)
@example("x" * 76)
@example("x" * 75 + " \n")
@example("x" * 74 + "\t\n")
@example("x" * 73 + "= \n")
def test_any_words_are_read_back_from_lines_that_have_room_for_a_soft_break(words: str) -> None:
    encoded = quoted_printable(words) + SOFT_BREAK

    assert quopri.decodestring(encoded).replace(b"\r\n", b"\n").decode() == words
    assert max(map(len, encoded.split(b"\r\n"))) <= 76
    assert b" \r\n" not in encoded
    assert b"\n" not in encoded.replace(b"\r\n", b"")
