"""Judging: from the evidence against addresses to who rests and who is suppressed. Set-based, and twice is once."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from service import suppressions
from service.feedback import Verdict
from service.models import Account, Became, BurstState, Journalist, Suppression, SuppressionReason
from service.standings.evidence import Named
from service.standings.policy import REMEMBERED, Judgement, Mark, verdict_on
from service.suppressions import Rest

QUIET = timedelta(days=5)
"""A mail that a server took and that has not come back for so long has arrived: queues live five days."""
IN_ONE_GO = 1000
# What a person dismissed is not read, nor a dead domain that nobody has looked up again.
MARKS = text(f"""
    SELECT e.fingerprint, e.sender_id, e.at, e.came_at, e.verdict, e.proven,
           coalesce(b.state = '{BurstState.HELD}', false) AS held
    FROM json_to_recordset(:keys) AS k (fingerprint bytea, sender_id uuid)
    JOIN evidence e ON e.fingerprint = k.fingerprint AND e.sender_id = k.sender_id
    LEFT JOIN burst b ON b.id = e.burst_id
    WHERE b.state IS DISTINCT FROM '{BurstState.DISMISSED}' AND e.at > now() - :remembered
      AND (e.verdict <> '{Verdict.DEAD_DOMAIN}' OR e.looked_at IS NOT NULL)
""")  # noqa: S608 - put together from constants
# The last sign of life: a mail that arrived, an answer, a person's word that it is to be mailed.
ALIVE = text("""
    SELECT k.fingerprint, k.sender_id, greatest(
        (SELECT max(d.attempted_at) FILTER (WHERE d.state = 'accepted' AND d.attempted_at < now() - :quiet)
         FROM journalist j JOIN delivery d ON d.journalist_id = j.id
         WHERE j.fingerprint = k.fingerprint AND j.sender_id = k.sender_id),
        (SELECT max(CASE e.kind WHEN 'reply' THEN e.at ELSE d.attempted_at END)
         FROM journalist j JOIN delivery d ON d.journalist_id = j.id JOIN event e ON e.delivery_id = d.id
         WHERE j.fingerprint = k.fingerprint AND j.sender_id = k.sender_id AND e.kind IN ('reply', 'delivered')),
        (SELECT max(c.at) FROM standing_change c WHERE c.fingerprint = k.fingerprint AND c.became = 'open'
         AND (c.sender_id IS NULL OR c.sender_id = k.sender_id))) AS at
    FROM json_to_recordset(:keys) AS k (fingerprint bytea, sender_id uuid)
""")


def judge(session: Session, whom: Collection[Named]) -> None:
    """Let rest, or suppress, whom the evidence says: never less than before."""
    for keys in _batches(whom):
        found = _judgements(session, keys)
        _rest(session, found)
        for named, judgement in found.items():
            if judgement and judgement.became is Became.SUPPRESSED:
                _suppress(session, named, judgement)


def soften(session: Session, whom: Collection[Named]) -> None:
    """Evidence was held: whom it had suppressed only rests until a person has judged it."""
    for keys in _batches(whom):
        suppressions.ease(session, _resting(session, _judgements(session, keys)))


def take_back(session: Session, whom: Collection[Named], why: str, *, by: Account) -> None:
    """Evidence was dismissed: whom nothing else is against is mailed again, at once."""
    for keys in _batches(whom):
        found = _judgements(session, keys)
        resting = _resting(session, found)
        kept = {(each.fingerprint, each.sender_id) for each in resting}
        kept |= {named for named, each in found.items() if each and each.became is Became.SUPPRESSED}
        suppressions.ease(session, resting)
        suppressions.let_go(session, [key for key in keys if key not in kept], why, by=by)


def answered(session: Session, journalist: Journalist) -> None:
    """The person wrote to us: whoever answers is not dead, so a rest is over. Nothing heavier is lifted by it."""
    resting = Suppression.reason == SuppressionReason.RESTING
    theirs = (Suppression.fingerprint == journalist.fingerprint, Suppression.sender_id == journalist.sender_id)
    if session.scalar(select(Suppression.id).where(resting, *theirs)) is not None:
        sender = journalist.sender_id
        suppressions.lift(session, journalist.fingerprint, sender=sender, why="the person answered")


def _judgements(session: Session, keys: Collection[Named]) -> dict[Named, Judgement | None]:
    alive = _alive(session, keys)
    marks = _marks(session, keys)
    return {key: verdict_on(marks[key], alive.get(key)) for key in keys}


def _marks(session: Session, keys: Collection[Named]) -> Mapping[Named, list[Mark]]:
    found: defaultdict[Named, list[Mark]] = defaultdict(list)
    for row in session.execute(MARKS, {"keys": _json(keys), "remembered": REMEMBERED}):
        mark = Mark(row.at, row.came_at, Verdict(row.verdict), proven=row.proven, held=row.held)
        found[Named(row.fingerprint, row.sender_id)].append(mark)
    return found


def _alive(session: Session, keys: Collection[Named]) -> dict[Named, datetime]:
    rows = session.execute(ALIVE, {"keys": _json(keys), "quiet": QUIET})
    return {Named(row.fingerprint, row.sender_id): row.at for row in rows if row.at is not None}


def _rest(session: Session, found: Mapping[Named, Judgement | None]) -> None:
    suppressions.rest(session, _resting(session, found))


def _resting(session: Session, found: Mapping[Named, Judgement | None]) -> list[Rest]:
    """Those who are to rest; a rest that is over is none."""
    now = session.scalars(select(func.now())).one()
    return [
        Rest(named.fingerprint, named.sender_id, judgement.until, judgement.why)
        for named, judgement in found.items()
        if judgement and judgement.became is Became.RESTING and (judgement.until is None or judgement.until > now)
    ]


def _suppress(session: Session, named: Named, judgement: Judgement) -> None:
    reason = SuppressionReason.BOUNCE
    suppressions.add(session, named.fingerprint, reason, sender=named.sender_id, evidence=judgement.why)


def _batches(whom: Collection[Named]) -> Iterable[list[Named]]:
    keys = sorted(whom)
    return (keys[at : at + IN_ONE_GO] for at in range(0, len(keys), IN_ONE_GO))


def _json(keys: Collection[Named]) -> str:
    return json.dumps([{"fingerprint": f"\\x{key.fingerprint.hex()}", "sender_id": str(key.sender_id)} for key in keys])
