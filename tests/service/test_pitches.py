"""What is said above a release is for those it is said to, is approved with it, and goes with the person."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from service import approvals, deliveries, journalists, pitches, releases
from service.models import DeliveryState, Journalist, Release, ReleaseState
from service.releases.preview import part, preview, reader_of
from service.releases.revisions import NoteChanged
from tests.factories import Newsroom, make_journalist, make_newsroom, make_release, now
from tests.ledgers import make_ledger

NOTE = "Dear Cleo, your readers on the Ishim will want the table."


@pytest.fixture
def room(session: Session) -> Newsroom:
    return make_newsroom(session)


@pytest.fixture
def release(session: Session, room: Newsroom) -> Release:
    return make_release(session, room)


def shown(session: Session, release: Release, journalist: Journalist | None, kind: str = "plain") -> str:
    return part(preview(session, release, "en", reader_of(session, release, journalist)), kind)


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_note_stands_above_the_headline_of_whom_it_is_for_and_of_nobody_else(
    session: Session, room: Newsroom, release: Release, kind: str
) -> None:
    cleo, dana = make_journalist(session, room), make_journalist(session, room)
    pitches.say(session, release, NOTE, by=room.ada, journalist=cleo)

    hers = shown(session, release, cleo, kind)

    assert hers.index(NOTE) < hers.rindex("River levels fall")
    assert NOTE not in shown(session, release, dana, kind)


def test_what_is_said_to_a_person_goes_before_what_is_said_to_her_topic(
    session: Session, room: Newsroom, release: Release
) -> None:
    cleo, dana = make_journalist(session, room), make_journalist(session, room)
    pitches.say(session, release, "To all of the water press.", by=room.ada, topic=room.topic)
    pitches.say(session, release, NOTE, by=room.ada, journalist=cleo)

    assert "To all of the water press." in shown(session, release, dana)
    assert "To all of the water press." not in shown(session, release, cleo)


def test_a_second_note_for_the_same_person_takes_the_place_of_the_first(
    session: Session, room: Newsroom, release: Release
) -> None:
    cleo = make_journalist(session, room)
    for note in (NOTE, "Dear Cleo, forget the table."):
        pitches.say(session, release, note, by=room.ada, journalist=cleo)

    [only] = pitches.of(session, release)

    assert (only.note, only.journalist) == ("Dear Cleo, forget the table.", "Cleo Reader")
    pitches.take_back(session, release, only.id, by=room.ada)
    assert pitches.of(session, release) == []


def test_a_note_voids_the_approval(session: Session, room: Newsroom, release: Release) -> None:
    approvals.approve(session, release, by=room.ben)
    pitches.say(session, release, NOTE, by=room.ada, topic=room.topic)
    assert release.state is ReleaseState.DRAFT


@pytest.mark.parametrize("note", ["", "  \n ", "x" * (pitches.LONGEST + 1)])
def test_a_note_has_words_and_not_too_many(session: Session, room: Newsroom, release: Release, note: str) -> None:
    with pytest.raises(pitches.BadNote):
        pitches.say(session, release, note, by=room.ada, topic=room.topic)


def test_a_note_is_for_this_newsrooms_people(session: Session, room: Newsroom, release: Release) -> None:
    stranger = make_newsroom(session)
    for whom in ({"journalist": make_journalist(session, stranger)}, {"topic": stranger.topic}, {}):
        with pytest.raises(pitches.NotForThem):
            pitches.say(session, release, NOTE, by=room.ada, **whom)


def test_what_a_person_got_is_rendered_again_with_the_note_and_refused_when_it_was_changed_since(
    session: Session, room: Newsroom
) -> None:
    cleo = make_journalist(session, room)
    made = make_ledger(session, room, [(cleo, DeliveryState.ACCEPTED)])
    delivery = made.deliveries[0]
    session.execute(
        text("INSERT INTO pitch (release_id, journalist_id, note) VALUES (:release, :cleo, :note)"),
        {"release": made.release.id, "cleo": cleo.id, "note": NOTE},
    )
    revision = releases.freeze(session, made.release, by=room.ada)
    session.execute(
        text("UPDATE wave SET revision_id = :id WHERE id = :wave"), {"id": revision.id, "wave": made.wave.id}
    )
    session.expire_all()
    delivery.attempted_at = now()

    assert NOTE.encode() in deliveries.message(session, delivery)

    session.execute(text("UPDATE pitch SET note = 'Something else'"))
    with pytest.raises(NoteChanged):
        deliveries.message(session, delivery)


def test_a_note_is_forgotten_with_the_person_and_what_was_approved_stands(
    session: Session, room: Newsroom, release: Release
) -> None:
    cleo = make_journalist(session, room)
    pitches.say(session, release, NOTE, by=room.ada, journalist=cleo)
    approvals.approve(session, release, by=room.ben)

    journalists.erase(session, cleo)

    kept = session.scalars(text("SELECT content::text FROM revision")).all()
    assert pitches.of(session, release) == []
    assert not any("Ishim" in words for words in kept)
    assert release.state is ReleaseState.APPROVED
