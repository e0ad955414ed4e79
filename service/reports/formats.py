"""A delivery report for programs: one JSON document, one table."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from service.reports.cells import lines
from service.reports.report import DeliveryReport, Row
from service.reports.words import AGREED, COLUMNS
from service.tracking import Engagement

HEADER = ("section", "name", "number", *COLUMNS, "example")


def as_json(report: DeliveryReport) -> dict[str, Any]:
    """All of the report as plain JSON values: ids and times as text, `balanced` beside `imbalance`."""
    plain = _plain(asdict(report) | {"balanced": report.balanced})
    return dict(plain)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value.value if isinstance(value, Enum) else value


def as_csv(report: DeliveryReport) -> str:
    """The report as one table: section, name, number, the five columns of a breakdown, example of a failure."""
    return "".join(lines([HEADER, *_table(report)]))


def _table(report: DeliveryReport) -> Iterator[tuple[object, ...]]:
    yield _line("release", report.headline, report.rows)
    yield _line("books", report.imbalance or "balanced", report.candidates)
    for section, counts in (("state", report.totals), ("excluded", report.excluded), ("event", report.events)):
        yield from (_line(section, count.label, count.number) for count in counts)
    for section, rows in report.breakdowns.items():
        yield from (_row(section, row) for row in rows)
    if report.engagement:
        yield from _engagement(report.engagement)
    for failure in report.failures:
        yield _line(failure.state.value, failure.reason, failure.number, failure.example)


def _engagement(found: Engagement) -> Iterator[tuple[object, ...]]:
    for name, words in AGREED.items():
        yield _line("agreed to be counted", words, getattr(found, name))
    for link in found.links:
        yield _line("link", link.url, link.people)


def _line(section: str, name: str, number: int, example: str = "") -> tuple[object, ...]:
    return (section, name, number, *("" for _ in COLUMNS), example)


def _row(section: str, row: Row) -> tuple[object, ...]:
    return (section, row.name, row.total, *(getattr(row, column) for column in COLUMNS), "")
