"""Whole releases: the real one, the two of the demonstration, and the other ways people write them."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from service.mail import body
from service.manuscripts import Contact, Remark, read

ROOT = Path(__file__).parents[3]
SEED = next((ROOT / "../shared/seed").glob("*.txt"))

ENGLISH = """\
FOR IMMEDIATE RELEASE

Contact: Ada Berg, Press Officer
Phone: +7 701 000 00 11
ada@rivers.example

Gauges open to all
Everyone may read the river

ASTANA, Kazakhstan, Jan. 22, 2024 — The Commission opened its gauges today.

“We like water,” said Ben.

-more-

A second page says the rest.

-30-

About the Commission

It measures rivers.

Notes to editors:

Ada is free on Mondays.
"""

WRAPPED = """\
PRESS RELEASE No. 12

Gauges open to all

Astana (KazInform) - 22 January 2024 - The Commission today opened all of
its gauges to the public, which had waited for that moment for a very long
time indeed.
“We like water,” said Ben, who has liked it since the summer in which he
fell into it.

The second paragraph is as short as this.

ENDS

Media Contact:
Ada Berg
Press Officer
Tel.: +7 701 000 00 11
"""

ONE_NEWLINE = """\
Баспасөз хабарламасы
Өзендер туралы деректер ашылды
2024 жылғы 22 қаңтар, Астана – Комиссия бүгін барлық бекеттердің деректерін жұртшылыққа ашты, бұл көптен күткен іс еді.
«Біз суды жақсы көреміз», – деді Бекен.
Екінші абзац та осында тұр, ол бірінші абзацтан кейін бірден жаңа жолдан басталады және ұзақ.
СОҢЫ
Комиссия туралы
Комиссия өзендерді өлшейді.
БАҚ үшін байланыс:
Айгүл Серікқызы
Баспасөз хатшысы
Тел.: +7 701 000 00 11
"""


def test_the_seed_release_is_understood_whole() -> None:
    manuscript = read(SEED.read_bytes())
    assert manuscript.kicker == "Press Releases"
    assert manuscript.headline.startswith("CICA Secretary General explores potential collaboration")
    assert manuscript.dateline is not None
    assert (manuscript.dateline.place, manuscript.dateline.date) == ("Astana", date(2024, 1, 22))
    assert manuscript.dateline.raw == "Astana, 22 January 2024 –"
    assert manuscript.lead.startswith("Ambassador Kairat Sarybay, Secretary General of")
    assert manuscript.contacts == (Contact(name="Akbota Batyrkhan", role="PR Officer", phone="+7 (777) 036-26-58"),)
    assert (manuscript.language, manuscript.encoding, manuscript.remarks) == ("en", "utf-8", ())


def test_every_paragraph_of_the_seed_arrives_word_for_word() -> None:
    lines = SEED.read_text("utf-8").replace("\u00a0", " ").split("\n\n")
    manuscript = read(SEED.read_bytes())
    text = [manuscript.lead, *body.as_text(manuscript.body).split("\n\n")]
    assert [lines[2].removeprefix("Astana, 22 January 2024 – "), *lines[3:-1]] == text


@pytest.mark.parametrize(
    ("name", "language", "who"), [("release.txt", "en", "Aigerim Bekova"), ("release.ru.txt", "ru", "Айгерим Бекова")]
)
def test_the_demonstration_releases_have_every_part(name: str, language: str, who: str) -> None:
    manuscript = read((ROOT / "config/demo" / name).read_bytes())
    assert manuscript.language == language
    assert manuscript.dateline is not None
    assert manuscript.dateline.date == date(2026, 3, 3)
    assert manuscript.headline
    assert manuscript.subhead
    assert manuscript.boilerplate.startswith("**")
    assert manuscript.notes
    assert len(manuscript.body.split("\n\n")) == 9
    [contact] = manuscript.contacts
    assert (contact.name, contact.email) == (who, "press@steppe-rivers.example")
    assert contact.role
    assert contact.organisation
    assert contact.phone == "+7 (7172) 00-01-42"
    assert manuscript.remarks == ()


def test_an_american_release_has_its_contact_on_top_and_a_page_slug() -> None:
    manuscript = read(ENGLISH.encode())
    assert manuscript.kicker == "FOR IMMEDIATE RELEASE"
    assert (manuscript.headline, manuscript.subhead) == ("Gauges open to all", "Everyone may read the river")
    assert manuscript.dateline is not None
    assert manuscript.dateline.place == "ASTANA, Kazakhstan"
    assert manuscript.lead == "The Commission opened its gauges today."
    assert manuscript.body == "“We like water,” said Ben.\n\nA second page says the rest."
    assert manuscript.boilerplate == "**About the Commission**\n\nIt measures rivers."
    assert manuscript.notes == "Ada is free on Mondays."
    [contact] = manuscript.contacts
    assert contact == Contact("Ada Berg", "Press Officer", "", "+7 701 000 00 11", "ada@rivers.example")
    assert manuscript.marks == ("Contact:", "Phone:", "-more-", "-30-", "Notes to editors:")
    assert manuscript.remarks == ()


def test_hard_wrapped_lines_become_paragraphs_again() -> None:
    manuscript = read(WRAPPED.encode())
    assert manuscript.kicker == "PRESS RELEASE No. 12"
    assert manuscript.lead.startswith("The Commission today opened all of its gauges to the public, which had waited")
    assert manuscript.lead.endswith("very long time indeed.")
    assert manuscript.body.split("\n\n") == [
        "“We like water,” said Ben, who has liked it since the summer in which he fell into it.",
        "The second paragraph is as short as this.",
    ]
    assert manuscript.contacts == (Contact("Ada Berg", "Press Officer", phone="+7 701 000 00 11"),)


def test_paragraphs_may_be_lines_without_empty_lines_between() -> None:
    manuscript = read(ONE_NEWLINE.encode())
    assert manuscript.language == "kk"
    assert manuscript.kicker == "Баспасөз хабарламасы"
    assert manuscript.headline == "Өзендер туралы деректер ашылды"
    assert manuscript.dateline is not None
    assert manuscript.dateline.place == "Астана"
    assert len(manuscript.body.split("\n\n")) == 2
    assert manuscript.boilerplate == "**Комиссия туралы**\n\nКомиссия өзендерді өлшейді."
    assert manuscript.contacts == (Contact("Айгүл Серікқызы", "Баспасөз хатшысы", phone="+7 701 000 00 11"),)


@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\u2028"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_marks_make_no_difference(line_end: str, bom: bytes) -> None:
    assert read(bom + ENGLISH.replace("\n", line_end).encode()) == read(ENGLISH.encode())


def test_an_embargo_with_a_zone_is_an_instant() -> None:
    manuscript = read(("EMBARGOED UNTIL 10:00 Astana time, 22 March 2024\n\n" + ENGLISH).encode())
    assert manuscript.embargo == datetime(2024, 3, 22, 5, 0, tzinfo=UTC)
    assert manuscript.kicker.startswith("EMBARGOED UNTIL")


def test_an_embargo_without_a_zone_is_left_to_a_person() -> None:
    line = "EMBARGOED UNTIL 10:00, 22 March 2024"
    manuscript = read((line + "\n\n" + ENGLISH).encode())
    assert manuscript.embargo is None
    [remark] = manuscript.remarks
    assert (remark.line, remark.text) == (1, line)
    assert "zone" in remark.why


def test_two_embargoes_that_disagree_are_left_to_a_person() -> None:
    lines = "EMBARGO: 22.03.2024 10:00 UTC\n\nHOLD FOR RELEASE UNTIL 22.03.2024 11:00 UTC\n\n"
    manuscript = read((lines + ENGLISH).encode())
    assert manuscript.embargo == datetime(2024, 3, 22, 10, 0, tzinfo=UTC)
    assert [remark.line for remark in manuscript.remarks] == [3]


def test_what_is_missing_is_said() -> None:
    manuscript = read(b"The river rose. Nobody was hurt, and the bridge held.")
    assert [remark.why.split(".")[0].split(":")[0] for remark in manuscript.remarks] == [
        "No dateline was found",
        "No text was found below the headline",
    ]


def test_a_release_that_begins_with_its_dateline_lacks_a_headline() -> None:
    manuscript = read("Astana, 22 January 2024 – The river rose.".encode())
    assert (manuscript.headline, manuscript.lead) == ("", "The river rose.")
    assert manuscript.remarks == (Remark(1, "", "No headline was found."),)


def test_a_dateline_on_a_line_of_its_own_may_stand_above_the_headline() -> None:
    manuscript = read("Астана, 22 января 2024 года\n\nО встрече министров\n\nМинистры встретились.\n\nИ всё.".encode())
    assert manuscript.dateline is not None
    assert manuscript.headline == "О встрече министров"
    assert (manuscript.lead, manuscript.body) == ("Министры встретились.", "И всё.")


def test_a_dateline_on_a_line_of_its_own_may_stand_below_the_headline() -> None:
    manuscript = read(b"Ministers met\n\nAstana, 22 January 2024\n\nThey met.\n\nThat was all.")
    assert (manuscript.headline, manuscript.lead, manuscript.body) == ("Ministers met", "They met.", "That was all.")


def test_a_subheading_in_a_long_body_is_no_boilerplate() -> None:
    paragraphs = [f"Paragraph {number} says something." for number in range(8)]
    text = "\n\n".join(["Headline", "Astana, 22 January 2024 – Lead.", "About the river", *paragraphs])
    manuscript = read(text.encode())
    assert manuscript.boilerplate == ""
    assert len(manuscript.body.split("\n\n")) == 9


def test_stars_between_paragraphs_are_a_pause_and_no_end() -> None:
    text = "Headline\n\nAstana, 22 January 2024 – Lead.\n\n* * *\n\nMore.\n\n* * *\n\nAbout us all\n\nWe are."
    manuscript = read(text.encode())
    assert body.as_text(manuscript.body) == "* * *\n\nMore."
    assert manuscript.boilerplate == "**About us all**\n\nWe are."


def test_what_looks_like_markdown_stays_words() -> None:
    text = (
        "Headline\n\nAstana, 22 January 2024 – Lead.\n\n1. First *star* <b>bold</b> [x](http://a.example) &amp; _all_"
    )
    manuscript = read(text.encode())
    assert body.as_text(manuscript.body) == text.split("\n\n")[2]
