"""The audience of a release: whom of its topics' subscribers it is for, and in which stages they get it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from service.audiences import conditions
from service.audiences.conditions import ALL, Conditions


class Outside(StrEnum):
    """Why a subscriber of a release's topics is not in its audience: the first that holds."""

    WITHOUT = "without"
    NOT_CHOSEN = "not-chosen"
    LANGUAGE = "language"
    COUNTRY = "country"
    OUTLET = "outlet"
    TIER = "tier"


@dataclass(frozen=True, slots=True)
class Part:
    """A list, or a segment with its conditions, as it was called when the audience was chosen."""

    id: UUID
    name: str
    conditions: Conditions = ALL


@dataclass(frozen=True, slots=True)
class Stage:
    """Those of the audience who get it in one wave: so many minutes after the first, or when a person says so (None).

    The last one has no conditions: it is everybody who is left.
    """

    name: str
    conditions: Conditions
    after_minutes: int | None = 0


@dataclass(frozen=True, slots=True)
class Audience:
    """Whoever is on one of the lists or in one of the segments (where any is named), within all conditions, and is not
    left out by any of `without`. Empty: all subscribers, at once."""

    lists: tuple[Part, ...] = ()
    segments: tuple[Part, ...] = ()
    within: Conditions = ALL
    without: Conditions = ALL
    stages: tuple[Stage, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lists or self.segments or self.within or self.without or self.stages)


EVERYBODY = Audience()
WITHIN = {
    "languages": Outside.LANGUAGE,
    "countries": Outside.COUNTRY,
    "outlets": Outside.OUTLET,
    "tiers": Outside.TIER,
}


@dataclass(frozen=True, slots=True)
class Compiled:
    """An audience as SQL about `journalist j`: what must hold, with the reason if it does not; `named`, that somebody
    is named by a list or in person; each stage's condition in its order; and the values all of them ask for."""

    checks: tuple[tuple[Outside, str], ...]
    named: str
    stages: tuple[str, ...]
    values: Mapping[str, Any]


def compiled(audience: Audience) -> Compiled:
    """The audience as SQL."""
    checks: list[tuple[Outside, str]] = []
    values: dict[str, Any] = {}
    without, given = conditions.clauses(audience.without, "without_")
    values |= given
    checks += [(Outside.WITHOUT, f"NOT ({clause})") for clause in without.values()]
    chosen, given = _chosen(audience)
    values |= given
    checks += [(Outside.NOT_CHOSEN, f"({chosen})")] if chosen else []
    within, given = conditions.clauses(audience.within, "within_")
    values |= given
    checks += [(WITHIN[name], clause) for name, clause in within.items()]
    stages = []
    for number, stage in enumerate(audience.stages):
        found, given = conditions.clauses(stage.conditions, f"stage{number}_")
        values |= given
        stages.append(" AND ".join(found.values()) or "true")
    return Compiled(tuple(checks), _named(audience), tuple(stages), values | _named_values(audience))


def _chosen(audience: Audience) -> tuple[str, dict[str, Any]]:
    """On one of the lists or in one of the segments."""
    found, values = conditions.clauses(Conditions(lists=tuple(part.id for part in audience.lists)), "chosen_")
    ways = list(found.values())
    for number, part in enumerate(audience.segments):
        clauses, given = conditions.clauses(part.conditions, f"segment{number}_")
        ways.append("(" + (" AND ".join(clauses.values()) or "true") + ")")
        values |= given
    return " OR ".join(ways), values


def _named_by(audience: Audience) -> Conditions:
    """The lists and persons an officer named; whoever is on them expects, or is expected, to be counted."""
    lists = [part.id for part in audience.lists]
    lists += [id_ for stage in audience.stages for id_ in stage.conditions.lists]
    persons = [id_ for stage in audience.stages for id_ in stage.conditions.persons]
    return Conditions(lists=tuple(dict.fromkeys(lists)), persons=tuple(dict.fromkeys(persons)))


def _named(audience: Audience) -> str:
    return " OR ".join(conditions.clauses(_named_by(audience), "named_")[0].values())


def _named_values(audience: Audience) -> dict[str, Any]:
    return conditions.clauses(_named_by(audience), "named_")[1]


def plain(audience: Audience) -> dict[str, Any]:
    """The audience as JSON; `{}` for everybody at once."""
    found: dict[str, Any] = {
        "lists": [{"id": str(part.id), "name": part.name} for part in audience.lists],
        "segments": [
            {"id": str(part.id), "name": part.name, "conditions": conditions.plain(part.conditions)}
            for part in audience.segments
        ],
        "within": conditions.plain(audience.within),
        "without": conditions.plain(audience.without),
        "stages": [
            {
                "name": stage.name,
                "conditions": conditions.plain(stage.conditions),
                "after_minutes": stage.after_minutes,
            }
            for stage in audience.stages
        ],
    }
    return {name: value for name, value in found.items() if value}


def read(given: Mapping[str, Any]) -> Audience:
    """What `plain` made."""
    return Audience(
        lists=tuple(Part(UUID(part["id"]), part["name"]) for part in given.get("lists", ())),
        segments=tuple(
            Part(UUID(part["id"]), part["name"], conditions.read(part["conditions"]))
            for part in given.get("segments", ())
        ),
        within=conditions.read(given.get("within", {})),
        without=conditions.read(given.get("without", {})),
        stages=tuple(
            Stage(stage["name"], conditions.read(stage["conditions"]), stage["after_minutes"])
            for stage in given.get("stages", ())
        ),
    )


def lines(audience: Audience) -> tuple[str, ...]:
    """The audience in lines to be compared, as `countries: KZ, DE`; whom ids stand for is another's to say."""
    found = [f"list: {part.name}" for part in audience.lists]
    found += [f"segment: {part.name} ({'; '.join(_lines(part.conditions))})" for part in audience.segments]
    found += _lines(audience.within)
    found += [f"without {line}" for line in _lines(audience.without)]
    for stage in audience.stages:
        at = "by hand" if stage.after_minutes is None else f"after {stage.after_minutes} min"
        found.append(f"wave: {stage.name}, {at} ({'; '.join(_lines(stage.conditions)) or 'everybody else'})")
    return tuple(found)


def _lines(given: Conditions) -> list[str]:
    return [
        f"{name}: {', '.join(map(str, values)) if isinstance(values, list) else values}"
        for name, values in conditions.plain(given).items()
    ]
