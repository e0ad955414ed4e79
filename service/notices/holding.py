"""Who holds a release, and so whom a notice of it is for: counted by what planning itself asks."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from service import releases
from service.models import Exclusion, Release
from service.releases.holding import HELD_IN, MAY_HOLD, OF_ABOUT

HELD = text(f"""
    SELECT count(DISTINCT h.journalist_id) FROM (SELECT CAST(:about AS uuid) AS about_id) n
    JOIN delivery h ON {HELD_IN} WHERE {OF_ABOUT} AND {MAY_HOLD}
""")  # noqa: S608 - put together from constants


@dataclass(frozen=True, slots=True)
class Audience:
    """So many who would get it if it left now, and so many who would not, by reason."""

    people: int
    left_out: Mapping[Exclusion, int]


def held_by(session: Session, release: Release) -> int:
    """How many people got this release, or may have got it, as far as anybody can know."""
    return session.scalar(HELD, {"about": release.id}) or 0


def audience_of(session: Session, release: Release) -> Audience:
    """Whom a notice or a follow-up would go to now; whoever has a row in it already is not counted again."""
    found = releases.reach(session, release)
    return Audience(
        found.total, {one.reason: one.number for one in found.left_out if isinstance(one.reason, Exclusion)}
    )
