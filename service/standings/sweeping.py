"""What servers said in session, counted against the addresses they said it of: by the tick, after the fact.

The ledger is not asked to do it in its round: there each microsecond counts for every mail. A sweep reads the refusals
since the last one, and no row twice: a row that is not yet committed has a transaction that is still running, and
nothing that began to write after that one is read before it has ended.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from service.feedback import Verdict, smtp_reply
from service.models import Swept
from service.standings.bursts import guard
from service.standings.evidence import Heard, note
from service.standings.judging import judge

ATTEMPTS = "attempts"
# Who has written something has a transaction id, and began before the time its rows carry (clock_timestamp).
HORIZON = text("""
    SELECT least(clock_timestamp(), min(xact_start)) FROM pg_stat_activity
    WHERE backend_xid IS NOT NULL AND datname = current_database() AND pid <> pg_backend_pid()
""")
# Before a recipient was named nothing is about one.
REFUSED = text("""
    SELECT delivery_id, number, began_at, ended_at, stage, code, enhanced, reply FROM attempt
    WHERE ended_at > :since AND ended_at <= :until AND outcome = 'rejected' AND stage IN ('rcpt', 'data', 'dot')
    ORDER BY ended_at LIMIT :limit
""")
# Given up at their deadline; what the last answer said of the mailbox counts, once.
EXPIRED = text("""
    WITH gone AS (
        DELETE FROM given_up WHERE delivery_id IN (
            SELECT delivery_id FROM given_up ORDER BY at LIMIT :limit FOR UPDATE SKIP LOCKED) RETURNING delivery_id, at)
    SELECT a.delivery_id, a.number, a.began_at, g.at AS ended_at, a.stage, a.code, a.enhanced, a.reply
    FROM gone g JOIN delivery d ON d.id = g.delivery_id AND d.state = 'failed'
    JOIN attempt a ON a.delivery_id = d.id AND a.number = d.attempts
    WHERE a.outcome = 'deferred' AND a.stage IN ('rcpt', 'data', 'dot')
""")
MAILBOX = {
    Verdict.FULL: Verdict.FULL,
    Verdict.DISABLED: Verdict.DISABLED,
    Verdict.SOFT: Verdict.SOFT,
    Verdict.GREYLISTED: Verdict.SOFT,
}
"""What a "later" that never ended says of the address; a server that was away, the relay above all, says nothing."""


def sweep(session: Session, *, limit: int = 1000) -> int:
    """Count what was refused or given up since the last sweep, up to `limit` of each; how many there were.

    Twice is once, and of two at the same time one does nothing.
    """
    swept = session.scalar(
        select(Swept)
        .where(Swept.name == ATTEMPTS)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if swept is None:
        return 0
    until = session.scalars(HORIZON).one()
    refused = session.execute(REFUSED, {"since": swept.until, "until": until, "limit": limit}).all()
    expired = session.execute(EXPIRED, {"limit": limit}).all()
    # Of what ended at the same moment as the last one read, some may not have been read.
    swept.until = max(swept.until, until if len(refused) < limit else refused[-1].ended_at - timedelta(microseconds=1))
    noted = note(session, [*_heard(refused), *_given_up(expired)])
    guard(session, noted.providers)
    judge(session, noted.addresses)
    return len(refused) + len(expired)


def _heard(rows: Sequence[Row[tuple[object, ...]]]) -> list[Heard]:
    found = []
    for row in rows:
        reading = smtp_reply.classify(row.code, row.enhanced, row.reply, row.stage)
        # Without a clear reason, after the text was sent, it is the text as likely as the address.
        if reading.verdict is not Verdict.SOFT or row.stage == "rcpt":
            found.append(_one(row, reading.verdict, reading.reason))
    return found


def _given_up(rows: Sequence[Row[tuple[object, ...]]]) -> list[Heard]:
    found = []
    for row in rows:
        reading = smtp_reply.classify(row.code, row.enhanced, row.reply, row.stage)
        if row.code and reading.verdict in MAILBOX:
            found.append(_one(row, MAILBOX[reading.verdict], reading.reason))
    return found


def _one(row: Row[tuple[object, ...]], verdict: Verdict, reason: str) -> Heard:
    return Heard(row.delivery_id, verdict, reason, at=row.began_at, came_at=row.ended_at, attempt=row.number)
