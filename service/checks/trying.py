"""Trying the links of a release: when somebody asks for it, on the public web only; what they answered is kept."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service import accounts, audit, resolver
from service.checks.linked import leads_inside, links
from service.fetching import Nowhere, Private, Unavailable, status
from service.models import Account, Release, Role, Trial, TriedLink
from service.releases import frozen_of

MOST = 40
"""Links of one release; a release with more is a list."""
AT_ONCE = 8
PATIENCE = 20.0
"""Seconds for all of them; what has not answered then is unsure."""
GONE = (404, 410)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a link answered, with the HTTP status if there was one."""

    trial: Trial
    code: int | None = None


Knock = Callable[[str], Answer]


def to_try(session: Session, release: Release) -> list[str]:
    """The addresses it links to, each once."""
    return list(dict.fromkeys(link.url for link in links(frozen_of(session, release))))[:MOST]


def knock(url: str) -> Answer:
    """What the public web says of an address."""
    if leads_inside(url):
        return Answer(Trial.PRIVATE)
    try:
        code = status(url, dns=resolver.given())
    except Private:
        return Answer(Trial.PRIVATE)
    except Nowhere:
        return Answer(Trial.DEAD)
    except Unavailable:
        return Answer(Trial.UNSURE)
    return Answer(_judged(code), code)


def try_all(urls: Sequence[str], *, by: Knock = knock) -> Mapping[str, Answer]:
    """Knock at each of them, some at once; no transaction is open meanwhile."""
    pool = ThreadPoolExecutor(AT_ONCE)
    asked = {pool.submit(by, url): url for url in urls}
    answered, _ = wait(asked, timeout=PATIENCE)
    pool.shutdown(wait=False, cancel_futures=True)
    return {url: _told(future) if future in answered else Answer(Trial.UNSURE) for future, url in asked.items()}


def keep(session: Session, release: Release, answers: Mapping[str, Answer], *, by: Account) -> None:
    """Keep what they answered, in place of what they had before. Raises accounts.NotAllowed."""
    if not any(accounts.may_on(by, release, role) for role in (Role.WRITE, Role.APPROVE, Role.SEND)):
        raise accounts.NotAllowed(Role.WRITE)
    session.execute(delete(TriedLink).where(TriedLink.release_id == release.id))
    rows = [
        {"release_id": release.id, "url": url, "answer": one.trial, "code": one.code, "tried_at": func.now()}
        for url, one in answers.items()
    ]
    if rows:
        session.execute(insert(TriedLink).values(rows).on_conflict_do_nothing())
    audit.write(session, "links tried", account=by, release=release, number=len(rows))


def _told(future: Future[Answer]) -> Answer:
    return Answer(Trial.UNSURE) if future.exception() else future.result()


def _judged(code: int) -> Trial:
    """A page that wants a sign-in, or no robots, is there; one that fails now may be there tomorrow."""
    if code in GONE:
        return Trial.DEAD
    return Trial.UNSURE if code >= 500 or code == 429 else Trial.ALIVE
