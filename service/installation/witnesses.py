"""The witnesses of this process: a folder and the broker. Losing one is no alarm, reaching none of them stops all."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TypeVar

import structlog

from service import jobs
from service.installation.broker import Broker
from service.installation.folder import Folder
from service.installation.witness import Unheard, Witness
from service.settings import settings

log = structlog.get_logger(__name__)
T = TypeVar("T")


class Unwitnessed(Exception):
    """Make the data directory writable, or start the broker: until one of them remembers, nothing leaves."""


@contextmanager
def witnesses() -> Iterator[list[Witness]]:
    """All of them, the one with the clock that nobody sets first."""
    with ExitStack() as stack:
        found: list[Witness] = [Folder(settings().data_dir / "installation")]
        try:
            found.append(Broker(stack.enter_context(jobs.store())))
        except jobs.AWAY as fault:
            _miss("broker", fault)
        yield found


def ask(found: Sequence[Witness], question: Callable[[Witness], T]) -> dict[Witness, T]:
    """The answer of each that could be reached. Raises Unwitnessed when there was none."""
    answers = {}
    for witness in found:
        try:
            answers[witness] = question(witness)
        except Unheard as fault:
            _miss(witness.name, fault.__cause__ or fault)
    if not answers:
        raise Unwitnessed("neither the data directory nor the broker remembers anything now")
    return answers


def _miss(name: str, fault: BaseException) -> None:
    log.warning("witness unheard", witness=name, fault=type(fault).__name__)
