"""Reading the files people really have."""

import codecs
import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import imports
from service.errors import Refused
from service.imports import BadTable, Row, UnreadableFile
from service.imports.table import MOST_ROWS

RUSSIAN = "почта;имя;издание\ncleo@daily.example;Клео Читатель;Степная газета\n"
READ = Row(2, email="cleo@daily.example", name="Клео Читатель", outlet="Степная газета")


@pytest.mark.parametrize(
    "data",
    [
        RUSSIAN.encode(),
        codecs.BOM_UTF8 + RUSSIAN.encode(),
        RUSSIAN.encode("utf-16"),
        RUSSIAN.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + RUSSIAN.encode("utf-16-be"),
        RUSSIAN.encode("cp1251"),
        RUSSIAN.replace(";", ",").encode(),
        RUSSIAN.replace(";", "\t").encode("utf-16"),
        RUSSIAN.replace("\n", "\r\n").encode("cp1251"),
        ("sep=;\r\n" + RUSSIAN).encode("utf-8-sig"),
        RUSSIAN.replace("почта", '"E-Mail"').replace("имя", " ФИО ").encode(),
    ],
)
def test_one_table_however_it_was_saved(data: bytes) -> None:
    assert imports.read(data).rows == (READ,)


def test_all_columns_are_told_by_english_headers_in_any_order() -> None:
    header = b"Tier,Beat,Topics,Language,Country,Outlet,Name,Shoe size,Email"
    (row,) = imports.read(header + b'\n1,"a, b",water|gold,ru,KZ,Daily,Cleo,38,c@d.example\n').rows
    assert row == Row(2, "c@d.example", "Cleo", "Daily", "KZ", "ru", "water|gold", "a, b", "1")


def test_a_cell_may_hold_delimiters_quotes_and_line_ends_and_rows_keep_their_number() -> None:
    data = b'email,name\n\n"c@d.example","Cleo ""the pen""\nReader"\n,\nd@d.example,=HYPERLINK("x")\n'
    rows = imports.read(data).rows
    assert [(row.number, row.name) for row in rows] == [(3, 'Cleo "the pen"\nReader'), (5, '=HYPERLINK("x")')]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Row 1: no column is called"),
        (b"name,outlet\nCleo,Daily\n", "Row 1: no column is called .*there is .name., .outlet."),
        (b"email,name,e-mail\n", "Row 1: two columns are both the email"),
        (b'email,name\na@b.example,Cleo\nc@d.example,"Dana\ne@f.example,Eli\n', "Row 3: a quotation mark"),
        (b'email,name\na@b.example,"Cl"eo\n', "Row 2: a quotation mark"),
        (b'email,name\n"' + b"x" * 200_000, "Row 2: a quotation mark"),
        (b"email,name\na@b.example,Cleo\nc@d.example,Da\x00na\n", "Row 3, column 2 .*NUL"),
        (b"email,name\na@b.example,Cleo,Daily,7\n", "Row 2: it has 4 cells, the header 2"),
        (b"email" + b",x" * 10_000, "Row 1 has 10001 columns"),
        (b"email\n" + b"a\n" * (MOST_ROWS + 1), "more than 200,000 rows"),
    ],
)
def test_a_bad_table_is_told_by_row_and_column(data: bytes, said: str) -> None:
    with pytest.raises(BadTable, match=said):
        imports.read(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"x" * 20_000_001, "20,000,001 bytes"),
        (b"PK\x03\x04....", "spreadsheet is damaged"),
        (b"\xd0\xcf\x11\xe0....", "old .*spreadsheet"),
        (codecs.BOM_UTF8 + b"email\n\xff", "damaged in line 2"),
        (codecs.BOM_UTF16_LE + b"e\x00m", "damaged"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said):
        imports.read(data)


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)


@given(st.lists(st.tuples(CELL, CELL), max_size=5), st.sampled_from(",;\t"))
def test_any_cells_come_back_as_they_were_written(cells: list[tuple[str, str]], delimiter: str) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([("email", "name"), *cells])
    rows = imports.read(written.getvalue().encode()).rows
    full = [(email.strip(), name.strip()) for email, name in cells if email.strip() or name.strip()]
    assert [(row.email, row.name) for row in rows] == full


@given(st.binary(max_size=300) | st.binary(max_size=100).map(lambda data: b"email,name\n" + data))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(Refused):
        assert imports.read(data).digest
