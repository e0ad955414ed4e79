"""docker-compose.yml: what it promises, and its services run as it says, but for the container engine."""

import json
import os
import re
import shlex
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import CalledProcessError

import pytest
import redis
from sqlalchemy import Engine, create_engine, make_url, text

from service.jobs import NOTICES, QUEUES
from service.settings import Settings
from service.supervisor import postgres, processes, valkey
from tests.flows import composed
from tests.flows.composed import SOURCE, Composed

FILE = composed.read()
OURS = composed.ours(FILE)
LASTING = sorted(name for name, service in OURS.items() if name != "migrate" and "profiles" not in service)
PLACES = {"listen_addresses", "unix_socket_permissions", "port", "unixsocketperm", "dir", "daemonize"}
SIZES = {"max_connections"}
JOURNALISTS = """email,name,topics
cleo@daily.example,Cleo Reader,water
dana+bounce@daily.example,Dana Reader,water
eli+unknown@daily.example,Eli Reader,water
"""

RELEASE = (SOURCE / "config" / "demo" / "release.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(OURS))
def test_our_services_run_without_privileges(name: str) -> None:
    service = OURS[name]
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", service["user"])
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["init"]


@pytest.mark.parametrize("name", sorted(FILE["services"].keys() - {"migrate"}))
def test_every_lasting_service_comes_back_and_is_looked_after(name: str) -> None:
    service = FILE["services"][name]
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert service["logging"]["options"]["max-size"]


@pytest.mark.parametrize("name", sorted(FILE["services"]))
def test_secrets_come_from_files_alone(name: str) -> None:
    service = FILE["services"][name]
    secret = {field.upper() for field in Settings.model_fields if field.endswith(("_key", "_url", "relay"))} - {
        "BASE_URL"
    }
    environment = service.get("environment", {})
    assert not secret & environment.keys()
    assert "://" not in json.dumps([service["command"], {**environment, "BASE_URL": ""}])
    files = {Path(value).name for key, value in environment.items() if key.endswith("_FILE")}
    assert files <= set(service.get("secrets", []))
    assert {FILE["secrets"][secret]["file"] for secret in service.get("secrets", [])} == {
        f"secrets/{secret}" for secret in service.get("secrets", [])
    }


def test_every_setting_the_file_gives_exists() -> None:
    names = {name.removesuffix("_FILE").lower() for service in OURS.values() for name in service["environment"]}
    assert names <= Settings.model_fields.keys()


def test_every_process_on_the_database_has_both_keys_as_their_default_is_known_to_all() -> None:
    for name in OURS.keys() - {"relay"}:
        given = OURS[name]["environment"]
        assert {"DATABASE_URL_FILE", "BROKER_URL_FILE", "SECRET_KEY_FILE", "SUPPRESSION_KEY_FILE"} <= given.keys()


def test_our_services_wait_for_the_migrations() -> None:
    for name in OURS.keys() - {"migrate", "relay"}:
        assert OURS[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_every_queue_has_a_worker_sending_and_account_mail_one_of_their_own() -> None:
    words = {name: service["command"] for name, service in OURS.items() if "--queues" in service["command"]}
    queues = {name: argv[argv.index("--queues") + 1].split(",") for name, argv in words.items()}
    assert {queue for found in queues.values() for queue in found} == {*QUEUES.values(), NOTICES}
    assert queues["worker"] == [NOTICES, "dispatch"]
    assert queues["express"] == ["account", NOTICES]


def test_workers_are_given_the_time_to_finish_what_they_hand_over() -> None:
    for name in ("worker", "keeper", "express"):
        assert int(OURS[name]["stop_grace_period"].removesuffix("s")) >= 90
    assert "container_name" not in OURS["worker"]
    assert "ports" not in OURS["worker"]


def test_postgresql_is_set_as_the_embedded_one() -> None:
    service = FILE["services"]["postgres"]
    given = dict(word.split("=") for word in service["command"] if "=" in word)
    assert given.keys() == postgres.SETTINGS.keys() - PLACES
    assert all(given[name] == postgres.SETTINGS[name] for name in given.keys() - SIZES)
    made = {word for word in postgres.INITDB if not word.startswith(("--auth", "--username"))}
    assert set(service["environment"]["POSTGRES_INITDB_ARGS"].split()) == made
    assert service["volumes"] == ["postgres:/var/lib/postgresql"]
    assert "ports" not in service


def test_valkey_is_set_as_the_embedded_one() -> None:
    service = FILE["services"]["valkey"]
    words = service["command"][1:]
    given = dict(zip((name.removeprefix("--") for name in words[::2]), words[1::2], strict=True))
    assert {name: value for name, value in given.items() if name != "aclfile"} == {
        name: value for name, value in valkey.SETTINGS.items() if name not in PLACES
    }
    assert "ports" not in service


def test_servers_and_the_mail_catcher_reach_nobody_outside() -> None:
    assert FILE["networks"]["servers"]["internal"]
    assert FILE["networks"]["mail"]["internal"]
    assert FILE["services"]["postgres"]["networks"] == ["servers"]
    assert FILE["services"]["valkey"]["networks"] == ["servers"]
    assert FILE["services"]["relay"]["networks"] == ["mail"]


def test_the_image_is_made_of_pinned_packages_and_what_exists() -> None:
    words = (SOURCE / "config" / "Dockerfile").read_text()
    assert "--require-hashes" in words
    assert re.search(r"^USER 10001:10001$", words, re.MULTILINE)
    sent = {line.removeprefix("!") for line in (SOURCE / ".dockerignore").read_text().splitlines() if "!" in line}
    copied = {match[1] for match in re.finditer(r"^COPY (?!--)(\S+)", words, re.MULTILINE)}
    assert copied == sent
    assert all((SOURCE / name).exists() for name in copied)


def test_nothing_secret_is_sent_to_the_builder_or_kept_in_git() -> None:
    assert (SOURCE / ".dockerignore").read_text().splitlines()[1] == "*"
    assert (SOURCE / "secrets" / ".gitignore").read_text().startswith("*\n")


def test_the_operators_page_makes_every_secret_and_overwrites_none(tmp_path: Path) -> None:
    composed.make_secrets(tmp_path)
    made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert made.keys() == FILE["secrets"].keys()
    assert (tmp_path / "secrets").stat().st_mode & 0o77 == 0
    assert min(len(made["secret_key"]), len(made["suppression_key"]), len(made["postgres_password"])) >= 32
    with pytest.raises(CalledProcessError):
        composed.make_secrets(tmp_path)
    assert {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()} == made


def test_the_database_is_reached_by_the_name_and_the_password_it_has(tmp_path: Path) -> None:
    composed.make_secrets(tmp_path)
    server = FILE["services"]["postgres"]["environment"]
    url = make_url((tmp_path / "secrets" / "database_url").read_text())
    assert (url.host, url.username, url.database) == ("postgres", server["POSTGRES_USER"], server["POSTGRES_DB"])
    assert url.password == (tmp_path / "secrets" / "postgres_password").read_text()


def test_the_operators_page_names_the_variables_of_the_file() -> None:
    page = (SOURCE / "docs" / "operator.md").read_text()
    for name, default in re.findall(r"\$\{(\w+):-([^}]*)\}", (SOURCE / "docker-compose.yml").read_text()):
        assert f"`{name}` | `{default}`" in page or f"`{name}` | {default} " in page


def test_the_broker_knows_our_user_and_lets_it_do_no_harm(tmp_path: Path) -> None:
    services = Composed(tmp_path, "")
    services.take_secrets()
    with broker(services):
        ours = redis.Redis.from_url((tmp_path / "secrets" / "broker_url").read_text())
        assert ours.ping()
        for words in (["FLUSHALL"], ["CONFIG", "GET", "*"], ["MONITOR"], ["ACL", "LIST"]):
            with pytest.raises(redis.exceptions.NoPermissionError):
                ours.execute_command(*words)  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
        for name in ("default", "somebody"):
            with pytest.raises(redis.exceptions.AuthenticationError):
                redis.Redis(port=int(services.ports["6379"]), username=name, password="").ping()
        with pytest.raises(redis.exceptions.NoPermissionError):
            redis.Redis(port=int(services.ports["6379"]), username="ping", password="any").get("x")


@pytest.mark.long
def test_the_services_start_are_healthy_and_send(tmp_path: Path) -> None:
    with empty_database("compose") as database, running(tmp_path, database) as services:
        exec_as_written(services, {"journalists.csv": JOURNALISTS, "release.txt": RELEASE})
        services.wait_until(lambda: states(database) == {"accepted": 1, "bounced": 1, "failed": 1})
        report = services.run("worker", ["dateline", "report", "last", "--json"])
        assert json.loads(report.stdout)["balanced"], report.stderr
        assert len(list((tmp_path / "mail").glob("*.eml"))) == 2
        assert all(services.is_healthy(name) for name in LASTING)
        with frozen(services, "worker", "keeper", "express", "beat"):
            assert [name for name in LASTING if not services.is_healthy(name)] == [
                "beat",
                "express",
                "keeper",
                "worker",
            ]
        services.wait_healthy("express", "keeper", "worker")
        assert set(services.stop().values()) == {0}
        assert not any(services.is_healthy(name) for name in LASTING if name != "beat")


@contextmanager
def empty_database(name: str) -> Iterator[Engine]:
    """A database without a single table, on the tests' server."""
    url = make_url(os.environ["DATABASE_URL"])
    name = f"{url.database}_{name}"
    administrator = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with administrator.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        engine = create_engine(url.set(database=name))
        yield engine
        engine.dispose()
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    administrator.dispose()


@contextmanager
def running(folder: Path, database: Engine) -> Iterator[Composed]:
    """All of our services, started as Compose would, and healthy."""
    services = Composed(folder, database.url.render_as_string(hide_password=False))
    services.take_secrets()
    assert not any(services.is_healthy(name) for name in LASTING)
    with broker(services):
        services.start("migrate")
        assert services.running["migrate"].wait_ended(60)
        assert services.running.pop("migrate").ended() == 0, processes.tail(folder / "logs" / "migrate.log")
        for name in LASTING:
            services.start(name)
        services.wait_healthy(*LASTING)
        yield services


@contextmanager
def broker(services: Composed) -> Iterator[None]:
    """The broker with the file's own words, on a port of the loopback."""
    port = int(services.ports["6379"])
    services.start("valkey", "--port", str(port), "--bind", "127.0.0.1")
    try:
        services.wait_until(processes.listening("127.0.0.1", port))
        yield
    finally:
        services.stop()


def exec_as_written(services: Composed, files: dict[str, str]) -> None:
    """Run each `docker compose exec` of the operator's page, in its order."""
    for line in composed.snippets("operator.md", "docker compose exec -T worker"):
        command, _, file = line.partition(" < ")
        argv = shlex.split(command)
        done = services.run(argv[4], argv[5:], stdin=files.get(file, ""))
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


def states(database: Engine) -> dict[str, int]:
    """People of all releases by state."""
    with database.connect() as connection:
        rows = connection.execute(text("SELECT state::text, count(*) AS number FROM delivery GROUP BY 1"))
        return {row.state: row.number for row in rows}


@contextmanager
def frozen(services: Composed, *names: str) -> Iterator[None]:
    """Processes that live and do nothing, for five minutes by the files they touch."""
    for name in names:
        os.kill(services.running[name].pid, signal.SIGSTOP)
        for path in (services.folder / "tmp" / name).rglob("*"):
            os.utime(path, (0, path.stat().st_mtime - 300))
    yield
    for name in names:
        os.kill(services.running[name].pid, signal.SIGCONT)
