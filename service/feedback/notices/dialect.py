"""How one mail server words its notices: a table row, and the one way in which all of them are read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice

from service.feedback.letter import Letter
from service.feedback.quoted import STATUS, code

MOST_RECIPIENTS = 200
LONGEST_REASON = 2000
LONGEST_NOTICE = 8000

ADDRESS = (
    r"(?:\"[^\"\n]{1,100}\"|[^\s@<>()\[\]\"',;:|\\（），。：；、「」]{1,100})@[^\s@<>()\[\]\"',;:|\\（），。：；、「」]{1,200}"
    r"[^\s@<>()\[\]\"',;:|\\（），。：；、「」.!?*]"
)
_NAMED = rf"(?P<address>{ADDRESS})"
_FOUND = re.compile(rf"(?<![^\s<>()\[\]\"',;:|=\\（），。：；、「」]){_NAMED}")
# A recipient in a list: alone, in brackets, behind a bullet, before its reason.
_ENTRY = re.compile(
    (
        rf"^(?P<indent>[ \t]*)(?:[-*>•+]{{1,3}}[ \t]{{1,8}}|>>>[ \t]?)?"
        rf"(?:\"[^\"\n]{{0,80}}\"[ ]?(?=<)"
        rf"|[^\W\d][^\s@:<>]{{0,40}}(?:[ ][^\s@:<>]{{1,40}}){{0,4}}[ ](?=<))?[<(\[\"']{{0,3}}(?:(?:mailto|smtp"
        rf"|rfc822):)?{_NAMED}"
        rf"(?P<rest>[>)\]\"']{{0,3}}(?:[ \t]*[:,;.]?(?:[ \t].*)?|[:;,(\[<].*|\.{{2,3}}.*))$"
    ),
    re.IGNORECASE,
)
# The address we wrote to, beside the one that a list, an alias or a filter made of it.
_BECAME = re.compile(rf"\((?:expanded|ultimately generated|generated) (?:from|by):?\s*<?{_NAMED}", re.IGNORECASE)
_STILL_TRIED = (
    r"warning (?:message )?only|(?:has|have|been|is|was) (?:been )?(?:delayed|deferred|postponed)|will (?:be retried"
    r"|retry|keep trying|continue to (?:try|attempt|be made))|attempts will continue|not yet been delivered"
    r"|still (?:being )?(?:trying|tried)"
    r"|temporarily (?:failed|delayed|undeliverable)|(?:wurde|ist|wird) (?:verzögert|weiter versucht)|verzögert sich"
    r"|(?:est|a été) (?:retardé|différé)e?|se ha retrasado|ha sido (?:aplazado|demorado)|foi (?:adiada|atrasada)"
    r"|доставка (?:\w+ )?(?:задержана|отложена)|попытки доставки (?:будут )?продолж|ritardat[oa]"
)
"""It is not given up: said by servers of all kinds."""
_TALK = re.compile(r"^(?:\.{3} )?while talking to[^\n]*\n", re.IGNORECASE | re.MULTILINE)
_GAP = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Failure:
    """One recipient a notice names, and what it says of it.

    `delayed`: it is still being tried; `doubtful`: who says so says "unknown" of living addresses too.
    """

    address: str
    reason: str
    delayed: bool = False
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Dialect:
    """One row. Patterns find in any case, and a blank in them is any white space, also a line's end.

    `lists`: what stands before recipients that have lines of their own, their reasons beside or below. `sentences`:
    those that hold one, as `{address}`. `reason`: where the reason of all of them begins, when it is not with them.
    `delayed`: the words of a warning, besides the usual ones. `signs`: what must be in the message too. `above`: it is
    a transcript, in which a reason stands above its recipient. `doubtful`: as in Failure. The first pattern that finds
    a recipient is believed.
    """

    name: str
    lists: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    reason: str = ""
    delayed: str = ""
    signs: str = ""
    above: bool = False
    doubtful: bool = False

    def read(self, letter: Letter) -> tuple[Failure, ...]:
        """The recipients this notice names; none when it is not written in this dialect."""
        text = letter.text[:LONGEST_NOTICE]
        if self.signs and not _pattern(self.signs).search(f"{letter.author}\n{letter.subject}\n{text}"):
            return ()
        reasons = self._reasons(letter, text)
        if not reasons:
            return ()
        # What is dear to find is looked for last: most dialects are not the one.
        delayed, shared = self._is_delayed(letter, text), self._shared(text)
        several = len(reasons) > 1
        return tuple(
            Failure(address, _nearest(reason, shared, address if several else ""), delayed, self.doubtful)
            for address, reason in reasons.items()
        )

    def _reasons(self, letter: Letter, text: str) -> dict[str, str]:
        for find, patterns in ((_listed, self.lists), (_above if self.above else _told, self.sentences)):
            for pattern in patterns:
                found = find(_pattern(pattern), text)
                if found:
                    return _merged(found, letter)
        return {}

    def _is_delayed(self, letter: Letter, text: str) -> bool:
        said = f"{letter.subject}\n{text}"
        return any(_pattern(words).search(said) for words in (self.delayed, _STILL_TRIED) if words)

    def _shared(self, text: str) -> str:
        found = _pattern(self.reason).search(text) if self.reason else None
        return text[found.end() :][:LONGEST_REASON] if found else ""


def addresses(text: str) -> Iterator[str]:
    """Every address in a text, in order."""
    return (found["address"] for found in _FOUND.finditer(text))


@cache
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(
        words.replace("{address}", rf"[<\"'(\[]{{0,2}}{_NAMED}").replace(" ", r"\s+"), re.IGNORECASE | re.MULTILINE
    )


def _told(pattern: re.Pattern[str], text: str) -> list[tuple[str, str]]:
    """The recipients that sentences name, each with its sentence and the paragraph that follows."""
    found = islice(pattern.finditer(text), MOST_RECIPIENTS)
    return [(one["address"], f"{one[0]}\n{_paragraph(text[one.end() :])}") for one in found]


def _above(pattern: re.Pattern[str], text: str) -> list[tuple[str, str]]:
    """The recipients of a transcript, each with its line and the dialogue above it."""
    found, begin = [], 0
    for one in islice(pattern.finditer(text), MOST_RECIPIENTS):
        dialogue = _TALK.split(text[begin : one.start()])[-1]
        found.append((one["address"], f"{one[0]}\n{dialogue[-LONGEST_REASON:]}"))
        begin = one.end()
    return found


def _listed(pattern: re.Pattern[str], text: str) -> list[tuple[str, str]]:
    opening = pattern.search(text)
    if opening is None:
        return []
    return list(entries(text[opening.end() :].lstrip("\n")))


def entries(text: str) -> Iterator[tuple[str, str]]:
    """The recipients of a list, each with its reason; what is set in deeper than the first belongs to a reason."""
    address, reason, depth, number = "", [""], 0, 0
    for line in text.splitlines():
        entry = _ENTRY.match(line)
        indent = len(entry["indent"].expandtabs()) if entry else 0
        if entry is None or (address and (indent > depth or entry["address"].lower() == address.lower())):
            reason.append(line)
            continue
        if address:
            yield address, _paragraph("\n".join(reason))
            number += 1
            if number == MOST_RECIPIENTS:
                return
        depth = depth if address else indent
        address, reason = entry["address"], [entry["rest"]]
    if address:
        yield address, _paragraph("\n".join(reason))


def _paragraph(text: str) -> str:
    """Up to the empty line after the first words: what follows that is said of everything."""
    text = text.lstrip(" \t\n.:,;>)]\"'=*-_")[:LONGEST_REASON]
    end = _GAP.search(text)
    return text[: end.start()] if end else text


def _merged(found: list[tuple[str, str]], letter: Letter) -> dict[str, str]:
    """One reason for each address; a notice in two languages tells everything twice.

    Who writes and who is written to are no recipients, unless there are no others.
    """
    aside = {letter.author.lower(), *(one.lower() for one in addresses(letter.headers.first("to")))}
    reasons: dict[str, str] = {}
    for named, reason in found:
        before = _BECAME.search(reason)
        address = before["address"] if before else named
        same = next((one for one in reasons if one.lower() == address.lower()), address)
        if not reasons.get(same, "").strip():
            reasons[same] = reason
    return {one: reason for one, reason in reasons.items() if one.lower() not in aside} or reasons


def _nearest(reason: str, shared: str, address: str) -> str:
    """Its own reason if that quotes a reply; else what is said of all, from the lines that name this one of several."""
    if not shared or code(reason) or STATUS.search(reason):
        return reason
    lines = shared.splitlines()
    named = [max(at - 1, 0) for at, line in enumerate(lines) if address and address.lower() in line.lower()]
    return "\n".join(lines[named[0] :]) if named else shared
