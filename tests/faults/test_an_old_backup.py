"""An old backup is put back, each way an operator may do it: nothing leaves before a person has confirmed."""

import shutil
import subprocess
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from service.models import DeliveryState, Release, ReleaseState
from service.supervisor import Valkey, binaries
from tests.faults.scene import Scene, scene

pytestmark = pytest.mark.timeout(240)
PEOPLE = 100


def run(service: Scene, program: str, *options: str) -> None:
    """A program of PostgreSQL's against the scene's server."""
    assert service.servers.postgres is not None
    programs = binaries.postgres(service.servers.data, service.servers.postgres.process.child.account)
    where = ("--host", str(service.servers.postgres.runtime), "--username", "postgres")
    subprocess.run([str(programs / program), *where, *options], check=True)


def dump(service: Scene) -> str:
    file = str(service.folder / "dateline.dump")
    run(service, "pg_dump", "--format", "custom", "--file", file, "dateline")
    return file


def send(service: Scene, release: Release) -> None:
    """Let the workers send it, and end them."""
    work(service)
    service.wait_sent(release)
    stop_work(service)
    assert len(service.taken()) == PEOPLE


def work(service: Scene) -> None:
    service.worker("first")
    service.beat()


def stop_work(service: Scene) -> None:
    service.kill("first")
    service.kill("beat")


def nothing_leaves_until_confirmed(service: Scene, release: Release, reason: str) -> None:
    """The workers start on the old database: 0 mails and every state kept; once confirmed, all of it again."""
    sent, before = service.taken().total(), service.state(release)
    work(service)
    service.wait_until(lambda: reason in service.held())
    time.sleep(6)
    assert service.taken().total() == sent, "something left before anybody confirmed"
    assert service.state(release) is before
    assert alarms(service) == 1

    service.confirm()
    service.wait_sent(release)
    assert service.taken().total() == sent + PEOPLE, "as confirmed"
    assert service.states(release) == {DeliveryState.ACCEPTED: PEOPLE}


def alarms(service: Scene) -> int:
    log = (service.folder / "logs" / "first.log").read_text()
    return log.count("installation held")


@pytest.mark.fault("F26")
def test_a_dump_restored_over_the_database_waits_for_a_person(folder: Path) -> None:
    with scene(folder, people=PEOPLE) as service:
        release = service.scheduled()
        backup = dump(service)
        send(service, release)
        service.engine.dispose()
        run(service, "pg_restore", "--clean", "--if-exists", "--dbname", "dateline", backup)

        assert service.state(release) is ReleaseState.SCHEDULED
        nothing_leaves_until_confirmed(service, release, "its tables were made anew")


@pytest.mark.fault("F26")
def test_a_dump_restored_into_a_database_made_anew_waits_for_a_person(folder: Path) -> None:
    with scene(folder, people=PEOPLE) as service:
        release = service.scheduled()
        backup = dump(service)
        send(service, release)
        service.broker.flush()
        service.engine.dispose()
        run(service, "dropdb", "--force", "dateline")
        run(service, "createdb", "dateline")
        run(service, "pg_restore", "--dbname", "dateline", backup)

        nothing_leaves_until_confirmed(service, release, "another database of its cluster")


@pytest.mark.fault("F26")
def test_rows_put_back_in_place_wait_for_a_person(folder: Path) -> None:
    with scene(folder, people=PEOPLE) as service:
        release = service.scheduled()
        run_once(service)
        backup = dump(service)
        send(service, release)
        empty(service)
        service.engine.dispose()
        run(service, "pg_restore", "--data-only", "--disable-triggers", "--dbname", "dateline", backup)

        nothing_leaves_until_confirmed(service, release, "an earlier state of it was put back")


def beats(service: Scene) -> int:
    with service.transaction() as session:
        found: int = session.execute(text("SELECT beat FROM installation")).scalar_one()
        return found


def empty(service: Scene) -> None:
    """As an operator does before pg_restore --data-only."""
    with service.transaction() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        tables = session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        for table in tables:
            session.execute(text(f"DELETE FROM {table}"))


@pytest.mark.fault("F26")
def test_a_cluster_put_back_under_a_stopped_server_waits_for_a_person(folder: Path) -> None:
    with scene(folder, people=PEOPLE) as service:
        release = service.scheduled()
        backup = copy_of_cluster(service)
        send(service, release)
        put_back(service, backup)

        nothing_leaves_until_confirmed(service, release, "an earlier state of it was put back")


def copy_of_cluster(service: Scene) -> Path:
    """As a snapshot of its volume, of a stopped server."""
    assert service.servers.postgres is not None
    service.engine.dispose()
    service.servers.postgres.stop()
    backup = service.folder / "backup"
    subprocess.run(["cp", "-a", str(service.servers.data / "postgres"), str(backup)], check=True)
    service.restart_database()
    return backup


def put_back(service: Scene, backup: Path) -> None:
    assert service.servers.postgres is not None
    service.engine.dispose()
    service.servers.postgres.stop()
    cluster = service.servers.data / "postgres"
    shutil.rmtree(cluster)
    subprocess.run(["cp", "-a", str(backup), str(cluster)], check=True)
    service.restart_database()


@pytest.mark.fault("F26")
def test_a_whole_data_directory_put_back_waits_for_a_person(folder: Path) -> None:
    """Its witnesses come back with it, the broker's and the folder's: but a copied folder knows that it is one."""
    with scene(folder, people=PEOPLE) as service:
        release = service.scheduled()
        run_once(service)
        stop_servers(service)
        backup = folder / "backup"
        subprocess.run(["cp", "-a", str(service.servers.data), str(backup)], check=True)
        start_servers(service)
        send(service, release)
        stop_servers(service)
        for name in ("postgres", "valkey", "installation"):
            shutil.rmtree(service.servers.data / name)
            subprocess.run(["cp", "-a", str(backup / name), str(service.servers.data)], check=True)
        start_servers(service)

        nothing_leaves_until_confirmed(service, release, "put back from a copy")


@pytest.mark.fault("F26")
def test_a_server_that_went_on_from_a_point_in_time_waits_for_a_person(folder: Path) -> None:
    with scene(folder, people=PEOPLE) as service:
        release = service.scheduled()
        run_once(service)
        assert service.servers.postgres is not None
        service.engine.dispose()
        service.servers.postgres.stop()
        # What a recovery to a point in time and a standby that takes over have in common: a new timeline.
        cluster = service.servers.data / "postgres"
        (cluster / "recovery.signal").touch()
        with (cluster / "postgresql.auto.conf").open("a") as settings:
            settings.write("restore_command = 'false'\nrecovery_target_timeline = 'current'\n")
        service.restart_database()
        service.engine.dispose()

        nothing_leaves_until_confirmed(service, release, "went on from an earlier point in time")


def run_once(service: Scene) -> None:
    """Let the workers see the database while nothing is due in it: a pause stands for a quiet hour."""
    with service.transaction() as session:
        session.execute(text("UPDATE release SET state = 'paused'"))
    work(service)
    service.wait_until(lambda: beats(service) > 2)
    stop_work(service)
    with service.transaction() as session:
        session.execute(text("UPDATE release SET state = 'scheduled'"))


def stop_servers(service: Scene) -> None:
    assert service.servers.postgres is not None
    assert service.servers.valkey is not None
    service.engine.dispose()
    service.servers.valkey.stop()
    service.servers.postgres.stop()


def start_servers(service: Scene) -> None:
    before = service.servers.valkey
    assert before is not None
    account = before.process.child.account
    before.process = Valkey.start(service.servers.data, before.runtime, account=account).process
    service.restart_database()


@pytest.mark.fault("F26")
def test_a_cluster_put_back_while_a_worker_sends_stops_it(folder: Path) -> None:
    with scene(folder, people=2_000, latency=50) as service:
        work(service)
        release = service.scheduled()
        service.wait_until(lambda: service.states(release)[DeliveryState.ACCEPTED] > 100)
        backup = copy_of_cluster(service)
        service.wait_until(lambda: service.states(release)[DeliveryState.ACCEPTED] > 600)
        put_back(service, backup)
        service.wait_until(lambda: bool(service.held()))
        time.sleep(2)
        taken = service.taken()
        time.sleep(4)

        assert service.taken() == taken, "something left while all was held"
        assert set(taken.values()) == {1}, "nobody was written to again from the old database"
