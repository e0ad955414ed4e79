"""A file taken through step by step: looked at, checked, imported by a job that may be killed, undone."""

import io
import random
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from service import imports, journalists, subscriptions, suppressions
from service.errors import NotFound, Refused
from service.imports import UnreadableFile, files, remarks, running, undoing
from service.imports.columns import guess
from service.imports.sheet import open_
from service.models import ImportFile, ImportRow, ImportState, Journalist, SubscriptionState, SuppressionReason
from tests.factories import Newsroom, make_delivery, make_journalist, make_newsroom
from tests.service.imports.books import bomb, ods, xlsx

HEADER = ("Почта", "ФИО", "Издание", "Уровень")
CLEO = ("cleo@daily.example", "Клео Читатель", "Степная газета", "1")


def _run(session: Session, file: ImportFile) -> None:
    while imports.step(session, file.id):
        pass
    session.refresh(file)


def _checked(session: Session, room: Newsroom, data: bytes, *, updates: bool = False) -> ImportFile:
    file = files.give(session, room.sender, "press.csv", data, by=room.ada)
    mapping = dict(file.mapping)
    files.choose(session, file, mapping, legal_basis="Briefing", topics=[room.topic], updates=updates)
    _run(session, file)
    assert file.state is ImportState.CHECKED
    return file


def _imported(session: Session, room: Newsroom, data: bytes, *, updates: bool = False) -> ImportFile:
    """Import, having seen that the check said the same."""
    file = _checked(session, room, data, updates=updates)
    told = file.numbers
    files.begin(session, file, by=room.ada)
    _run(session, file)
    assert file.state is ImportState.DONE
    assert file.numbers == told
    return file


def _people(session: Session, room: Newsroom) -> list[str]:
    query = select(Journalist.address).where(Journalist.sender_id == room.sender.id).order_by(Journalist.address)
    return list(session.scalars(query))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (xlsx(HEADER, (*CLEO[:3], 1.0)), "xlsx"),
        (ods(HEADER, CLEO), "ods"),
        (";".join(HEADER).encode("cp1251") + b"\n" + ";".join(CLEO).encode("cp1251"), "csv"),
    ],
)
def test_one_list_whatever_it_was_saved_as(data: bytes, kind: str) -> None:
    sheet = open_(data)
    assert (sheet.kind, sheet.header, sheet.rows) == (kind, HEADER, ((2, list(CLEO)),))
    (row,) = imports.read(data).rows
    assert (row.email, row.name, row.outlet, row.tier) == CLEO


@pytest.mark.timeout(90)
def test_what_unpacks_to_gigabytes_ends_its_own_process_only() -> None:
    assert len(bomb()) < 2_000
    with pytest.raises(UnreadableFile, match=r"far too large|too long|damaged"):
        open_(bomb())


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32))
def test_a_damaged_spreadsheet_is_refused_or_read_and_never_fails_otherwise(seed: int) -> None:
    data = bytearray(random.Random(seed).choice((xlsx(HEADER, CLEO), ods(HEADER, CLEO))))
    for _ in range(random.Random(seed).randint(1, 30)):
        data[random.Random(seed + 1).randrange(4, len(data))] ^= 0xFF
    with suppress(Refused):
        open_(bytes(data))


def test_a_column_of_addresses_is_known_by_its_looks() -> None:
    assert guess(["Кому", "Name"], [["cleo@daily.example", "Cleo"]]) == {"name": 1, "email": 0}
    assert guess(["Name"], [["a@b.example"]]) == {"email": 0}
    assert guess(["x"], [["y"]]) == {}


def test_another_encoding_is_read_when_an_officer_says_so(session: Session) -> None:
    room = make_newsroom(session)
    data = "email;name\ncleo@daily.example;Клео\n".encode("koi8-r")
    file = files.give(session, room.sender, "C:\\fakepath\\press.csv", data, by=room.ada)
    assert file.name == "press.csv"
    files.read_again(session, file, encoding="koi8-r", delimiter=";")
    assert file.preview["rows"] == [[2, ["cleo@daily.example", "Клео"]]]


def test_nobody_is_imported_by_looking_or_checking(session: Session) -> None:
    room = make_newsroom(session)
    file = _checked(session, room, b"email,name\nnew@daily.example,New\n")
    assert file.numbers == {"new": 1, "subscriptions": 1}
    assert _people(session, room) == []


def test_a_file_is_sorted_row_by_row_and_what_is_left_out_is_given_back_with_remarks(session: Session) -> None:
    room = make_newsroom(session)
    make_journalist(session, room, address="known@daily.example")
    make_journalist(session, room, address="left@daily.example", subscribed=SubscriptionState.ENDED)
    suppressions.add(session, "gone@daily.example", SuppressionReason.COMPLAINT, sender=room.sender)
    rows = ("new@daily.example,New", "known@daily.example,", "left@daily.example,Left", "gone@daily.example,Gone")
    odd = ("NEW@daily.example,Again", "no address,=1+1")
    file = _imported(session, room, "\n".join(("E-Mail,Name", *rows, *odd)).encode())
    assert file.numbers == {
        "new": 1,
        "known": 1,
        "away": 1,
        "suppressed": 1,
        "repeated": 1,
        "invalid": 1,
        "subscriptions": 1,
    }
    assert _people(session, room) == ["known@daily.example", "left@daily.example", "new@daily.example"]
    header, *lines = remarks.lines(session, file)
    assert header == ["E-Mail", "Name", "remark", "column"]
    assert [line[0] for line in lines] == [
        "left@daily.example",
        "gone@daily.example",
        "NEW@daily.example",
        "no address",
    ]
    assert remarks.first(session, file)[0].cell == "no address"
    kept = session.scalars(select(ImportRow.canonical).where(ImportRow.journalist_id.is_not(None))).all()
    assert set(kept) == {None}


def test_known_people_change_only_when_asked_for_and_only_where_the_file_says_something(session: Session) -> None:
    room = make_newsroom(session)
    cleo = make_journalist(session, room, address="cleo@daily.example")
    data = b"email,name,outlet,country,tier\ncleo@daily.example,Cleo Newname,Herald,,1\n"
    assert _imported(session, room, data).numbers["known"] == 1
    session.refresh(cleo)
    assert cleo.name == "Cleo Reader"
    assert _imported(session, room, data, updates=True).numbers["changed"] == 1
    session.refresh(cleo)
    assert (cleo.name, cleo.country, cleo.tier) == ("Cleo Newname", "KZ", 1)
    assert cleo.outlet_id is not None


def test_many_rows_go_in_pieces_and_a_repetition_is_known_across_them(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CHUNK", 4)
    room = make_newsroom(session)
    rows = [f"p{number % 9}@daily.example" for number in range(20)]
    file = _imported(session, room, "\n".join(("email", *rows)).encode())
    assert file.numbers == {"new": 9, "repeated": 11, "subscriptions": 9}
    assert len(_people(session, room)) == 9
    assert imports.step(session, file.id) is False


def test_undoing_takes_back_what_nobody_used_and_says_what_stays(session: Session) -> None:
    room = make_newsroom(session)
    known = make_journalist(session, room, address="known@daily.example", subscribed=None)
    file = _imported(
        session, room, b"email\n" + b"\n".join(b"p%d@daily.example" % n for n in range(4)) + b"\nknown@daily.example"
    )
    mailed, noted, left = (journalists.by_address(session, room.sender, f"p{n}@daily.example") for n in range(3))
    make_delivery(session, room, mailed, topic=room.topic)
    journalists.notes.write(session, noted, "Met her in Astana", by=room.ada)
    subscriptions.end(session, left, room.topic)
    told = undoing.undoable(session, file)
    assert undoing.undo(session, file, by=room.ada) == told
    assert (told.people, told.stay) == (1, 3)
    assert _people(session, room) == [f"{name}@daily.example" for name in ("known", "p0", "p1", "p2")]
    assert subscriptions.of(session, known) == []
    assert [each.state for each in subscriptions.of(session, mailed)] == [SubscriptionState.CONFIRMED]
    assert [each.state for each in subscriptions.of(session, left)] == [SubscriptionState.ENDED]
    with pytest.raises(undoing.NothingToUndo):
        undoing.undo(session, file, by=room.ada)


def test_who_is_erased_meanwhile_is_in_no_file_any_more(session: Session) -> None:
    room = make_newsroom(session)
    cleo = make_journalist(session, room, address="cleo@daily.example")
    waiting = files.give(session, room.sender, "a.csv", b"email\ncleo@daily.example\n", by=room.ada)
    imported = _imported(session, room, b"email,name\nCLEO@daily.example,Cleo\nnot Cleo@daily.example,x\n")
    journalists.erase(session, cleo)
    session.refresh(waiting)
    assert waiting.state is ImportState.FAILED
    assert (
        session.scalar(
            text("SELECT count(*) FROM import_file WHERE data IS NOT NULL AND sender_id = :id"), {"id": room.sender.id}
        )
        == 0
    )
    dump = session.execute(
        text("SELECT row_to_json(r)::text FROM import_row r WHERE import_id = :id"), {"id": imported.id}
    )
    assert "cleo@" not in str(dump.all()).lower()


def test_a_file_of_another_newsroom_is_none(session: Session) -> None:
    ours, theirs = make_newsroom(session), make_newsroom(session)
    file = files.give(session, theirs.sender, "a.csv", b"email\n", by=theirs.ada)
    with pytest.raises(NotFound):
        files.get(session, file.id, senders=[ours.sender.id])


def test_a_spreadsheet_of_ours_comes_back_as_it_went() -> None:
    data = io.BytesIO(xlsx(("email", "name"), ("cleo@daily.example", 7)))
    assert open_(data.getvalue()).rows == ((2, ["cleo@daily.example", "7"]),)
