"""`dateline sender dkim`, `check`, `warmup` and `reseal`, as an operator runs them."""

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import select

from service import db, dkim_keys, senders
from service.cli.newsrooms import sender
from service.models import AuditEntry
from service.settings import adopt, settings
from tests.committed import committed
from tests.nameserver import NameServer, serving
from tests.service.domains.town import zones


@pytest.fixture
def names(worker_id: str) -> Iterator[NameServer]:
    """A committed newsroom at rivers.example, and the name server that its domain is asked of."""
    before = settings()
    with committed(f"domains_{worker_id}"), serving(zones()) as server:
        adopt(dns_servers=f"127.0.0.1:{server.port}", dns_seconds=1, return_path_domain="bounces.rivers.example")
        with db.transaction() as session:
            senders.add(session, "rivers", "Rivers", address="Press@Rivers.example", postal_address="1 Embankment")
        yield server
        adopt(
            dns_servers=before.dns_servers,
            dns_seconds=before.dns_seconds,
            return_path_domain=before.return_path_domain,
        )


def run(*words: str) -> Result:
    return CliRunner().invoke(sender, [*words], catch_exceptions=False)


def test_without_a_key_it_is_told_how_to_make_one(names: NameServer) -> None:
    assert "dateline sender dkim rivers --new" in run("dkim", "rivers").output
    assert json.loads(run("dkim", "rivers", "--json").output) == []


def test_a_new_key_is_told_as_the_record_to_publish(names: NameServer) -> None:
    output = run("dkim", "rivers", "--new", "--selector", "winter").output
    assert 'winter._domainkey.rivers.example. 3600 IN TXT ( "v=DKIM1; k=rsa; p=MII' in output
    assert "--activate winter" in output


def test_a_key_goes_from_new_to_retired(names: NameServer) -> None:
    (new,) = json.loads(run("dkim", "rivers", "--new", "--algorithm", "ed25519", "--json").output)
    assert set(new) == {
        *("id", "domain", "selector", "algorithm", "state", "name", "strings"),
        *("made_at", "signing_at", "retired_at", "removable_at", "gone_at"),
    }
    assert (new["state"], new["name"]) == ("waiting", f"{new['selector']}._domainkey.rivers.example")
    names.zones = zones(**{f"{new['selector']}._domainkey__TXT": "".join(new["strings"])})
    (signing,) = json.loads(run("dkim", "rivers", "--activate", new["selector"], "--json").output)
    assert signing["state"] == "signing"
    output = run("dkim", "rivers", "--retire", new["selector"]).output
    assert "leave it in DNS until" in output


def test_a_key_dns_does_not_show_is_refused_unless_told_unseen(names: NameServer) -> None:
    run("dkim", "rivers", "--new", "--selector", "winter")
    with pytest.raises(dkim_keys.Unseen):
        run("dkim", "rivers", "--activate", "winter")
    assert "signs" in run("dkim", "rivers", "--activate", "winter", "--unseen").output


def test_one_act_at_a_time(names: NameServer) -> None:
    assert run("dkim", "rivers", "--new", "--retire", "winter").exit_code == 2


def test_no_private_half_is_printed(names: NameServer) -> None:
    outputs = [run("dkim", "rivers", "--new", "--selector", "winter").output]
    outputs += [run("dkim", "rivers", "--activate", "winter", "--unseen", "--json").output]
    outputs += [run("check", "rivers.example", "--no-fetch", "--json").output, run("reseal").output]
    with db.transaction() as session:
        (key,) = dkim_keys.keys_for(session, "rivers.example")
        outputs += [str(entry.detail) for entry in session.scalars(select(AuditEntry))]
    pem = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode().splitlines()
    assert not any(line in output for line in pem[2:-2] for output in outputs)
    assert not any("PRIVATE" in output for output in outputs)


def test_keys_are_sealed_anew(names: NameServer) -> None:
    run("dkim", "rivers", "--new")
    assert run("reseal").output == "1 keys sealed with the present SECRET_KEY.\n"


def test_a_domain_that_is_well_ends_with_0_and_a_bad_one_with_1(names: NameServer) -> None:
    well = run("check", "Rivers.example", "--ip", "192.0.2.25", "--no-fetch")
    assert well.exit_code == 0, well.output
    assert "ok    DMARC: _dmarc.rivers.example: p=quarantine" in well.output
    names.zones = zones(_dmarc__TXT=None)
    bad = run("check", "rivers.example", "--no-fetch", "--json")
    assert bad.exit_code == 1
    assert [one["what"] for one in json.loads(bad.output) if one["state"] == "bad"] == ["DMARC"]


@pytest.mark.parametrize("words", [("--ip", "relay.example"), ("--ip", "192.0.2.256")])
def test_an_address_is_an_ip_address(names: NameServer, words: tuple[str, ...]) -> None:
    result = run("check", "rivers.example", *words)
    assert result.exit_code == 2
    assert "is not an IP address" in result.output


def test_a_warm_up_is_planned_shown_and_ended(names: NameServer) -> None:
    assert "has no warm-up plan" in run("warmup", "rivers.example").output
    assert run("warmup", "rivers.example", "--json").output == "null\n"
    table = run("warmup", "rivers.example", "--start", "100", "--growth", "2", "--until", "400").output
    assert "100" in table
    assert "200" in table
    assert "No limit from" in table
    plan = json.loads(run("warmup", "rivers.example", "--json").output)
    assert [day["mails"] for day in plan["days"]] == [100, 200]
    assert "has no warm-up plan" in run("warmup", "rivers.example", "--off").output


def test_ending_a_plan_goes_without_numbers(names: NameServer) -> None:
    assert run("warmup", "rivers.example", "--off", "--start", "3").exit_code == 2
