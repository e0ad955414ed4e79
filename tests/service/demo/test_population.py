"""The invented press corps."""

from collections import Counter

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from service import addresses, topics
from service.demo.population import CASES, populate
from service.models import Journalist, Outlet, Subscription, SubscriptionState, Suppression
from tests.factories import Newsroom, make_newsroom


def _newsroom(session: Session) -> Newsroom:
    newsroom = make_newsroom(session)
    for slug in ("energy", "trade"):
        topics.add(session, newsroom.sender, slug, slug.title())
    return newsroom


def _populate(session: Session, newsroom: Newsroom, count: int, seed: int) -> list[Journalist]:
    populate(session, newsroom.sender, topics.all(session, newsroom.sender), count, seed)
    query = select(Journalist).filter_by(sender_id=newsroom.sender.id).order_by(Journalist.address)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def _standings(session: Session, newsroom: Newsroom) -> list[Row[str, str, SubscriptionState]]:
    query = select(Journalist.address, Journalist.name, Subscription.state).join(Subscription)
    query = query.where(Journalist.sender_id == newsroom.sender.id)
    return list(session.execute(query.order_by(Journalist.address, Subscription.state)).all())


def test_the_press_corps_is_of_many_countries_scripts_and_troubles(session: Session) -> None:
    newsroom = _newsroom(session)
    people = _populate(session, newsroom, 3000, seed=7)
    assert len(people) == 3000
    assert len({each.country for each in people}) >= 9
    assert {"en", "ru", "kk", "ar"} <= {each.language for each in people}
    outlets = session.scalars(select(Outlet).filter_by(sender_id=newsroom.sender.id)).all()
    assert len({outlet.name for outlet in outlets}) == 120
    tags = Counter(each.address.partition("@")[0].partition("+")[2] for each in people)
    assert set(tags) == {"", *CASES}
    assert 80 <= tags["greylist"] <= 160
    assert all(each.address.endswith(".example") for each in people)


def test_each_of_them_is_kept_as_if_added_by_hand(session: Session) -> None:
    for each in _populate(session, _newsroom(session), 300, seed=1):
        assert each.address == addresses.clean(each.address) == each.address_canonical
        assert each.fingerprint == addresses.fingerprint(each.address)
        assert each.name.isprintable()


def test_some_of_them_must_be_left_out_of_a_release(session: Session) -> None:
    newsroom = _newsroom(session)
    people = _populate(session, newsroom, 3000, seed=7)
    states = Counter(state for _, _, state in _standings(session, newsroom))
    assert states[SubscriptionState.CONFIRMED] > 3000
    assert states[SubscriptionState.ENDED] >= 15
    assert states[SubscriptionState.PENDING] >= 5
    assert 2 <= sum(each.do_not_contact for each in people) <= 25
    query = select(Suppression.fingerprint).where(Suppression.sender_id == newsroom.sender.id)
    suppressed = set(session.scalars(query)) & {each.fingerprint for each in people}
    assert 5 <= len(suppressed) <= 35


def test_the_same_seed_makes_the_same_people_and_again_changes_nothing(session: Session) -> None:
    first, second, third = _newsroom(session), _newsroom(session), _newsroom(session)
    for newsroom, seed in ((first, 5), (second, 5), (third, 6), (first, 5)):
        _populate(session, newsroom, 200, seed)
    assert _standings(session, first) == _standings(session, second) != _standings(session, third)
