"""Ada says whom a release is for, sees how many that is and why, keeps lists and segments, and starts waves."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import approvals, releases
from service.audiences import Audience, Conditions, Stage, lists, segments
from service.models import Journalist, ListMember, PressList, Release, ReleaseState, Segment, Wave
from tests.factories import Newsroom, make_journalist, make_newsroom, make_release, now
from tests.service.web.conftest import Browser, csrf
from workers.sending import plan


@pytest.fixture
def ada(signed_in: Browser, newsroom: Newsroom) -> FlaskClient:
    return signed_in(newsroom.ada)


@pytest.fixture
def release(session: Session, newsroom: Newsroom) -> Release:
    return make_release(session, newsroom)


@pytest.fixture
def people(session: Session, newsroom: Newsroom) -> list[Journalist]:
    """One in Kazakhstan, one in Germany, one who said no."""
    found = [
        make_journalist(session, newsroom, "Cleo Reader", address="cleo@daily.example", country="KZ"),
        make_journalist(session, newsroom, "Dana Reader", address="dana@daily.example", country="DE"),
        make_journalist(session, newsroom, "Eli Reader", address="eli@daily.example", country="KZ"),
    ]
    found[2].do_not_contact = True
    found[0].tier = 1
    session.flush()
    return found


def page(release: Release, *more: str) -> str:
    return "/".join((f"/releases/{release.id}/audience", *more))


def choice(ada: FlaskClient, release: Release, **values: object) -> dict[str, object]:
    return {**csrf(ada, page(release)), "topics": "water", **values}


def test_the_page_says_how_many_and_why_not_the_others(
    ada: FlaskClient, release: Release, people: list[Journalist]
) -> None:
    text = ada.get(page(release)).text
    assert "2 e-mails" in text
    assert "Asked not to be contacted" in text
    assert "Cleo Reader" in text


def test_a_choice_is_kept_and_shown_again(
    ada: FlaskClient, session: Session, release: Release, people: list[Journalist]
) -> None:
    given = choice(ada, release, countries="KZ", without_persons="dana@daily.example", first="tier:1", rest_after="30")
    assert ada.post(page(release), data=given).status_code == 302
    session.refresh(release)
    assert release.audience["within"] == {"countries": ["KZ"]}
    assert release.audience["without"] == {"persons": [str(people[1].id)]}
    assert [stage["after_minutes"] for stage in release.audience["stages"]] == [0, 30]
    text = ada.get(page(release)).text
    assert "1 e-mail" in text
    assert "dana@daily.example" in text
    assert 'value="KZ" checked' in text
    assert 'name="rest_after" type="text" value="30"' in text


def test_counting_keeps_nothing(ada: FlaskClient, session: Session, release: Release, people: list[Journalist]) -> None:
    for where, more in ((page(release), {"act": "count"}), (page(release, "count"), {})):
        answer = ada.post(where, data=choice(ada, release, countries="KZ", **more))
        assert answer.status_code == 200
        assert "1 e-mail" in answer.text
        assert "In another country" in answer.text
    session.refresh(release)
    assert release.audience == {}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"topics": ""}, "topics"),
        ({"outlets": "The Moon"}, "outlets"),
        ({"without_persons": "nobody@daily.example"}, "without_persons"),
        ({"without_persons": "no address"}, "without_persons"),
        ({"first": "tier:1", "rest_after": "soon"}, "rest_after"),
        ({"first": "tier:1", "second": "tier:2", "second_after": "30", "rest_after": "30"}, "first"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    ada: FlaskClient, session: Session, release: Release, people: list[Journalist], given: dict[str, str], field: str
) -> None:
    answer = ada.post(page(release), data=choice(ada, release, **given))
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    session.refresh(release)
    assert release.audience == {}


def test_nobody_without_the_role_readdresses_it(
    signed_in: Browser, session: Session, newsroom: Newsroom, release: Release
) -> None:
    ben, stranger = signed_in(newsroom.ben), signed_in(make_newsroom(session).ada)
    assert ben.post(page(release), data={**csrf(ben, "/releases"), "topics": "water"}).status_code == 403
    assert ben.get(page(release)).status_code == 200
    for path in (page(release), f"/releases/{release.id}/waves"):
        assert stranger.get(path).status_code == 404
    assert stranger.post(page(release, "why"), data={**csrf(stranger, "/releases"), "who": "cleo"}).status_code == 404


def test_another_newsrooms_list_is_not_there(
    ada: FlaskClient, session: Session, newsroom: Newsroom, release: Release
) -> None:
    other = make_newsroom(session)
    theirs = lists.make(session, other.sender, "Theirs", by=other.ada)
    for name in ("lists", "without_lists"):
        assert ada.post(page(release), data=choice(ada, release, **{name: str(theirs.id)})).status_code == 404
    assert ada.get(f"/lists/{theirs.id}").status_code == 404
    assert ada.post(f"/lists/{theirs.id}/drop", data=csrf(ada, "/lists")).status_code == 404


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("cleo@daily.example", "Gets it, in English"),
        ("Eli", "Does not get it: asked not to be contacted"),
        ("Reader", "Which of them?"),
        ("Zoe", "Nobody found"),
    ],
)
def test_why_somebody_gets_it_or_not(
    ada: FlaskClient, release: Release, people: list[Journalist], who: str, said: str
) -> None:
    assert said in ada.post(page(release, "why"), data={**csrf(ada, page(release)), "who": who}).text


def test_a_list_is_made_filled_renamed_and_deleted(
    ada: FlaskClient, session: Session, people: list[Journalist]
) -> None:
    made = ada.post("/lists", data={**csrf(ada, "/lists"), "name": "Rivers"})
    assert ada.post("/lists", data={**csrf(ada, "/lists"), "name": "Rivers"}).status_code == 422
    path = made.location
    addresses = "cleo@daily.example\nDANA@daily.example\n\ncleo@daily.example"
    ada.post(f"{path}/people", data={**csrf(ada, path), "addresses": addresses})
    assert {"Cleo Reader", "Dana Reader"} <= {word.strip("<>/bdi") for word in ada.get(path).text.split("bdi")}
    wrong = ada.post(f"{path}/people", data={**csrf(ada, path), "addresses": "zoe@daily.example"})
    assert wrong.status_code == 422
    assert "zoe@daily.example" in wrong.text
    ada.post(f"{path}/people/{people[1].id}/off", data=csrf(ada, path))
    ada.post(f"{path}/name", data={**csrf(ada, path), "name": "Lakes"})
    assert "Lakes" in ada.get("/lists").text
    assert session.scalars(select(ListMember.journalist_id)).all() == [people[0].id]
    assert "1 journalist is on it" in ada.get(f"{path}/drop").text
    ada.post(f"{path}/drop", data=csrf(ada, f"{path}/drop"))
    assert session.scalars(select(PressList)).all() == []
    assert session.get(Journalist, people[0].id) is not None


def test_a_list_that_a_release_needs_is_not_deleted(
    ada: FlaskClient, session: Session, newsroom: Newsroom, release: Release
) -> None:
    list_ = lists.make(session, newsroom.sender, "Rivers", by=newsroom.ada)
    stages = (Stage("Rivers", Conditions(lists=(list_.id,))), Stage("all", Conditions(), None))
    releases.readdress(session, release, by=newsroom.ada, topics=[newsroom.topic], audience=Audience(stages=stages))
    answer = ada.post(f"/lists/{list_.id}/drop", data=csrf(ada, "/lists"))
    assert "River levels fall" in answer.text
    assert session.get(PressList, list_.id) is not None


def test_a_segment_is_made_changed_and_deleted(ada: FlaskClient, session: Session, people: list[Journalist]) -> None:
    given = {**csrf(ada, "/segments/new"), "name": "Kazakhstan", "countries": "KZ", "since": "2020-01-01"}
    assert ada.post("/segments/new", data={**given, "countries": "", "since": ""}).status_code == 422
    assert ada.post("/segments/new", data={**given, "since": "yesterday"}).status_code == 422
    ada.post("/segments/new", data=given)
    segment = session.scalars(select(Segment)).one()
    path = f"/segments/{segment.id}"
    assert "2 journalists" in ada.get(path).text
    ada.post(path, data={**given, "countries": "DE"})
    session.refresh(segment)
    assert segments.people(session, segment) == 1
    ada.post(f"{path}/drop", data=csrf(ada, f"{path}/drop"))
    assert session.scalars(select(Segment)).all() == []


def test_a_wave_is_started_and_dropped_by_hand(
    ada: FlaskClient, session: Session, newsroom: Newsroom, release: Release, people: list[Journalist]
) -> None:
    stages = (
        Stage("tier 1", Conditions(tiers=(1,))),
        Stage("tier 2", Conditions(tiers=(2,)), None),
        Stage("all", Conditions(), None),
    )
    releases.readdress(session, release, by=newsroom.ada, topics=[newsroom.topic], audience=Audience(stages=stages))
    approvals.approve(session, release, by=newsroom.ben)
    releases.schedule(session, release, now(), by=newsroom.ada)
    releases.start_due(session)
    session.refresh(release)
    assert release.state is ReleaseState.SENDING
    path = f"/releases/{release.id}/waves"
    assert "Start it now" not in ada.get(path).text
    first = session.scalars(select(Wave).where(Wave.release_id == release.id, Wave.number == 1)).one()
    plan.write(session, first)
    session.flush()
    assert ada.get(path).text.count("Start it now") == 1
    ada.post(f"{path}/2/start", data=csrf(ada, path))
    second = session.scalars(select(Wave).where(Wave.release_id == release.id, Wave.number == 2)).one()
    session.refresh(second)
    assert second.not_before is not None
    assert "everybody else" in ada.get(f"{path}/3/drop").text
    ada.post(f"{path}/3/drop", data=csrf(ada, f"{path}/3/drop"))
    assert [stands.wave.number for stands in releases.waves_of(session, release)] == [1, 2]
