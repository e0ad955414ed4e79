"""One thing looked at in DNS, and what to do about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from service.resolver import Unanswered

LONGEST = 1000  # characters of what DNS showed; a record can have 65,000


class State(StrEnum):
    """How well it is, from nothing to do to mail that will be refused."""

    WELL = "well"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, what DNS showed, what it should show, and what to do where the two differ."""

    what: str
    state: State
    found: str
    expected: str = ""
    fix: str = ""


def worst(findings: Sequence[Finding]) -> Finding | None:
    """The finding to warn of or to refuse by: the first bad one, else the first warning; None when all is well."""
    for state in (State.BAD, State.WARNING):
        for finding in findings:
            if finding.state is state:
                return finding
    return None


def answered(what: str, unanswered: State, findings: Iterator[Finding]) -> Iterator[Finding]:
    """These findings; where DNS gave no answer, that is one of them: `unanswered` is how bad it is."""
    try:
        for finding in findings:
            yield replace(finding, found=_printable(finding.found[:LONGEST]), fix=_printable(finding.fix))
    except Unanswered as fault:
        told = f"no answer from DNS: {fault}"
        yield Finding(what, unanswered, told, "an answer", "Try again; see to the name servers.")


def _printable(text: str) -> str:
    """Without what a stranger's record could do to a terminal."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
