"""The database itself refuses what must never become of a key."""

from itertools import product

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service import migrations
from service.models import Algorithm, DkimKey, KeyState
from service.models.domains import KEY_STEPS
from tests.conftest import new_database


def put(session: Session, state: KeyState, *, selector: str = "autumn") -> DkimKey:
    private = b"x" if state in (KeyState.WAITING, KeyState.SIGNING) else None
    key = DkimKey(
        domain="rivers.example",
        selector=selector,
        algorithm=Algorithm.RSA,
        public="",
        private=private,
        state=state,
    )
    session.add(key)
    session.flush()
    return key


@pytest.mark.parametrize(("before", "after"), list(product(KeyState, KeyState)))
def test_a_key_takes_only_its_legal_steps(session: Session, before: KeyState, after: KeyState) -> None:
    key = put(session, before)
    private = "'x'" if after in (KeyState.WAITING, KeyState.SIGNING) else "NULL"
    move = text(f"UPDATE dkim_key SET state = :state, private = {private} WHERE id = :id")
    values = {"state": after.value, "id": key.id}
    if after is before or after in KEY_STEPS[before]:
        session.execute(move, values)
        return
    with pytest.raises(IntegrityError, match="cannot go from"), session.begin_nested():
        session.execute(move, values)


@pytest.mark.parametrize("state", [KeyState.WAITING, KeyState.SIGNING])
def test_one_key_of_an_algorithm_is_at_work(session: Session, state: KeyState) -> None:
    put(session, state)
    with pytest.raises(IntegrityError), session.begin_nested():
        put(session, state, selector="winter")


def test_the_tables_can_be_taken_back_and_made_again(worker_id: str) -> None:
    engine = create_engine(new_database(f"steps_{worker_id}"))
    migrations.downgrade(engine, "0001")
    assert not {"dkim_key", "warmup"} & set(inspect(engine).get_table_names())
    migrations.upgrade(engine)
    assert migrations.current(engine) == migrations.head()
    engine.dispose()
