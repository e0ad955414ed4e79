"""One round of the ledger: what connections said and what they do next, as one statement, which is the gate as well."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from service.holds import IN_FORCE
from service.suppressions import STOPS
from workers.relays.relay import Answer
from workers.sending.retry import Step

READS = """AND EXISTS (SELECT FROM subscription s WHERE s.journalist_id = j.id
                AND s.topic_id = ANY(%(topics)s::uuid[]) AND s.state = 'confirmed')"""
# One round. `told` moves what was attempted; it needs no chunk, so a late answer is evidence even after another worker
# took over. `gate` is read once for the statement; without a row in it nobody is admitted. A row that is attempting
# under our own epoch is admitted again: that is a round whose commit succeeded and whose answer was lost.
ROUND = f"""
WITH told AS (
    SELECT * FROM json_to_recordset(%(told)s::json) AS t (id uuid, number smallint, state delivery_state, wait int,
        reason text, relay text, outcome attempt_outcome, stage text, code smallint, enhanced text, reply text)
), settled AS (
    UPDATE delivery d SET state = t.state, due_at = now() + t.wait * interval '1 second', reason = t.reason
    FROM told t WHERE d.id = t.id AND d.attempts = t.number AND d.state IN ('attempting', 'uncertain')
    RETURNING d.id, t.number, d.attempted_at, t.relay, t.outcome, t.stage, t.code, t.enhanced, t.reply
), tried AS (
    INSERT INTO attempt (delivery_id, number, began_at, ended_at, relay, outcome, stage, code, enhanced, reply)
    SELECT id, number, attempted_at, clock_timestamp(), relay, outcome, stage, code, enhanced, reply FROM settled
    ON CONFLICT (delivery_id, number) DO UPDATE SET ended_at = excluded.ended_at, relay = excluded.relay,
        outcome = excluded.outcome, stage = excluded.stage, code = excluded.code, enhanced = excluded.enhanced,
        reply = excluded.reply
    WHERE attempt.outcome = 'uncertain'
)
UPDATE delivery d SET state = 'attempting', attempts = n.number, attempted_at = clock_timestamp(), due_at = NULL,
    tracked = %(tracking)s AND j.tracking_agreed
FROM json_to_recordset(%(next)s::json) AS n (id uuid, number smallint, provider text), journalist j
WHERE d.id = n.id AND j.id = d.journalist_id
  AND (d.state IN ('queued', 'deferred') AND d.attempts = n.number - 1
       OR d.state = 'attempting' AND d.attempts = n.number)
  AND EXISTS (SELECT FROM chunk c JOIN wave w ON w.id = c.wave_id JOIN release r ON r.id = w.release_id
              WHERE c.id = %(chunk)s AND c.epoch = %(epoch)s AND r.state = 'sending'
                AND r.revision_id = w.revision_id AND w.revision_id = %(revision)s
                AND greatest(w.not_before, r.send_at, r.embargo) <= clock_timestamp())
  AND NOT EXISTS (SELECT FROM installation WHERE held_at IS NOT NULL)
  AND j.erased_at IS NULL AND NOT j.do_not_contact
  {READS}
  AND NOT EXISTS (SELECT FROM suppression p WHERE {STOPS})
  AND n.provider <> ALL (ARRAY(SELECT h.key FROM hold h WHERE {IN_FORCE} AND h.scope = 'provider'))
  AND NOT EXISTS (SELECT FROM hold h WHERE {IN_FORCE} AND h.scope = 'sender' AND h.key = %(domain)s)
RETURNING d.id, d.attempts, d.attempted_at, d.language, d.topic_id, n.provider, j.address, j.name,
          (SELECT o.name FROM outlet o WHERE o.id = j.outlet_id), d.tracked
"""  # noqa: S608 - put together from constants

OWED_ROUND = ROUND.replace(READS, "")
"""The same for what whoever holds a text is owed, also who left its topic since. A condition that a value switches off
would be another plan for everybody: PostgreSQL might read all subscriptions for it."""


class Admitted(NamedTuple):
    """A row the gate let through: it is durably `attempting`, so this mail may leave now."""

    id: UUID
    number: int
    at: datetime
    language: str
    topic_id: UUID | None
    provider: str
    address: str
    name: str
    outlet: str | None
    tracked: bool


class Told(NamedTuple):
    """What a connection has to say about the row it had."""

    row: Admitted
    relay: str
    answer: Answer
    step: Step


def row(told: Told) -> dict[str, object]:
    """What was told, by the columns that ROUND reads; a column left out is NULL there."""
    row, relay, answer, step = told
    found: dict[str, object] = {
        "id": str(row.id),
        "number": row.number,
        "state": step.state,
        "relay": relay,
        "outcome": answer.outcome,
        "stage": answer.stage,
        "code": answer.code,
        "enhanced": answer.enhanced,
        "reply": answer.text,
    }
    if step.reason is not None:
        found |= {"wait": step.wait, "reason": step.reason}
    return found
