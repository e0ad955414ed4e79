"""A broker that dies while a task is at work: the worker's hand is free again afterwards."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection, Queue

from service.supervisor import Valkey
from workers import tasks


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    """A broker of its own, which may be killed."""
    with tempfile.TemporaryDirectory(prefix="dateline-broker-", dir="/var/tmp") as folder:
        runtime = Path(folder) / "runtime"
        runtime.mkdir(mode=0o700)
        valkey = Valkey.start(Path(folder), runtime)
        yield valkey
        valkey.process.kill()


@pytest.mark.parametrize("word", ["ack", "reject", "requeue"])
def test_what_a_dead_broker_did_not_hear_does_not_stay_in_hand(valkey: Valkey, word: str) -> None:
    assert tasks.app, "whose import makes every channel count rightly"
    with Connection(f"redis+socket://{valkey.runtime}/valkey.sock") as connection:
        channel: Any = connection.channel()  # kombu's types know no channel of a particular transport
        queue = Queue("tick", channel=channel)
        queue.declare()
        channel.basic_qos(0, 1, apply_global=False)
        connection.Producer(channel).publish("", routing_key="tick")
        message = queue.get()
        assert message is not None
        assert not channel.qos.can_consume()

        valkey.process.kill()
        with pytest.raises(connection.connection_errors):
            getattr(message, word)()

        assert channel.qos.can_consume()
