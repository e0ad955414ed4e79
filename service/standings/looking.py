"""The second look at a dead domain: a name server may be wrong for an hour, and a domain may be on its way back."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from service.feedback import Verdict
from service.models import Evidence
from service.standings.evidence import WEIGHTS, Named
from service.standings.judging import judge

AFTER = timedelta(hours=1)
GONE = "The domain does not exist or takes no mail, as a second look shows"
BACK = "The domain was gone and is there again"


def second_looks(session: Session, limit: int) -> Sequence[str]:
    """Domains that were called dead an hour ago or longer, and not looked up since; those that waited longest first."""
    query = (
        select(Evidence.domain)
        .where(
            Evidence.verdict == Verdict.DEAD_DOMAIN.value,
            Evidence.looked_at.is_(None),
            Evidence.came_at < func.now() - AFTER,
        )
        .group_by(Evidence.domain)
        .order_by(func.min(Evidence.came_at))
        .limit(limit)
    )
    return session.scalars(query).all()


def looked(session: Session, domain: str, *, dead: bool | None) -> None:
    """A second look found it dead, so that it counts, or alive, so that it is one soft failure; None: ask again."""
    waiting = (
        Evidence.domain == domain,
        Evidence.verdict == Verdict.DEAD_DOMAIN.value,
        Evidence.looked_at.is_(None),
        Evidence.came_at < func.now() - AFTER,
    )
    values: dict[str, object] = {"came_at": func.now()}
    if dead:
        values = {"looked_at": func.now(), "reason": GONE}
    elif dead is False:
        soft = Evidence.weight - WEIGHTS[Verdict.DEAD_DOMAIN] + WEIGHTS[Verdict.SOFT]
        values = {"looked_at": func.now(), "verdict": Verdict.SOFT.value, "weight": soft, "reason": BACK}
    statement = update(Evidence).where(*waiting).values(values).returning(Evidence.fingerprint, Evidence.sender_id)
    rows = session.execute(statement.execution_options(synchronize_session=False)).all()
    if dead is not None:
        judge(session, [Named(*row) for row in rows])
