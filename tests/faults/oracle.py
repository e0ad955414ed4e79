"""The oracle: after a run it holds what the relay swears to against the database, and says what was broken.

Its words are those of the invariants: nobody lost, doubles within the bound, nothing early, nothing after a cancel or
pause, nothing to somebody who had left, only approved bytes, no word of a release in a log or in the broker's files.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import astuple, dataclass, field
from uuid import UUID

from service import reports
from service.models import Release, ReleaseState
from tests.faults import leaks, steps, words
from tests.faults.copies import Copy
from tests.faults.ledger import Ledger, Row, read
from tests.faults.scene import Scene

LINES: list[str] = []
"""The totals of all runs of this process, for the summary at the end."""
TAKEN = frozenset({"accepted", "bounced", "complained"})
MAYBE_TAKEN = TAKEN | {"uncertain", "attempting"}
WAITING = frozenset({"queued", "deferred", "attempting"})


@dataclass
class Totals:
    """What a run came to. `bound` is how many doubles SMTP itself allows for what was hurt."""

    kills: int = 0
    lost: int = 0
    early: int = 0
    after_cancel: int = 0
    to_unsubscribed: int = 0
    duplicates: int = 0
    bound: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kills, lost, early, after, left, doubles, bound, _ = astuple(self)
        return (
            f"kills {kills}, lost {lost}, early {early}, after cancel {after}, to unsubscribed {left}, "
            f"duplicates {doubles} / bound {bound}"
        )


def check(service: Scene, *found: Release, finished: bool = True) -> Totals:
    """Judge these releases and demand that nothing is broken; `finished`: nothing of them is left to do."""
    totals = judge(service, *found, finished=finished)
    LINES.append(str(totals))
    sys.stdout.write(f"{totals}\n")
    assert not totals.faults, f"{totals}: " + "; ".join(totals.faults[:12])
    return totals


def judge(service: Scene, *found: Release, finished: bool = True) -> Totals:
    """Judge these releases."""
    totals = Totals(kills=service.kills, bound=service.bound)
    copies = defaultdict(list)
    for copy in service.copies():
        copies[copy.delivery].append(copy)
    known: set[UUID] = set()
    for release in found:
        ledger = read(service.engine, release.id)
        known |= ledger.rows.keys()
        totals.faults += _balance(service, ledger, finished=finished)
        totals.faults += steps.faults(ledger)
        _judge(service, ledger, copies, totals)
    totals.faults += leaks.faults(service.folder)
    if strangers := len(copies.keys() - known):
        totals.faults.append(f"I2: {strangers} deliveries at the relay are of no release asked about")
    totals.faults += _sums(totals)
    return totals


def _balance(service: Scene, ledger: Ledger, *, finished: bool) -> Iterator[str]:
    """I1 and the reports' half of I10."""
    if wrong := imbalance(service, ledger.release_id):
        yield f"I1: the books do not balance: {wrong}"
    waiting = sum(row.state in WAITING for row in ledger.rows.values())
    if finished and ledger.state not in (ReleaseState.SENT, ReleaseState.CANCELLED):
        yield f"I1: the release is {ledger.state}"
    if finished and waiting:
        yield f"I1: {waiting} rows of a {ledger.state} release are in no final state"


def imbalance(service: Scene, release: UUID) -> str:
    """What of the report does not add up at this moment, "" when all does."""
    with service.transaction() as session:
        return reports.delivery(session, release).imbalance


def _judge(service: Scene, ledger: Ledger, copies: dict[UUID, list[Copy]], totals: Totals) -> None:
    original = words.Original(service, ledger)
    for id_, row in ledger.rows.items():
        mine = copies.get(id_, [])
        totals.lost += _is_lost(ledger, row, mine)
        totals.duplicates += max(0, len(mine) - 1)
        totals.faults += _of_row(row, mine)
        for copy in mine:
            _of_copy(ledger, row, copy, totals)
            if not original.has(row, copy):
                totals.faults.append(f"I6: a copy of {id_} is not what was approved")
    recipients = [copy.recipient for id_ in ledger.rows for copy in copies.get(id_, [])[:1]]
    if len(set(recipients)) != len(recipients):
        totals.faults.append("I3: two deliveries went to one address")


def _is_lost(ledger: Ledger, row: Row, copies: list[Copy]) -> bool:
    """I2: whoever was wanted has a copy, or a refusal in the relay's own words."""
    if row.state in TAKEN:
        return not copies
    if row.state == "failed":
        return not (copies or any(attempt.is_refusal for attempt in row.attempts))
    return ledger.state == ReleaseState.SENT and row.state in WAITING


def _of_row(row: Row, copies: list[Copy]) -> Iterator[str]:
    if copies and row.state not in MAYBE_TAKEN and not row.maybe_twice:
        yield f"I1: the relay has {row.id}, which is {row.state}"
    if len(copies) > 1 and not row.maybe_twice:
        yield f"I3: {row.id} was doubled and is not shown as perhaps sent twice"
    if len({copy.message_id for copy in copies}) > 1:
        yield f"I3: the copies of {row.id} have different Message-IDs"


def _of_copy(ledger: Ledger, row: Row, copy: Copy, totals: Totals) -> None:
    if copy.at < ledger.not_before:
        totals.early += 1
    began = row.began(copy.at)
    if began is None:
        totals.faults.append(f"I3: nobody admitted a copy of {row.id}")
        return
    totals.after_cancel += ledger.was_stopped(began)
    totals.to_unsubscribed += row.had_left(began)


def _sums(totals: Totals) -> Iterator[str]:
    for name, number in (
        ("I2: lost", totals.lost),
        ("I4: early", totals.early),
        ("I4: begun after a cancel or pause", totals.after_cancel),
        ("I5: begun after they had left", totals.to_unsubscribed),
    ):
        if number:
            yield f"{name}: {number}"
    if totals.duplicates > totals.bound:
        yield f"I3: {totals.duplicates} doubles, and {totals.bound} were possible"
