"""Attached files: they arrive as they were, under a name that is only a name, and make no field of their own."""

import email
import os
import re
from base64 import b64decode
from email.message import Message
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.mail import attachments
from service.mail.attachments import LONGEST_NAME, MOST, UNKNOWN, Attachment, TooLarge, safe_name
from tests.letters import AT, CLEO, DELIVERY, letter
from tests.sinks import received

PDF = Attachment("levels.pdf", "application/pdf", b"%PDF-1.7\r\n.\r\n\0\xff" * 500)
HOSTILE = st.sampled_from(
    [
        *("\r\nBcc: x@evil.test", "\n\n<script>", '"; filename=x.exe', "\0", "\u2028", "\x85", "\u202e", "%0d%0a", "'"),
        *("=?utf-8?q?=0ABcc:_x?=", "../..", "C:\\", "/etc/passwd", '"', ";", "*", "\\", "ж", "日本", "😀", ".", " "),
    ]
)
NAMES = st.lists(HOSTILE | st.text(max_size=30), max_size=12).map("".join)


def arrived(*given: Attachment, eight_bit: bool = True) -> Message:
    """The mail, as the standard library's older reader takes it apart."""
    return email.message_from_bytes(
        received(letter(attachments=given).compose(CLEO, DELIVERY, AT, eight_bit=eight_bit))[0]
    )


def files(message: Message) -> list[Message]:
    return [part for part in message.walk() if part.get_content_disposition() == "attachment"]


def file_name(part: Message) -> str:
    """The name by RFC 2183 and RFC 2231, read without the library's own reader of parameters."""
    field = part["Content-Disposition"].replace("\r\n", "")
    quoted = re.fullmatch(r'attachment; filename="((?:[^"\\]|\\.)*)"', field)
    if quoted:
        return re.sub(r"\\(.)", r"\1", quoted[1])
    pieces = re.findall(r"; filename(?:\*(\d+))?\*=([^;]*)", field)
    assert [number or "0" for number, _ in pieces] == [str(number) for number in range(len(pieces))]
    charset, language, words = "".join(words for _, words in pieces).split("'")
    assert (charset, language) == ("utf-8", "")
    return unquote_to_bytes(words).decode(charset)


@pytest.mark.parametrize("eight_bit", [True, False])
def test_a_file_arrives_as_it_was_beside_the_letter(eight_bit: bool) -> None:
    message = arrived(PDF, Attachment("map.png", "image/png", b""), eight_bit=eight_bit)
    assert message.get_content_type() == "multipart/mixed"
    assert [part.get_content_type() for part in message.walk()][1:] == [
        *("multipart/alternative", "text/plain", "text/html"),
        *("application/pdf", "image/png"),
    ]
    assert [part.get_payload(decode=True) for part in files(message)] == [PDF.content, b""]
    for part in message.walk():
        assert part.defects == []


def test_base64_has_lines_of_76() -> None:
    raw = letter(attachments=[PDF]).message(CLEO, DELIVERY, AT)
    encoded = raw.partition(b'filename="levels.pdf"\r\n\r\n')[2].partition(b"\r\n--")[0]
    assert {len(line) for line in encoded.split(b"\r\n")[:-1]} == {76}
    assert b64decode(encoded) == PDF.content


def test_a_letter_without_files_has_the_bytes_it_always_had() -> None:
    assert letter(attachments=[]).message(CLEO, DELIVERY, AT) == letter().message(CLEO, DELIVERY, AT)
    assert b"multipart/mixed" not in letter().message(CLEO, DELIVERY, AT)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Größe – 日本.pdf", "Größe – 日本.pdf"),
        ('The "final" report; v.2 (100%).pdf', 'The "final" report; v.2 (100%).pdf'),
        ("a'b*c=d,e@f[g]<h>?.pdf", "a'b*c=d,e@f[g]<h>?.pdf"),
        ("ж" * 196 + ".pdf", "ж" * 196 + ".pdf"),
        ("x" * 196 + ".pdf", "x" * 196 + ".pdf"),
        ("😀" * 196 + ".pdf", "😀" * 196 + ".pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("x" * 300, "x" * 200),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\Users\\ada\\budget.xls", "C--Users-ada-budget.xls"),
        ("Budget 2026/27.pdf", "Budget 2026-27.pdf"),
        (".htaccess", "htaccess"),
        ("-rf", "rf"),
        ("report\u202efdp.exe", "report fdp.exe"),
        ("a\r\n\tb \x00 c.pdf", "a b c.pdf"),
        ("=?utf-8?q?=0ABcc=3A_x?=.pdf", "=?utf-8?q?=0ABcc=3A_x?=.pdf"),
        ("//", "attachment"),
        ("", "attachment"),
    ],
)
def test_a_name_is_read_back_by_others_as_it_was_written_but_for_what_is_no_name(name: str, kept: str) -> None:
    [part] = files(arrived(Attachment(name, "application/pdf", b"x")))
    assert file_name(part) == kept
    assert part.get_filename() == kept


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("application/pdf", "application/pdf"),
        ("Application/PDF; name=x.pdf", "application/pdf"),
        ("image/png", "image/png"),
        ("image/svg+xml", UNKNOWN),
        ("text/html", UNKNOWN),
        ("text/plain", UNKNOWN),
        ("application/javascript", UNKNOWN),
        ("multipart/mixed; boundary=x", UNKNOWN),
        ("message/rfc822", UNKNOWN),
        ("application/pdf\r\nBcc: x@evil.test", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_a_type_that_could_run_or_is_not_known_is_sent_as_octets(given: str, sent: str) -> None:
    [part] = files(arrived(Attachment("x", given, b"x")))
    assert part["Content-Type"] == sent


@settings(max_examples=int(os.environ.get("FUZZ_CASES", "1000")), deadline=None)
@given(NAMES, NAMES)
@example("\ud800.pdf", "\ud800")
def test_no_name_and_no_type_makes_a_field_of_its_own(name: str, named: str) -> None:
    part = attachments.parts([Attachment(name, named, b"x")], "=_b")
    header, _, content = part.removeprefix(b"\r\n--=_b\r\n").partition(b"\r\n\r\n")
    lines = header.split(b"\r\n")

    assert content == b"eA=="
    assert [line.partition(b":")[0] for line in lines if not line.startswith(b" ")] == [
        *(b"Content-Type", b"Content-Transfer-Encoding", b"Content-Disposition"),
    ]
    assert max(map(len, lines)) <= 78
    assert header.isascii()
    assert all(32 <= octet < 127 for line in lines for octet in line)
    kept = file_name(email.message_from_bytes(header + b"\r\n\r\n"))
    assert kept == safe_name(name)
    assert 1 <= len(kept) <= LONGEST_NAME
    assert not re.search(r"[/\\:\x00-\x1f\x7f-\x9f\u2028-\u202e]", kept)
    assert kept[0] not in ".- "
    assert b"=?" not in header  # some readers would decode it, path and line ends included


def test_files_too_large_for_a_mail_are_refused_with_what_to_do_instead() -> None:
    half = Attachment("a.zip", "application/zip", b"x" * (MOST // 2))
    assert letter(attachments=[half, half])
    with pytest.raises(TooLarge, match=r"10\.0 MB .* 10 MB .* link"):
        letter(attachments=[half, half, Attachment("b", "", b"x")])


def test_a_file_of_the_largest_size_goes_along() -> None:
    content = bytes(range(256)) * (MOST // 256)
    written = letter(attachments=[Attachment("a.zip", "application/zip", content)])
    [part] = files(email.message_from_bytes(written.message(CLEO, DELIVERY, AT)))
    assert part.get_payload(decode=True) == content
