"""Whether a release's books balance, in sentences: each figure is held to one counted from another table."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Books:
    """What has to agree. `tries` is what the deliveries say of their attempts, `attempts` the rows there are."""

    candidates: int
    rows: int
    attempting: int
    taken: int
    tries: int
    attempts: int
    strays: int
    accepted: int
    proven: int
    settled: int


def imbalance(books: Books) -> str:
    """What does not agree, "" when all does."""
    return "; ".join(_faults(books))


def _faults(books: Books) -> Iterator[str]:
    if books.rows != books.candidates:
        yield f"{books.candidates} people were counted at planning and {books.rows} have a row"
    if books.attempts != books.tries - books.attempting:
        yield f"{books.tries - books.attempting} attempts have ended and {books.attempts} are written down"
    if books.strays:
        yield f"{books.strays} attempts are written down that no delivery knows of"
    if books.proven + books.settled != books.taken:
        yield f"{books.taken - books.proven - books.settled} are taken as accepted without an attempt that shows it"
    if books.accepted != books.proven:
        yield f"{books.accepted - books.proven} accepted attempts belong to deliveries that are not accepted"
