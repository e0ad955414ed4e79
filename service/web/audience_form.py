"""The form by which an audience is chosen: what it offers, what is kept, and what was given read back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from service import addresses, audiences, journalists, outlets, topics
from service.audiences import Audience, Conditions, Part, Stage, lists, segments
from service.errors import NotFound
from service.journalists import codes
from service.models import Journalist, Sender, Topic
from service.web import words

Given = MultiDict[str, str]


@dataclass
class Read:
    """What was given: topics and audience, or by field what is wrong with it."""

    topics: list[Topic] = field(default_factory=list)
    audience: Audience = audiences.EVERYBODY
    faults: dict[str, str] = field(default_factory=dict)


def offered(session: Session, sender: Sender) -> dict[str, Any]:
    """What there is to choose from, each with its words."""
    named = [(str(one.list.id), one.list.name, words.people(one.people)) for one in lists.all(session, {sender.id})]
    spoken, places = codes.spoken(session, sender)
    known = codes.tiers(session, sender)
    return {
        "topics": [(topic.slug, topic.name) for topic in topics.all(session, sender)],
        "lists": named,
        "segments": [(str(one.id), one.name) for one in segments.all(session, {sender.id})],
        "languages": words.named(spoken),
        "countries": sorted(((code, words.country(code)) for code in places), key=lambda one: one[1]),
        "tiers": [(str(tier), gettext("Tier %(tier)s", tier=tier)) for tier in known],
        "groups": [
            *((f"list:{id_}", gettext("List “%(name)s”", name=name)) for id_, name, _ in named),
            *((f"tier:{tier}", gettext("Tier %(tier)s", tier=tier)) for tier in known),
        ],
    }


def kept(session: Session, sender: Sender, theirs: Iterable[Topic], audience: Audience) -> Given:
    """What the form shows of an audience."""
    names = outlets.names(session, sender)
    within, without = audience.within, audience.without
    persons = select(Journalist.address).where(Journalist.id.in_(without.persons)).order_by(Journalist.address)
    given: dict[str, list[str]] = {
        "topics": [topic.slug for topic in theirs],
        "lists": [str(part.id) for part in audience.lists],
        "segments": [str(part.id) for part in audience.segments],
        "languages": list(within.languages),
        "countries": list(within.countries),
        "tiers": [str(tier) for tier in within.tiers],
        "outlets": ["\n".join(sorted(names.get(id_, "") for id_ in within.outlets))],
        "without_lists": [str(id_) for id_ in without.lists],
        "without_outlets": ["\n".join(sorted(names.get(id_, "") for id_ in without.outlets))],
        "without_persons": ["\n".join(session.scalars(persons)) if without.persons else ""],
        **_stages_kept(audience.stages),
    }
    return MultiDict(given)


def _stages_kept(stages: tuple[Stage, ...]) -> dict[str, list[str]]:
    if not stages:
        return {}
    groups = [_group(stage) for stage in stages[:-1]]
    found = {"first": groups[0], "rest_after": _minutes(stages[-1])}
    if len(groups) > 1:
        found |= {"second": groups[1], "second_after": _minutes(stages[1])}
    return {name: [value] for name, value in found.items()}


def _group(stage: Stage) -> str:
    if stage.conditions.lists:
        return f"list:{stage.conditions.lists[0]}"
    return f"tier:{stage.conditions.tiers[0]}" if stage.conditions.tiers else ""


def _minutes(stage: Stage) -> str:
    return "" if stage.after_minutes is None else str(stage.after_minutes)


def read(session: Session, sender: Sender, given: Given) -> Read:
    """What was given in the form."""
    found = Read()
    try:
        found.topics = topics.by_slugs(session, sender, given.getlist("topics"))
    except topics.UnknownTopics as fault:
        found.faults["topics"] = words.refusal(fault)
    named = {str(one.list.id): Part(one.list.id, one.list.name) for one in lists.all(session, {sender.id})}
    saved = {
        str(one.id): Part(one.id, one.name, audiences.conditions.read(one.conditions))
        for one in segments.all(session, {sender.id})
    }
    found.audience = Audience(
        lists=_parts(named, given.getlist("lists"), "There is no such list."),
        segments=_parts(saved, given.getlist("segments"), "There is no such segment."),
        within=Conditions(
            languages=chosen(given, "languages"),
            countries=chosen(given, "countries"),
            tiers=tiers(given.getlist("tiers")),
            outlets=outlets_of(session, sender, given, "outlets", found.faults),
        ),
        without=Conditions(
            lists=tuple(part.id for part in _parts(named, given.getlist("without_lists"), "There is no such list.")),
            outlets=outlets_of(session, sender, given, "without_outlets", found.faults),
            persons=_persons(session, sender, given, found.faults),
        ),
        stages=_stages(named, given, found.faults),
    )
    return found


def _parts(known: Mapping[str, Part], ids: Iterable[str], words_: str) -> tuple[Part, ...]:
    wanted = list(dict.fromkeys(ids))
    if any(id_ not in known for id_ in wanted):
        raise NotFound(words_)
    return tuple(known[id_] for id_ in wanted)


def chosen(given: Given, name: str) -> tuple[str, ...]:
    """The values ticked under this name."""
    return tuple(value for value in dict.fromkeys(given.getlist(name)) if value and "\0" not in value)


def tiers(values: Iterable[str]) -> tuple[int, ...]:
    """The tiers among these values."""
    return tuple(sorted({int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 3}))


def _lines(given: Given, name: str) -> list[str]:
    return [line for line in (" ".join(one.split()) for one in given.get(name, "").splitlines()) if line]


def outlets_of(session: Session, sender: Sender, given: Given, name: str, faults: dict[str, str]) -> tuple[UUID, ...]:
    """The outlets named one on each line; a fault for one there is not."""
    known = {words_.casefold(): id_ for id_, words_ in outlets.names(session, sender).items()}
    asked = _lines(given, name)
    unknown = [line for line in asked if line.casefold() not in known]
    if unknown:
        faults[name] = gettext("There is no outlet “%(name)s”: write it as your journalists have it.", name=unknown[0])
    return tuple(dict.fromkeys(known[line.casefold()] for line in asked if line.casefold() in known))


def _persons(session: Session, sender: Sender, given: Given, faults: dict[str, str]) -> tuple[UUID, ...]:
    found = []
    for line in _lines(given, "without_persons"):
        try:
            found.append(journalists.by_address(session, sender, line).id)
        except (NotFound, addresses.BadAddress):
            faults["without_persons"] = gettext("None of your journalists has the address “%(address)s”.", address=line)
    return tuple(dict.fromkeys(found))


def _stages(known: Mapping[str, Part], given: Given, faults: dict[str, str]) -> tuple[Stage, ...]:
    """The first group at once, the second and everybody else after so many minutes or by hand."""
    first, second = given.get("first", ""), given.get("second", "")
    if not first:
        return ()
    found = [_stage(known, first, 0)]
    if second:
        found.append(_stage(known, second, _after(given, "second_after", faults)))
    return (*found, Stage("all", Conditions(), _after(given, "rest_after", faults)))


def _stage(known: Mapping[str, Part], group: str, after: int | None) -> Stage:
    kind, _, value = group.partition(":")
    if kind == "tier":
        return Stage(f"tier {value}", Conditions(tiers=tiers([value])), after)
    [part] = _parts(known, [value], "There is no such list.")
    return Stage(part.name, Conditions(lists=(part.id,)), after)


def _after(given: Given, name: str, faults: dict[str, str]) -> int | None:
    value = given.get(name, "").strip()
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and 0 < int(value[:6]) <= audiences.choosing.LATEST):
        faults[name] = gettext("Enter minutes from 1 to 10,080, or leave it empty to start it by hand.")
        return None
    return int(value)
