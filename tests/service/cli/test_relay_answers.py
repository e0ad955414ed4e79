"""`dateline doctor` asks every relay, over TLS where that is required, and never says a key."""

import asyncio
import ssl
from pathlib import Path

import pytest

from service.cli.doctor import Finding, _relays
from service.settings import read
from tests.workers.relays.authority import Authority
from tests.workers.relays.replayed import Recorded, replaying
from tests.workers.relays.scripted import Peer, Script, serving


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    authority = Authority(tmp_path_factory.mktemp("authority"))
    authority.found()
    return authority


async def greets(peer: Peer) -> None:
    await peer.welcome("8BITMIME")
    await peer.hear()


def upgrading(tls: ssl.SSLContext) -> Script:
    async def script(peer: Peer) -> None:
        await peer.welcome("STARTTLS")
        await peer.hear()
        await peer.say("220 ready")
        await peer.writer.start_tls(tls)
        await peer.hear()

    return script


async def examined(relay: str) -> list[Finding]:
    return await asyncio.to_thread(lambda: list(_relays(read(relay=relay))))


def examine(script: Script, scheme: str, options: str = "", tls: ssl.SSLContext | None = None) -> Finding:
    async def scenario() -> Finding:
        async with serving(script, tls) as server:
            [finding] = await examined(f"{scheme}://ada:secret@127.0.0.1:{server.port}{options}")
            return finding

    return asyncio.run(scenario())


@pytest.mark.parametrize("scheme", ["smtp", "lmtp"])
def test_a_server_that_greets_is_well(scheme: str) -> None:
    assert examine(greets, scheme, "?name=main") == Finding("relay main", well=True, found="answers")


def test_a_server_is_asked_over_tls_where_that_is_required(authority: Authority) -> None:
    good = authority.server("good", "IP:127.0.0.1")
    for scheme, script, tls in (("smtps", greets, good), ("smtp+starttls", upgrading(good), None)):
        finding = examine(script, scheme, f"?ca={authority.ca}", tls)
        assert (finding.well, finding.found) == (True, "answers, over TLS")


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_certificate_for_another_name_is_found(authority: Authority, scheme: str) -> None:
    other = authority.server("other", "IP:192.0.2.1")
    finding = examine(
        greets if scheme == "smtps" else upgrading(other),
        scheme,
        f"?ca={authority.ca}",
        other if scheme == "smtps" else None,
    )
    assert not finding.well
    assert "CERTIFICATE" in finding.found
    assert "?ca=FILE" in finding.fix


def test_a_server_without_starttls_is_found() -> None:
    finding = examine(greets, "smtp+starttls")
    assert (finding.well, finding.found) == (False, "SMTPNotSupportedError")


def test_each_relay_is_asked_and_no_key_is_said(tmp_path: Path) -> None:
    async def scenario() -> list[Finding]:
        async with replaying(Recorded.of("postmark", "empty")) as api:
            away = "smtps://ada:secret@127.0.0.1:1?name=away"
            return await examined(f"{api.url('postmark')}\n{away}\npigeon://secret@loft.example lmtp://{tmp_path}/lmtp")

    here, away, pigeon, local = asyncio.run(scenario())
    assert (here.well, away.well, pigeon.well, local.well) == (True, False, False, False)
    assert (away.what, pigeon.what, local.what) == ("relay away", "relay loft.example", "relay lmtp")
    assert "secret" not in repr((here, away, pigeon, local))


def test_what_is_no_url_is_told_without_being_quoted() -> None:
    [finding] = asyncio.run(examined("smtp://ada@host:secret"))
    assert not finding.well
    assert "secret" not in repr(finding)
