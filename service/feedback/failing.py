"""What a report says of one recipient, made an event: the one place where reports, notices and prose are judged."""

import re

from service.feedback import quoted
from service.feedback.event import Event, Kind, Verdict
from service.feedback.smtp_reply import NO_ANSWER, Reading, classify

# Prose that lists what may have happened knows nothing.
_PERHAPS = re.compile(r"\b(may|might|maybe|perhaps|could) (not|be|have|no longer)\b", re.IGNORECASE)
_DEAD = frozenset({Verdict.HARD, Verdict.DEAD_DOMAIN})
_ELSE = frozenset({Verdict.FULL, Verdict.OURS})
_PASSING = frozenset({Verdict.HOST, Verdict.GREYLISTED})


def failing(
    kind: Kind,
    recipient: str,
    said: str,
    *,
    status: str = "",
    besides: str = "",
    transcript: str = "",
    doubtful: bool = False,
) -> Event:
    """A BOUNCE or DELAY in these words.

    `status` the reporter's own, with words beside it perhaps; `besides` what else is said of this recipient, and
    `transcript` of the dialogue: they tell what was refused, and may spare an address. `doubtful`: who writes so says
    "unknown" of living addresses too.
    """
    code, enhanced = quoted.code(said), quoted.enhanced(said, status)
    words = f"{said} {quoted.STATUS.sub('', status).strip()}".strip()
    stage = quoted.stage(words, besides, transcript)
    reading = classify(code or quoted.code(status), enhanced, words, stage)
    if reading == NO_ANSWER and besides:
        reading = classify(quoted.code(besides), quoted.enhanced(besides), besides, stage)
    if reading.verdict in _DEAD and besides:
        reading = _spared(reading, besides, stage)
    reading = _settled(kind, _believed(reading, said, code, enhanced, doubtful=doubtful))
    return Event(
        kind,
        verdict=reading.verdict,
        recipient=recipient,
        status=enhanced,
        reply=words,
        reason=reading.reason,
        permanent=reading.permanent,
    )


def _spared(reading: Reading, besides: str, stage: str) -> Reading:
    """Where other words name another cause (a quota, a filter, our SPF), the address is not called dead."""
    other = classify(quoted.code(besides), quoted.enhanced(besides), besides, stage)
    return other if other.verdict in _ELSE else reading


def _believed(reading: Reading, said: str, code: int | None, enhanced: str, *, doubtful: bool) -> Reading:
    """Words without a code are final: whoever gave up says so."""
    doubtful = doubtful or (code is None and _PERHAPS.search(said) is not None)
    if doubtful and reading.verdict in _DEAD and not enhanced.startswith("5.1."):
        return Reading(Verdict.DISABLED, permanent=True, reason="The mailbox takes no mail")
    if code is None and not enhanced and reading.verdict not in _PASSING | {Verdict.SOFT}:
        return Reading(reading.verdict, permanent=True, reason=reading.reason)
    return reading


def _settled(kind: Kind, reading: Reading) -> Reading:
    """A delay condemns nobody; and what failed for good is not waited for, so "later" has become "it failed"."""
    if kind is Kind.DELAY:
        verdict = Verdict.SOFT if reading.verdict in _DEAD else reading.verdict
        return Reading(verdict, permanent=False, reason=reading.reason)
    if reading.verdict in _PASSING:
        return Reading(Verdict.SOFT, reading.permanent, reading.reason)
    return reading
