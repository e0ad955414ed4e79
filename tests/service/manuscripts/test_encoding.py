"""Files in the encodings of the trade, and files that are no releases at all."""

import zlib

import pytest

from service.manuscripts import Unreadable, encoding, read

ENGLISH = "Astana, 22 January 2024 – “Naïve” café owners saw the CICA’s show, said Zoë Müller."
RUSSIAN = "Астана, 22 января 2024 года – «Вода идёт», – сообщила Комиссия № 5. CICA и ЕАЭС согласны…"
KAZAKH = "Астана, 2024 жылғы 22 қаңтар – Өзендер туралы деректер ашылды, деді Үкімет басшысы Ғабит Һәкімұлы."
ARABIC = "أستانا، 22 يناير 2024 – افتتحت اللجنة اليوم بيانات الأنهار للجمهور."


@pytest.mark.parametrize(
    ("text", "page"),
    [
        (ENGLISH, "cp1252"),
        (RUSSIAN, "cp1251"),
        (KAZAKH, "kz1048"),
        (KAZAKH, "ptcp154"),
        (ARABIC, "cp1256"),
        (RUSSIAN.translate({0x2013: "-", 0x2026: ".", 0xAB: '"', 0xBB: '"', 0x2116: "N"}), "koi8-r"),
        (RUSSIAN.translate({0x2013: "-", 0x2026: ".", 0xAB: '"', 0xBB: '"'}), "cp866"),
        ("Größe und Übermaß: „Straße“", "cp1252"),
        ("La société a été créée à Genève", "cp1252"),
        ("It’s – “plain”", "cp1252"),
        ("Привет", "cp1251"),
        ("АСТАНА", "cp1251"),
        ("Ұлы өзен", "kz1048"),
    ],
)
def test_an_old_page_is_told_by_its_words(text: str, page: str) -> None:
    decoded = encoding.decode(text.encode(page))
    assert decoded.text == text
    assert decoded.encoding == page


@pytest.mark.parametrize("text", [ENGLISH, RUSSIAN, KAZAKH, ARABIC, "plain"])
@pytest.mark.parametrize("encoded", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_taken_at_its_word(text: str, encoded: str) -> None:
    decoded = encoding.decode(text.encode(encoded))
    assert (decoded.text, decoded.encoding) == (text, encoded.removesuffix("-sig"))


@pytest.mark.parametrize(("text", "language"), [(ENGLISH, "en"), (RUSSIAN, "ru"), (KAZAKH, "kk"), (ARABIC, "ar")])
def test_the_language_is_told_by_its_letters(text: str, language: str) -> None:
    assert read(text.encode()).language == language


def test_a_kazakh_name_does_not_make_a_russian_text_kazakh() -> None:
    assert read((RUSSIAN + " Ғабит Һәкімұлы" + RUSSIAN * 3).encode()).language == "ru"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        ("\u200b\u00a0\n".encode(), "empty"),
        (b"%PDF-1.7 words", "PDF"),
        (b"PK\x03\x04 words", "Word document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Word document"),
        (b"{\\rtf1 words}", "RTF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"words and a NUL\x00", "binary"),
        (bytes(range(1, 256)) * 10, "binary"),
        (zlib.compress(b"words" * 1000), "binary"),
        (b"\xff\xfew\x00o\x00x", "damaged"),
        ("Привет, мир, мы пришли".encode()[:-1], "damaged in line 1"),
        (("а\n" * 8 + "Привет").encode() + b"\xff", "damaged in line 9"),
    ],
)
def test_what_is_no_text_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason) as refused:
        read(data)
    assert refused.value.reason == str(refused.value)


def test_fifty_megabytes_are_refused_before_anything_is_read() -> None:
    with pytest.raises(Unreadable, match="1 MiB"):
        read(b"\x00" * 50_000_000)


def test_half_a_million_lines_are_refused() -> None:
    with pytest.raises(Unreadable, match="lines"):
        read(b"a\n" * 500_000)


def test_a_mebibyte_is_read() -> None:
    data = (b"A line of words. " * 60 + b"\n\n") * (encoding.LARGEST // 1022)
    assert len(read(data).body) > len(data) * 0.9
