"""Run the development relay: `python -m workers.relays.development --listen 127.0.0.1:2525`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import uvloop

from workers.relays.development.counting import Counter, Tally
from workers.relays.development.folder import MailFolder
from workers.relays.development.journal import FileJournal
from workers.relays.development.postman import Postman
from workers.relays.development.reception import Reception
from workers.relays.development.simulator import Simulator, table
from workers.relays.smtp import SmtpRelay


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until SIGTERM or SIGINT, then say how much came."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.greylist and not options.fast:
        parser.error("--greylist is of --fast: without it write to an address with +greylist")
    uvloop.run(serve(options))


async def serve(options: argparse.Namespace) -> None:
    """Listen, say where, wait for the signal."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if options.fast:
        tally = Tally(latency=options.latency / 1000, greylists=options.greylist)
        await _listen(options, lambda: Counter(tally), stop)
        for address, messages in sorted(tally.clients.items()):
            _say(f"from {address}: {messages} messages")
        _say(f"accepted {tally.messages} messages, {tally.octets} octets")
        return
    postman = Postman(SmtpRelay.from_url(f"smtp://{options.inbound}")) if options.inbound else None
    simulator = Simulator(
        journal=FileJournal(options.journal, fsync=options.fsync) if options.journal else None,
        folder=MailFolder(options.mail) if options.mail else None,
        post=postman,
        latency=options.latency / 1000,
    )
    rounds = asyncio.create_task(postman.run()) if postman else None
    await _listen(options, lambda: Reception(simulator), stop)
    await _cancel(rounds)
    _say(f"accepted {simulator.accepted} messages")


async def _listen(options: argparse.Namespace, client: Callable[[], asyncio.Protocol], stop: asyncio.Event) -> None:
    host, _, port = options.listen.rpartition(":")
    server = await asyncio.get_running_loop().create_server(client, host.strip("[]"), int(port), backlog=1024)
    _say("listening on {}:{}".format(*server.sockets[0].getsockname()[:2]))
    await stop.wait()
    server.close()


async def _cancel(task: asyncio.Task[None] | None) -> None:
    if task is None:
        return
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m workers.relays.development",
        description="A real SMTP server that sends nothing on and answers like the mailbox the address asks for.",
        epilog=f"mail to an address whose local part ends in\n{table()}\neverything else is accepted.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--listen", default="127.0.0.1:2525", metavar="HOST:PORT", help="port 0 takes any free one")
    parser.add_argument("--inbound", metavar="HOST:PORT", help="where bounces, complaints and replies are delivered")
    parser.add_argument("--mail", type=Path, metavar="DIR", help="keep every accepted message there as an .eml file")
    parser.add_argument("--journal", type=Path, metavar="FILE", help="write a JSON line per message before its 250")
    parser.add_argument("--fsync", action="store_true", help="the journal is on the disk before the 250")
    parser.add_argument("--latency", type=float, default=0, metavar="MS", help="take this long to accept a message")
    parser.add_argument("--fast", action="store_true", help="only count: no cases, no journal, no mail")
    parser.add_argument(
        "--greylist", type=int, default=0, metavar="N", help="with --fast: tell one in N recipients to come back"
    )
    return parser


if __name__ == "__main__":
    main()
