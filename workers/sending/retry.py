"""What a relay's answer means for a delivery: its next state, how long to wait, and the reason in plain words."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from service.feedback import Verdict, smtp_reply
from service.models import DeliveryState
from service.settings import Settings, UncertainPolicy
from workers.relays.relay import Answer, Outcome, Stage

MINUTE = 60
# standards.md 9: press releases are retried sooner than RFC 5321 4.5.4.1 asks of the mails of all the world.
SCHEDULE = (5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 60 * MINUTE, 120 * MINUTE)
EVER_AFTER = 240 * MINUTE
JITTER = 0.2


@dataclass(frozen=True, slots=True)
class Step:
    """Where a delivery goes from `attempting`, and what the answer says. `wait` in seconds, None: for nothing."""

    state: DeliveryState
    wait: int | None = None
    reason: str | None = None
    verdict: Verdict | None = None


ACCEPTED = Step(DeliveryState.ACCEPTED)


def step(answer: Answer, attempt: int, settings: Settings, *, schedule: Sequence[int] = SCHEDULE) -> Step:
    """The step this answer leads to after the n-th attempt (from 1)."""
    if answer.outcome is Outcome.ACCEPTED:
        return ACCEPTED
    reading = smtp_reply.classify(answer.code, answer.enhanced, answer.text, answer.stage.value)
    if answer.outcome is Outcome.UNCERTAIN:
        resend = settings.uncertain_policy is UncertainPolicy.RESEND
        after = settings.uncertain_resend_after if resend else None
        return Step(DeliveryState.UNCERTAIN, after, reading.reason, reading.verdict)
    if answer.outcome is Outcome.REJECTED and _is_final(answer, reading):
        return Step(DeliveryState.FAILED, None, reading.reason, reading.verdict)
    return Step(
        DeliveryState.DEFERRED, wait(attempt, answer.retry_after, schedule=schedule), reading.reason, reading.verdict
    )


def _is_final(answer: Answer, reading: smtp_reply.Reading) -> bool:
    """Whether a refusal is the end of this mail (standards.md 9: first ask what was refused).

    Before a recipient was named only the mail itself can be: too big, of a kind they cannot take. What is our own
    fault, our login, sender or DNS, burns nobody's mail: it waits until that is mended.
    """
    if not reading.permanent or reading.verdict is Verdict.OURS:
        return False
    if answer.stage in (Stage.RCPT, Stage.DATA, Stage.DOT):
        return True
    return reading.verdict in (Verdict.SIZE, Verdict.CONTENT)


def wait(attempt: int, asked: int | None = None, *, schedule: Sequence[int] = SCHEDULE) -> int:
    """Seconds until the next try: what the server asked for, or the schedule, give or take a fifth."""
    if asked is not None:
        return min(asked, EVER_AFTER) + 1
    planned = schedule[attempt - 1] if attempt <= len(schedule) else EVER_AFTER
    return round(planned * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311 - spreads load, guards nothing
