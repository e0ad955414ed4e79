"""The sum of words: whatever the release, every word of it is in one part, a mark or a remark."""

import re
from collections import Counter
from itertools import chain
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from service.mail import body
from service.manuscripts import Manuscript, Unreadable, characters, read

SEED = next((Path(__file__).parents[3] / "../shared/seed").glob("*.txt"))

FORMS = st.sampled_from(
    [
        "PRESS RELEASE",
        "FOR IMMEDIATE RELEASE",
        "ПРЕСС-РЕЛИЗ № 7",
        "EMBARGOED UNTIL 10:00 UTC, 22 March 2026",
        "EMBARGOED UNTIL Monday",
        "22 January 2024",
        "Astana, 22 January 2024",
        "Astana, 22 January 2024 – The lead begins.",
        "2024 жылғы 22 қаңтар, Астана – Деректер ашылды.",
        "АСТАНА. 22 января 2024 г. Комиссия открыла данные.",
        "###",
        "* * *",
        "-30-",
        "ENDS",
        "КОНЕЦ",
        "-more-",
        "About the Commission",
        "About us: we measure rivers.",
        "О Комиссии",
        "Комиссия туралы",
        "Notes to editors:",
        "Примечание для редакторов",
        "Media Contact:",
        "Contact: Ada Berg, Press Officer, +7 701 000 00 11",
        "Press contact – ada@rivers.example",
        "Контакты для СМИ",
        "БАҚ үшін байланыс:",
        "Ada Berg",
        "Name: Ben Li",
        "PR Officer, Rivers Commission",
        "Phone: +7 (777) 036-26-58",
        "Тел./факс: +7 7172 00 00 11, доб. 4",
        "Fax 123 45 67",
        "E-mail: <ada@rivers.example>; ben@rivers.example",
        "www.rivers.example | @rivers",
        "1. A list item",
        "- another one",
        "• a third one",
        "| a | b |",
        "--- | ---",
        "    indented",
        "“We like *water*,” said [Ben](http://ben.example).",
        "<p>&amp; &copy; `code` \\ _so_ on",
    ]
)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=8)
LINES = st.lists(WORDS, min_size=1, max_size=30).map(" ".join)
SPACES = st.sampled_from(["\n", "\n", "\n\n", "\n\n\n", "\r\n\r\n", "\n \n"])


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


def words_of(manuscript: Manuscript) -> Counter[str]:
    contacts = chain.from_iterable((c.name, c.role, c.organisation, c.phone, c.email) for c in manuscript.contacts)
    return words(
        "\n".join(
            [
                manuscript.kicker,
                manuscript.headline,
                manuscript.subhead,
                manuscript.dateline.raw if manuscript.dateline else "",
                manuscript.lead,
                body.as_text(manuscript.body),
                body.as_text(manuscript.boilerplate),
                body.as_text(manuscript.notes),
                *contacts,
                *manuscript.marks,
                *(remark.text for remark in manuscript.remarks),
            ]
        )
    )


@given(st.lists(st.tuples(FORMS | LINES, SPACES), min_size=1, max_size=25))
def test_every_word_of_any_release_is_somewhere_once(parts: list[tuple[str, str]]) -> None:
    text = "x " + "".join(line + space for line, space in parts)
    clean = characters.clean_text(text)
    assert words_of(read(text.encode())) == words(clean)


@given(st.lists(st.tuples(FORMS, SPACES), min_size=1, max_size=25))
def test_every_word_is_somewhere_once_in_any_order_of_the_usual_parts(parts: list[tuple[str, str]]) -> None:
    text = "".join(line + space for line, space in parts)
    assert words_of(read(text.encode())) == words(text)


@given(st.data())
def test_wrapping_a_release_loses_no_word(data: st.DataObject) -> None:
    width = data.draw(st.integers(min_value=30, max_value=99))
    text = re.sub(rf"(.{{1,{width}}})(?: |$)", r"\1\n", SEED.read_text("utf-8"), flags=re.MULTILINE)
    assert words_of(read(text.encode())) == words(characters.clean_text(text))


def test_the_seed_release_loses_no_word() -> None:
    assert words_of(read(SEED.read_bytes())) == words(SEED.read_text("utf-8"))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read(data)
    except Unreadable:
        return
