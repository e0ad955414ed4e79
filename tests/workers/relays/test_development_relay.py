"""The development relay as it is run: a process of its own, with its journal and its folder."""

import asyncio
import hashlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.workers.relays.scripted import MESSAGE
from workers.relays.development.folder import safe
from workers.relays.development.journal import message_id
from workers.relays.relay import Envelope, Outcome
from workers.relays.smtp import SmtpRelay

PERSONAL = b"Message-ID: <42.7@newsroom.example>\r\n" + MESSAGE


@contextmanager
def running(*options: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    command = [sys.executable, "-m", "workers.relays.development", "--listen", "127.0.0.1:0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("listening on 127.0.0.1:")
        try:
            yield f"smtp://{line.split()[-1]}", process
        finally:
            process.kill()


def send(url: str, *recipients: str, connections: int = 1) -> list[Outcome]:
    async def one(waiting: Iterator[str], outcomes: list[Outcome]) -> None:
        connection = await SmtpRelay.from_url(url).connect()
        for recipient in waiting:
            answer = await connection.send(Envelope("b-1@newsroom.example", recipient, PERSONAL))
            outcomes.append(answer.outcome)
            if connection.closed:
                connection = await SmtpRelay.from_url(url).connect()

    async def scenario() -> list[Outcome]:
        outcomes: list[Outcome] = []
        waiting = iter(recipients)
        await asyncio.gather(*(one(waiting, outcomes) for _ in range(connections)))
        return outcomes

    return asyncio.run(scenario())


def stop(process: "subprocess.Popen[str]") -> str:
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=10)
    assert process.returncode == 0
    return output


@pytest.mark.parametrize("fsync", [(), ("--fsync",)])
def test_the_journal_swears_to_what_was_answered(tmp_path: Path, fsync: tuple[str, ...]) -> None:
    journal = tmp_path / "journal"
    recipients = [f"ben{number}@science.example" for number in range(50)]

    with running("--journal", str(journal), *fsync) as (url, process):
        outcomes = send(url, *recipients, "cleo+unknown@culture.example", "cleo+drop@culture.example", connections=8)
        process.kill()  # no chance to write anything after its answers

    entries = [json.loads(line) for line in journal.read_text().splitlines()]
    assert outcomes.count(Outcome.ACCEPTED) == 50
    assert sorted(entry["rcpt"] for entry in entries if entry["answered"]) == sorted(recipients)
    assert [entry["rcpt"] for entry in entries if not entry["answered"]] == ["cleo+drop@culture.example"]
    assert [entry["sequence"] for entry in entries] == list(range(1, 52))
    assert {entry["sha256"] for entry in entries} == {hashlib.sha256(PERSONAL).hexdigest()}
    assert {entry["message_id"] for entry in entries} == {"<42.7@newsroom.example>"}


def test_a_journal_is_carried_on(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    for _ in range(2):
        with running("--journal", str(journal)) as (url, process):
            send(url, "ben@science.example")
            stop(process)
    assert [json.loads(line)["sequence"] for line in journal.read_text().splitlines()] == [1, 2]


def test_the_folder_holds_every_message_as_it_was_sent(tmp_path: Path) -> None:
    with running("--mail", str(tmp_path / "mail")) as (url, process):
        send(url, "ben@science.example", "../../cleo@culture.example", "cleo+unknown@culture.example")
        assert stop(process) == "accepted 2 messages\n"
    kept = list((tmp_path / "mail").iterdir())
    assert sorted(path.name.split("-", 2)[2] for path in kept) == [
        "______cleo@culture.example.eml",
        "ben@science.example.eml",
    ]
    assert {path.read_bytes() for path in kept} == {PERSONAL}


def test_the_fast_sink_counts(tmp_path: Path) -> None:
    with running("--fast") as (url, process):
        outcomes = send(url, *(f"ben+unknown{number}@science.example" for number in range(200)), connections=4)
        output = stop(process)
    assert outcomes == [Outcome.ACCEPTED] * 200
    assert output.splitlines() == [
        "from 127.0.0.1: 200 messages",
        f"accepted 200 messages, {200 * (len(PERSONAL) + 3)} octets",
    ]


@pytest.mark.parametrize("fast", [(), ("--fast",)])
def test_latency_is_taken_from_every_message(fast: tuple[str, ...]) -> None:
    async def timed(url: str) -> float:
        connection = await SmtpRelay.from_url(url).connect()
        began = asyncio.get_running_loop().time()
        await connection.send(Envelope("", "ben@science.example", PERSONAL))
        return asyncio.get_running_loop().time() - began

    with running("--latency", "100", *fast) as (url, _):
        assert asyncio.run(timed(url)) >= 0.1


def test_a_slow_fast_sink_answers_in_the_order_it_was_asked() -> None:
    async def talk(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"DATA\r\n")
        await reader.readuntil(b"354 Go ahead\r\n")
        writer.write(PERSONAL + b".\r\n")
        await asyncio.sleep(0.02)
        writer.write(b"DATA\r\n")
        replies = await reader.readuntil(b"354 Go ahead\r\n")
        writer.write(PERSONAL + b".\r\nQUIT\r\n")
        return replies + await reader.read()

    with running("--fast", "--latency", "100") as (url, process):
        replies = asyncio.run(talk(int(url.rpartition(":")[2])))
        assert stop(process).splitlines()[-1].startswith("accepted 2 messages")
    assert [line[:3] for line in replies.splitlines()] == [b"250", b"354", b"250", b"221"]


def test_what_comes_back_goes_to_the_inbound_listener(tmp_path: Path) -> None:
    journal = tmp_path / "inbound"
    with running("--journal", str(journal)) as (inbound, _), running("--inbound", inbound[7:]) as (url, _):
        send(url, "ben+bounce@science.example")
        entry = asyncio.run(_first_line(journal))
    assert (entry["rcpt"], entry["return_path"]) == ("b-1@newsroom.example", "")


async def _first_line(journal: Path) -> dict[str, object]:
    async with asyncio.timeout(5):
        while not (lines := journal.read_text().splitlines()):
            await asyncio.sleep(0.02)
    return dict(json.loads(lines[0]))


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("ben+greylist@science.example", "ben+greylist@science.example"),
        ("../../etc/passwd", "______etc_passwd@"),
        ("a/b\\c@..example..", "a_b_c@example"),
        ("-rf@x.example", "_rf@x.example"),
        ("бен@наука.example", "___@_____.example"),
    ],
)
def test_an_address_makes_a_harmless_file_name(address: str, name: str) -> None:
    assert safe(address) == name


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (PERSONAL, "<42.7@newsroom.example>"),
        (b"To: Ben\r\nmessage-id:\r\n <1@x.example>\r\n\r\n", "<1@x.example>"),
        (b"To: Ben\r\n\r\nMessage-ID: <body@x.example>\r\n", ""),
    ],
)
def test_the_message_id_is_found_among_the_headers(message: bytes, expected: str) -> None:
    assert message_id(message) == expected


def test_the_fast_sink_tells_some_to_come_back_and_takes_the_others() -> None:
    with running("--fast", "--greylist", "3") as (url, process):
        outcomes = send(url, *(f"ben{number}@science.example" for number in range(9)))
        said = stop(process)

    assert outcomes == [Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.DEFERRED] * 3
    assert "accepted 6 messages" in said


def test_the_fast_sink_takes_its_time_where_asked() -> None:
    with running("--fast", "--latency", "300") as (url, process):
        began = time.monotonic()
        assert send(url, "ben@science.example") == [Outcome.ACCEPTED]
        assert time.monotonic() - began >= 0.3
        assert "accepted 1 messages" in stop(process)


def test_greylisting_a_share_is_only_the_fast_sinks() -> None:
    command = [sys.executable, "-m", "workers.relays.development", "--greylist", "3"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "+greylist" in ran.stderr
