"""The table of standards.md 10 as one pure function: from the marks against an address to what becomes of it.

Marks are on different days, since a day has one at most. Only what is proven decides; a mark without proof counts as
the earlier of two verdicts that the address is dead, and for nothing else. What is said about us, the text, its size
or our DNS never becomes a mark.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.feedback import Verdict
from service.models import Became

RESTS_FOR = timedelta(days=7)
REMEMBERED = timedelta(days=365)
DEAD = frozenset({Verdict.HARD, Verdict.DEAD_DOMAIN})


@dataclass(frozen=True, slots=True)
class Mark:
    """One verdict: `at` is when the mail left, `came_at` when its verdict was heard.

    `held`: in a burst that no person has judged yet; it lets the address rest and suppresses nobody.
    """

    at: datetime
    came_at: datetime
    verdict: Verdict
    proven: bool = True
    held: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What becomes of an address and why, in a sentence without its name. At rest without `until`: a person decides."""

    became: Became
    why: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """So many marks of a kind on different days, the last one proven, `apart` at least and `within` at most."""

    verdicts: frozenset[Verdict]
    marks: int
    apart: timedelta
    within: timedelta
    became: Became
    said: str

    def met(self, marks: Sequence[Mark]) -> Sequence[Mark]:
        """The marks that meet it, none when it is not met."""
        for last in (at for at in range(len(marks) - 1, self.marks - 2, -1) if marks[at].proven):
            for first in range(last - self.marks + 1, -1, -1):
                between = marks[last].at - marks[first].at
                if self.apart <= between <= self.within:
                    return (*marks[first : first + self.marks - 1], marks[last])
        return ()


RULES = (
    Rule(DEAD, 2, RESTS_FOR, REMEMBERED, Became.SUPPRESSED, "the address was refused as dead"),
    Rule(
        frozenset({Verdict.DISABLED}),
        2,
        timedelta(days=3),
        REMEMBERED,
        Became.SUPPRESSED,
        "the mailbox was off",
    ),
    Rule(frozenset({Verdict.FULL}), 5, timedelta(0), timedelta(days=30), Became.SUPPRESSED, "the mailbox was full"),
    Rule(frozenset({Verdict.SOFT}), 7, timedelta(0), timedelta(days=60), Became.RESTING, "it took no mail"),
)
COUNTED = frozenset(verdict for rule in RULES for verdict in rule.verdicts)
"""What can become a mark at all."""


def verdict_on(marks: Iterable[Mark], alive: datetime | None = None) -> Judgement | None:
    """What these marks make of an address, None: it is mailed. `alive`: what left before its last sign of life is void.

    Pure: no order and no repetition of the marks matters.
    """
    left = sorted((mark for mark in set(marks) if alive is None or mark.at > alive), key=lambda mark: mark.at)
    for rule in RULES:
        met = rule.met([mark for mark in left if mark.verdict in rule.verdicts and _counts(mark, rule)])
        if met:
            return Judgement(rule.became, f"{rule.said} on {_days(met)}")
    return _rest([mark for mark in left if mark.verdict in DEAD and mark.proven])


def _counts(mark: Mark, rule: Rule) -> bool:
    return not mark.held and (mark.proven or rule.verdicts == DEAD)


def _rest(dead: Sequence[Mark]) -> Judgement | None:
    if not dead:
        return None
    last = dead[-1]
    return Judgement(Became.RESTING, f"the address was refused on {_days([last])}", last.came_at + RESTS_FOR)


def _days(marks: Iterable[Mark]) -> str:
    return ", ".join(f"{mark.at.day} {mark.at:%B %Y}" for mark in marks)
