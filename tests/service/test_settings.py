"""Settings: read once, all faults told at once, the sample generated from the declaration."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from service import settings
from service.errors import BadSettings

KEY = "k" * 40


def test_the_sample_is_what_the_settings_say() -> None:
    sample = Path(__file__).parents[2] / "config" / "example.env"

    assert sample.read_text(encoding="utf-8") == settings.example(), "make example"


def test_every_bad_setting_is_told_at_once() -> None:
    with pytest.raises(BadSettings) as told:
        settings.read(database_url="mysql://x/y", base_url="press.example", relay_connections=0, secret_key="short")

    assert {fault.partition(":")[0] for fault in told.value.faults} == {
        "DATABASE_URL",
        "BASE_URL",
        "RELAY_CONNECTIONS",
        "SECRET_KEY",
    }


@pytest.mark.parametrize(
    "url",
    ["http://press.example\r\nBcc: eve@evil.example", "http://a.example b", "http://пресса.example", "http://<x>"],
)
def test_the_address_of_the_pages_can_stand_in_a_mails_header(url: str) -> None:
    with pytest.raises(BadSettings, match="BASE_URL"):
        settings.read(base_url=url)
    with pytest.raises(BadSettings, match="BASE_URL"):
        settings.read(base_url="https://" + "a" * 501)


def test_a_secret_can_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text(KEY + "\n", encoding="ascii")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))

    assert settings.read().secret_key == SecretStr(KEY)


def test_a_secret_file_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY_FILE", "/nowhere/key")

    with pytest.raises(BadSettings, match="/nowhere/key"):
        settings.read()


def test_the_development_keys_are_refused_behind_https() -> None:
    with pytest.raises(BadSettings, match="development keys"):
        settings.read(base_url="https://press.example")

    settings.read(base_url="https://press.example", secret_key=KEY, suppression_key=KEY)


def test_a_plain_postgresql_url_is_given_its_driver() -> None:
    assert settings.read(database_url="postgresql://u@h/n").database_url == "postgresql+psycopg://u@h/n"


def test_no_secret_is_shown() -> None:
    assert KEY not in repr(settings.read(secret_key=KEY))


def test_a_relay_that_is_no_url_is_told_by_number_and_not_quoted() -> None:
    with pytest.raises(BadSettings) as refused:
        settings.read(relay="smtps://ada:sesame@relay.example\nsecret")
    assert "RELAY: number 2" in str(refused.value)
    assert "secret" not in str(refused.value)
    assert "sesame" not in repr(settings.read(relay="smtps://ada:sesame@relay.example"))
