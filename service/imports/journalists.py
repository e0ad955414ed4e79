"""Journalists from a table in one go: the same sorting tells what would happen, and makes it happen."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy.orm import Session

from service import audit
from service.imports import writing
from service.imports.people import Fault
from service.imports.sorting import Sorting, sort
from service.imports.table import Table
from service.journalists import NoLegalBasis, grounds
from service.models import Account, Sender, Verdict

__all__ = ["NoLegalBasis", "Report", "apply", "check"]

FAULTS_TOLD = 100


@dataclass(frozen=True, slots=True)
class Report:
    """An import in numbers: rows = new + known + suppressed + repeated + invalid.

    `unsubscribed` are those among the known who left one of the topics or must not be contacted, and stay so;
    `subscriptions` is how many begin; `faults` are the first hundred of the invalid rows.
    """

    rows: int
    new: int
    known: int
    suppressed: int
    repeated: int
    invalid: int
    unsubscribed: int
    subscriptions: int
    faults: tuple[Fault, ...]


def check(session: Session, sender: Sender, table: Table) -> Report:
    """What `apply` would do, in numbers; nothing is changed."""
    return _report(sort(session, sender, table.rows))


def apply(session: Session, sender: Sender, table: Table, *, legal_basis: str, by: Account | None = None) -> Report:
    """Import the valid rows, all in this transaction or none, subscribed with the proof {how, legal_basis, file}.

    A known person's entry is left as it is and gains only the topics never asked for before; nobody who left, was
    suppressed or must not be contacted is brought back. Raises NoLegalBasis.
    """
    because = grounds(legal_basis)
    sorting = sort(session, sender, table.rows)
    proof = {"how": "import", "legal_basis": because, "file": table.digest}
    writing.journalists(session, sender, sorting.new)
    writing.subscriptions(session, sender, sorting.pairs, proof)
    report = _report(sorting)
    audit.write(
        session,
        "journalists imported",
        account=by,
        sender=sender.slug,
        legal_basis=because,
        file=table.digest,
        new=report.new,
        subscriptions=report.subscriptions,
    )
    return report


def _report(sorting: Sorting) -> Report:
    found = Counter(each.verdict for each in sorting.outcomes)
    return Report(
        rows=len(sorting.outcomes),
        new=found[Verdict.NEW],
        known=found[Verdict.KNOWN] + found[Verdict.CHANGED] + found[Verdict.AWAY],
        suppressed=found[Verdict.SUPPRESSED],
        repeated=found[Verdict.REPEATED],
        invalid=found[Verdict.INVALID],
        unsubscribed=found[Verdict.AWAY],
        subscriptions=len(sorting.pairs),
        faults=tuple(sorting.faults[:FAULTS_TOLD]),
    )
