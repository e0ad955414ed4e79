"""The text part: wrapped as a person would, whole again where a reader knows how, links at the end in their order."""

from hypothesis import given
from hypothesis import strategies as st

from service.mail.phones import dialled
from service.mail.plain import WIDTH, Footnotes, as_flowed, flowed
from tests.standards.reading import unflowed

LONG = "The river fell by a hand's breadth at the gauge in Saltmarsh, as it does in a dry year, said its keeper."
WORDS = st.text(st.sampled_from("ab >.яΩ-"), max_size=300).map(lambda text: " ".join(text.split()))


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_what_is_wrapped_is_whole_again_in_a_reader_that_knows_how(lines: list[str]) -> None:
    assert unflowed(flowed("\n".join(lines))) == "\n".join(lines)


@given(WORDS)
def test_no_line_is_wider_than_it_may_be_unless_a_word_is(text: str) -> None:
    for line in flowed(text).split("\n"):
        assert len(line) <= WIDTH or " " not in line.strip()


def test_a_quotation_is_marked_on_each_of_its_lines_and_one_inside_it_twice() -> None:
    text = as_flowed(f"> {LONG}\n>\n> > inner\n\nAfter.", Footnotes())
    *quoted, empty, after = text.split("\n")
    assert all(line.startswith(">") for line in quoted)
    assert quoted[-2:] == [">", ">> inner"]
    assert (empty, after) == ("", "After.")
    assert unflowed(text).split("\n")[0] == LONG


def test_links_become_footnotes_in_their_order_and_the_same_link_has_one_number() -> None:
    notes = Footnotes()
    text = as_flowed("[a](https://a.example/) and [b](https://b.example/), [a again](https://a.example/)", notes)
    later = as_flowed("[mail](mailto:c@c.example) or <https://d.example/>", notes)
    assert text == "a [1] and b [2], a again [1]"
    assert later == "mail [3] or https://d.example/"
    assert notes.lines() == ["[1] https://a.example/", "[2] https://b.example/", "[3] c@c.example"]


def test_a_lists_lines_hang_below_its_words_and_lists_stand_in_lists() -> None:
    text = as_flowed(f"- {LONG}\n  - inner\n\n3. three\n4. four", Footnotes())
    first, second, *rest = text.split("\n")
    assert first.startswith("– The river")
    assert second.startswith("  ")
    assert not first.endswith(" ")
    assert rest == ["  – inner", "", "3. three", "4. four"]


def test_a_telephone_number_is_dialled_without_what_people_write_around_it() -> None:
    assert dialled("+7 (777) 036-26-58") == "tel:+77770362658"
    assert dialled("8 7172 55-00-00, ext. 12") == "tel:87172550000"
    assert dialled("+7 777 1 / +7 777 2") == "tel:+77771"
    assert dialled("٠٧١٧٢٥٥") == "tel:0717255"
    assert dialled("call the desk") == dialled("") == ""
