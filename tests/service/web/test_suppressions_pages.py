"""The list of suppressed addresses: who sees it, what it proves, and what a person does about it."""

import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service import accounts, addresses, suppressions
from service.models import Account, Journalist, Role, SuppressionReason
from tests.factories import Newsroom, make_account, make_newsroom
from tests.service.standings.town import Person
from tests.service.web.conftest import Browser, csrf

R = SuppressionReason


def with_role(session: Session, room: Newsroom, *roles: Role) -> Account:
    account = make_account("Fay Keeper")
    session.add(account)
    session.flush()
    accounts.grant(session, account, room.sender, roles)
    return account


@pytest.fixture
def fay(session: Session, signed_in: Browser, newsroom: Newsroom) -> FlaskClient:
    """Who looks after the journalists of the newsroom."""
    return signed_in(with_role(session, newsroom, Role.JOURNALISTS))


@pytest.fixture
def cleo(session: Session, newsroom: Newsroom) -> Person:
    """Somebody whose address was refused twice."""
    person = Person(session, newsroom)
    person.bounced(9)
    person.bounced(1)
    return person


def post(client: FlaskClient, path: str, **fields: object) -> tuple[int, str]:
    answer = client.post(path, data=csrf(client, "/releases") | fields)
    return answer.status_code, answer.text


def entry(session: Session, room: Newsroom) -> suppressions.Entry:
    [found] = suppressions.entries(session, [room.sender.id])
    return found


def test_each_has_its_proof_its_date_and_who_did_it(fay: FlaskClient, cleo: Person) -> None:
    page = fay.get("/suppressions").text
    assert cleo.journalist.address in page
    assert "Bounced for good" in page
    assert "The address was refused as dead on" in page
    assert "550 no" in page
    assert "the service" in page
    assert "1 address" in page


def test_nobody_is_suppressed_yet(fay: FlaskClient) -> None:
    page = fay.get("/suppressions").text
    assert "No address is suppressed" in page
    assert "Addresses come here by themselves" in page


def test_who_writes_sees_neither_the_list_nor_the_way_to_it(signed_in: Browser, newsroom: Newsroom) -> None:
    ada = signed_in(newsroom.ada)
    assert ada.get("/suppressions").status_code == 403
    assert ada.get("/suppressions.csv").status_code == 403
    assert "/suppressions" not in ada.get("/releases").text


def test_who_reads_reports_looks_on_without_addresses_and_changes_nothing(
    session: Session, signed_in: Browser, newsroom: Newsroom, cleo: Person
) -> None:
    gus = signed_in(with_role(session, newsroom, Role.REPORTS))
    page = gus.get("/suppressions").text
    assert cleo.journalist.address not in page
    assert addresses.masked(cleo.journalist.address) in page
    assert cleo.journalist.address not in gus.get("/suppressions.csv").text
    id_ = entry(session, newsroom).id
    assert gus.get(f"/suppressions/{id_}/lift").status_code == 403
    assert post(gus, f"/suppressions/{id_}/lift", note="x")[0] == 403
    assert gus.get("/suppressions/add").status_code == 403
    assert post(gus, "/suppressions/add", address="x@y.example", note="x", sender=str(newsroom.sender.id))[0] == 403
    assert cleo.reason is R.BOUNCE


def test_another_newsrooms_list_is_not_there(session: Session, signed_in: Browser, cleo: Person) -> None:
    other = make_newsroom(session)
    stranger = signed_in(with_role(session, other, Role.JOURNALISTS))
    assert cleo.journalist.address not in stranger.get("/suppressions").text
    id_ = entry(session, cleo.room).id
    assert stranger.get(f"/suppressions/{id_}/lift").status_code == 404
    assert post(stranger, f"/suppressions/{id_}/lift", note="x")[0] == 404
    foreign = post(stranger, "/suppressions/add", address="x@y.example", note="x", sender=str(cleo.room.sender.id))
    assert foreign[0] == 403


def test_the_list_is_filtered_by_reason_domain_and_day(fay: FlaskClient, session: Session, cleo: Person) -> None:
    other = Person(session, cleo.room, address="eli@radio.kz")
    other.bounced(1)
    for query, here, gone in (
        ("reason=resting", other, cleo),
        ("reason=bounce", cleo, other),
        ("domain=radio.kz", other, cleo),
        ("domain=RADIO.kz", other, cleo),
    ):
        page = fay.get(f"/suppressions?{query}").text
        assert (here.journalist.address in page, gone.journalist.address in page) == (True, False), query
    assert cleo.journalist.address in fay.get("/suppressions?since=2020-01-01").text
    assert "No address is like that" in fay.get("/suppressions?since=2999-01-01").text


@pytest.mark.parametrize("query", ["reason=nonsense", "since=yesterday", "found=xyz"])
def test_a_filter_that_is_none_is_refused(fay: FlaskClient, query: str) -> None:
    assert fay.get(f"/suppressions?{query}").status_code == 422


def test_an_address_is_found_by_typing_it_and_stands_in_no_address_of_a_page(fay: FlaskClient, cleo: Person) -> None:
    data = csrf(fay, "/suppressions") | {"address": cleo.journalist.address.upper()}
    answer = fay.post("/suppressions/find", data=data)
    assert answer.status_code == 302
    assert "daily" not in answer.location.lower()
    assert cleo.journalist.address in fay.get(answer.location).text
    nobody = fay.post("/suppressions/find", data=csrf(fay, "/suppressions") | {"address": "nobody@daily.example"})
    assert "No address is like that" in fay.get(nobody.location).text
    assert post(fay, "/suppressions/find", address="no address")[0] == 422


def test_the_csv_says_the_same_and_computes_nothing(fay: FlaskClient, session: Session, cleo: Person) -> None:
    cleo.session.get_one(Journalist, cleo.journalist.id).name = "=cmd()"
    session.flush()
    table = fay.get("/suppressions.csv?reason=bounce")
    assert table.headers["Content-Disposition"] == "attachment; filename=suppressions.csv"
    [header, line] = table.text.lstrip("\ufeff").splitlines()
    assert header.startswith("address,name,newsroom,reason,")
    assert line.startswith(f"{cleo.journalist.address},'=cmd(),")


def test_lifting_is_asked_on_a_page_that_names_the_address_and_the_effect(
    fay: FlaskClient, session: Session, cleo: Person
) -> None:
    path = f"/suppressions/{entry(session, cleo.room).id}/lift"
    page = fay.get(path).text
    assert cleo.journalist.address in page
    assert "The next release goes to it again" in page
    assert "Go back, change nothing" in page
    assert cleo.reason is R.BOUNCE
    assert post(fay, path, note="")[0] == 422
    assert post(fay, path, note="ask cleo@daily.example")[0] == 422
    assert cleo.reason is R.BOUNCE
    assert post(fay, path, note="their server was down, they told us")[0] == 302
    assert cleo.reason is None
    assert post(fay, path, note="again")[0] == 404


@pytest.mark.parametrize("reason", [R.COMPLAINT, R.UNSUBSCRIBED])
def test_a_persons_no_is_lifted_at_their_word_alone(
    fay: FlaskClient, session: Session, newsroom: Newsroom, reason: SuppressionReason
) -> None:
    dana = Person(session, newsroom)
    suppressions.add(session, dana.journalist.fingerprint, reason, sender=newsroom.sender)
    path = f"/suppressions/{entry(session, newsroom).id}/lift"
    assert "Only the person takes it back" in fay.get(path).text
    assert post(fay, path, note="we like her")[0] == 422
    assert dana.reason is reason
    assert post(fay, path, note="her mail of 3 May", their_word="yes")[0] == 302
    assert dana.reason is None
    assert dana.changes == ["suppressed", "open"]


def test_an_erased_person_is_brought_back_by_nobody(fay: FlaskClient, session: Session, newsroom: Newsroom) -> None:
    suppressions.add(session, "gone@daily.example", R.ERASED, sender=newsroom.sender)
    path = f"/suppressions/{entry(session, newsroom).id}/lift"
    assert "in no other way" in fay.get(path).text
    assert post(fay, path, note="x", their_word="yes")[0] == 422


def test_one_is_added_by_hand(fay: FlaskClient, session: Session, newsroom: Newsroom) -> None:
    ours = str(newsroom.sender.id)
    status, page = post(fay, "/suppressions/add", address="not one", note="a competitor", sender=ours)
    assert status == 422
    assert 'value="a competitor"' in page
    assert post(fay, "/suppressions/add", address="rival@daily.example", note="a competitor", sender=ours)[0] == 302
    found = entry(session, newsroom)
    assert (found.reason, found.evidence, found.who) == (R.BY_HAND, "a competitor", "Fay Keeper")
    assert "rival" not in fay.get("/suppressions").text


def test_for_every_newsroom_only_an_administrator_adds(
    fay: FlaskClient, session: Session, signed_in: Browser, newsroom: Newsroom
) -> None:
    assert post(fay, "/suppressions/add", address="rival@daily.example", note="x", sender="")[0] == 403
    boss = signed_in(with_role(session, newsroom, Role.ADMINISTER))
    assert post(boss, "/suppressions/add", address="rival@daily.example", note="x", sender="")[0] == 302
    assert suppressions.holds(session, "rival@daily.example", make_newsroom(session).sender)


def test_many_are_imported_from_a_file_and_faults_are_told_by_line(
    fay: FlaskClient, session: Session, newsroom: Newsroom
) -> None:
    text = b"email;why\na@daily.example;x\nnonsense\nb@daily.example;y\nA@daily.example;again\n"
    fields = {"note": "from the old tool", "sender": str(newsroom.sender.id), **csrf(fay, "/releases")}
    data: dict[str, object] = {**fields, "file": (io.BytesIO(text), "old.csv")}
    assert fay.post("/suppressions/import", data=data, content_type="multipart/form-data").status_code == 302
    page = fay.get("/suppressions").text
    assert "2 addresses are mailed no more." in page
    assert "No address in line 3." in page
    assert suppressions.count(session, [newsroom.sender.id]) == 2
