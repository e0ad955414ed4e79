"""Providers by their APIs: what they are asked, over real sockets."""

from base64 import b64decode, b64encode
from email import message_from_bytes, policy

import pytest

from tests.workers.relays.cleos_mail import MESSAGE, TAG, TO_CLEO, attempt, opened
from tests.workers.relays.replayed import Asked, Recorded, replaying
from tests.workers.relays.scripted import Run
from workers.relays.relay import Envelope, Outcome

HEADERS = {
    "Message-ID": "<0a1b.c0ffee00@rivers.example>",
    "List-Unsubscribe": "<https://press.example/leave/token>",
    "List-Id": "<water.rivers.example>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    "Feedback-ID": "r7:rivers:press:dateline",
}


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
