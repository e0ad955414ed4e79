"""What answers say about us: whom to slow down for, what to hold, when a release is paused by itself.

A refusal of a person is that person's. A refusal of us says what will happen to all that follow: the sooner less of it
leaves, the less there is to mend.
"""

import asyncio
import re
from collections import Counter
from datetime import timedelta

import structlog

from service import db, holds, providers
from service.feedback import Verdict
from service.models import DeliveryState, HoldScope
from service.releases import alarm
from workers.relays.relay import Answer, Outcome, Stage
from workers.sending.chunks import Chunk
from workers.sending.pace import Pace
from workers.sending.round import Told

log = structlog.get_logger(__name__)

# Google's and Microsoft's own words for "your SPF, DKIM, DMARC or PTR": what they say to one they say to all.
UNAUTHENTICATED = frozenset(f"{kind}.7.{detail}" for kind in (4, 5) for detail in (25, 26, 27, 29, 30, 31, 32, 515))
ENOUGH = 3
"""Such answers before a domain's whole stream stands still: one server may have misread one mail."""
FEW_REFUSALS = 5
"""Refusals by policy in a chunk before the provider's share is counted."""
LOOK_AGAIN = 10.0
"""Seconds between two counts of the same thing."""
HELD_FOR = timedelta(hours=1)
LEFT_ALONE = 600.0
"""Seconds for which a provider is left alone that says 4.7.x: Google asks for ten minutes (standards.md 7)."""
RELAY_LEFT_ALONE = 60.0
GREYLISTED = re.compile(r"gr[ae]y-?list", re.IGNORECASE)


class Watch:
    """Looks at one chunk's answers as they come."""

    def __init__(self, chunk: Chunk, pace: Pace) -> None:
        self._chunk = chunk
        self._pace = pace
        self._refusals: Counter[str] = Counter()
        self._unauthenticated = 0
        self._failed = 0
        self._counted: dict[str, float] = {}

    async def see(self, told: Told) -> None:
        """One answer that was no acceptance."""
        answer, verdict, provider = told.answer, told.step.verdict, told.row.provider
        if told.step.state is DeliveryState.FAILED:
            self._failed += 1
        if answer.enhanced in UNAUTHENTICATED or _refuses_our_sender(answer, verdict):
            await self._refused_as_sender(told)
        elif answer.outcome is Outcome.REJECTED and verdict in (Verdict.POLICY, Verdict.OURS):
            self._refusals[provider] += 1
            await self._refused_by_policy(provider, answer)
        elif answer.outcome is Outcome.DEFERRED:
            await self._asked_to_wait(told)
        await self._look_at_the_release()

    async def _refused_as_sender(self, told: Told) -> None:
        self._unauthenticated += 1
        if self._unauthenticated == ENOUGH:
            reason = told.step.reason or ""
            await asyncio.to_thread(_hold, HoldScope.SENDER, self._chunk.domain, reason, told.answer.text, None)

    async def _refused_by_policy(self, provider: str, answer: Answer) -> None:
        if self._refusals[provider] < FEW_REFUSALS or not self._is_time(provider):
            return
        if await asyncio.to_thread(_hold_if_much_is_refused, provider, answer.text):
            await self._pace.slow_provider(provider)

    async def _asked_to_wait(self, told: Told) -> None:
        """Slow down for 421, 450 and 4.7.x; greylisting and a full mailbox are about one person's mail."""
        answer, asked = told.answer, float(told.answer.retry_after or 0)
        if answer.code is None:
            return  # a broken line, of which the relay's breaker knows
        if answer.code == 421 or answer.stage in (Stage.CONNECT, Stage.MAIL) or _is_relays_limit(told):
            pause = max(asked, RELAY_LEFT_ALONE) if answer.stage is Stage.MAIL or _is_relays_limit(told) else 0.0
            await self._pace.slow_relay(told.relay, pause=pause)
        elif told.step.verdict is Verdict.POLICY:
            await self._pace.slow_provider(told.row.provider, pause=max(asked, LEFT_ALONE))
        elif told.step.verdict in (Verdict.HOST, Verdict.GREYLISTED) and not GREYLISTED.search(answer.text):
            await self._pace.slow_provider(told.row.provider)

    async def _look_at_the_release(self) -> None:
        if self._failed >= alarm.LEAST_FAILED // 2 and self._is_time("release"):
            await asyncio.to_thread(_pause_if_many_fail, self._chunk)

    def _is_time(self, what: str) -> bool:
        now = asyncio.get_running_loop().time()
        if now < self._counted.get(what, 0.0):
            return False
        self._counted[what] = now + LOOK_AGAIN
        return True


def _refuses_our_sender(answer: Answer, verdict: Verdict | None) -> bool:
    return answer.stage is Stage.MAIL and (answer.code or 0) >= 500 and verdict not in (Verdict.SIZE, Verdict.CONTENT)


def _is_relays_limit(told: Told) -> bool:
    return told.step.verdict is Verdict.OURS and told.step.reason == "Our limit at the relay is reached"


def _hold(scope: HoldScope, key: str, reason: str, evidence: str, lasting: timedelta | None) -> bool:
    with db.transaction() as session:
        return holds.put(session, scope, key, reason, evidence=evidence, lasting=lasting)


def _hold_if_much_is_refused(provider: str, evidence: str) -> bool:
    with db.transaction() as session:
        refused, tried = providers.refusals(session, provider)
        if not providers.is_much(refused, tried):
            return False
        reason = f"{provider} refused {refused} of the last {tried} mails by its policy"
        return holds.put(session, HoldScope.PROVIDER, provider, reason, evidence=evidence, lasting=HELD_FOR)


def _pause_if_many_fail(chunk: Chunk) -> bool:
    with db.transaction() as session:
        return alarm.pause_if_many_fail(session, chunk.release_id)
