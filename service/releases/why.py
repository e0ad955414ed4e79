"""Why somebody gets a release, or does not: the conditions of planning, looked at one by one."""

from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from service.audiences import Outside
from service.models import Delivery, Exclusion, Journalist, Release, Topic
from service.releases import audience
from service.releases.audience import Question, Whom

PERSON = "j.id = :person"


@dataclass(frozen=True, slots=True)
class Step:
    """One reason to be left out, and whether it holds."""

    reason: Exclusion | Outside
    holds: bool


@dataclass(frozen=True, slots=True)
class Why:
    """Whether they get it: `reason` is the first that keeps them from it. `delivery` is their row in the books, where
    there is one: it says what was decided, the rest what would be decided now."""

    gets: bool
    reason: Exclusion | Outside | None
    steps: tuple[Step, ...]
    language: str
    topic: str
    wave: str
    delivery: Delivery | None


def why(session: Session, release: Release, journalist: Journalist) -> Why:
    """Why this journalist of the same newsroom gets the release, or does not."""
    query = select(Delivery).where(Delivery.release_id == release.id, Delivery.journalist_id == journalist.id)
    delivery = session.scalar(query)
    whom = audience.whom(session, release)
    question = audience.ask(session, release, whom)
    values = {**question.values, "person": journalist.id, "release": None if delivery else release.id}
    steps, language, topic, stage = _looked_at(session, release, whom, question, values)
    first = next((step.reason for step in steps if step.holds), None)
    return Why(
        gets=delivery.exclusion is None if delivery else first is None,
        reason=delivery.exclusion if delivery else first,
        steps=steps,
        language=delivery.language if delivery else language,
        topic=topic,
        wave=whom.audience.stages[stage].name if stage is not None and whom.audience.stages else "",
        delivery=delivery,
    )


def _looked_at(
    session: Session, release: Release, whom: Whom, question: Question, values: dict[str, object]
) -> tuple[tuple[Step, ...], str, str, int | None]:
    checks: list[tuple[Exclusion | Outside, str]] = [
        (reason, f"NOT ({condition})") for reason, condition in question.compiled.checks
    ]
    known = "cap_mails" in values
    checks += [
        (reason, condition)
        for reason, condition in audience.CHECKS.items()
        if known or reason is not Exclusion.FREQUENCY_CAP
    ]
    columns = "".join(f", coalesce({condition}, false)" for _, condition in checks)
    stage = " ".join(f"WHEN {condition} THEN {number}" for number, condition in enumerate(question.compiled.stages))
    query = text(f"""
        SELECT {audience.LANGUAGE}, c.topic_id, {f"CASE {stage} END" if stage else "NULL::int"}{columns}
        FROM journalist j LEFT JOIN ({audience.everybody(release, whom, within=PERSON)}) c ON c.journalist_id = j.id
        WHERE {PERSON}
    """)  # noqa: S608 - put together from constants
    language, topic_id, number, *held = session.execute(query, values).one()
    topic = session.get(Topic, topic_id) if topic_id else None
    steps = tuple(Step(reason, bool(holds)) for (reason, _), holds in zip(checks, held, strict=True))
    return steps, str(language), topic.name if topic else "", number
