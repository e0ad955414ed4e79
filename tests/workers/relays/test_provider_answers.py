"""Providers by their APIs: what their recorded answers mean, and what they are not even asked."""

import asyncio

import pytest
import uvloop

from service.models import DeliveryState
from service.settings import read
from tests.workers.relays.cleos_mail import MESSAGE, TO_CLEO, attempt, opened
from tests.workers.relays.replayed import PROVIDERS, Recorded, document, names, replaying
from tests.workers.relays.scripted import Run
from workers.relays.relay import Answer, Envelope, Outcome, Stage
from workers.sending import retry
from workers.sending.watch import OUR_LIMIT

CASES = [(provider, name) for provider in PROVIDERS for name in names(provider)]


@pytest.mark.parametrize(("provider", "name"), CASES, ids=["-".join(case) for case in CASES])
def test_each_recorded_answer_has_its_meaning(provider: str, name: str) -> None:
    expected = document(provider, name)["answer"]
    [answer], is_closed, _ = uvloop.run(attempt(provider, name))

    assert {key: getattr(answer, key) for key in expected} == expected
    assert answer.text.startswith(f"HTTP {document(provider, name)['response']['status']}: ")
    assert "secret" not in answer.text
    assert is_closed == (answer.outcome is Outcome.UNCERTAIN or answer.code in {535, 451})
    step = retry.step(answer, 1, read())
    assert step.state is next_state(answer)
    assert answer.code != 451 or step.reason == OUR_LIMIT


def next_state(answer: Answer) -> DeliveryState:
    """Of a person, an address or a message: failed. Of us, our key or the provider's day: the person waits."""
    if answer.outcome is Outcome.REJECTED and (answer.stage is not Stage.MAIL or answer.enhanced == "5.3.4"):
        return DeliveryState.FAILED
    others = {Outcome.ACCEPTED: DeliveryState.ACCEPTED, Outcome.UNCERTAIN: DeliveryState.UNCERTAIN}
    return others.get(answer.outcome, DeliveryState.DEFERRED)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_provider_has_the_answers_that_matter(provider: str) -> None:
    meanings = [document(provider, name)["answer"] for name in names(provider)]
    found = {(meaning["outcome"], meaning["stage"]) for meaning in meanings}

    wanted = {
        (Outcome.ACCEPTED, Stage.DOT),
        (Outcome.REJECTED, Stage.RCPT),
        (Outcome.DEFERRED, Stage.CONNECT),
        (Outcome.DEFERRED, Stage.MAIL),
        (Outcome.UNCERTAIN, Stage.DOT),
    }
    assert wanted <= found
    assert any(meaning["retry_after"] for meaning in meanings)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_providers_own_id_is_kept(run: Run, provider: str) -> None:
    [answer], _, _ = run(attempt(provider, "accepted"))
    recorded = Recorded.of(provider, "accepted")
    ids = {"ses": "MessageId", "postmark": "MessageID", "mailgun": "id"}
    id_ = recorded.headers["X-Message-Id"] if provider == "sendgrid" else recorded.body[ids[provider]]
    assert id_ in answer.text


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_connection_carries_one_message_after_another(run: Run, provider: str) -> None:
    answers, is_closed, asked = run(attempt(provider, "accepted", "address_refused", "accepted"))

    assert [answer.outcome for answer in answers] == [Outcome.ACCEPTED, Outcome.REJECTED, Outcome.ACCEPTED]
    assert not is_closed
    assert len(asked) == 4


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_could_only_be_refused_is_not_sent(run: Run, provider: str) -> None:
    async def scenario() -> tuple[list[Answer], int]:
        async with replaying(Recorded.of(provider, "empty")) as api:
            _, connection = await opened(api.url(provider))
            assert connection.size is not None
            long = Envelope("", "cleo@daily.example", b"x" * connection.size + b"\r\n")
            foreign = Envelope("", "клео@daily.example", MESSAGE, utf8=True)
            return [await connection.send(long), await connection.send(foreign)], len(api.asked)

    [long, foreign], asked = run(scenario())
    assert (long.outcome, long.stage, long.enhanced) == (Outcome.REJECTED, Stage.MAIL, "5.3.4")
    assert (foreign.outcome, foreign.stage, foreign.enhanced) == (Outcome.REJECTED, Stage.RCPT, "5.6.7")
    assert asked == 1


def test_two_messages_at_once_are_the_callers_mistake(run: Run) -> None:
    async def scenario() -> Answer:
        async with replaying(Recorded.of("ses", "empty"), Recorded.of("ses", "accepted")) as api:
            _, connection = await opened(api.url("ses"))
            first = asyncio.create_task(connection.send(TO_CLEO))
            await asyncio.sleep(0)
            with pytest.raises(RuntimeError):
                await connection.send(TO_CLEO)
            return await first

    assert run(scenario()).outcome is Outcome.ACCEPTED
