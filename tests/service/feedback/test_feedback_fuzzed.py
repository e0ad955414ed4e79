"""Thousands of broken messages: each is read, in little time and memory. More of them: make fuzz-feedback CASES=n."""

import os
import time
import tracemalloc
from random import Random

import pytest

from service.feedback import Event, mime, read, traces
from tests.corpora import messages
from tests.service.feedback.mutations import HEAVY, Mutation, mutated
from tests.service.feedback.samples import SAMPLES

CASES = int(os.environ.get("FUZZ_CASES", "1500"))
MOST_SECONDS = 0.5
MOST_BYTES = 64 << 20


@pytest.fixture(scope="module")
def samples() -> list[bytes]:
    return [*SAMPLES * 5, *messages()]


def sound(events: tuple[Event, ...]) -> bool:
    texts = [text for one in events for text in (one.recipient, one.reply, one.status, one.reason, one.return_path)]
    return 1 <= len(events) <= 200 and all(text.isprintable() and len(text) <= mime.LONGEST_SUBJECT for text in texts)


def test_every_broken_message_is_read_soon(samples: list[bytes]) -> None:
    slow = {}
    for number in range(CASES):
        message = mutated(number, samples)
        began = time.process_time()
        events = read(message)
        assert sum(1 for _ in traces(message, events[0].kind)) >= 1
        spent = time.process_time() - began
        assert sound(events), f"message {number}"
        if spent > MOST_SECONDS:
            slow[number] = spent
    assert slow == {}


@pytest.mark.parametrize("heavy", HEAVY)
def test_no_message_takes_much_memory(heavy: Mutation) -> None:
    for number, sample in enumerate(SAMPLES[:4]):
        message = heavy(sample, Random(number))
        tracemalloc.start()
        try:
            for text in traces(message, read(message)[0].kind):
                assert len(text) <= 8 * mime.LONGEST_MESSAGE
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < MOST_BYTES, f"sample {number}"
