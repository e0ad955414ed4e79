"""Reports about our mail at large: DMARC aggregates (RFC 9990), TLS (RFC 8460). Told apart, and about nobody."""

import re
import zlib

from service.feedback.event import Event, Kind
from service.feedback.mime import Part, words

# A report packed well is a thousand times its size; its root element stands at its beginning.
PEEK = 4096

_DMARC_SUBJECT = re.compile(r"\W*(preview\W+)?report domain:.{1,300}\bsubmitter:", re.IGNORECASE)
# receiver!domain!begin!end[!unique].xml.gz, RFC 9990 2.5.2; whole words only, so that each letter is looked at once.
_DMARC_NAME = re.compile(
    r"""(?<![^\s"'=])[^\s!"';]{1,255}+![^\s!"';]{1,255}+!\d{6,12}!\d{6,12}(![^\s!"';.]{1,80}+)?\.(xml|zip|gz)\b""",
    re.IGNORECASE,
)
_DMARC_ROOT = re.compile(rb"<feedback[\s>]")
_TLS_TYPES = frozenset({"application/tlsrpt+gzip", "application/tlsrpt+json"})
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"


def read(parts: tuple[Part, ...]) -> tuple[Event, ...]:
    """One REPORT when the message carries such a report, whoever sent it and however it is packed."""
    own = [part for part in parts if not part.attached]
    if any(part.type in _TLS_TYPES for part in own) or "tls-report-domain" in parts[0].headers:
        return (Event(Kind.REPORT, reason="A report about TLS on the way to us"),)
    if _DMARC_SUBJECT.match(words(parts[0].headers.first("subject"))) or any(_is_dmarc(part) for part in own):
        return (Event(Kind.REPORT, reason="A DMARC aggregate report"),)
    return ()


def _is_dmarc(part: Part) -> bool:
    if part.type.startswith(("text/plain", "text/html")) or part.encloses:
        return False
    named = f"{part.headers.first('content-disposition')} {part.headers.first('content-type')}"
    return _DMARC_NAME.search(named) is not None or _DMARC_ROOT.search(beginning(part.body)) is not None


def beginning(packed: bytes) -> bytes:
    """The first PEEK octets of what a gzip or the first file of a zip holds, or of the thing itself; b"" if broken."""
    try:
        if packed.startswith(_GZIP):
            return zlib.decompressobj(wbits=31).decompress(packed[:PEEK], PEEK)
        if packed.startswith(_ZIP):
            begin = 30 + int.from_bytes(packed[26:28], "little") + int.from_bytes(packed[28:30], "little")
            stored, inner = packed[8:10] == b"\0\0", packed[begin : begin + PEEK]
            return inner if stored else zlib.decompressobj(wbits=-15).decompress(inner, PEEK)
    except zlib.error:
        return b""
    return packed[:PEEK]
