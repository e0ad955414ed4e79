"""Conditions on a journalist, as data: read from JSON, and compiled to SQL by one small table."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

IDS = ("outlets", "topics", "lists", "persons")


@dataclass(frozen=True, slots=True)
class Conditions:
    """What must hold of somebody: one value of each that is named. `languages` are those they read, the first or any
    other; `since` the day from which on they subscribed to something."""

    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    outlets: tuple[UUID, ...] = ()
    tiers: tuple[int, ...] = ()
    topics: tuple[UUID, ...] = ()
    lists: tuple[UUID, ...] = ()
    persons: tuple[UUID, ...] = ()
    since: date | None = None

    def __bool__(self) -> bool:
        return bool(self.named())

    def named(self) -> tuple[str, ...]:
        """The conditions that are set."""
        return tuple(field.name for field in fields(self) if getattr(self, field.name))


ALL = Conditions()
"""None: they hold of everybody."""
CLAUSES = {
    "languages": "(j.language = ANY(:{0}) OR j.also_reads && :{0})",
    "countries": "j.country = ANY(:{0})",
    "outlets": "j.outlet_id = ANY(:{0})",
    "tiers": "j.tier = ANY(:{0})",
    "topics": """EXISTS (SELECT FROM subscription o WHERE o.journalist_id = j.id AND o.topic_id = ANY(:{0})
                         AND o.state = 'confirmed')""",
    "lists": "EXISTS (SELECT FROM list_member m WHERE m.journalist_id = j.id AND m.list_id = ANY(:{0}))",
    "persons": "j.id = ANY(:{0})",
    "since": "EXISTS (SELECT FROM subscription o WHERE o.journalist_id = j.id AND o.state = 'confirmed'"
    " AND o.since >= :{0})",
}
"""Of a `journalist j`; `{0}` is the name of the value."""


def clauses(conditions: Conditions, prefix: str) -> tuple[dict[str, str], dict[str, Any]]:
    """The SQL of each condition that is set, never NULL, and the values it asks for, named from this prefix on."""
    found = {name: f"({CLAUSES[name].format(prefix + name)}) IS TRUE" for name in conditions.named()}
    return found, {prefix + name: _value(getattr(conditions, name)) for name in found}


def _value(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def plain(conditions: Conditions) -> dict[str, Any]:
    """The conditions as JSON: only those that are set."""
    return {name: _plain(getattr(conditions, name)) for name in conditions.named()}


def _plain(value: tuple[object, ...] | date) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return [str(one) if isinstance(one, UUID) else one for one in value]


def read(given: Mapping[str, Any]) -> Conditions:
    """What `plain` made."""
    found: dict[str, Any] = {name: tuple(values) for name, values in given.items() if name != "since"}
    found |= {name: tuple(UUID(one) for one in found[name]) for name in IDS if name in found}
    if "since" in given:
        found["since"] = date.fromisoformat(given["since"])
    return Conditions(**found)
