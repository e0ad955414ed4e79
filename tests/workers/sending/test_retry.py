"""What an answer means for a delivery: where it goes, and when it is tried again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.models import DeliveryState
from service.settings import UncertainPolicy, read
from workers.relays.relay import Answer, Outcome, Stage
from workers.sending import retry

SETTINGS = read()
MINUTES = (5, 15, 30, 60, 120, 240, 240)


@pytest.mark.parametrize(("attempt", "minutes"), list(enumerate(MINUTES, start=1)))
def test_the_schedule_is_that_of_press_releases_give_or_take_a_fifth(attempt: int, minutes: int) -> None:
    waits = [retry.wait(attempt) for _ in range(200)]

    assert minutes * 60 * 0.8 <= min(waits) < max(waits) <= minutes * 60 * 1.2


@given(st.integers(1, 40), st.integers(0, 10**6))
def test_what_a_server_asks_for_is_done_within_four_hours(attempt: int, asked: int) -> None:
    assert min(asked, 14_400) < retry.wait(attempt, asked) <= 14_401


def test_a_refused_recipient_has_failed_and_a_refused_sender_has_not() -> None:
    unknown = Answer(Outcome.REJECTED, Stage.RCPT, 550, "5.1.1", "5.1.1 User unknown")
    us = Answer(Outcome.REJECTED, Stage.MAIL, 550, "5.7.1", "5.7.1 Sender refused")

    assert retry.step(unknown, 1, SETTINGS).state is DeliveryState.FAILED
    assert retry.step(us, 1, SETTINGS).state is DeliveryState.DEFERRED


def test_a_message_over_the_relays_limit_has_failed_as_too_big_and_not_as_a_dead_address() -> None:
    text = "the message has 30000000 octets, the relay takes 10240000"
    step = retry.step(Answer(Outcome.REJECTED, Stage.MAIL, None, "5.3.4", text), 1, SETTINGS)

    assert (step.state, step.reason) == (DeliveryState.FAILED, "The message is too big for them")


def test_what_is_uncertain_waits_for_a_person_or_for_its_time() -> None:
    lost = Answer(Outcome.UNCERTAIN, Stage.DOT, text="connection lost")
    resend = read(uncertain_policy=UncertainPolicy.RESEND, uncertain_resend_after=1800)

    assert retry.step(lost, 1, SETTINGS).wait is None
    assert retry.step(lost, 1, resend).wait == 1800


def test_every_refusal_has_a_reason_in_words() -> None:
    for outcome in (Outcome.DEFERRED, Outcome.REJECTED, Outcome.UNCERTAIN):
        for stage in Stage:
            assert retry.step(Answer(outcome, stage), 1, SETTINGS).reason
