"""Reading a delivery report out of the ledger."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from service import tracking
from service.errors import NotFound
from service.models import DeliveryState, Exclusion, ReleaseState
from service.reports.balance import Books, imbalance
from service.reports.report import Count, DeliveryReport, Failure, Row
from service.reports.statement import BOUNDS, PLANS, PLANS_AS_USUAL, REPORT
from service.reports.words import COLUMNS, EXCLUSIONS, NAMELESS, STATES

Content = dict[str, Any]
TAKEN = (DeliveryState.ACCEPTED, DeliveryState.BOUNCED, DeliveryState.COMPLAINED)
FAILED = (DeliveryState.FAILED, DeliveryState.BOUNCED)


def delivery(session: Session, release_id: UUID) -> DeliveryReport:
    """The delivery report of a release as it stands at this instant. Raises NotFound."""
    found = _read(session, release_id)
    if not found["head"]:
        raise NotFound("There is no such release.")
    (head,), (tries,), states = found["head"], found["tries"], found["state"]
    numbers = _by_state(states)
    rows = sum(numbers.values())
    first_at, last_at = _moment(tries["first_at"]), _moment(tries["last_at"])
    return DeliveryReport(
        release_id=UUID(head["id"]),
        headline=head["headline"],
        state=ReleaseState(head["state"]),
        send_at=_moment(head["send_at"]),
        embargo=_moment(head["embargo"]),
        candidates=head["candidates"],
        rows=rows,
        totals=tuple(_count(state, STATES[state], numbers[state], rows) for state in STATES),
        excluded=_excluded(states, rows),
        by_topic=_rows(found, "topic"),
        by_outlet=_rows(found, "outlet"),
        by_country=_rows(found, "country"),
        by_language=_rows(found, "language"),
        by_domain=_rows(found, "domain"),
        failures=_failures(states),
        events=tuple(_count(event["name"], event["name"], event["total"], rows) for event in _sorted(found["event"])),
        attempts=tries["attempts"],
        uncertain=numbers[DeliveryState.UNCERTAIN],
        settled=tries["settled"],
        maybe_twice=_sum(states, "twice"),
        first_at=first_at,
        last_at=last_at,
        messages_per_second=_rate(tries["accepted"], first_at, last_at),
        imbalance=imbalance(_books(head, tries, states, numbers)),
        engagement=tracking.of(session, release_id),
    )


def _read(session: Session, release_id: UUID) -> dict[str, list[Content]]:
    first, last = session.execute(BOUNDS, {"release": release_id}).one()
    found: dict[str, list[Content]] = defaultdict(list)
    session.execute(PLANS)
    for kind, content in session.execute(REPORT, {"release": release_id, "first": first, "last": last}):
        found[kind].append(content)
    session.execute(PLANS_AS_USUAL)
    return found


def _books(head: Content, tries: Content, states: list[Content], numbers: dict[DeliveryState, int]) -> Books:
    return Books(
        candidates=head["candidates"],
        rows=sum(numbers.values()),
        attempting=numbers[DeliveryState.ATTEMPTING],
        taken=sum(numbers[state] for state in TAKEN),
        tries=_sum(states, "tries"),
        **{name: tries[name] for name in ("attempts", "strays", "accepted", "proven", "settled")},
    )


def _by_state(states: Iterable[Content]) -> dict[DeliveryState, int]:
    numbers = dict.fromkeys(DeliveryState, 0)
    for content in states:
        numbers[DeliveryState(content["state"])] += content["total"]
    return numbers


def _excluded(states: Iterable[Content], rows: int) -> tuple[Count, ...]:
    """Each reason there is, the most frequent first."""
    reasons = [content for content in states if content["state"] == DeliveryState.EXCLUDED]
    return tuple(
        _count(content["note"], EXCLUSIONS[Exclusion(content["note"])], content["total"], rows)
        for content in _sorted(reasons)
    )


def _rows(found: dict[str, list[Content]], kind: str) -> tuple[Row, ...]:
    return tuple(
        Row(content["name"] or NAMELESS[kind], content["total"], **{column: content[column] for column in COLUMNS})
        for content in _sorted(found[kind])
    )


def _failures(states: Iterable[Content]) -> tuple[Failure, ...]:
    failed = [content for content in states if content["state"] in FAILED]
    return tuple(
        Failure(DeliveryState(content["state"]), content["note"], content["total"], content["example"])
        for content in _sorted(failed)
    )


def _count(state: str, label: str, number: int, rows: int) -> Count:
    return Count(str(state), label, number, number / rows if rows else 0.0)


def _sorted(contents: Iterable[Content]) -> list[Content]:
    """The largest first, so that the top of any table is what matters."""
    return sorted(contents, key=lambda content: (-content["total"], str(content["name"])))


def _sum(contents: Iterable[Content], name: str) -> int:
    return sum(content[name] for content in contents)


def _rate(accepted: int, first_at: datetime | None, last_at: datetime | None) -> float | None:
    if first_at is None or last_at is None or last_at <= first_at:
        return None
    return accepted / (last_at - first_at).total_seconds()


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
