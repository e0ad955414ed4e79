"""What changed between two versions of a release, and who may write over whom."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from service import approvals, releases
from service.models import ReleaseState
from service.releases import ChangedMeanwhile
from service.releases.versions import Change, pieces
from tests.factories import make_newsroom, make_release


@given(st.text(max_size=200), st.text(max_size=200))
def test_both_texts_can_be_read_out_of_their_difference(before: str, after: str) -> None:
    found = pieces(before, after)
    assert "".join(piece.words for piece in found if piece.change is not Change.ADDED) == before
    assert "".join(piece.words for piece in found if piece.change is not Change.REMOVED) == after


def test_a_changed_word_is_shown_and_nothing_else(session: Session) -> None:
    newsroom = make_newsroom(session)
    release = make_release(session, newsroom, headline="River levels fall")
    first = releases.freeze(session, release, by=newsroom.ada)
    releases.edit(session, release, "en", by=newsroom.ada, headline="River levels rise")
    second = releases.freeze(session, release, by=newsroom.ada)

    before, after = (releases.version(session, release, one.number) for one in (first, second))
    [difference] = releases.differences(before, after)
    assert (difference.language, difference.field) == ("en", "headline")
    assert [(piece.change, piece.words) for piece in difference.pieces] == [
        (Change.KEPT, "River levels "),
        (Change.REMOVED, "fall"),
        (Change.ADDED, "rise"),
    ]
    assert [one.number for one in releases.versions(session, release)] == [2, 1]


def test_nobody_writes_over_words_she_has_not_seen(session: Session) -> None:
    newsroom = make_newsroom(session)
    release = make_release(session, newsroom)
    seen = releases.edition_in(release, "en").version
    releases.edit(session, release, "en", by=newsroom.ada, seen=seen, lead="Ada's lead.")

    with pytest.raises(ChangedMeanwhile):
        releases.edit(session, release, "en", by=newsroom.ada, seen=seen, lead="Somebody's lead.")
    assert releases.edition_in(release, "en").lead == "Ada's lead."


def test_saving_the_same_words_voids_no_approval(session: Session) -> None:
    newsroom = make_newsroom(session)
    release = make_release(session, newsroom)
    approvals.approve(session, release, by=newsroom.ben)
    edition = releases.edition_in(release, "en")
    states: list[ReleaseState] = []
    for lead in (edition.lead, "Another lead."):
        releases.edit(session, release, "en", by=newsroom.ada, seen=edition.version, lead=lead)
        states.append(release.state)
    assert states == [ReleaseState.APPROVED, ReleaseState.DRAFT]
