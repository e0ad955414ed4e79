"""A strict reader of messages (RFC 5322, 2045 to 2047), written from the standards and not from our composer.

What a standard forbids is an AssertionError here, where a mail program would be forgiving.
"""

import quopri
import re
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

CRLF = b"\r\n"
LONGEST_LINE = 998
ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "7bit": bytes,
    "8bit": bytes,
    "quoted-printable": quopri.decodestring,
    "base64": b64decode,
}

_BARE = re.compile(rb"\r(?!\n)|(?<!\r)\n|\0")
_FIELD = re.compile(rb"([!-9;-~]+): ?(.*)", re.DOTALL)
_WORD = re.compile(r"=\?([^?\s]+)\?([bq])\?([^?\s]*)\?=", re.IGNORECASE)
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t]+(?==\?)")
_ATOMS = re.compile(r"[\w!#$%&'*+/=?^`{|}~ \t-]*", re.ASCII)
_MAILBOX = re.compile(r'(?:(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<phrase>[^"<>]*?))[ \t]*<(?P<address>[^<>\s]+)>')


@dataclass(frozen=True)
class Field:
    """One header field; `raw` still has its folds."""

    name: str
    raw: bytes

    @property
    def value(self) -> str:
        """Unfolded (RFC 5322, 2.2.3): the line ends go, the white space stays."""
        return self.raw.replace(CRLF, b"").decode()

    @property
    def words(self) -> str:
        """Unfolded, and RFC 2047 decoded as in unstructured text."""
        return decoded(self.value)


@dataclass(frozen=True)
class Entity:
    """A message or a part of one: header fields and the octets after them."""

    octets: bytes

    @cached_property
    def head(self) -> bytes:
        return self.octets.partition(CRLF + CRLF)[0]

    @cached_property
    def content(self) -> bytes:
        return self.octets.partition(CRLF + CRLF)[2]

    @cached_property
    def fields(self) -> list[Field]:
        found: list[bytes] = []
        for line in self.head.split(CRLF):
            assert line.strip(), f"an empty line inside a header: {line!r}"
            if line[:1] in (b" ", b"\t"):
                found[-1] += CRLF + line
            else:
                found.append(line)
        return [_field(raw) for raw in found]

    @property
    def names(self) -> list[str]:
        return [field.name for field in self.fields]

    def one(self, name: str) -> Field:
        """The only field of that name."""
        [found] = [field for field in self.fields if field.name.lower() == name.lower()]
        return found

    @cached_property
    def parts(self) -> list["Entity"]:
        """The parts of a multipart (RFC 2046, 5.1.1)."""
        kind, boundary = multipart(self.one("Content-Type").value)
        pieces = (CRLF + self.content).split(CRLF + b"--" + boundary)
        assert kind, "a multipart"
        assert pieces[-1] == b"--" + CRLF, "the end of a multipart is its closing boundary"
        return [Entity(piece.removeprefix(CRLF)) for piece in pieces[1:-1]]

    @cached_property
    def text(self) -> str:
        """The words of a text part as a reader shows them, line ends as LF."""
        decode = ENCODINGS[self.one("Content-Transfer-Encoding").value]
        text = decode(self.content).decode("utf-8").replace("\r\n", "\n")
        return unflowed(text) if "format=flowed" in self.one("Content-Type").value else text


def message(wire: bytes) -> Entity:
    """The message that a server makes of what came after 354 (RFC 5321, 4.5.2)."""
    octets = unstuffed(wire)
    assert not _BARE.search(octets), "a bare CR, a bare LF or NUL"
    assert max(map(len, octets.split(CRLF))) <= LONGEST_LINE
    return Entity(octets)


def unstuffed(wire: bytes) -> bytes:
    assert wire.endswith(b"\r\n.\r\n")
    lines = wire.removesuffix(b".\r\n").split(CRLF)
    return CRLF.join(line.removeprefix(b".") for line in lines)


def unflowed(text: str) -> str:
    """Paragraphs in one line each (RFC 3676, 4.1): a line that ends in a space goes on in the next of its depth."""
    lines: list[str] = []
    depth, goes_on = 0, False
    for line in text.split("\n"):
        bare = line.lstrip(">")
        deep, words = len(line) - len(bare), bare.removeprefix(" ")
        if goes_on and deep == depth:
            lines[-1] += words
        else:
            lines.append(words)
        depth, goes_on = deep, words.endswith(" ") and words != "-- "
    return "\n".join(lines)


def _field(raw: bytes) -> Field:
    found = _FIELD.fullmatch(raw)
    assert found, f"not a header field: {raw[:80]!r}"
    return Field(found[1].decode("ascii"), found[2])


def decoded(value: str) -> str:
    """RFC 2047, 6.2: white space between encoded words is only theirs, all other is the text's."""
    return _WORD.sub(lambda found: _word(*found.groups()), _BETWEEN_WORDS.sub(r"\1", value))


def _word(charset: str, encoding: str, text: str) -> str:
    octets = b64decode(text) if encoding.lower() == "b" else quopri.decodestring(text, header=True)
    return octets.decode(charset)


def encoded_words(value: str) -> list[str]:
    return [found[0] for found in _WORD.finditer(value)]


def mailbox(value: str) -> tuple[str, str]:
    """The name and the address of the one mailbox that a field holds (RFC 5322, 3.4; RFC 2047, 5)."""
    found = _MAILBOX.fullmatch(value)
    assert found, f"not one mailbox: {value!r}"
    assert "=?" not in found["address"], "an encoded word in an address"
    if found["quoted"]:
        assert "=?" not in found["quoted"], "an encoded word in a quoted string"
        return re.sub(r"\\(.)", r"\1", found["quoted"][1:-1]), found["address"]
    assert _ATOMS.fullmatch(found["phrase"]), f"not a phrase: {found['phrase']!r}"
    return decoded(found["phrase"]), found["address"]


def multipart(content_type: str) -> tuple[str, bytes]:
    """The subtype and the boundary."""
    found = re.fullmatch(r'multipart/(\w+);[ \t]*boundary="([^"]{1,70})"', content_type)
    assert found, content_type
    return found[1], found[2].encode()
