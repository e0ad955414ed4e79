"""TLS required is TLS or nothing, and a password is only spoken inside it."""

import asyncio
import ssl
from base64 import b64encode

import pytest

from tests.workers.relays.authority import Authority
from tests.workers.relays.scripted import Peer, Run, Script, serving, to_ben
from workers.relays.relay import Answer, LoginRefused, Outcome, Unavailable, Untrusted
from workers.relays.smtp import SmtpRelay
from workers.relays.wire import Timeouts

HASTY = Timeouts(connect=0.5, reply=0.5, dot=0.5, quit=0.2)
ADA = b64encode(b"\0ada\0secret").decode()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    authority = Authority(tmp_path_factory.mktemp("authority"))
    authority.found()
    return authority


@pytest.fixture(scope="session")
def good(authority: Authority) -> ssl.SSLContext:
    return authority.server("good", "IP:127.0.0.1")


async def deliver(
    script: Script, scheme: str, authority: Authority, *, user: str = "", tls: ssl.SSLContext | None
) -> Answer:
    async with serving(script, tls) as server:
        url = f"{scheme}://{user}127.0.0.1:{server.port}?ca={authority.ca}"
        connection = await SmtpRelay.from_url(url, timeouts=HASTY).connect()
        return await asyncio.wait_for(connection.send(to_ben()), 5)


def upgrading(tls: ssl.SSLContext, *injected: str) -> Script:
    """Announces STARTTLS and nothing else in the clear; `injected` follows "220 ready" in the same segment."""

    async def script(peer: Peer) -> None:
        await peer.welcome("STARTTLS", "SIZE 1")
        assert await peer.hear() == b"STARTTLS"
        await peer.say("220 ready", *injected)
        await peer.writer.start_tls(tls)
        await peer.be_greeted("PIPELINING", "AUTH PLAIN LOGIN")
        await peer.take()

    return script


def test_a_message_goes_over_starttls(run: Run, authority: Authority, good: ssl.SSLContext) -> None:
    """The SIZE 1 learnt in the clear would refuse it, were it not forgotten."""
    answer = run(deliver(upgrading(good), "smtp+starttls", authority, tls=None))
    assert answer.outcome is Outcome.ACCEPTED


def test_a_message_goes_over_tls_from_the_first_octet(run: Run, authority: Authority, good: ssl.SSLContext) -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING")
        await peer.take()

    assert run(deliver(script, "smtps", authority, tls=good)).outcome is Outcome.ACCEPTED


def test_replies_slipped_in_before_tls_are_discarded(run: Run, authority: Authority, good: ssl.SSLContext) -> None:
    """RFC 3207: the attacker's EHLO answer came in the clear; believed, every later reply is one too early."""
    script = upgrading(good, "250-evil", "250-PIPELINING", "250 SIZE 1", "250-half a reply", "250-SIZE 1")
    answer = run(deliver(script, "smtp+starttls", authority, tls=None))
    assert answer.outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("reply", ["454 4.7.0 TLS not available", "502 What?"])
def test_refused_tls_is_never_answered_in_the_clear(run: Run, authority: Authority, reply: str) -> None:
    heard: list[bytes] = []

    async def script(peer: Peer) -> None:
        await peer.welcome("STARTTLS", "AUTH PLAIN")
        heard.append(await peer.hear())
        await peer.say(reply)
        heard.append(await peer.hear())

    with pytest.raises(Untrusted) as refused:
        run(deliver(script, "smtp+starttls", authority, user="ada:secret@", tls=None))
    assert refused.value.code == int(reply[:3])
    assert heard == [b"STARTTLS"]


def test_a_stripped_starttls_is_refused(run: Run, authority: Authority) -> None:
    heard: list[bytes] = []

    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING", "AUTH PLAIN")
        heard.append(await peer.hear())

    with pytest.raises(Untrusted):
        run(deliver(script, "smtp+starttls", authority, user="ada:secret@", tls=None))
    assert heard == []


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
@pytest.mark.parametrize("fault", ["wrong name", "expired", "unknown authority", "self-signed"])
def test_a_certificate_is_checked(
    run: Run, authority: Authority, tmp_path_factory: pytest.TempPathFactory, scheme: str, fault: str
) -> None:
    if fault in {"unknown authority", "self-signed"}:
        stranger = Authority(tmp_path_factory.mktemp("stranger"))
        stranger.found()
        tls = stranger.itself() if fault == "self-signed" else stranger.server("stranger", "IP:127.0.0.1")
    else:
        address = "IP:192.0.2.1" if fault == "wrong name" else "IP:127.0.0.1"
        tls = authority.server(fault.replace(" ", "-"), address, days=-1 if fault == "expired" else 2)

    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING")
        await peer.take()

    starttls = scheme == "smtp+starttls"
    with pytest.raises(Untrusted):
        run(deliver(upgrading(tls) if starttls else script, scheme, authority, tls=None if starttls else tls))


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_tls_of_the_last_century_is_no_tls(run: Run, authority: Authority, scheme: str) -> None:
    old = authority.server("old", "IP:127.0.0.1")
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1

    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING")
        await peer.take()

    starttls = scheme == "smtp+starttls"
    with pytest.raises(Unavailable):
        run(deliver(upgrading(old) if starttls else script, scheme, authority, tls=None if starttls else old))


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_handshake_that_stalls_is_left_in_time(run: Run, authority: Authority, scheme: str) -> None:
    async def script(peer: Peer) -> None:
        if scheme == "smtp+starttls":
            await peer.welcome("STARTTLS")
            await peer.hear()
            await peer.say("220 ready")
        await asyncio.sleep(3)

    with pytest.raises(Unavailable):
        run(asyncio.wait_for(deliver(script, scheme, authority, tls=None), 2))


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_we_log_in_inside_tls(run: Run, authority: Authority, good: ssl.SSLContext, mechanism: str) -> None:
    heard: list[bytes] = []

    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING", f"AUTH={mechanism}")
        heard.append(await peer.hear())
        if mechanism == "LOGIN":
            for prompt in ("334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"):
                await peer.say(prompt)
                heard.append(await peer.hear())
        await peer.say("235 2.7.0 Welcome")
        await peer.take()

    answer = run(deliver(script, "smtps", authority, user="ada:secret@", tls=good))

    assert answer.outcome is Outcome.ACCEPTED
    assert heard == ([f"AUTH PLAIN {ADA}".encode()] if mechanism == "PLAIN" else [b"AUTH LOGIN", b"YWRh", b"c2VjcmV0"])


@pytest.mark.parametrize(
    ("offer", "reply", "error"),
    [
        ("AUTH PLAIN", "535 5.7.8 Bad credentials", LoginRefused),
        ("AUTH LOGIN", "535 5.7.8 Bad credentials", LoginRefused),
        ("AUTH PLAIN", "454 4.7.0 Directory is down", Unavailable),
        ("AUTH CRAM-MD5", "", LoginRefused),
        ("8BITMIME", "", LoginRefused),
    ],
)
def test_a_refused_login_is_told_apart_from_a_bad_moment(
    run: Run, authority: Authority, good: ssl.SSLContext, offer: str, reply: str, error: type[Unavailable]
) -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING", offer)
        await peer.hear()
        await peer.say(reply)

    with pytest.raises(Unavailable) as refused:
        run(deliver(script, "smtps", authority, user="ada:secret@", tls=good))
    assert type(refused.value) is error
    assert "secret" not in str(refused.value)
