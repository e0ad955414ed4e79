"""The checks of a release as it now stands, or as it was approved, with what the database knows around it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from service.checks import form, kit, linked, readers, timing, unresolved
from service.checks.circumstances import Circumstances, KitFile
from service.checks.kinds import Check, Kind, Level
from service.mail.compose import Person
from service.models import Attachment, Release, Trial, TriedLink
from service.releases import Frozen, audience, frozen_of, reach
from service.releases.preview import part, preview

FAMILIES = (form, unresolved, timing, readers, linked, kit)
SOMEBODY = Person("cleo@daily.example", "Cleo Lindqvist", "The Daily Example", "")


def of(session: Session, release: Release) -> tuple[Check, ...]:
    """What is to be said of this release as it is now written, blocking ones first."""
    return lint(frozen_of(session, release), circumstances(session, release))


def blocking(session: Session, release: Release) -> tuple[Check, ...]:
    """What alone would stop an approval: of the words and the press kit, nothing that is costly to know."""
    now = Circumstances(_now(session), release.send_at, release.zone, kit=_kit(session, release))
    return tuple(check for check in lint(frozen_of(session, release), now) if check.level is Level.BLOCKING)


def lint(frozen: Frozen, now: Circumstances) -> tuple[Check, ...]:
    """What is to be said of these words under these circumstances: by kind, then as the families find them."""
    found = [check for family in FAMILIES for check in family.examine(frozen, now)]
    order = {kind: number for number, kind in enumerate(Kind)}
    return tuple(sorted(found, key=lambda check: order[check.kind]))


def circumstances(session: Session, release: Release) -> Circumstances:
    """What the database knows around the release at this moment."""
    return Circumstances(
        now=_now(session),
        send_at=release.send_at,
        zone=release.zone,
        reach=reach(session, release).total,
        elsewhere=_elsewhere(session, release),
        kit=_kit(session, release),
        trials=_trials(session, release),
        weights=_weights(session, release),
    )


def _now(session: Session) -> datetime:
    now: datetime = session.scalars(select(func.clock_timestamp())).one()
    return now


def _elsewhere(session: Session, release: Release) -> Mapping[str, tuple[int, str]]:
    """Readers who get an edition in a language they neither asked for nor said they read."""
    question = audience.ask(session, release, audience.whom(session, release))
    query = text(f"""
        WITH {question.judged_to_count}
        SELECT j.language, count(*), min(judged.language)
        FROM judged JOIN journalist j ON j.id = judged.id
        WHERE judged.exclusion IS NULL AND judged.language <> j.language
          AND NOT judged.language = ANY(coalesce(j.also_reads, '{{}}'))
        GROUP BY 1 ORDER BY 2 DESC, 1
    """)  # noqa: S608 - put together from constants
    return {row[0]: (row[1], row[2]) for row in session.execute(query, question.values)}


def _kit(session: Session, release: Release) -> tuple[KitFile, ...]:
    query = select(Attachment.name, Attachment.size, Attachment.type, Attachment.alt, Attachment.credit)
    rows = session.execute(query.where(Attachment.release_id == release.id).order_by(Attachment.id))
    return tuple(KitFile(name, size, kind.startswith("image/"), alt, credit) for name, size, kind, alt, credit in rows)


def _trials(session: Session, release: Release) -> Mapping[str, Trial]:
    query = select(TriedLink.url, TriedLink.answer).where(TriedLink.release_id == release.id)
    return {row.url: row.answer for row in session.execute(query)}


def _weights(session: Session, release: Release) -> Mapping[str, int]:
    """By language, the octets of the page that the mail's own renderer makes."""
    found = {}
    for edition in release.editions:
        page = part(preview(session, release, edition.language, SOMEBODY), "html")
        found[edition.language] = len(page.encode())
    return found
