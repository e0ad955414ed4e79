"""Every setting of Dateline, in one place: read once, immutable, all faults told at once.

A setting comes from the environment variable of its name, or from the file that `<NAME>_FILE` names (for secrets).
`python -m service.settings` prints config/example.env.
"""

import os
import re
import sys
from base64 import b64decode
from enum import StrEnum
from functools import cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, Self, get_args
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from service import rates
from service.errors import BadSettings

# RFC 3986, 2, without "=?": it begins links in the headers of mails, where a line holds 998 octets and no white space.
WEB_ADDRESS = re.compile(r"(?!.*=\?)https?://[!#-;=?-\[\]_a-z~]{1,500}")
DEVELOPMENT_KEY = "development-only-key-change-me-before-use"
ROLES = ("write", "approve", "send", "journalists", "reports", "administer")
"""What an account may do, as `service.models.Role` says it."""


class UncertainPolicy(StrEnum):
    """What becomes of a mail whose fate SMTP cannot tell: lost between its final dot and the reply."""

    ASK = "ask"
    RESEND = "resend"


class Settings(BaseSettings):
    """The settings, with the sentence that config/example.env gives to each."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    database_url: str = Field("", description="PostgreSQL 18, as postgresql+psycopg://… ; empty: the embedded server")
    broker_url: str = Field("", description="Valkey or Redis, as redis://… ; empty: the embedded server")
    relay: SecretStr = Field(
        SecretStr(""),
        description="Where mail is handed over: smtp+starttls://user:password@host and other URLs (docs/operator.md), "
        "with white space between them; empty: the development relay",
    )
    data_dir: Path = Field(Path("var"), description="Data of the embedded servers, logs and locks")
    base_url: str = Field("http://127.0.0.1:8080", description="The address people reach the pages under")
    secret_key: SecretStr = Field(
        SecretStr(DEVELOPMENT_KEY), description="Signs sessions, links and return paths; 32 characters or more"
    )
    previous_secret_key: SecretStr = Field(
        SecretStr(""), description="The key before: what it signed stays valid, nothing new is signed with it"
    )
    suppression_key: SecretStr = Field(
        SecretStr(DEVELOPMENT_KEY),
        description="Keys the fingerprints of suppressed addresses; never change it, or suppressions are forgotten",
    )
    mail_templates: Path | None = Field(
        None,
        description="Folder of one's own mail templates, used in place of ours file by file (docs/operator.md); "
        "`dateline template check` looks at them, and nothing starts with a bad one; empty: none",
    )
    return_path_domain: str = Field("bounces.dateline.example", description="Domain of the signed return paths")
    notice_from: str = Field("", description="From address of account mail; empty: dateline@RETURN_PATH_DOMAIN")
    test_domains: str = Field(
        "",
        description="Domains that a test of a release may be sent to, other than to colleagues, separated by commas; "
        "empty: colleagues only",
    )
    clamav: str = Field(
        "",
        description="Where clamd looks at files that are uploaded, as 127.0.0.1:3310 or the path of its socket; empty: "
        "none does",
    )
    dns_servers: str = Field(
        "",
        description="Name servers asked about our domains, as 9.9.9.9, 127.0.0.1:5353 or [2620:fe::fe]:53, separated "
        "by commas; empty: the system's",
    )
    dns_seconds: int = Field(3, ge=1, le=30, description="How long one of their answers is waited for")
    web_listen: str = Field("127.0.0.1:8080", description="Address the pages listen on")
    trusted_proxies: int = Field(
        0,
        ge=0,
        le=5,
        description="How many proxies of ours stand before the pages: whom X-Forwarded-For names that far back is the "
        "visitor; 0: it is not believed at all",
    )
    public_network_limit: str = Field(
        "10/hour", description="How often one network (an IPv4 /24, an IPv6 /56) may ask for mail on the public pages"
    )
    public_limit: str = Field(
        "300/hour", description="How often all strangers together may ask for mail on the public pages"
    )
    sign_in_network_limit: str = Field(
        "200/hour", description="How often one network may try passwords and codes at the sign-in pages"
    )
    second_factor_for: str = Field(
        "",
        description="Who has to have a second factor, by what they may do, as send, administer; empty: who wants to",
    )
    oidc_issuer: str = Field(
        "", description="Single sign-on: address of the OpenID provider, as https://id.rivers.example; empty: none"
    )
    oidc_client_id: str = Field("", description="Our name there")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="Our secret there")
    oidc_name: str = Field("", description="What people call it, for the button; empty: the host of its address")
    oidc_domains: str = Field(
        "",
        description="Mail domains whose people get an account at their first single sign-on, separated by commas; "
        "empty: only who was invited",
    )
    oidc_groups_claim: str = Field("groups", description="The claim in which the provider names a person's groups")
    oidc_rights: str = Field(
        "",
        description="Rights by group, given and taken at each sign-on: press=rivers:write,send; boss=rivers:send",
    )
    reader_zone: str = Field(
        "UTC", description="The time zone of who has not named one: their digests come at 8:00 there"
    )
    inbound_listen: str = Field("127.0.0.1:8025", description="Address inbound SMTP listens on")
    inbound_lmtp: str = Field("", description="Address or socket path LMTP listens on; empty: no LMTP")
    inbound_tls_certificate: str = Field(
        "", description="File of inbound SMTP's certificate chain (PEM), which makes it offer STARTTLS; empty: none"
    )
    inbound_tls_key: str = Field("", description="File of its private key; empty: it is in the certificate's file")
    inbound_per_minute: int = Field(
        3000, ge=1, description="Connections and messages that inbound takes from one network (/24, /64) in a minute"
    )
    inbound_trusted: str = Field(
        "127.0.0.0/8, ::1", description="Networks without that limit: one's own mail servers, separated by commas"
    )
    bounce_mailbox: str = Field(
        "",
        description="Mailbox that bounces and replies are fetched from: imaps://user@host/folder (imap+starttls://, "
        "imap:// on this machine), user and folder percent-encoded; empty: none",
    )
    bounce_mailbox_password: SecretStr = Field(SecretStr(""), description="Its password")
    bounce_mailbox_token_url: str = Field(
        "", description="Where its access tokens come from (OAuth 2.0), https://; empty: it has a password"
    )
    bounce_mailbox_client_id: str = Field("", description="The client those tokens are for")
    bounce_mailbox_client_secret: SecretStr = Field(SecretStr(""), description="Its secret; empty: it has none")
    bounce_mailbox_refresh_token: SecretStr = Field(SecretStr(""), description="What they are renewed by")
    bounce_mailbox_scope: str = Field("", description="What they are asked to be good for, where the server wants it")
    ses_topics: str = Field(
        "", description="ARNs of the SNS topics whose SES events are taken, separated by commas; empty: none"
    )
    postmark_webhook: SecretStr = Field(
        SecretStr(""), description="user:password that Postmark's webhook has in its URL; empty: no such webhook"
    )
    mailgun_webhook_key: SecretStr = Field(
        SecretStr(""), description="Mailgun's HTTP webhook signing key; empty: no such webhook"
    )
    sendgrid_webhook_key: str = Field(
        "", description="Verification key of SendGrid's signed event webhook, as it shows it; empty: no such webhook"
    )
    relay_listen: str = Field("127.0.0.1:8026", description="Address of the development relay")
    relay_connections: int = Field(16, ge=1, le=200, description="Connections to the relay for each worker process")
    relay_connections_most: int = Field(
        0, ge=0, description="Connections to each relay by all workers together; 0: RELAY_CONNECTIONS for each process"
    )
    relay_limits: str = Field(
        "", description="How fast mail leaves by a relay: 50/s 10000/h 100000/d, or by name: main=50/s; backup=5/s"
    )
    provider_limits: str = Field(
        "", description="How fast it goes to a mailbox provider: google=20/s 5000/h; yandex=5/s; *=50/s"
    )
    release_limit: str = Field("", description="How fast any one release is sent: 30/s, or 600/m; empty: no limit")
    pause_failed_percent: int = Field(
        10, ge=1, le=100, description="A release is paused when so much of it failed, and at least 20 mails"
    )
    complaint_for_all_senders: bool = Field(
        default=False,
        description="A complaint suppresses the address for every newsroom, not only its own",
    )
    unmatched_days: int = Field(
        90, ge=1, description="Days for which what came back and found no delivery waits for a person"
    )
    forged_tags_alarm: int = Field(
        1000, ge=1, description="Invented return paths in a day of which administrators are told"
    )
    raw_bounces_days: int = Field(
        30, ge=1, le=365, description="How long messages that came in are kept as they were; what was read stays"
    )
    worker_processes: int = Field(2, ge=1, le=256, description="Sending processes of one worker")
    chunk_size: int = Field(1000, ge=10, le=100_000, description="Deliveries in one chunk of work")
    dispatch_seconds: int = Field(45, ge=1, le=110, description="Longest time a chunk is worked on in one go")
    tick_seconds: int = Field(5, ge=1, le=60, description="How often due work is looked for in the database")
    ring_again_seconds: int = Field(20, ge=2, le=600, description="When a chunk nobody took is rung for again")
    deadline_hours: int = Field(
        48,
        ge=1,
        le=240,
        description="A mail not accepted this long after its time is given up; a release can have its own",
    )
    max_late_minutes: int = Field(
        30,
        ge=1,
        le=10_080,
        description="A release whose time passed longer ago while all was down waits for a person's word",
    )
    uncertain_policy: UncertainPolicy = Field(
        UncertainPolicy.ASK, description="ask: a person decides; resend: once more with the same Message-ID"
    )
    uncertain_resend_after: int = Field(
        1800, ge=0, le=86_400, description="Seconds before an uncertain mail is sent again, under resend"
    )
    websub_hub: str = Field("", description="WebSub hub told of every release as it becomes public; empty: none")
    newsroom_webhooks: str = Field(
        "", description="Addresses told of every release as it becomes public, with white space between them"
    )
    newsroom_webhook_secret: SecretStr = Field(
        SecretStr(""), description="Signs what they are told (Standard Webhooks): whsec_ and 24 bytes or more in base64"
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")
    log_json: bool = Field(default=False, description="One JSON object a line instead of text")

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, url: str) -> str:
        if not url:
            return url
        try:
            dialect = make_url(url).drivername
        except ArgumentError as fault:
            raise ValueError("is not a database URL: postgresql+psycopg://user@host/name") from fault
        if dialect not in ("postgresql", "postgresql+psycopg"):
            raise ValueError(f"names {dialect}; only PostgreSQL is supported")
        return url.replace("postgresql://", "postgresql+psycopg://", 1)

    @field_validator("broker_url")
    @classmethod
    def _is_redis(cls, url: str) -> str:
        if url and not url.startswith(("redis://", "rediss://", "redis+socket://")):
            raise ValueError("is not a redis://, rediss:// or redis+socket:// URL")
        return url

    @field_validator("relay")
    @classmethod
    def _are_urls(cls, relays: SecretStr) -> SecretStr:
        for number, url in enumerate(relays.get_secret_value().split(), start=1):
            if not re.match(r"[a-z+]+://.", url):
                raise ValueError(f"number {number} is not a URL, as smtp+starttls://user:password@host")
        return relays

    @field_validator("relay_limits", "provider_limits", "release_limit")
    @classmethod
    def _are_rates(cls, words: str) -> str:
        rates.parse(words)
        return words

    @field_validator("inbound_trusted")
    @classmethod
    def _are_networks(cls, text: str) -> str:
        for part in filter(None, (part.strip() for part in text.split(","))):
            ip_network(part)
        return text

    @field_validator("bounce_mailbox")
    @classmethod
    def _is_mailbox(cls, url: str) -> str:
        if url and not re.match(r"imap(s|\+starttls)?://[^/@]+@[^/@]", url):
            raise ValueError("is not a mailbox: imaps://user@host/folder")
        return url

    @field_validator("bounce_mailbox_token_url")
    @classmethod
    def _is_token_url(cls, url: str) -> str:
        if url and not re.match(r"https://|http://(127\.0\.0\.1|localhost|\[::1\])[:/]", url):
            raise ValueError("must be https://: it is told the secrets of the mailbox")
        return url

    @field_validator("ses_topics")
    @classmethod
    def _are_topics(cls, text: str) -> str:
        for part in filter(None, (part.strip() for part in text.split(","))):
            if not re.fullmatch(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d+:[A-Za-z0-9_-]+", part):
                raise ValueError(f"{part!a} is not a topic: arn:aws:sns:eu-central-1:123456789012:ses-events")
        return text

    @field_validator("postmark_webhook")
    @classmethod
    def _is_login(cls, login: SecretStr) -> SecretStr:
        found = login.get_secret_value()
        if found and (":" not in found or len(found.partition(":")[2]) < 16):
            raise ValueError("is not user:password, with a password of 16 characters or more")
        return login

    @field_validator("websub_hub", "newsroom_webhooks")
    @classmethod
    def _are_web_addresses(cls, urls: str) -> str:
        for number, url in enumerate(urls.split(), start=1):
            if not WEB_ADDRESS.fullmatch(url):
                raise ValueError(f"number {number} is not a web address, as https://hub.example/")
        return urls

    @field_validator("newsroom_webhook_secret")
    @classmethod
    def _is_webhook_secret(cls, secret: SecretStr) -> SecretStr:
        if secret.get_secret_value():
            webhook_key(secret.get_secret_value())
        return secret

    @model_validator(mode="after")
    def _webhooks_are_signed(self) -> Self:
        if self.newsroom_webhooks and not self.newsroom_webhook_secret.get_secret_value():
            raise ValueError("NEWSROOM_WEBHOOKS: set NEWSROOM_WEBHOOK_SECRET too, so that receivers can tell it is you")
        return self

    @field_validator("public_network_limit", "public_limit", "sign_in_network_limit")
    @classmethod
    def _is_a_number_a_time(cls, words: str) -> str:
        if not re.fullmatch(r"[1-9]\d{0,6}/(minute|hour|day)", words):
            raise ValueError("is not a number by minute, hour or day, as 10/hour")
        return words

    @field_validator("second_factor_for")
    @classmethod
    def _are_roles(cls, words: str) -> str:
        for word in filter(None, (part.strip() for part in words.split(","))):
            if word not in ROLES:
                raise ValueError(f"{word!a} is none of {', '.join(ROLES)}")
        return words

    @field_validator("oidc_issuer")
    @classmethod
    def _is_provider(cls, url: str) -> str:
        if url and not WEB_ADDRESS.fullmatch(url):
            raise ValueError("is not a web address, as https://id.rivers.example")
        return url.rstrip("/")

    @field_validator("oidc_rights")
    @classmethod
    def _are_group_rights(cls, words: str) -> str:
        group_rights(words)
        return words

    @model_validator(mode="after")
    def _provider_knows_us(self) -> Self:
        if self.oidc_issuer and not (self.oidc_client_id and self.oidc_client_secret.get_secret_value()):
            raise ValueError("OIDC_ISSUER: set OIDC_CLIENT_ID and OIDC_CLIENT_SECRET too")
        return self

    @field_validator("reader_zone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("is not a time zone, as Asia/Almaty")
        return name

    @field_validator("dns_servers")
    @classmethod
    def _are_name_servers(cls, text: str) -> str:
        for part in filter(None, text.split(",")):
            name_server(part)
        return text

    @property
    def test_domain_list(self) -> list[str]:
        """The domains, one by one, in small letters."""
        return [part.strip().casefold() for part in self.test_domains.split(",") if part.strip()]

    @property
    def dns_server_list(self) -> list[str]:
        """The name servers, one by one."""
        return [part.strip() for part in self.dns_servers.split(",") if part.strip()]

    @field_validator("secret_key", "suppression_key")
    @classmethod
    def _is_long(cls, key: SecretStr) -> SecretStr:
        if len(key.get_secret_value()) < 32:
            raise ValueError("is shorter than 32 characters; make one: python -c 'import secrets; …token_urlsafe(48)'")
        return key

    @field_validator("notice_from")
    @classmethod
    def _is_address(cls, address: str) -> str:
        if address and not re.fullmatch(r"[^\s<>@]+@[^\s<>@]+", address):
            raise ValueError("is not an e-mail address")
        return address

    @field_validator("base_url")
    @classmethod
    def _is_web_address(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError("does not begin with http:// or https://")
        if not WEB_ADDRESS.fullmatch(url):
            raise ValueError("is not one web address: 500 characters at most, no spaces, no letters but Latin ones")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _development_keys_stay_at_home(self) -> Self:
        keys = (self.secret_key.get_secret_value(), self.suppression_key.get_secret_value())
        if self.base_url.startswith("https://") and DEVELOPMENT_KEY in keys:
            raise ValueError("SECRET_KEY and SUPPRESSION_KEY: the development keys cannot be used behind https")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the base class's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the base class's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _Files(settings_cls)


class _Files(PydanticBaseSettingsSource):
    """`SECRET_KEY_FILE=/run/secrets/key` gives SECRET_KEY, the way container secrets arrive."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002 - the base class's signature
        path = os.environ.get(f"{field_name.upper()}_FILE")
        return (Path(path).read_text(encoding="utf-8").strip() if path else None), field_name, False

    def __call__(self) -> dict[str, Any]:
        values = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in values.items() if value is not None}


def name_server(text: str) -> tuple[str, int]:
    """`9.9.9.9`, `127.0.0.1:5353` or `[::1]:53` as address and port. Raises ValueError."""
    try:
        return str(ip_address(text.strip())), 53
    except ValueError:
        found = urlsplit(f"//{text.strip()}")
    try:
        return str(ip_address(found.hostname or "")), found.port or 53
    except ValueError:
        raise ValueError(f"{text.strip()!a} is not the IP address of a name server, with or without a port") from None


def webhook_key(secret: str) -> bytes:
    """The key in a secret of Standard Webhooks. Raises ValueError."""
    try:
        key = b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        key = b""
    if not 24 <= len(key) <= 64:
        raise ValueError("is no secret of Standard Webhooks: whsec_ and 24 to 64 bytes in base64")
    return key


def group_rights(words: str) -> dict[str, dict[str, list[str]]]:
    """`press=rivers:write,send; heads=rivers:approve` as roles by newsroom by group. Raises ValueError."""
    found: dict[str, dict[str, list[str]]] = {}
    for part in filter(None, (part.strip() for part in words.split(";"))):
        read = re.fullmatch(r"([^=;:]+)=([a-z0-9-]+):([a-z, ]+)", part)
        roles = [role.strip() for role in read[3].split(",")] if read else []
        if read is None or not set(roles) <= set(ROLES):
            raise ValueError(f"{part!a} is not group=newsroom:role,role, as press=rivers:write,send")
        found.setdefault(read[1].strip(), {}).setdefault(read[2], []).extend(roles)
    return found


_adopted: dict[str, Any] = {}


@cache
def settings() -> Settings:
    """The settings of this process. Raises BadSettings naming every fault."""
    return read(**_adopted)


def adopt(**given: Any) -> Settings:
    """Let these stand before the environment: for the command that has just started the servers it works with.

    Call it before anything else asks for the settings.
    """
    _adopted.update(given)
    settings.cache_clear()
    return settings()


def read(**given: Any) -> Settings:
    """Read anew, `given` before the environment. Raises BadSettings."""
    try:
        return Settings(**given)
    except ValidationError as fault:
        raise BadSettings([_told(error) for error in fault.errors()]) from None
    except OSError as fault:
        raise BadSettings([f"{fault.filename}: {fault.strerror}"]) from None


def _told(error: Any) -> str:
    name = ".".join(str(part) for part in error["loc"]).upper()
    sentence = str(error["msg"]).removeprefix("Value error, ")
    return f"{name}: {sentence}" if name else sentence


def example() -> str:
    """config/example.env: every setting with its default and what it is for."""
    lines = ["# Generated by `python -m service.settings`; a test compares the two.", ""]
    for name, field in Settings.model_fields.items():
        secret = SecretStr in (field.annotation, *get_args(field.annotation))
        default = field.default.get_secret_value() if secret else field.default
        lines += [f"# {field.description}", f"#{name.upper()}={'' if default is None else default}", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(example())
