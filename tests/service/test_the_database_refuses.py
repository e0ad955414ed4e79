"""What must never be is refused by the database itself, whoever asks."""

from itertools import product
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service import account_mails, approvals, migrations, releases
from service.models import AccountMailKind, AccountMailState, Base, DeliveryState, ReleaseState
from service.models.account_mails import STEPS as ACCOUNT_MAIL_STEPS
from service.models.deliveries import STEPS as DELIVERY_STEPS
from service.models.releases import STEPS as RELEASE_STEPS
from tests.factories import make_delivery, make_journalist, make_newsroom, make_release


@pytest.mark.parametrize(("before", "after"), list(product(DeliveryState, DeliveryState)))
def test_a_delivery_takes_only_its_legal_steps(session: Session, before: DeliveryState, after: DeliveryState) -> None:
    room = make_newsroom(session)
    delivery = make_delivery(session, room, make_journalist(session, room))
    put(session, "delivery", delivery.id, before)

    assert allowed(session, "delivery", delivery.id, after) is (after is before or after in DELIVERY_STEPS[before])


@pytest.mark.parametrize(("before", "after"), list(product(ReleaseState, ReleaseState)))
def test_a_release_takes_only_its_legal_steps(session: Session, before: ReleaseState, after: ReleaseState) -> None:
    room = make_newsroom(session)
    release = make_release(session, room)
    approvals.approve(session, release, by=room.ben)
    session.execute(text("UPDATE release SET send_at = now() WHERE id = :id"), {"id": release.id})
    put(session, "release", release.id, before)

    assert allowed(session, "release", release.id, after) is (after is before or after in RELEASE_STEPS[before])


@pytest.mark.parametrize(("before", "after"), list(product(AccountMailState, AccountMailState)))
def test_an_account_mail_takes_only_its_legal_steps(
    session: Session, before: AccountMailState, after: AccountMailState
) -> None:
    mail = account_mails.write(session, AccountMailKind.SIGN_IN, "ada@rivers.example")
    put(session, "account_mail", mail.id, before)

    assert allowed(session, "account_mail", mail.id, after) is (after is before or after in ACCOUNT_MAIL_STEPS[before])


def put(session: Session, table: str, id_: Any, state: str) -> None:
    """Put a row into a state behind the trigger's back."""
    session.flush()
    session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER legal_step"))
    session.execute(text(move(table, state)), {"state": state, "id": id_})
    session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER legal_step"))


def allowed(session: Session, table: str, id_: Any, state: str) -> bool:
    """Whether the database lets the row go there. Raises IntegrityError when another rule is what refuses."""
    try:
        with session.begin_nested():
            session.execute(text(move(table, state)), {"state": state, "id": id_})
    except IntegrityError as refusal:
        if "cannot go from" not in str(refusal):
            raise
        return False
    return True


def move(table: str, state: str) -> str:
    """The statement, with all that the other constraints ask of a row in that state."""
    exclusion = "'erased'" if state == "excluded" else "NULL"
    more = f", exclusion = {exclusion}, due_at = now()" if table == "delivery" else ""
    return f"UPDATE {table} SET state = :state{more} WHERE id = :id"


def refused(session: Session, statement: str, **values: Any) -> None:
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text(statement), values)


def test_one_person_has_one_row_in_a_release(session: Session) -> None:
    room = make_newsroom(session)
    delivery = make_delivery(session, room, make_journalist(session, room))

    refused(
        session,
        "INSERT INTO delivery (release_id, wave_id, journalist_id, language, state)"
        " SELECT release_id, wave_id, journalist_id, language, 'queued' FROM delivery WHERE id = :id",
        id=delivery.id,
    )


def test_one_canonical_address_is_one_person(session: Session) -> None:
    room = make_newsroom(session)
    make_journalist(session, room, address="Cleo@Daily.example")

    with pytest.raises(IntegrityError), session.begin_nested():
        make_journalist(session, room, address="cleo@daily.example")


def test_nobody_approves_their_own(session: Session) -> None:
    room = make_newsroom(session)
    release = make_release(session, room)
    revision = releases.freeze(session, release, by=room.ada)

    refused(
        session,
        "INSERT INTO approval (revision_id, written_by, decided_by, decision, note)"
        " VALUES (:revision, :ada, :ada, 'approved', '')",
        revision=revision.id,
        ada=room.ada.id,
    )


def test_a_revision_is_never_changed(session: Session) -> None:
    room = make_newsroom(session)
    revision = releases.freeze(session, make_release(session, room), by=room.ada)

    refused(session, "UPDATE revision SET content = '{}' WHERE id = :id", id=revision.id)


def test_a_release_has_no_time_before_its_embargo(session: Session) -> None:
    room = make_newsroom(session)
    release = make_release(session, room)

    refused(
        session,
        "UPDATE release SET embargo = now() + interval '1 hour', send_at = now() WHERE id = :id",
        id=release.id,
    )


@pytest.mark.parametrize("act", ["UPDATE audit_entry SET act = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"])
def test_the_audit_log_only_grows(session: Session, act: str) -> None:
    refused(session, act)


def test_the_tables_are_what_the_models_say(database: Engine) -> None:
    with database.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    assert migrations.current(database) == migrations.head()
