"""Header fields as bytes. Whatever people typed, a value is one field: no line of its own making ever leaves here."""

import re
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache

CRLF = "\r\n"
LINE = 76
"""Where fields are folded (RFC 5322, 2.2.3 asks for 78 at most)."""

LONGEST_WORD = 60
"""Octets of one word that stays as it is: a fold before it would leave the field's first line empty."""

# What breaks or ends a line in any reader, what shows nothing, and what is no text: control characters, Unicode's line
# ends, lone surrogates.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
# What ends an address in a header, begins a second one, or is decoded by readers to who knows what.
_NO_ADDRESS = re.compile(r"""[\s\x00-\x1f\x7f-\x9f\ud800-\udfff<>()\[\]\\,;:"]|=\?""")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~.-]*")


def one_line(value: str) -> str:
    """The words of a value without anything that could end its line."""
    return value.strip() if value.isprintable() else _CONTROLS.sub(" ", value).strip()


def field(name: str, value: str) -> bytes:
    """An unstructured field, folded, RFC 2047 where it is not plain ASCII; ends in CRLF."""
    value = one_line(value)
    header = Header(value, "us-ascii" if _is_plain(value) else "utf-8", maxlinelen=LINE, header_name=name)
    return f"{name}: {header.encode(linesep=CRLF)}{CRLF}".encode("ascii")


def _is_plain(value: str) -> bool:
    # ASCII that looks like an encoded word is encoded too, or readers would decode what nobody encoded; so is a word
    # too long for a line, which can be folded in no other way (RFC 5322, 2.1.1).
    return value.isascii() and "=?" not in value and max(map(len, value.split()), default=0) <= LONGEST_WORD


def structured(name: str, value: str) -> bytes:
    """A field that must stay as it is, such as List-Id: never encoded, never folded inside. Raises ValueError."""
    value = one_line(value)
    if not value.isascii() or "=?" in value:
        raise ValueError(f"{name} holds ASCII only, and no encoded word (RFC 2047, 5)")
    if len(name) + len(value) + 2 > 998:
        raise ValueError(f"{name} is longer than a line can be")
    return f"{name}: {value}\r\n".encode()


def mailbox(name: str, address: str) -> bytes:
    """`"Name" <address>` as bytes, folded between its parts; the address alone when there is no name.

    Raises ValueError for an address that could be read as something else.
    """
    if _NO_ADDRESS.search(address):
        raise ValueError("this address cannot stand in a header")
    phrase = _phrase(one_line(name))
    at = f"<{address}>".encode()
    if not phrase:
        return at
    last_line = phrase.rpartition(b"\n")[2]
    return phrase + (b" " if len(last_line) + len(at) < LINE - 10 else b"\r\n ") + at


def thread(earlier: Sequence[str]) -> tuple[bytes, bytes]:
    """The values of In-Reply-To and References for an answer to these Message-IDs, the oldest first."""
    ids = [f"<{id_}>".encode("ascii") for id_ in earlier]
    return ids[-1], b"\r\n ".join(ids)


def date(at: datetime) -> bytes:
    """The Date field's value (RFC 5322, 3.3)."""
    return _date(at.replace(microsecond=0))


@lru_cache(maxsize=64)
def _date(at: datetime) -> bytes:
    return format_datetime(at).encode("ascii")


@lru_cache(maxsize=4096)
def _phrase(name: str) -> bytes:
    plain = name if _PLAIN_NAME.fullmatch(name) and "." not in name else _quoted(name)
    if not name.isascii() or "=?" in name or len(plain) > LONGEST_WORD:
        return b"\r\n ".join(_encoded_word(part) for part in _parts(name))
    return plain.encode()


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _encoded_word(part: bytes) -> bytes:
    return b"=?utf-8?b?" + b64encode(part) + b"?="


def _parts(name: str) -> list[bytes]:
    """Pieces of 45 bytes at most that split no character: 72 characters as an encoded word (RFC 2047, 2: 75)."""
    parts = [b""]
    for character in name:
        encoded = character.encode("utf-8", "replace")
        if len(parts[-1]) + len(encoded) > 45:
            parts.append(b"")
        parts[-1] += encoded
    return parts
