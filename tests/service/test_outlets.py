"""Newspapers, agencies, stations and sites."""

from sqlalchemy.orm import Session

from service import outlets
from tests.factories import make_newsroom


def test_an_outlet_is_made_once_for_each_sender(session: Session) -> None:
    newsroom, other = make_newsroom(session), make_newsroom(session)
    first = outlets.named(session, newsroom.sender, ["Daily", "Степь", "", "Daily"])
    again = outlets.named(session, newsroom.sender, [" Daily\n", "Herald"])
    assert set(first) == {"Daily", "Степь"}
    assert again[" Daily\n"] == first["Daily"]
    assert outlets.named(session, other.sender, ["Daily"])["Daily"] != first["Daily"]
    assert set(outlets.names(session, newsroom.sender).values()) == {"Daily", "Степь", "Herald"}
    assert outlets.named(session, newsroom.sender, []) == {}
