"""Accounts at providers: a wrong key, a pause, a throttle; they stop a connection, and never cost a person the mail."""

import pytest

from tests.workers.relays.cleos_mail import TO_CLEO, opened
from tests.workers.relays.replayed import PROVIDERS, Recorded, replaying
from tests.workers.relays.scripted import Run
from workers.relays.kinds import relay_at
from workers.relays.relay import Answer, LoginRefused, Outcome, Unavailable
from workers.relays.url import parse


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_wrong_key_is_found_before_anybodys_mail_is(run: Run, provider: str) -> None:
    wrong = {"ses": "key_unknown", "postmark": "token_wrong", "mailgun": "key_wrong", "sendgrid": "key_wrong"}[provider]

    async def scenario() -> None:
        async with replaying(Recorded.of(provider, wrong)) as api:
            await opened(api.url(provider))

    with pytest.raises(LoginRefused) as refused:
        run(scenario())
    assert refused.value.code == 535
    assert "secret" not in str(refused.value)


def test_a_key_for_some_senders_only_is_not_a_wrong_key(run: Run) -> None:
    async def scenario() -> Answer:
        async with replaying(*(Recorded.of("ses", name) for name in ("sender_not_of_this_key", "accepted"))) as api:
            _, connection = await opened(api.url("ses"))
            return await connection.send(TO_CLEO)

    assert run(scenario()).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("answer", ["throttled", "broken"])
def test_a_provider_in_trouble_is_unavailable(run: Run, provider: str, answer: str) -> None:
    async def scenario() -> None:
        async with replaying(Recorded.of(provider, answer)) as api:
            await opened(api.url(provider))

    with pytest.raises(Unavailable) as refused:
        run(scenario())
    assert type(refused.value) is Unavailable


def test_an_account_paused_in_the_middle_is_told_to_the_next_connection_and_then_asked_again(run: Run) -> None:
    async def scenario() -> Answer:
        turns = ("empty", "account_paused", "empty", "accepted")
        async with replaying(*(Recorded.of("ses", turn) for turn in turns)) as api:
            relay, connection = await opened(api.url("ses"))
            assert (await connection.send(TO_CLEO)).code == 535
            with pytest.raises(LoginRefused, match="SendingPausedException"):
                await relay.connect()
            return await (await relay.connect()).send(TO_CLEO)

    assert run(scenario()).outcome is Outcome.ACCEPTED


def test_a_throttled_account_rests_as_long_as_it_was_told_to(run: Run) -> None:
    async def scenario() -> int:
        async with replaying(Recorded.of("postmark", "empty"), Recorded.of("postmark", "throttled")) as api:
            relay, connection = await opened(api.url("postmark"))
            assert (await connection.send(TO_CLEO)).retry_after == 20
            with pytest.raises(Unavailable, match="throttled"):
                await relay.connect()
            return len(api.asked)

    assert run(scenario()) == 2


def test_a_connection_says_whose_it_is(run: Run) -> None:
    async def scenario() -> str:
        async with replaying(Recorded.of("ses", "empty")) as api:
            _, connection = await opened(api.url("ses", options="&name=frankfurt"))
            return connection.relay

    assert run(scenario()) == "frankfurt"


@pytest.mark.parametrize(
    "url",
    [
        "postmark://api.postmarkapp.com",
        "postmark://secret@api.postmarkapp.com?scheme=http",
        "postmark://secret@api.postmarkapp.com?tream=press",
        "postmark://secr%0det@api.postmarkapp.com",
        "mailgun://secret@api.mailgun.net",
        "sendgrid://secret@127.0.0.1.evil.example?scheme=http",
        "sendgrid://secret@api.sendgrid.com?ca=/no/such/file",
        "ses://secret@eu-central-1",
        "ses://AKID:secret@ses.internal.example",
        "pigeon://secret@loft.example",
    ],
)
def test_an_account_that_cannot_work_is_refused_at_once_without_its_key(url: str) -> None:
    with pytest.raises(ValueError) as refused:
        relay_at(parse(url))
    assert "secr" not in str(refused.value)
