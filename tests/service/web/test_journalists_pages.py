"""Journalists on pages: who sees them, one person's page, and what is done about them."""

import csv
import io
import json
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service import accounts, audiences, imports, journalists, subscriptions
from service.imports.sheet import open_
from service.journalists import listing
from service.journalists.narrowing import Wanted
from service.models import AuditEntry, Journalist, Role, SubscriptionState
from tests.factories import Newsroom, make_delivery, make_journalist, make_newsroom
from tests.service.web.conftest import Browser, csrf
from tests.service.web.test_suppressions_pages import with_role


@pytest.fixture
def fay(session: Session, signed_in: Browser, newsroom: Newsroom) -> FlaskClient:
    """Who looks after the journalists of the newsroom."""
    return signed_in(with_role(session, newsroom, Role.JOURNALISTS))


def post(client: FlaskClient, path: str, **fields: object) -> tuple[int, str]:
    answer = client.post(path, data=csrf(client, "/releases") | fields)
    return answer.status_code, answer.text


def test_the_list_is_searched_narrowed_and_shown_to_who_looks_after_it(
    session: Session, signed_in: Browser, fay: FlaskClient, newsroom: Newsroom
) -> None:
    make_journalist(session, newsroom, "Cleo Lindqvist", address="cleo@daily.example", country="DE")
    make_journalist(session, newsroom, "Анна <b>Иванова</b>", subscribed=None)
    assert "Cleo Lindqvist" in fay.get("/journalists").text
    found = fay.get("/journalists?q=lind+dail").text
    assert "Cleo Lindqvist" in found
    assert "Анна" not in found
    assert "Анна &lt;b&gt;" in fay.get("/journalists?q=анна&state=unconfirmed").text
    assert "Nobody is like that" in fay.get("/journalists?country=DE&tier=1").text
    assert fay.get("/journalists?state=none").status_code == 422
    assert signed_in(newsroom.ada).get("/journalists").status_code == 403


def test_other_newsrooms_people_are_nobody(session: Session, fay: FlaskClient) -> None:
    theirs = make_newsroom(session)
    dana = make_journalist(session, theirs, "Dana Other")
    eli = make_journalist(session, theirs, "Eli Other")
    assert fay.get(f"/journalists?newsroom={theirs.sender.slug}").status_code == 404
    for path in ("", "/edit", "/contact", "/erase", f"/merge/{eli.id}"):
        assert fay.get(f"/journalists/{dana.id}{path}").status_code == 404
    for path in ("/notes", "/edit", "/contact", "/erase", "/data.json", "/merge", f"/merge/{eli.id}", "/part"):
        assert post(fay, f"/journalists/{dana.id}{path}", words="x", why="x", address=eli.address)[0] == 404
    post(fay, "/journalists/subscribe", who=[str(dana.id)], topic="water", legal_basis="x")
    assert [one.proof for one in subscriptions.of(session, dana)] == [{}]


def test_those_ticked_are_put_on_a_list_of_the_same_newsroom(
    session: Session, fay: FlaskClient, newsroom: Newsroom
) -> None:
    keeper = with_role(session, newsroom, Role.JOURNALISTS)
    ours = audiences.lists.make(session, newsroom.sender, "Exclusive", by=keeper)
    other = make_newsroom(session)
    theirs = audiences.lists.make(session, other.sender, "Theirs", by=with_role(session, other, Role.JOURNALISTS))
    who = [str(make_journalist(session, newsroom).id), str(make_journalist(session, other).id)]
    assert "Exclusive" in post(fay, "/journalists/chosen", who=who)[1]
    assert post(fay, "/journalists/list", who=who, list=str(theirs.id))[0] == 404
    assert post(fay, "/journalists/list", who=who, list=str(ours.id))[0] == 302
    assert [str(person.id) for person, _ in audiences.lists.members(session, ours)] == who[:1]


def test_a_person_is_added_on_legal_grounds_or_not_at_all(
    session: Session, fay: FlaskClient, newsroom: Newsroom
) -> None:
    given = {"address": "new@daily.example", "name": "New", "language": "ru", "zone": "UTC", "tier": "1"}
    status, page = post(fay, "/journalists/add", **given, topics=["water"])
    assert status == 422
    assert "legal basis" in page
    assert post(fay, "/journalists/add", **given, topics=["water"], legal_basis="Asked by phone")[0] == 302
    person = journalists.by_address(session, newsroom.sender, "new@daily.example")
    [subscription] = subscriptions.of(session, person)
    assert (subscription.proof["how"], subscription.proof["legal_basis"]) == ("by-hand", "Asked by phone")
    assert "Asked by phone" in fay.get(f"/journalists/{person.id}").text
    status, page = post(fay, "/journalists/add", **given, legal_basis="again")
    assert status == 422
    assert "is here already" in page


def test_the_page_of_a_person_tells_what_was_sent_and_keeps_notes(
    session: Session, fay: FlaskClient, newsroom: Newsroom
) -> None:
    cleo = make_journalist(session, newsroom)
    delivery = make_delivery(session, newsroom, cleo)
    page = fay.get(f"/journalists/{cleo.id}").text
    assert f"/deliveries/{delivery.id}" in page
    assert "River levels fall" in page
    assert post(fay, f"/journalists/{cleo.id}/notes", words=" ")[0] == 422
    assert post(fay, f"/journalists/{cleo.id}/notes", words="Prefers the <i>morning</i>")[0] == 302
    assert "Prefers the &lt;i&gt;morning" in fay.get(f"/journalists/{cleo.id}").text
    kept = json.loads(fay.post(f"/journalists/{cleo.id}/data.json", data=csrf(fay, "/releases")).text)
    assert kept["notes"][0]["words"] == "Prefers the <i>morning</i>"


def test_contact_no_more_needs_a_reason_and_is_taken_back_with_another(
    session: Session, fay: FlaskClient, newsroom: Newsroom
) -> None:
    cleo = make_journalist(session, newsroom)
    assert post(fay, f"/journalists/{cleo.id}/contact", why="")[0] == 422
    assert post(fay, f"/journalists/{cleo.id}/contact", why="Asked by phone")[0] == 302
    session.refresh(cleo)
    assert cleo.do_not_contact
    page = fay.get(f"/journalists/{cleo.id}").text
    assert "Not to be contacted" in page
    assert "Asked by phone" in page
    assert post(fay, f"/journalists/{cleo.id}/contact", again="yes", why="She called again")[0] == 302
    session.refresh(cleo)
    assert not cleo.do_not_contact


def test_a_person_is_edited_and_erased(session: Session, fay: FlaskClient, newsroom: Newsroom) -> None:
    cleo = make_journalist(session, newsroom)
    given = {"name": "Cleo New", "outlet": "Herald", "beat": "", "country": "", "language": "en", "zone": "Asia/Almaty"}
    assert post(fay, f"/journalists/{cleo.id}/edit", **given, tier="7")[0] == 422
    assert post(fay, f"/journalists/{cleo.id}/edit", **given, tier="1")[0] == 302
    assert listing.line(session, cleo.id).outlet == "Herald"
    journalists.notes.write(session, cleo, "a note", by=newsroom.ada)
    assert "cannot be brought back" in fay.get(f"/journalists/{cleo.id}/erase").text
    assert post(fay, f"/journalists/{cleo.id}/erase")[0] == 302
    assert fay.get(f"/journalists/{cleo.id}").status_code == 404
    session.refresh(cleo)
    assert cleo.erased_at is not None
    assert journalists.notes.of(session, cleo) == []


def test_those_ticked_are_subscribed_but_nobody_who_said_no(
    session: Session, fay: FlaskClient, newsroom: Newsroom
) -> None:
    new = make_journalist(session, newsroom, subscribed=None)
    left = make_journalist(session, newsroom, subscribed=SubscriptionState.ENDED)
    away = make_journalist(session, newsroom, subscribed=None)
    away.do_not_contact = True
    session.flush()
    who = [str(one.id) for one in (new, left, away)]
    assert "3 journalists chosen" in post(fay, "/journalists/chosen", who=who)[1]
    assert post(fay, "/journalists/subscribe", who=who, topic="water")[0] == 422
    assert post(fay, "/journalists/subscribe", who=who, topic="water", legal_basis="Briefing")[0] == 302
    states = [[one.state for one in subscriptions.of(session, each)] for each in (new, left, away)]
    assert states == [[SubscriptionState.CONFIRMED], [SubscriptionState.ENDED], []]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_as_a_file_computes_nothing_and_is_written_down(
    session: Session, fay: FlaskClient, newsroom: Newsroom, kind: str
) -> None:
    make_journalist(session, newsroom, '=HYPERLINK("http://evil.example")', address="cleo@daily.example")
    answer = fay.post(f"/journalists.{kind}?q=cleo", data=csrf(fay, "/releases"))
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))[1:]
    else:
        rows = [cells for _, cells in open_(answer.data).rows]
        assert b"<f>" not in answer.data
    assert rows[0][:2] == ['\'=HYPERLINK("http://evil.example")', "cleo@daily.example"]
    acts = session.query(AuditEntry).filter_by(act="journalists exported").all()
    assert [(entry.detail["number"], entry.detail["kind"]) for entry in acts] == [(1, kind)]


def test_two_entries_are_compared_merged_and_parted_on_pages(
    session: Session, fay: FlaskClient, newsroom: Newsroom
) -> None:
    old = make_journalist(session, newsroom, "Cleo Lindqvist")
    new = make_journalist(session, newsroom, "Cleo Lindqvist", subscribed=None)
    assert f"/journalists/{old.id}/merge/{new.id}" in fay.get("/journalists/duplicates").text
    assert "Two entries, one person?" in fay.get(f"/journalists/{old.id}/merge/{new.id}").text
    assert post(fay, f"/journalists/{old.id}/merge/{new.id}", kept=str(new.id))[0] == 302
    assert fay.get(f"/journalists/{old.id}").location == f"/journalists/{new.id}"
    page = fay.get(f"/journalists/{new.id}").text
    assert old.address in page
    [(merge, _)] = journalists.merges(session, new)
    assert post(fay, f"/journalists/{new.id}/part", merge=str(merge.id))[0] == 302
    assert fay.get(f"/journalists/{old.id}").status_code == 200
    assert "No duplicates found" in fay.get("/journalists/duplicates").text


def test_a_file_goes_in_by_pages_with_its_faults_in_their_cells(
    session: Session, fay: FlaskClient, newsroom: Newsroom
) -> None:
    data = "Почта;Имя;Уровень\nnew@daily.example;Новая;1\nbad;=1+1;\nb@daily.example;B;9\n".encode("cp1251")

    def upload(content: bytes) -> tuple[int, str]:
        fields = csrf(fay, "/releases") | {"file": (io.BytesIO(content), "press.csv")}
        answer = fay.post("/journalists/import", data=fields, content_type="multipart/form-data")
        return answer.status_code, answer.location or answer.text

    assert upload(b"x")[0] == 302  # a header without rows: its columns are asked for
    assert upload(b'email\n"')[0] == 422
    assert upload(b"x" * 20_000_001)[0] == 422
    assert upload(b"x" * 21_000_000)[0] == 413
    status, page = upload(data)
    assert status == 302
    assert "Новая" in fay.get(page).text
    columns = {"email": "0", "name": "1", "tier": "2", "topics": "", "subscribe_to": ["water"]}
    assert post(fay, f"{page}/check", **columns)[0] == 422
    assert post(fay, f"{page}/check", **columns | {"name": "0"}, legal_basis="Briefing")[0] == 422
    assert post(fay, f"{page}/check", **columns, legal_basis="Briefing")[0] == 302
    told = fay.get(page).text
    assert "1 journalist would be added" in told
    assert "<mark><bdi>bad</bdi></mark>" in told
    assert listing.people(session, newsroom.sender, Wanted()).total == 0
    assert post(fay, f"{page}/begin")[0] == 302
    assert "Being imported" in fay.get(f"{page}/live").text
    while imports.step(session, UUID(page.rpartition("/")[2])):
        pass
    assert "1 journalist added" in fay.get(page).text
    left_out = fay.post(f"{page}/remarks.csv", data=csrf(fay, "/releases")).text
    assert "'=1+1" in left_out
    assert "is no tier" in left_out
    assert "1 journalist that it added" in fay.get(f"{page}/undo").text
    assert post(fay, f"{page}/undo")[0] == 302
    assert session.query(Journalist).filter_by(sender_id=newsroom.sender.id).count() == 0


def test_files_of_another_newsroom_are_none(session: Session, fay: FlaskClient, signed_in: Browser) -> None:
    theirs = make_newsroom(session)
    accounts.grant(session, theirs.ada, theirs.sender, [Role.JOURNALISTS])
    gus = signed_in(theirs.ada)
    fields = csrf(gus, "/releases") | {"file": (io.BytesIO(b"email\na@b.example\n"), "a.csv")}
    page = gus.post("/journalists/import", data=fields, content_type="multipart/form-data").location
    for path in ("", "/columns", "/live", "/undo"):
        assert fay.get(f"{page}{path}").status_code == 404
    for path in ("/again", "/check", "/begin", "/drop", "/undo", "/remarks.csv"):
        assert post(fay, f"{page}{path}")[0] == 404
