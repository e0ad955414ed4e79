"""A release as Word, PDF, HTML and text files, good and bad."""

import io
import zipfile
from pathlib import Path

import docx
import pytest

from service import manuscripts
from service.manuscripts import Unreadable, files

TEXT = "River levels fall\n\nASTANA, 22 January 2024 – The water fell by a metre.\n\nIt will rise again.\n"
HTML = """<!doctype html><html><head><title>No</title><style>p{}</style></head><body><h1>River levels fall</h1>
<p>ASTANA, 22 January 2024 &ndash; The water fell
by a metre.</p><img src="x.png"><script>alert(1)</script><p>It will <b>rise</b> again.</p></body></html>"""


def word_file(*, table: bool = False) -> bytes:
    document = docx.Document()
    document.add_heading("River levels fall", 0)
    document.add_paragraph("ASTANA, 22 January 2024 – The water fell by a metre.")
    document.add_paragraph("It will rise again.")
    if table:
        document.add_table(1, 2).cell(0, 0).text = "Ishim"
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.txt", TEXT.encode()), ("a.html", HTML.encode()), ("a.docx", word_file()), ("a", HTML.encode())],
)
def test_each_kind_of_file_is_the_same_release(name: str, data: bytes) -> None:
    found = manuscripts.read_file(name, data)
    assert found.headline == "River levels fall"
    assert found.dateline is not None
    assert found.dateline.place == "ASTANA"
    assert found.lead == "The water fell by a metre."
    assert found.body == "It will rise again."


def test_what_a_file_had_beside_words_is_said() -> None:
    assert [remark.why for remark in manuscripts.read_file("a.html", HTML.encode()).remarks] == [
        "a picture was left out"
    ]
    table = manuscripts.read_file("a.docx", word_file(table=True))
    assert [remark.why for remark in table.remarks] == ["the form of a table was left out"]
    assert "Ishim" in table.body


def test_no_script_and_no_style_becomes_text() -> None:
    found = manuscripts.read_file("a.html", HTML.encode())
    assert "alert" not in found.body
    assert "p{}" not in found.body


def packed(**entries: bytes) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name.replace("__", "/"), data)
    return saved.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0 old", "old Word file"),
        (packed(a=b"b"), "no Word file"),
        (b"PK\x03\x04 broken", "damaged"),
        (packed(**{"word__document.xml": b"<not><word>"}), "damaged"),
        (b"%PDF-1.7 broken", "damaged"),
        (b"x" * (files.LARGEST_FILE + 1), "larger"),
    ],
)
def test_a_bad_file_says_what_to_do(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        manuscripts.read_file("a.docx", data)


def test_a_file_that_unpacks_to_gigabytes_is_refused_before_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_UNPACKED", 1000)
    with pytest.raises(Unreadable, match="unpacks"):
        manuscripts.read_file("a.docx", packed(**{"word__document.xml": b"0" * 1001}))


def test_the_words_of_a_pdf_are_read_and_its_layout_is_said_to_be_lost(tmp_path: Path) -> None:
    import typst

    source = tmp_path / "a.typ"
    source.write_text("River levels fall\n\nASTANA, 22 January 2024 – The water fell by a metre.\n", encoding="utf-8")
    found = manuscripts.read_file("a.pdf", typst.compile(str(source)))
    assert "River levels fall" in found.headline
    assert any("layout" in remark.why for remark in found.remarks)
