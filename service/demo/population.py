"""A press corps of invented people at invented outlets, the same for the same seed; some of them are trouble.

An address ends in the tag by which the development relay knows how to behave: `aigul.bekova.17+greylist@….example`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ARRAY, Text, cast, func, text, update
from sqlalchemy.orm import Session

from service import suppressions
from service.demo.countries import COUNTRIES, Country
from service.imports import writing
from service.imports.people import Person
from service.journalists import mailbox
from service.models import Journalist, Sender, SubscriptionState, SuppressionReason, Topic

T = TypeVar("T")

CASES = {"greylist": 40, "unknown": 20, "full": 10, "bounce": 10, "away": 10, "policy": 5, "complain": 1}
"""How many in a thousand the development relay treats like this; everybody else simply gets the mail."""
STANDINGS = {"ended": 10, "pending": 5, "suppressed": 5, "do-not-contact": 3}
"""How many in a thousand must be left out when a release is planned."""
BEATS = ("politics", "economy", "energy", "environment", "diplomacy", "culture", "science", "")


@dataclass(frozen=True, slots=True)
class _Outlet:
    name: str
    domain: str
    country: Country


def populate(session: Session, sender: Sender, topics: Sequence[Topic], count: int, seed: int) -> None:
    """Add `count` journalists, each subscribed to one to three of the topics; the same again changes nothing."""
    chance = Random(seed)  # noqa: S311 - invented people, not secrets
    outlets = _outlets()
    topic_ids = [topic.id for topic in topics]
    cases = _draw(chance, CASES, count)
    people = [_person(chance, _pick(chance, outlets), topic_ids, number, case) for number, case in enumerate(cases, 1)]
    standings = _draw(chance, STANDINGS, count)
    writing.journalists(session, sender, people)
    # Until somebody counts them PostgreSQL takes the table for empty, and reads all of it for each batch to come.
    session.execute(text("ANALYZE journalist"))
    states = {"ended": SubscriptionState.ENDED, "pending": SubscriptionState.PENDING}
    for standing in ("", *STANDINGS):
        theirs = [person for person, drawn in zip(people, standings, strict=True) if drawn == standing]
        pairs = [(person.box.canonical, topic) for person in theirs for topic in person.topics]
        state = states.get(standing, SubscriptionState.CONFIRMED)
        writing.subscriptions(session, sender, pairs, {"how": "demo", "seed": seed}, state)
        _mark(session, sender, standing, theirs)


def _outlets() -> list[_Outlet]:
    """Twelve countries with ten outlets each."""
    return [
        _Outlet(title.format(place), f"{kind}-{slug}.example", country)
        for country in COUNTRIES
        for (place, slug), (title, kind) in product(country.places, country.titles)
    ]


def _person(chance: Random, outlet: _Outlet, topics: Sequence[UUID], number: int, case: str) -> Person:
    country = outlet.country
    first, first_latin = _pick(chance, country.first)
    last, last_latin = _pick(chance, country.last)
    local = f"{first_latin}.{last_latin}.{number}" + (f"+{case}" if case else "")
    return Person(
        row=number,
        box=mailbox(f"{local}@{outlet.domain}"),
        name=country.order.format(first=first, last=last),
        outlet=outlet.name,
        country=country.code,
        language=_pick(chance, country.languages),
        beat=_pick(chance, BEATS),
        tier=_pick(chance, (1, 2, 2, 2, 3)),
        topics=tuple(chance.sample(topics, min(len(topics), _pick(chance, (1, 1, 2, 3))))),
    )


def _pick(chance: Random, choices: Sequence[T]) -> T:
    # Random.choice takes thrice as long, and this is asked a million times.
    return choices[int(chance.random() * len(choices))]


def _draw(chance: Random, in_a_thousand: dict[str, int], count: int) -> list[str]:
    names = [*in_a_thousand, ""]
    weights = [*in_a_thousand.values(), 1000 - sum(in_a_thousand.values())]
    return chance.choices(names, weights, k=count)


def _mark(session: Session, sender: Sender, standing: str, people: Sequence[Person]) -> None:
    if standing == "suppressed":
        fingerprints = {person.box.fingerprint for person in people}
        suppressions.add_all(session, fingerprints, SuppressionReason.BOUNCE, sender=sender, evidence="invented")
    if standing == "do-not-contact":
        addresses = cast([person.box.canonical for person in people], ARRAY(Text))
        session.execute(
            update(Journalist)
            .where(Journalist.sender_id == sender.id, Journalist.address_canonical == func.any(addresses))
            .values(do_not_contact=True)
            .execution_options(synchronize_session=False)
        )
