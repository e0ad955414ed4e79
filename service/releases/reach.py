"""How many people a release reaches as it now stands, and who is left out and why: asked with what planning asks."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.audiences import Outside
from service.models import Exclusion, Release
from service.releases import audience
from service.releases.audience import Question, Whom


@dataclass(frozen=True, slots=True)
class LeftOut:
    """So many people who would get nothing, for this reason: an Outside stands for subscribers of its topics whom its
    audience does not name, and who get no row in its books."""

    reason: Exclusion | Outside
    number: int


@dataclass(frozen=True, slots=True)
class Reach:
    """What planning would write at this moment: `total` mails, by the language of the edition and, where it has several
    waves, by their names; and the left out. Whoever has a row in the release already is not counted again."""

    total: int
    left_out: tuple[LeftOut, ...]
    by_language: Mapping[str, int]
    by_wave: Mapping[str, int] = field(default_factory=dict)

    @property
    def candidates(self) -> int:
        """Everybody it is for, wanted or left out."""
        return self.total + sum(group.number for group in self.left_out if isinstance(group.reason, Exclusion))


def reach(session: Session, release: Release) -> Reach:
    """Whom the release as it is now written would go to if it left now; of what is approved, the same."""
    return reach_of(session, release, audience.whom(session, release))


def reach_of(session: Session, release: Release, whom: Whom) -> Reach:
    """The same for an audience that is only being thought of."""
    question = audience.ask(session, release, whom)
    by_reason, by_language, by_wave = _counted(session, question)
    left_out = [LeftOut(reason, by_reason[reason]) for reason in Exclusion if by_reason[reason]]
    outside = _outside(session, release, whom, question)
    left_out += [LeftOut(reason, outside[reason]) for reason in Outside if outside[reason]]
    names = [stage.name for stage in whom.audience.stages]
    return Reach(
        total=by_language.total(),
        left_out=tuple(left_out),
        by_language=dict(by_language.most_common()),
        by_wave={name: by_wave[number] for number, name in enumerate(names)},
    )


def newcomers(session: Session, release: Release) -> int:
    """How many people subscribed to the release's topics since its audience was counted, and would get it."""
    if release.revision_id is None:
        return 0
    question = audience.ask(session, release, audience.whom(session, release))
    query = text(f"WITH {question.judged_to_count} SELECT count(*) FROM judged WHERE exclusion IS NULL")  # noqa: S608
    return session.scalar(query, question.values) or 0


def _counted(session: Session, question: Question) -> tuple[Counter[Exclusion], Counter[str], Counter[int]]:
    query = text(f"""
        WITH {question.judged_to_count}
        SELECT g.exclusion, g.language, {_first(enumerate(question.compiled.stages))}, count(*)
        FROM judged g {"JOIN journalist j ON j.id = g.id" if question.compiled.stages else ""} GROUP BY 1, 2, 3
    """)  # noqa: S608 - put together from constants
    reasons: Counter[Exclusion] = Counter()
    languages: Counter[str] = Counter()
    waves: Counter[int] = Counter()
    for reason, language, wave, number in session.execute(query, question.values):
        if reason is None:
            languages[language] += number
            waves[wave] += number
        else:
            reasons[Exclusion(reason)] += number
    return reasons, languages, waves


def _first(conditions: Iterable[tuple[int, str]]) -> str:
    """The number of the first condition that holds."""
    cases = " ".join(f"WHEN {condition} THEN {number}" for number, condition in conditions)
    return f"CASE {cases} END" if cases else "0"


def _outside(session: Session, release: Release, whom: Whom, question: Question) -> Counter[Outside]:
    """Its topics' subscribers whom the audience does not name, by the first condition that leaves them out."""
    checks = question.compiled.checks
    if not checks:
        return Counter()
    cases = _first((number, f"NOT ({condition})") for number, (_, condition) in enumerate(checks))
    query = text(f"""
        SELECT {cases} AS failed, count(*)
        FROM ({audience.everybody(release, whom)}) c JOIN journalist j ON j.id = c.journalist_id
        WHERE j.erased_at IS NULL GROUP BY 1 HAVING {cases} IS NOT NULL
    """)  # noqa: S608
    found: Counter[Outside] = Counter()
    for failed, number in session.execute(query, question.values):
        found[checks[failed][0]] += number
    return found
