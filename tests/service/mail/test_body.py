"""One Markdown source, two renderings with the same words and nothing that runs."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.mail.body import as_html, as_text, escape

PRINTABLE = st.text(st.characters(codec="utf-8").filter(str.isprintable)).map(str.strip)
MARKUP = st.text(alphabet="*_#[]()<>`~+-=.|:&;!\\ \"'1aя x/@\t", max_size=60).map(str.strip)


@given(PRINTABLE | MARKUP)
@example("1. not a list")
@example("# no heading")
@example("&amp; &#65; &copy;")
@example("<https://a.example> <b>")
@example("a_b _c_ __d__ *e*")
@example("[x]: http://a.example")
@example("12345) x")
@example("=")
@example("\\")
def test_any_paragraph_keeps_its_words(paragraph: str) -> None:
    if re.search(r"\t", paragraph):
        paragraph = paragraph.replace("\t", " ").strip()
    assert as_text(escape(paragraph)) == paragraph


@given(st.lists(PRINTABLE | MARKUP, min_size=1).map(lambda lines: [line.replace("\t", " ").strip() for line in lines]))
def test_lines_of_a_paragraph_stay_lines(lines: list[str]) -> None:
    kept = [line for line in lines if line]
    assert as_text(escape("\n".join(lines))) == "\n".join(kept)


@given(st.lists(PRINTABLE.filter(bool), min_size=1))
def test_paragraphs_stay_apart(paragraphs: list[str]) -> None:
    assert as_text("\n\n".join(map(escape, paragraphs))) == "\n\n".join(paragraphs)


@given(PRINTABLE | MARKUP)
def test_an_escaped_paragraph_is_one_html_paragraph_without_tags(paragraph: str) -> None:
    html = as_html(escape(paragraph.replace("\t", " ").strip()))
    inner = html.strip().removeprefix("<p>").removesuffix("</p>")
    assert "<" not in inner


def test_ordinary_prose_needs_no_escapes() -> None:
    prose = "«Вода» – it's 40 % up (see p. 3), AT&T said: “so-and-so”; snake_case, a+b=c! 3.5 | x #tag 1.5 > 1"
    assert escape(prose) == prose


TABLE = """\
<table>
<thead>
<tr>
<th>a</th>
<th>b</th>
</tr>
</thead>
<tbody>
<tr>
<td>1</td>
<td>2</td>
</tr>
</tbody>
</table>"""


def link(target: str, words: str) -> str:
    return f'<p><a href="{target}" rel="noopener">{words}</a></p>'


@pytest.mark.parametrize(
    ("markdown", "text", "html"),
    [
        ("**Bold** and *light*", "Bold and light", "<p><strong>Bold</strong> and <em>light</em></p>"),
        ("One\nline", "One line", "<p>One\nline</p>"),
        ("- a\n- b", "– a\n– b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a\n4. b", "3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("- a\n  - b", "– a\n  – b", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>"),
        ("> “Quote”\n\nend", "“Quote”\n\nend", "<blockquote>\n<p>“Quote”</p>\n</blockquote>\n<p>end</p>"),
        ("# Head\n\n---\n\n`x`", "Head\n\n* * *\n\nx", "<h1>Head</h1>\n<hr>\n<p><code>x</code></p>"),
        ("[words](https://a.example/x)", "words <https://a.example/x>", link("https://a.example/x", "words")),
        ("<https://a.example/>", "https://a.example/", link("https://a.example/", "https://a.example/")),
        ("<ada@a.example>", "ada@a.example", link("mailto:ada@a.example", "ada@a.example")),
        ("| a | b |\n|---|--:|\n| 1 | 2 |", "a | b\n1 | 2", TABLE),
    ],
)
def test_both_renderings_say_the_same(markdown: str, text: str, html: str) -> None:
    assert as_text(markdown) == text
    assert as_html(markdown).strip() == html


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "<javascript:alert(1)>",
        "[x](vbscript:x)",
        "![x](https://track.example/p.gif)",
        "<img src=x onerror=alert(1)>",
        '[x](https://a.example "\\" onmouseover=\\"alert(1)")',
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<style>*{display:none}</style>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "[x]: javascript:alert(1)\n\n[x]",
    ],
)
def test_nothing_in_the_source_can_run_or_track(attack: str) -> None:
    html = as_html(attack)
    assert re.search(r"<(?!/?(?:p|a)\b)", html) is None
    assert re.search(r"<[^>]*(?:javascript|vbscript|data:)", html) is None
    assert re.search(r'<a (?!href="https://[^"]*"(?: title="[^"]*")? rel="noopener">)', html) is None


def test_raw_html_is_shown_and_not_obeyed() -> None:
    assert as_text("a <b>b</b>") == "a <b>b</b>"
    assert as_html("a <b>b</b>").strip() == "<p>a &lt;b&gt;b&lt;/b&gt;</p>"


def test_a_picture_in_the_text_becomes_a_link_with_its_words() -> None:
    assert as_text("![A map](https://a.example/m.png)") == "!A map <https://a.example/m.png>"
    assert as_html("![A map](https://a.example/m.png)").strip() == "<p>!" + link("https://a.example/m.png", "A map")[3:]


@given(st.text(max_size=200))
def test_any_source_renders(markdown: str) -> None:
    as_html(markdown)
    as_text(markdown)
