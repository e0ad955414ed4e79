"""What is posted about: for each route that changes a release, a row that it can change, and a form that does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO

from sqlalchemy.orm import Session

from service import approvals, notices, pitches, releases
from service.models import Attachment, DeliveryState, Edition, NoticeKind, Release, ReleaseState, Wave
from service.newsroom import embargo, kit
from service.notices import Words
from tests.factories import Newsroom, make_journalist, make_release, now
from tests.ledgers import make_ledger
from tests.service.web.office import send_a_release

S = DeliveryState


@dataclass(frozen=True, slots=True)
class Subject:
    """The arguments of an address, and what its form gives: text, or a file."""

    values: Mapping[str, object]
    form: Mapping[str, object] = field(default_factory=dict)

    def body(self) -> dict[str, object]:
        """The form, for one post: its files are read only once."""
        return {
            name: (BytesIO(value), "file.csv") if isinstance(value, bytes) else value
            for name, value in self.form.items()
        }


Subjects = dict[str, Subject]
"""By endpoint, or by blueprint for all of its endpoints that are not named."""


def of(release: Release, **form: object) -> Subject:
    """A release, in English where its language is asked for."""
    return Subject({"id_": release.id, "language": "en", "number": 2}, form)


def releases_under_way(session: Session, room: Newsroom) -> Subjects:
    """One that is being sent with a wave to come, one paused, one sent with what failed, one each to be decided."""
    sending, paused = send_a_release(session, room), send_a_release(session, room)
    session.add(Wave(release_id=sending.id, revision_id=sending.revision_id, number=2, stage=1))
    releases.pause(session, paused, by=room.ada)
    people = [(make_journalist(session, room), state) for state in (S.ACCEPTED, S.FAILED, S.UNCERTAIN)]
    sent = make_ledger(session, room, people).release
    sent.state, sent.finished_at = ReleaseState.SENT, now()
    session.flush()
    make_journalist(session, room, "Late Comer")
    return {
        "releases": of(sending),
        "releases.resume": of(paused),
        "releases.extend": of(sent),
        "audience.start": of(sending),
        "audience.drop": of(sending),
        "deliveries.settle": of(sent, verdict="arrived", delivery="all"),
        "deliveries.try_again": of(sent, state="failed"),
        "pitches.begin": of(sent, **{"said-en": "Did it reach you?"}),
        "readers.withdraw": of(sending, reason="It was not so"),
        **_notices(session, room, sent),
    }


def _notices(session: Session, room: Newsroom, sent: Release) -> Subjects:
    said = [Words("en", "UPDATE: River levels fall", "They fell further.", "")]
    written = {"kind": "correction", "headline-en": "CORRECTION: River levels rise", "lead-en": "Levels rose."}
    waiting, approved = (
        notices.begin(session, send_a_release(session, room), NoticeKind.UPDATE, said, by=room.ada) for _ in range(2)
    )
    approvals.approve(session, approved, by=room.ben)
    return {
        "notices.begin": of(sent, **written),
        "notices.approve": of(waiting),
        "notices.send": of(approved),
        "notices.hurry": of(waiting, agreed=str(room.ben.id), reason="People drink of it"),
    }


def releases_to_come(session: Session, room: Newsroom) -> Subjects:
    """Drafts with a note and a file, one waiting for a word, one approved, one scheduled."""
    draft, other, asked, approved, scheduled = (
        make_release(session, room, embargo=embargo_at) for embargo_at in (*(None,) * 4, now() + timedelta(days=1))
    )
    other.editions.append(Edition(language="ru", headline="Реки мелеют", position=1))
    reader, other_reader = (make_journalist(session, room, "Dana Reader") for _ in range(2))
    pitches.say(session, draft, "For your readers.", by=room.ada, topic=room.topic)
    [note] = pitches.of(session, draft)
    file, theirs = (_file(session, room, release) for release in (draft, other))
    approvals.request(session, asked, by=room.ada, note="")
    approvals.approve(session, approved, by=room.ben)
    approvals.approve(session, scheduled, by=room.ben)
    releases.schedule(session, scheduled, now() + timedelta(days=1), by=room.ada)
    early = embargo.accredit(session, scheduled, reader, by=room.ada)
    seen = releases.digest_of(releases.frozen_of(session, asked)).hex()
    decided = {"digest": seen, "comments": "Say who counted", "reason": "The floods are here, and nobody answers"}
    words = {
        "headline": "Levels rise",
        "lead": "They rose.",
        "version": str(draft.editions[0].version),
    }
    return {
        "writing.write": Subject({}, {"newsroom": room.sender.slug, "headline": "Levels rise", "topics": "water"}),
        "writing": of(draft, **words),
        "writing.add": of(draft, language="fr"),
        "writing.drop": of(other),
        "writing.rearrange": of(draft, topics="water", zone="Asia/Almaty"),
        "audience": of(draft, topics="water", countries="KZ", who=reader.address),
        "checks": of(draft),
        "pitches.say": of(draft, note="For you", topic="water"),
        "pitches.drop": of(draft, pitch=str(note.id)),
        "proofs": of(draft, people=str(room.ada.id), languages="en"),
        "media": Subject({"id_": draft.id, "key": file.key}, {"caption": "The dam"}),
        "media.add": of(draft, file=b"Levels, in metres", caption="A table"),
        "media.again": of(draft, file=str(theirs.id)),
        "approvals.ask": of(draft, note="The minister speaks at nine"),
        "approvals": of(asked, **decided),
        "schedules.schedule": of(approved, when="now"),
        "schedules.undo": of(scheduled),
        "readers": Subject({"id_": scheduled.id, "reader": early.id}, {"address": other_reader.address}),
    }


def _file(session: Session, room: Newsroom, release: Release) -> Attachment:
    return kit.attach(session, release, "levels.csv", "text/csv", b"day,metres\n1,2\n", by=room.ada)
