"""What `dateline up` and `dateline demo` run: each process of the service as its command line."""

import os
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from service.settings import DEVELOPMENT_KEY, Settings
from service.supervisor import Child, Servers, listening

GUNICORN = ("-m", "gunicorn", "-c", "config/gunicorn.conf.py", "service.app:create_app()")
# --without-*: workers have nothing to say to each other, and start half a second sooner.
QUIET = ("--without-mingle", "--without-gossip", "--without-heartbeat")
SOURCE = Path(__file__).parents[2]


def environment(settings: Settings, servers: Servers, data: Path, keys: Mapping[str, str]) -> dict[str, str]:
    """What the children are told beyond this process's own environment."""
    own_relay = f"smtp://{settings.relay_listen}"
    return {
        "DATABASE_URL": servers.database_url,
        "BROKER_URL": servers.broker_url,
        "RELAY": settings.relay.get_secret_value() or own_relay,
        "DATA_DIR": str(data),
        "WEB_LISTEN": settings.web_listen,
        "INBOUND_LISTEN": settings.inbound_listen,
        "RELAY_LISTEN": settings.relay_listen,
        "BASE_URL": settings.base_url,
        "MAIL_TEMPLATES": str(settings.mail_templates.resolve()) if settings.mail_templates else "",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(SOURCE), os.environ.get("PYTHONPATH", "")])),
        **{name.upper(): key for name, key in keys.items()},
    }


def keys(settings: Settings, data: Path) -> dict[str, str]:
    """The keys of this installation by setting, made at its first start where the settings give none."""
    return {name: _key(data / "keys" / name) for name in _not_given(settings)}


def known_keys(settings: Settings, data: Path) -> dict[str, str]:
    """Those of them that were made already."""
    return {name: _key(data / "keys" / name) for name in _not_given(settings) if (data / "keys" / name).exists()}


def _not_given(settings: Settings) -> list[str]:
    names = ("secret_key", "suppression_key")
    return [name for name in names if getattr(settings, name).get_secret_value() == DEVELOPMENT_KEY]


def _key(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def relay(settings: Settings, env: Mapping[str, str], data: Path, *options: str) -> Child:
    """The development relay: answers by address, sends nothing on."""
    argv = ("-m", "workers.relays.development", "--listen", settings.relay_listen)
    return _child("relay", (*argv, "--inbound", settings.inbound_listen, *options), env, data, settings.relay_listen)


def inbound(settings: Settings, env: Mapping[str, str], data: Path) -> Child:
    """Inbound SMTP: bounces, complaints and replies."""
    return _child("inbound", ("-m", "workers.inbound"), env, data, settings.inbound_listen)


def mailbox(_settings: Settings, env: Mapping[str, str], data: Path) -> Child:
    """The mailbox that bounces and replies are fetched from."""
    return _child("mailbox", ("-m", "workers.inbound.mailbox"), env, data)


def worker(settings: Settings, env: Mapping[str, str], data: Path) -> tuple[Child, Child]:
    """Two workers: one that sends, one that plans, ticks and sorts, so that neither waits for the other."""
    processes = str(settings.worker_processes)
    sending = ("worker", "--queues", "notices,dispatch", "--concurrency", processes, "-n", "sending@%h")
    keeping = ("worker", "--queues", "tick,plan,sort,look-up,announce,import", "--concurrency", "2", "-n", "keeping@%h")
    return (
        _child("sending", (*CELERY, *sending, *QUIET), env, data),
        _child("keeping", (*CELERY, *keeping, *QUIET), env, data),
    )


def express(_settings: Settings, env: Mapping[str, str], data: Path) -> Child:
    """Account mail and notices, in processes that no release can occupy."""
    argv = ("worker", "--queues", "account,notices", "--concurrency", "2", "-n", "express@%h")
    return _child("express", (*CELERY, *argv, *QUIET), env, data)


def beat(_settings: Settings, env: Mapping[str, str], data: Path) -> Child:
    """Beat: the tick. Its schedule file is nothing to keep."""
    return _child("beat", (*CELERY, "beat", "--schedule", str(data / "beat"), "--pidfile="), env, data)


def web(settings: Settings, env: Mapping[str, str], data: Path) -> Child:
    """The pages."""
    return _child("web", GUNICORN, env, data, settings.web_listen)


CELERY = ("-m", "celery", "-A", "workers.tasks")
WORKERS = ("sending", "keeping", "express")


def _child(name: str, argv: tuple[str, ...], env: Mapping[str, str], data: Path, address: str = "") -> Child:
    return Child(
        name=name,
        argv=(sys.executable, *argv),
        env=env,
        log=data / "logs" / f"{name}.log",
        ready=_listening(address) if address else None,
        stop_seconds=100.0 if name in ("sending", "express") else 15.0,
        group="workers" if name in WORKERS else "",
        restart=name in (*WORKERS, "web", "mailbox"),
        cwd=SOURCE,
    )


def _listening(address: str) -> Callable[[], bool]:
    host, _, port = address.rpartition(":")
    return listening(host, int(port))
