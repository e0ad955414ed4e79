"""How many people a release reaches as it now stands, and who is left out and why: asked with what planning asks."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.models import Exclusion, Release
from service.releases import audience

COUNTS = {
    kind: text(f"WITH {audience.judged(who)} SELECT exclusion, language, count(*) FROM judged GROUP BY 1, 2")  # noqa: S608
    for kind, who in audience.WHO.items()
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """So many candidates who would get nothing, for this reason."""

    reason: Exclusion
    number: int


@dataclass(frozen=True, slots=True)
class Reach:
    """What planning would write at this moment: `total` mails, by the language of the edition, and the left out.

    Whoever has a row in the release already is not counted again.
    """

    total: int
    left_out: tuple[LeftOut, ...]
    by_language: Mapping[str, int]

    @property
    def candidates(self) -> int:
        """Everybody it is for, wanted or left out."""
        return self.total + sum(group.number for group in self.left_out)


def reach(session: Session, release: Release) -> Reach:
    """Whom the release as it is now written would go to if it left now; of what is approved, the same."""
    session.flush()
    languages = [edition.language for edition in release.editions]
    topics = [topic.topic_id for topic in release.topics]
    values = audience.asked(release, topics=topics, languages=languages)
    return _summed(Counter({(row[0], row[1]): row[2] for row in session.execute(COUNTS[release.kind], values)}))


def _summed(counted: Counter[tuple[str | None, str]]) -> Reach:
    languages: Counter[str] = Counter()
    reasons: Counter[Exclusion] = Counter()
    for (reason, language), number in counted.items():
        if reason is None:
            languages[language] += number
        else:
            reasons[Exclusion(reason)] += number
    left_out = tuple(LeftOut(reason, reasons[reason]) for reason in Exclusion if reasons[reason])
    return Reach(languages.total(), left_out, dict(languages.most_common()))
