"""Providers by their APIs: what they are asked, and what their recorded answers mean, over real sockets."""

import asyncio
from base64 import b64decode, b64encode
from email import message_from_bytes, policy

import pytest
import uvloop

from service.models import DeliveryState
from service.settings import read
from tests.workers.relays.replayed import PROVIDERS, Asked, Recorded, document, names, replaying
from tests.workers.relays.scripted import Run
from workers.relays.kinds import relay_at
from workers.relays.relay import Answer, Connection, Envelope, LoginRefused, Outcome, Relay, Stage, Unavailable
from workers.relays.url import parse
from workers.sending import retry
from workers.sending.watch import OUR_LIMIT

MESSAGE = (
    b"To: =?utf-8?q?Cl=C3=A9o?= Reader <cleo@daily.example>\r\n"
    b"Message-ID: <0a1b.c0ffee00@rivers.example>\r\n"
    b"Date: Tue, 24 Nov 2026 10:00:00 +0000\r\n"
    b"List-Unsubscribe: <https://press.example/leave/token>\r\n"
    b'From: "Steppe Rivers, Press" <press@rivers.example>\r\n'
    b"Reply-To: <ada@rivers.example>\r\n"
    b"Subject: =?utf-8?b?w5ZmZm5lbg==?= the\r\n rivers\r\n"
    b"MIME-Version: 1.0\r\n"
    b"List-Id: <water.rivers.example>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    b"Feedback-ID: r7:rivers:press:dateline\r\n"
    b"DKIM-Signature: v=1; a=rsa-sha256; b=abc\r\n"
    b'Content-Type: multipart/alternative;\r\n boundary="=_x"\r\n'
    b"\r\n"
    b"\r\n--=_x\r\n"
    b'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    b"Die Fl=C3=BCsse.\r\n.a dot\r\n"
    b"--=_x\r\n"
    b'Content-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    b"<p>Die Fl=C3=BCsse.</p>\r\n"
    b"--=_x--\r\n"
)

TAG = "b.k7qabc234"
TO_CLEO = Envelope(f"{TAG}@bounces.rivers.example", "cleo@daily.example", MESSAGE, envid="0a1b")
HEADERS = {
    "Message-ID": "<0a1b.c0ffee00@rivers.example>",
    "List-Unsubscribe": "<https://press.example/leave/token>",
    "List-Id": "<water.rivers.example>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    "Feedback-ID": "r7:rivers:press:dateline",
}


async def opened(url: str) -> tuple[Relay, Connection]:
    relay = relay_at(parse(url))
    return relay, await relay.connect()


async def attempt(provider: str, *names: str) -> tuple[list[Answer], bool, list[Asked]]:
    """Send as many messages as there are names on one connection; whether it is closed then."""
    turns = [Recorded.of(provider, name) for name in ("empty", *names)]
    async with replaying(*turns) as api:
        _, connection = await opened(api.url(provider))
        answers = [await connection.send(TO_CLEO) for _ in names]
        is_closed = connection.closed
        await connection.close()
        return answers, is_closed, api.asked


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


def test_ses_gets_the_message_as_it_is_under_a_signature(run: Run) -> None:
    _, _, [knock, asked] = run(attempt("ses", "accepted"))

    assert (asked.method, asked.path) == ("POST", "/v2/email/outbound-emails")
    assert knock.json == {}
    assert b64decode(asked.json["Content"]["Raw"]["Data"]) == MESSAGE
    assert asked.json["Destination"] == {"ToAddresses": ["cleo@daily.example"]}
    assert asked.json["FeedbackForwardingEmailAddress"] == TO_CLEO.return_path
    assert asked.json["EmailTags"] == [{"Name": "delivery", "Value": TAG}]
    scope = asked.headers["x-amz-date"][:8] + "/eu-central-1/ses/aws4_request"
    signature = (
        f"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/{scope}, SignedHeaders=content-type;host;x-amz-date, Signature="
    )
    assert asked.headers["authorization"].startswith(signature)


def test_mailgun_gets_the_message_as_it_is(run: Run) -> None:
    _, _, [knock, asked] = run(attempt("mailgun", "accepted"))

    assert (asked.method, asked.path) == ("POST", "/v3/mg.rivers.example/messages.mime")
    assert asked.headers["authorization"] == "Basic " + b64encode(b"api:secret-key").decode()
    assert knock.body == b"o%3Atracking=no"
    form = asked.form
    assert MESSAGE in asked.body
    assert form.keys() == {"to", "message", "v:delivery", "o:tracking"}
    assert (form["to"], form["v:delivery"]) == (b"cleo@daily.example", TAG.encode())


def test_postmark_gets_the_messages_fields(run: Run) -> None:
    _, _, [knock, asked] = run(attempt("postmark", "accepted"))

    assert (asked.method, asked.path) == ("POST", "/email")
    assert asked.headers["x-postmark-server-token"] == "secret-key"
    assert knock.json == {}
    assert asked.json == {
        "From": '"Steppe Rivers, Press" <press@rivers.example>',
        "To": "Cléo Reader <cleo@daily.example>",
        "ReplyTo": "ada@rivers.example",
        "Subject": "Öffnen the rivers",
        "TextBody": "Die Flüsse.\n.a dot",
        "HtmlBody": "<p>Die Flüsse.</p>",
        "Headers": [{"Name": name, "Value": value} for name, value in {**HEADERS, "X-PM-KeepID": "true"}.items()],
        "MessageStream": "press",
        "Metadata": {"delivery": TAG},
        "TrackOpens": False,
        "TrackLinks": "None",
    }


def test_sendgrid_gets_the_messages_fields(run: Run) -> None:
    _, _, [knock, asked] = run(attempt("sendgrid", "accepted"))

    assert (asked.method, asked.path) == ("POST", "/v3/mail/send")
    assert asked.headers["authorization"] == "Bearer secret-key"
    assert knock.json == {}
    assert asked.json == {
        "personalizations": [
            {"to": [{"email": "cleo@daily.example", "name": "Cléo Reader"}], "custom_args": {"delivery": TAG}}
        ],
        "from": {"email": "press@rivers.example", "name": "Steppe Rivers, Press"},
        "reply_to": {"email": "ada@rivers.example"},
        "subject": "Öffnen the rivers",
        "content": [
            {"type": "text/plain", "value": "Die Flüsse.\n.a dot"},
            {"type": "text/html", "value": "<p>Die Flüsse.</p>"},
        ],
        "headers": HEADERS,
        "tracking_settings": {
            "click_tracking": {"enable": False},
            "open_tracking": {"enable": False},
            "subscription_tracking": {"enable": False},
        },
    }


@pytest.mark.parametrize("provider", ["postmark", "sendgrid"])
def test_an_attached_picture_goes_along(run: Run, provider: str) -> None:
    mail = message_from_bytes(MESSAGE, policy=policy.SMTP)
    mail.add_attachment(b"\x89PNG", "image", "png", filename="map.png", cid="<map@rivers>")

    async def scenario() -> Asked:
        async with replaying(Recorded.of(provider, "empty"), Recorded.of(provider, "accepted")) as api:
            _, connection = await opened(api.url(provider))
            envelope = Envelope("", "cleo@daily.example", mail.as_bytes(), envid="0a1b")
            assert (await connection.send(envelope)).outcome is Outcome.ACCEPTED
            return api.asked[-1]

    asked = run(scenario()).json
    if provider == "postmark":
        content = {"Name": "map.png", "ContentType": "image/png", "Content": "iVBORw==", "ContentID": "cid:map@rivers"}
        assert asked["Attachments"] == [content]
        assert asked["Metadata"] == {"delivery": "0a1b"}
    else:
        content = {"filename": "map.png", "type": "image/png", "content": "iVBORw==", "content_id": "map@rivers"}
        assert asked["attachments"] == [{**content, "disposition": "inline"}]


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


def test_a_connection_says_whose_it_is(run: Run) -> None:
    async def scenario() -> str:
        async with replaying(Recorded.of("ses", "empty")) as api:
            _, connection = await opened(api.url("ses", options="&name=frankfurt"))
            return connection.relay

    assert run(scenario()) == "frankfurt"


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
