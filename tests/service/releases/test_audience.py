"""An audience is frozen with what is approved; what is counted, explained and planned of it is the same."""

from collections import Counter
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import approvals, audiences, releases
from service.audiences import EVERYBODY, Audience, Conditions, Outside, Part, Stage, lists, segments
from service.errors import NotFound
from service.models import (
    Delivery,
    DeliveryState,
    Exclusion,
    Journalist,
    Lane,
    Outlet,
    Release,
    ReleaseState,
    Revision,
    Topic,
    Wave,
)
from service.releases.sampling import MANY
from service.releases.versions import differences
from tests.factories import Newsroom, make_journalist, make_newsroom, make_release, now
from tests.service.releases.crowd import COUNTRIES, LANGUAGES, gather
from workers.sending import plan


def address(session: Session, room: Newsroom, release: Release, audience: Audience) -> None:
    releases.readdress(session, release, by=room.ada, topics=[room.topic], audience=audience)


def leave(session: Session, room: Newsroom, release: Release) -> list[Wave]:
    """Approved, scheduled for now, and its time has come."""
    approvals.approve(session, release, by=room.ben)
    releases.schedule(session, release, now(), by=room.ada)
    release.state = ReleaseState.SENDING
    session.flush()
    return list(session.scalars(select(Wave).where(Wave.release_id == release.id).order_by(Wave.number)))


def rows(session: Session, release: Release) -> dict[UUID, Delivery]:
    query = select(Delivery).where(Delivery.release_id == release.id)
    return {row.journalist_id: row for row in session.scalars(query.execution_options(populate_existing=True))}


def some(chance: Random, values: object, most: int = 2) -> tuple[object, ...]:
    given = list(values)  # type: ignore[call-overload]
    return tuple(chance.sample(given, chance.randint(0, min(most, len(given)))))


def by_chance(session: Session, room: Newsroom, people: list[Journalist], chance: Random) -> Audience:
    """Any audience there can be: lists, segments, conditions, exceptions, and up to three stages."""
    outlets = session.scalars(select(Outlet.id).where(Outlet.sender_id == room.sender.id)).all()
    topics = session.scalars(select(Topic.id).where(Topic.sender_id == room.sender.id)).all()
    ids = [person.id for person in people]

    def list_(name: str, size: int) -> Part:
        made = lists.make(session, room.sender, name, by=room.ada)
        lists.put(session, made, chance.sample(ids, size), by=room.ada)
        return Part(made.id, name)

    def conditions() -> Conditions:
        return Conditions(
            languages=some(chance, LANGUAGES),  # type: ignore[arg-type]
            countries=some(chance, COUNTRIES),  # type: ignore[arg-type]
            tiers=some(chance, (1, 2, 3)),  # type: ignore[arg-type]
            outlets=some(chance, outlets),  # type: ignore[arg-type]
        )

    segment = segments.make(session, room.sender, "Some", Conditions(topics=tuple(topics), tiers=(1, 2)), by=room.ada)
    part = Part(segment.id, "Some", audiences.conditions.read(segment.conditions))
    exclusive = Stage("exclusive", Conditions(lists=(list_("Exclusive", 5).id,)))
    stages = (exclusive, Stage("tier 1", Conditions(tiers=(1,)), 30), Stage("all", Conditions(), None))
    return Audience(
        lists=(list_("Chosen", 25),) if chance.random() < 0.5 else (),
        segments=(part,) if chance.random() < 0.5 else (),
        within=conditions() if chance.random() < 0.7 else Conditions(),
        without=Conditions(persons=tuple(chance.sample(ids, 3)), outlets=tuple(some(chance, outlets, 1))),  # type: ignore[arg-type]
        stages=stages if chance.random() < 0.5 else (),
    )


@pytest.mark.parametrize("seed", range(8))
def test_counted_explained_and_planned_agree(session: Session, seed: int) -> None:
    room, chance = make_newsroom(session), Random(seed)
    people = gather(session, room, chance)
    release = make_release(session, room)
    release.lane = chance.choice(list(Lane))
    room.sender.cap_mails, room.sender.cap_days = chance.choice(((None, None), (1, 7)))
    before = leave(session, room, make_release(session, room))
    plan.write(session, before[0])
    address(session, room, release, by_chance(session, room, people, chance))
    counted = releases.reach(session, release)
    explained = {person.id: releases.why(session, release, person) for person in people}
    sampled = {reader.id for reader in releases.sample(session, release)}
    met = [reader.id for reader in releases.sample(session, release, total=MANY)]
    for wave in leave(session, room, release):
        wave.not_before = wave.not_before or now()
        plan.write(session, wave)
    written = rows(session, release)
    queued = {id_ for id_, row in written.items() if row.state is DeliveryState.QUEUED}
    assert {id_ for id_, one in explained.items() if one.gets} == queued
    assert counted.total == len(queued) == sum(counted.by_language.values())
    assert sampled <= queued
    assert len(sampled) == min(10, len(queued))
    assert len(met) == len(set(met)) == len(sampled), "whichever way they are looked for"
    assert set(met) <= queued
    excluded = Counter(row.exclusion for row in written.values() if row.exclusion)
    inside = {group.reason: group.number for group in counted.left_out if isinstance(group.reason, Exclusion)}
    assert inside == dict(excluded)
    for id_, row in written.items():
        assert explained[id_].reason == row.exclusion
        assert explained[id_].language == row.language
    outside = Counter(one.reason for id_, one in explained.items() if id_ not in written)
    for group in counted.left_out:
        if isinstance(group.reason, Outside):
            assert outside[group.reason] >= group.number, "whoever is outside has no row"
    if release.audience.get("stages"):
        in_waves = Counter(row.wave_id for id_, row in written.items() if id_ in queued)
        assert sorted(in_waves.values()) == sorted(number for number in counted.by_wave.values() if number)


def test_an_audience_survives_its_json(session: Session) -> None:
    room, chance = make_newsroom(session), Random(1)
    audience = by_chance(session, room, gather(session, room, chance), chance)
    assert audiences.read(audiences.plain(audience)) == audience
    assert audiences.plain(EVERYBODY) == {}


def test_without_an_audience_the_hash_is_what_it_was(session: Session) -> None:
    room = make_newsroom(session)
    revision = releases.freeze(session, make_release(session, room), by=room.ada)
    assert "audience" not in revision.content


def test_a_changed_audience_voids_the_approval(session: Session) -> None:
    room = make_newsroom(session)
    make_journalist(session, room)
    release = make_release(session, room)
    approvals.approve(session, release, by=room.ben)
    approved = session.get_one(Revision, release.revision_id)
    address(session, room, release, Audience(within=Conditions(countries=("KZ",))))
    assert release.state is ReleaseState.DRAFT
    assert not session.scalars(select(Wave).where(Wave.release_id == release.id)).all()
    again = releases.freeze(session, release, by=room.ada)
    assert again.digest != approved.digest
    [changed] = differences(releases.content_of(approved), releases.content_of(again))
    assert (changed.field, changed.pieces[0].words) == ("audience", "countries: KZ")


def test_the_same_audience_again_changes_nothing(session: Session) -> None:
    room = make_newsroom(session)
    release = make_release(session, room)
    address(session, room, release, Audience(within=Conditions(tiers=(1,))))
    approvals.approve(session, release, by=room.ben)
    address(session, room, release, Audience(within=Conditions(tiers=(1,))))
    assert release.state is ReleaseState.APPROVED


def test_a_segment_that_changes_later_changes_nothing_approved(session: Session) -> None:
    room = make_newsroom(session)
    cleo = make_journalist(session, room, "Cleo Reader", country="KZ")
    dana = make_journalist(session, room, "Dana Reader", country="DE")
    segment = segments.make(session, room.sender, "Kazakhstan", Conditions(countries=("KZ",)), by=room.ada)
    release, draft = make_release(session, room), make_release(session, room)
    for one in (release, draft):
        address(session, room, one, Audience(segments=(Part(segment.id, "Kazakhstan", Conditions(countries=("KZ",))),)))
    [wave] = leave(session, room, release)
    segments.change(session, segment, "Germany", Conditions(countries=("DE",)), by=room.ada)
    plan.write(session, wave)
    assert set(rows(session, release)) == {cleo.id}
    assert [reader.id for reader in releases.sample(session, draft)] == [dana.id]


def test_who_comes_to_a_list_before_the_wave_is_in_it(session: Session) -> None:
    room = make_newsroom(session)
    cleo = make_journalist(session, room, "Cleo Reader")
    list_ = lists.make(session, room.sender, "Rivers", by=room.ada)
    release = make_release(session, room)
    address(session, room, release, Audience(lists=(Part(list_.id, "Rivers"),)))
    [wave] = leave(session, room, release)
    lists.put(session, list_, [cleo.id], by=room.ada)
    plan.write(session, wave)
    assert set(rows(session, release)) == {cleo.id}


def test_being_on_a_list_is_no_consent(session: Session) -> None:
    room = make_newsroom(session)
    cleo = make_journalist(session, room, "Cleo Reader", subscribed=None)
    list_ = lists.make(session, room.sender, "Rivers", by=room.ada)
    lists.put(session, list_, [cleo.id], by=room.ada)
    release = make_release(session, room)
    address(session, room, release, Audience(lists=(Part(list_.id, "Rivers"),)))
    assert releases.why(session, release, cleo).reason is Exclusion.NOT_SUBSCRIBED
    [wave] = leave(session, room, release)
    assert plan.write(session, wave) == 0
    assert rows(session, release)[cleo.id].exclusion is Exclusion.NOT_SUBSCRIBED


def test_what_belongs_to_another_newsroom_is_not_there(session: Session) -> None:
    room, other = make_newsroom(session), make_newsroom(session)
    theirs = lists.make(session, other.sender, "Theirs", by=other.ada)
    stranger = make_journalist(session, other)
    release = make_release(session, room)
    for audience in (
        Audience(lists=(Part(theirs.id, "Theirs"),)),
        Audience(without=Conditions(lists=(theirs.id,))),
        Audience(without=Conditions(persons=(stranger.id,))),
        Audience(within=Conditions(topics=(other.topic.id,))),
    ):
        with pytest.raises(NotFound):
            address(session, room, release, audience)


@pytest.mark.parametrize(
    "stages",
    [
        (Stage("tier 1", Conditions(tiers=(1,)), 5), Stage("all", Conditions(), 10)),
        (Stage("tier 1", Conditions(tiers=(1,)), 0), Stage("tier 2", Conditions(tiers=(2,)), 10)),
        (Stage("all", Conditions(), 0), Stage("rest", Conditions(), 10)),
        (Stage("tier 1", Conditions(tiers=(1,)), 0), Stage("all", Conditions(), 0)),
        (Stage("tier 1", Conditions(tiers=(1,)), 0), Stage("all", Conditions(), 8 * 24 * 60)),
        (
            Stage("tier 1", Conditions(tiers=(1,)), 0),
            Stage("tier 2", Conditions(tiers=(2,)), None),
            Stage("all", Conditions(), 30),
        ),
    ],
)
def test_stages_that_cannot_follow_each_other_are_refused(session: Session, stages: tuple[Stage, ...]) -> None:
    room = make_newsroom(session)
    with pytest.raises(audiences.BadStages):
        address(session, room, make_release(session, room), Audience(stages=stages))
