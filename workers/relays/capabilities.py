"""What a server announced in its answer to EHLO (RFC 5321 4.1.1.1)."""

from __future__ import annotations

from dataclasses import dataclass

from workers.relays.replies import Reply


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The extensions we use; the default is a server that offers none.

    `sizes`: it wants to hear SIZE=; `size`: its limit in octets, None when it states none (RFC 1870).
    """

    pipelining: bool = False
    eight_bit: bool = False
    utf8: bool = False
    starttls: bool = False
    sizes: bool = False
    dsn: bool = False
    size: int | None = None
    mechanisms: frozenset[str] = frozenset()


def read(reply: Reply) -> Capabilities:
    """Read an EHLO reply; keywords are case-insensitive, unknown ones and nonsense are passed over."""
    offers: dict[str, list[str]] = {}
    for line in reply.raw.decode("ascii", "replace").upper().splitlines()[1:]:
        # "AUTH=LOGIN" is how servers of the last century wrote "AUTH LOGIN"; some still write both.
        keyword, *words = line.replace("AUTH=", "AUTH ", 1).split() or [""]
        offers.setdefault(keyword, []).extend(words)
    return Capabilities(
        pipelining="PIPELINING" in offers,
        eight_bit="8BITMIME" in offers,
        utf8="SMTPUTF8" in offers,
        starttls="STARTTLS" in offers,
        sizes="SIZE" in offers,
        dsn="DSN" in offers,
        size=_limit(offers.get("SIZE", [])),
        mechanisms=frozenset(offers.get("AUTH", [])),
    )


def _limit(words: list[str]) -> int | None:
    # RFC 1870 4: 0 means that there is no fixed limit.
    if not words or not words[0].isdecimal() or len(words[0]) > 20:
        return None
    return int(words[0]) or None
