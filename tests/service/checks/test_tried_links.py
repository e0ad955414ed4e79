"""Links that were tried: once for each address, some at once, and what they answered is kept for the checks."""

from sqlalchemy.orm import Session

from service import audit, checks, releases
from service.checks import Answer, Kind
from service.models import Trial
from tests.factories import make_journalist, make_newsroom, make_release

DATA = "https://rivers.example.org/data"


def gone_or_inside(url: str) -> Answer:
    """A web on which the data is gone, and our own judgement of everything else: it asks nothing of the inside."""
    return Answer(Trial.DEAD, 404) if url == DATA else checks.knock(url)


def test_what_links_answered_is_found_by_the_checks_until_they_are_tried_again(session: Session) -> None:
    room = make_newsroom(session)
    make_journalist(session, room, language="kk")
    release = make_release(session, room)
    body = f"See [the data]({DATA}), {DATA} and http://10.0.0.8/draft."
    releases.edit(session, release, "en", by=room.ada, body=body)
    assert checks.to_try(session, release) == [DATA, "http://10.0.0.8/draft"]

    answers = checks.try_all(checks.to_try(session, release), by=gone_or_inside)
    assert answers["http://10.0.0.8/draft"].trial is Trial.PRIVATE
    checks.keep(session, release, answers, by=room.ada)
    kinds = {check.kind for check in checks.of(session, release)}
    assert {Kind.LINK_DEAD, Kind.LINK_INSIDE, Kind.TRANSLATION_MISSING} <= kinds
    assert audit.of(session, release)[-1].act == "links tried"

    checks.keep(session, release, {DATA: Answer(Trial.ALIVE, 200)}, by=room.ada)
    assert Kind.LINK_DEAD not in {check.kind for check in checks.of(session, release)}


def test_one_that_fails_to_be_tried_is_unsure_and_the_others_are_told() -> None:
    def knock(url: str) -> Answer:
        if "bad" in url:
            raise RuntimeError(url)
        return Answer(Trial.ALIVE, 200)

    found = checks.try_all(["https://bad.example", "https://good.example"], by=knock)
    assert {url: one.trial for url, one in found.items()} == {
        "https://bad.example": Trial.UNSURE,
        "https://good.example": Trial.ALIVE,
    }
