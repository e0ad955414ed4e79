"""Where a paragraph ends, in files wrapped by hand, by a program, or not at all."""

from service.manuscripts import paragraphs, read

SENTENCE = "The Commission opened all of its gauges to the public, which had waited for it for so very long a time. "


def texts(*lines: str) -> list[str]:
    return [paragraph.text for paragraph in paragraphs.split("\n".join(lines))]


def test_form_lines_need_no_empty_lines_around_them() -> None:
    lines = (
        "PRESS RELEASE from nobody in particular, which therefore is no status line",
        "Astana, 22 January 2024 - The Commission opened all of its gauges today,",
        "which the public had awaited.",
        "###",
        "Media Contact: Ada Berg, ada@rivers.example, who has the longest name in town",
        "and the shortest number.",
    )
    assert texts(*lines)[-3:] == ["###", *lines[-2:]]


def test_a_dateline_below_a_wrapped_headline_begins_a_paragraph() -> None:
    lines = (
        "Commission opens every one of its gauges to the public after a long wait",
        "and very many polite requests from all its members",
        "Astana, 22 January 2024 - The Commission opened all of its gauges to the",
        "public, which had waited for that moment for a very long time indeed,",
        "and was pleased.",
    )
    assert texts(*lines) == [" ".join(lines[:2]), " ".join(lines[2:])]


def test_a_paragraph_wrapped_by_hand_may_be_ragged() -> None:
    lines = (
        "The Commission opened all of its gauges to the public, which had waited",
        "for that moment for a very long time indeed, and was very much pleased",
        "at the sight of so much water in so many figures,",
        "as anybody would have been.",
    )
    assert texts(*lines) == [" ".join(lines)]


def test_the_items_of_a_wrapped_list_stay_apart() -> None:
    lines = (
        "- the first item is long enough to be wrapped by a program at the column",
        "  where lines end, though not always at the very last letter of it",
        "- the second item is just as long as that, so that its end is forced, too",
        "  and goes on",
    )
    joined = [" ".join(" ".join(pair).split()) for pair in (lines[:2], lines[2:])]
    assert texts(*lines) == joined


def test_lines_that_nobody_would_wrap_are_paragraphs() -> None:
    assert texts(SENTENCE, "A short one.", SENTENCE) == [SENTENCE.strip(), "A short one.", SENTENCE.strip()]


def test_a_paragraph_above_the_dateline_is_neither_headline_nor_lost() -> None:
    manuscript = read(f"{SENTENCE * 4}\n\nAstana, 22 January 2024 – The lead.".encode())
    assert manuscript.headline == ""
    assert (SENTENCE * 4).strip() in [remark.text for remark in manuscript.remarks]


def test_every_paragraph_knows_its_line() -> None:
    assert [paragraph.number for paragraph in paragraphs.split("one\n\n\ntwo\nthree\n")] == [1, 4, 5]
