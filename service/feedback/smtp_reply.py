"""One SMTP reply read by the table of smtp_rules.py; shared by the relays' answers and the reports that quote them."""

import re
from dataclasses import dataclass

from service.feedback.event import LONGEST_REPLY, Verdict
from service.feedback.smtp_rules import RULES, Rule


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reply means. `permanent`: the same message later, to the same address, would be refused again."""

    verdict: Verdict
    permanent: bool
    reason: str


NO_ANSWER = Reading(Verdict.HOST, permanent=False, reason="No answer that could be read")

# Names and addresses hold words too: what a blocklist is called is no reason, nor is a domain named "unknown".
_NAMES = re.compile(
    r"\bhttps?:\S{0,400}"
    r"|[^\s<>\[\]]{1,100}@[^\s<>\[\]():;,]{1,100}"
    r"|\b[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,8}\.[a-z]{2,20}\b"
)
_NUMBERS = re.compile(
    r"(?<![\d.])[245]\d\d(?:[ -]\D?[245]\.\d{1,3}\.\d{1,3})?(?![\d.])[ -]?"
    r"|(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])"
)
_PLAIN = str.maketrans(
    "àáâãäåąăçćčďđèéêëęěğìíîïıłñńňòóôõöøőřśšşșťţțùúûüůűýÿźżž", "aaaaaaaacccddeeeeeegiiiiilnnnooooooorsssstttuuuuuuyyzzz"
)
_BRACKETS = re.compile(r"[\[<(]\s*[\])>]")


def classify(code: int | None, enhanced: str, text: str, stage: str) -> Reading:
    """What a reply means. Never raises.

    `code` the three digits, None when there was no reply; `enhanced` the RFC 3463 code or ""; `text` their words;
    `stage` what was refused: "connect", "mail", "rcpt", "data", "dot" (after the final dot), "" when not known.
    """
    digits = str(code or "")
    words = bare(text)
    for rule in RULES:
        if rule.applies(digits, enhanced, words, stage):
            return Reading(rule.verdict, _permanent(rule, digits, enhanced), rule.reason)
    return NO_ANSWER


def bare(text: str) -> str:
    """The words alone, in lower case, on one line, without accents: no URLs, addresses, host names, codes."""
    whole = text[:LONGEST_REPLY]
    text = _NAMES.sub(" ", whole)
    for pattern in (_NUMBERS, _BRACKETS):
        text = pattern.sub(" ", text)
    if not re.search(r"\w", text):
        # Nothing but a link: then what is linked to is all they said.
        text = re.sub(r"\W+", " ", whole)
    return " ".join(text.lower().translate(_PLAIN).split())


def _permanent(rule: Rule, code: str, enhanced: str) -> bool:
    return (code or enhanced)[:1] == "5" if rule.answer is None else rule.answer
