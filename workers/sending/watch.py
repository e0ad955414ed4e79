"""What answers say about us: whom to slow down for, what to hold, when a release is paused by itself.

A refusal of a person is that person's. A refusal of us says what will happen to all that follow: the sooner less of it
leaves, the less there is to mend. So a suspicion ends the slice of work, and what is to be done the ledger decides.
"""

import re
from collections import Counter
from datetime import timedelta

import structlog
from sqlalchemy.exc import OperationalError

from service import db, holds, providers
from service.feedback import Verdict
from service.models import DeliveryState, HoldScope
from service.releases import alarm
from workers.relays.relay import Answer, Outcome, Stage
from workers.sending.chunks import Chunk
from workers.sending.pace import Pace
from workers.sending.round import Told
from workers.sending.rows import Rows

log = structlog.get_logger(__name__)

# Google's and Microsoft's own words for "your SPF, DKIM, DMARC or PTR": what they say to one they say to all.
UNAUTHENTICATED = frozenset(f"{kind}.7.{detail}" for kind in (4, 5) for detail in (25, 26, 27, 29, 30, 31, 32, 515))
ENOUGH = 3
"""Such answers before a domain's whole stream stands still: one server may have misread one mail."""
HELD_FOR = timedelta(hours=1)
LEFT_ALONE = 600.0
"""Seconds for which a provider is left alone that says 4.7.x: Google asks for ten minutes (standards.md 7)."""
RELAY_LEFT_ALONE = 60.0
GREYLISTED = re.compile(r"gr[ae]y-?list", re.IGNORECASE)
OUR_LIMIT = "Our limit at the relay is reached"


class Watch:
    """Looks at the answers of one slice of a chunk; `rows` are those still to be handed out in it."""

    def __init__(self, chunk: Chunk, pace: Pace, rows: Rows) -> None:
        self._chunk = chunk
        self._pace = pace
        self._rows = rows
        self._refusals: Counter[str] = Counter()
        self._evidence: dict[str, str] = {}
        self._against_sender: list[Told] = []
        self._failed = 0

    async def see(self, told: Told) -> None:
        """One answer that was no acceptance."""
        answer, verdict = told.answer, told.step.verdict
        if answer.enhanced in UNAUTHENTICATED or _refuses_our_sender(answer, verdict):
            self._against_sender.append(told)
            if len(self._against_sender) >= ENOUGH:
                self._rows.clear()
        elif answer.outcome is Outcome.REJECTED and verdict in (Verdict.POLICY, Verdict.OURS):
            self._refuse(told.row.provider, answer)
        elif answer.outcome is Outcome.DEFERRED:
            await self._slow_down(told)
        if told.step.state is DeliveryState.FAILED:
            self._failed += 1
            if self._failed % alarm.LEAST_FAILED == 0:
                self._rows.clear()

    def _refuse(self, provider: str, answer: Answer) -> None:
        self._refusals[provider] += 1
        self._evidence[provider] = answer.text
        if self._refusals[provider] % providers.LEAST_REFUSED == 0:
            self._rows.drop(provider)

    async def _slow_down(self, told: Told) -> None:
        """Slow down for 421, 450 and 4.7.x; greylisting and a full mailbox are about one person's mail."""
        answer, verdict, asked = told.answer, told.step.verdict, float(told.answer.retry_after or 0)
        if answer.code is None:
            return  # a broken line, of which the relay's breaker knows
        if verdict is Verdict.OURS and told.step.reason == OUR_LIMIT:
            await self._pace.slow_relay(told.relay, pause=max(asked, RELAY_LEFT_ALONE))
        elif answer.code == 421 or answer.stage in (Stage.CONNECT, Stage.MAIL):
            await self._pace.slow_relay(told.relay, pause=asked)
        elif verdict is Verdict.POLICY:
            await self._pace.slow_provider(told.row.provider, pause=max(asked, LEFT_ALONE))
        elif verdict in (Verdict.HOST, Verdict.GREYLISTED) and not GREYLISTED.search(answer.text):
            await self._pace.slow_provider(told.row.provider)

    def conclude(self) -> None:
        """Decide, once all answers are in the ledger; if the database is away, the next slice will."""
        try:
            self._hold_the_sender()
            for provider in self._refusals:
                self._hold(provider)
            if self._failed:
                with db.transaction() as session:
                    alarm.pause_if_many_fail(session, self._chunk.release_id)
        except OperationalError as fault:
            log.warning("not decided", chunk=self._chunk.id, fault=type(fault).__name__)

    def _hold_the_sender(self) -> None:
        if len(self._against_sender) < ENOUGH:
            return
        last = self._against_sender[-1]
        with db.transaction() as session:
            reason = last.step.reason or ""
            holds.put(session, HoldScope.SENDER, self._chunk.domain, reason, evidence=last.answer.text)

    def _hold(self, provider: str) -> None:
        if self._refusals[provider] < providers.LEAST_REFUSED:
            return
        with db.transaction() as session:
            refused, tried = providers.refusals(session, provider)
            if providers.is_much(refused, tried):
                reason = f"{provider} refused {refused} of the last {tried} mails by its policy"
                evidence = self._evidence[provider]
                holds.put(session, HoldScope.PROVIDER, provider, reason, evidence=evidence, lasting=HELD_FOR)


def _refuses_our_sender(answer: Answer, verdict: Verdict | None) -> bool:
    return answer.stage is Stage.MAIL and (answer.code or 0) >= 500 and verdict not in (Verdict.SIZE, Verdict.CONTENT)
