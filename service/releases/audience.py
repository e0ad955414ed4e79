"""A release's audience, in SQL: whoever ever asked for one of its topics, each with the reason to leave them out.

Planning, counting and explaining put their statements together from what is here, so that they never differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from service import audiences
from service.audiences import EVERYBODY, Audience
from service.models import Exclusion, Kind, Lane, Release, Revision, Sender
from service.releases.holding import HOLDERS, SILENT
from service.suppressions import STOPS

HAS_NO_ROW = "NOT EXISTS (SELECT FROM delivery d WHERE d.release_id = :release AND d.journalist_id = {0})"
# One row a person, by the topic they read longest. Who has a row in this release already is no candidate again: so a
# further wave counts only those who came since, and the waves' candidates add up to the release's rows.
CANDIDATES = f"""
    SELECT DISTINCT ON (s.journalist_id) s.journalist_id, s.topic_id, s.state
    FROM subscription s JOIN journalist j ON j.id = s.journalist_id
    WHERE s.topic_id = ANY(:topics) AND j.sender_id = :sender
      AND {HAS_NO_ROW.format("s.journalist_id")}{{within}}
    ORDER BY s.journalist_id, s.state = 'confirmed' DESC, s.since, s.topic_id
"""  # noqa: S608 - put together from constants, as all below
# The same of one topic, to which nobody is subscribed twice, with each person's own row: joined once and not sorted.
OF_ONE_TOPIC = f"""
    subscription c JOIN journalist j ON j.id = c.journalist_id
    WHERE c.topic_id = ANY(:topics) AND j.sender_id = :sender AND {HAS_NO_ROW.format("j.id")}{{within}}
"""
# Whom an officer named by a list or in person is counted, though they read none of the topics and so get nothing.
NAMED = f"""
    SELECT j.id, NULL::uuid, NULL::subscription_state FROM journalist j
    WHERE j.sender_id = :sender AND ({{named}}) AND {HAS_NO_ROW.format("j.id")}
      AND NOT EXISTS (SELECT FROM subscription s WHERE s.journalist_id = j.id AND s.topic_id = ANY(:topics)){{within}}
"""  # noqa: S608
# A digest's are those it was made for, by no single topic; what they read meanwhile may have changed.
READERS = f"""
    SELECT DISTINCT e.journalist_id, NULL::uuid AS topic_id,
           CASE WHEN EXISTS (SELECT FROM subscription s WHERE s.journalist_id = e.journalist_id
                             AND s.topic_id = ANY(:topics) AND s.state = 'confirmed')
                THEN 'confirmed' ELSE 'ended' END::subscription_state AS state
    FROM digest_entry e JOIN journalist j ON j.id = e.journalist_id
    WHERE e.digest_id = :release AND j.sender_id = :sender AND {HAS_NO_ROW.format("e.journalist_id")}{{within}}
"""  # noqa: S608
# By the newsroom asked for instead of each person's, which is the same one: so PostgreSQL may hash the suppressed once.
STOPS_HERE = STOPS.replace("j.sender_id", ":sender")


def _stopped_by(stops: str) -> tuple[str, str]:
    """Whether anything stops them, and whether it is more than a rest."""
    return (
        f"EXISTS (SELECT FROM suppression p WHERE {stops})",
        f"EXISTS (SELECT FROM suppression p WHERE {stops} AND p.reason <> 'resting')",
    )


def _stopped(stops: str) -> str:
    stopped, suppressed = _stopped_by(stops)
    return f"""
         WHEN {stopped} THEN CASE
              WHEN {suppressed} THEN 'suppressed'
              ELSE 'resting' END
"""


STOPPED = _stopped(STOPS)
"""A part of a CASE over journalists `j`: who is stopped by what stands against them."""
STOPPED_BY, SUPPRESSED_BY = _stopped_by(STOPS_HERE)
# Other kinds than a release are for whom they were made, not for who subscribes.
MADE_FOR = {Kind.DIGEST: READERS, Kind.NOTICE: HOLDERS, Kind.FOLLOW_UP: SILENT}
PAUSED = ":pausable AND coalesce(j.paused_until > now(), false)"
DIGESTED = ":digestible AND j.frequency <> 'at-once'"
# The reason is the first that holds; without one they get it.
EXCLUSION = f"""
    CASE WHEN j.erased_at IS NOT NULL THEN 'erased'
         WHEN j.do_not_contact THEN 'do-not-contact'
         WHEN c.state = 'ended' THEN 'unsubscribed'
         WHEN c.state = 'pending' THEN 'unconfirmed'
         WHEN c.state IS NULL THEN 'not-subscribed' {_stopped(STOPS_HERE)}
         WHEN {PAUSED} THEN 'paused'
         WHEN {DIGESTED} THEN 'digest'{{capped}} END
"""
# Who has had, or is about to get, as many releases as the newsroom sends anybody within so many days. A release that
# is over for longer cannot have reached anybody within them: its rows need not be looked at.
CAPPED = """j.id IN (
    SELECT d.journalist_id FROM release o JOIN delivery d ON d.release_id = o.id
    WHERE o.sender_id = :sender AND o.id <> :release AND o.kind = 'release' AND o.lane = 'release'
      AND (o.state IN ('sending', 'paused')
           OR coalesce(o.finished_at, o.send_at + interval '11 days') > now() - :cap_days * interval '1 day')
      AND (d.state IN ('queued', 'deferred', 'attempting') AND o.state <> 'cancelled'
           OR d.state IN ('accepted', 'complained', 'uncertain')
              AND d.attempted_at > now() - :cap_days * interval '1 day')
    GROUP BY d.journalist_id HAVING count(*) >= :cap_mails)"""
WHY = f"(SELECT p.evidence FROM suppression p WHERE {STOPS} AND p.reason = 'resting' LIMIT 1)"  # noqa: S608
"""Why somebody rests, in a sentence."""
# In which edition somebody reads it: their own language, else the first they also read, else the release's first.
LANGUAGE = """
    CASE WHEN j.language = ANY(:languages) THEN j.language
         WHEN j.also_reads && :languages THEN (
             SELECT l FROM unnest(j.also_reads) WITH ORDINALITY AS u (l, n)
             WHERE l = ANY(:languages) ORDER BY n LIMIT 1)
         ELSE :language END
"""


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom a release is for, as a draft or as approved; `languages` are those of its editions, the first first."""

    topics: tuple[UUID, ...]
    languages: tuple[str, ...]
    audience: Audience = EVERYBODY


def whom(session: Session, release: Release) -> Whom:
    """As it was approved, or, of a draft, as it now is."""
    if release.revision_id is not None:
        return as_approved(session.get_one(Revision, release.revision_id))
    session.flush()
    session.refresh(release, ["editions", "topics"])
    topics = tuple(sorted(topic.topic_id for topic in release.topics))
    languages = tuple(edition.language for edition in release.editions)
    return Whom(topics, languages, audiences.of(session, release))


def as_approved(revision: Revision) -> Whom:
    """As a revision says; whether it says what was approved is another's question (revisions.content_of)."""
    languages = tuple(edition["language"] for edition in revision.content["editions"])
    return Whom(tuple(revision.topic_ids), languages, audiences.read(revision.content.get("audience", {})))


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the database: candidates, their exclusion, and the values both need."""

    candidates: str
    counted: str
    exclusion: str
    compiled: audiences.Compiled
    values: Mapping[str, Any]

    @property
    def judged(self) -> str:
        """Two tables for a WITH: `candidates`, and `judged`, which says what becomes of each of them and why."""
        return f"""
            candidates AS MATERIALIZED ({self.candidates}), judged AS (
                SELECT j.id, c.topic_id, e.exclusion, CASE e.exclusion WHEN 'resting' THEN {WHY} END AS why,
                       hashtextextended(j.id::text, hashtext(:seed)) AS mixed, {LANGUAGE} AS language, j.zone
                FROM candidates c JOIN journalist j ON j.id = c.journalist_id
                CROSS JOIN LATERAL (SELECT ({self.exclusion}) AS exclusion OFFSET 0) e
            )
        """  # noqa: S608

    @property
    def judged_to_count(self) -> str:
        """The table `judged` for who only counts: no more than the edition and the reason."""
        return f"judged AS (SELECT j.id, ({self.exclusion}) AS exclusion, {LANGUAGE} AS language FROM {self.counted})"  # noqa: S608


def ask(session: Session, release: Release, whom: Whom, *, stage: int | None = None, within: str = "") -> Question:
    """The question whom of its audience, or of one stage of it, a release goes to now, `within` a further condition."""
    compiled = audiences.compiled(whom.audience)
    here = [condition for _, condition in compiled.checks]
    here += [compiled.stages[stage]] if stage is not None and stage < len(compiled.stages) else []
    conditions = "".join(f" AND ({each})" for each in [*here, *([within] if within else [])])
    candidates = _candidates(release, compiled, conditions)
    cap = cap_of(session, release)
    return Question(
        candidates=candidates,
        counted=OF_ONE_TOPIC.format(within=conditions)
        if _of_one_topic(release, whom, compiled)
        else f"({candidates}) c JOIN journalist j ON j.id = c.journalist_id",
        exclusion=EXCLUSION.format(capped=f" WHEN {CAPPED} THEN 'frequency-cap'" if cap else ""),
        compiled=compiled,
        values={**compiled.values, **cap, **_asked(release, whom)},
    )


def everybody(release: Release, whom: Whom, *, within: str = "true") -> str:
    """The candidates by topics and names alone, in the audience or not, who are `within` this condition."""
    return _candidates(release, audiences.compiled(whom.audience), f" AND {within}")


def _of_one_topic(release: Release, whom: Whom, compiled: audiences.Compiled) -> bool:
    return len(whom.topics) == 1 and release.kind not in MADE_FOR and not compiled.named


def _candidates(release: Release, compiled: audiences.Compiled, within: str) -> str:
    if release.kind in MADE_FOR:
        return MADE_FOR[release.kind].format(within=within)
    found = CANDIDATES.format(within=within)
    if not compiled.named:
        return found
    return f"({found}) UNION ALL {NAMED.format(named=compiled.named, within=within)}"


def _asked(release: Release, whom: Whom) -> dict[str, Any]:
    return {
        "release": release.id,
        "sender": release.sender_id,
        "topics": list(whom.topics),
        "languages": list(whom.languages),
        "language": whom.languages[0],
        "seed": str(release.id),
        **_waits(release),
    }


def _waits(release: Release) -> dict[str, bool]:
    """Which wishes of its readers this release waits for: a notice for none, a digest for a pause."""
    return {
        "pausable": release.lane is not Lane.NOTICE,
        "digestible": release.lane is not Lane.NOTICE and release.kind is not Kind.DIGEST,
    }


def cap_of(session: Session, release: Release) -> dict[str, int]:
    """How many releases within how many days its newsroom sends anybody; empty where that holds nothing back: there is
    no such limit, or it is a notice or a digest."""
    if release.lane is Lane.NOTICE or release.kind is Kind.DIGEST:
        return {}
    sender = session.get_one(Sender, release.sender_id)
    if sender.cap_mails is None or sender.cap_days is None:
        return {}
    return {"cap_mails": sender.cap_mails, "cap_days": sender.cap_days}


STATES = {
    Exclusion.UNSUBSCRIBED: "c.state IS NOT DISTINCT FROM 'ended'",
    Exclusion.UNCONFIRMED: "c.state IS NOT DISTINCT FROM 'pending'",
    Exclusion.NOT_SUBSCRIBED: "c.state IS NULL",
}
CHECKS: Mapping[Exclusion, str] = {
    Exclusion.ERASED: "j.erased_at IS NOT NULL",
    Exclusion.DO_NOT_CONTACT: "j.do_not_contact",
    **STATES,
    Exclusion.SUPPRESSED: SUPPRESSED_BY,
    Exclusion.RESTING: f"{STOPPED_BY} AND NOT {SUPPRESSED_BY}",
    Exclusion.PAUSED: PAUSED,
    Exclusion.DIGEST: DIGESTED,
    Exclusion.FREQUENCY_CAP: CAPPED,
}
"""Each reason of EXCLUSION by itself, for who explains: a test holds the two together."""
