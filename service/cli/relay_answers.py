"""Who answers where RELAY points: asked as far as TLS and the certificate, without logging in."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

SECONDS = 5.0
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465, "lmtp": 24, "lmtp+starttls": 24}
APIS = frozenset({"ses", "mailgun", "postmark", "sendgrid"})


def named(relays: str) -> Iterator[tuple[str, SplitResult]]:
    """Each URL with the name the logs call it by; never its user, which may be a key. Raises ValueError."""
    for text in relays.split():
        url = urlsplit(text)
        usual = f"{url.hostname}:{url.port}" if url.port else url.hostname or url.path.rpartition("/")[2]
        yield _option(url, "name") or usual, url


def answer(url: SplitResult) -> str:
    """Ask it; what came of that.

    Raises OSError, ssl.SSLError, SMTPException or HTTPException; ValueError for what is no relay.
    """
    if url.scheme in PORTS:
        return _mail_server(url)
    if url.scheme in APIS:
        return _api(url)
    raise ValueError("not a kind of relay")


def _mail_server(url: SplitResult) -> str:
    trusted = ssl.create_default_context(cafile=_option(url, "ca"))
    host, port = url.hostname or unquote(url.path), url.port or PORTS[url.scheme]
    with closing(_greeted(url.scheme, host, port, trusted)) as talk:
        if not url.scheme.endswith("+starttls"):
            return "answers, over TLS" if url.scheme == "smtps" else "answers"
        talk.starttls(context=trusted)
        return "answers, over TLS"


def _greeted(scheme: str, host: str, port: int, trusted: ssl.SSLContext) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, "localhost", timeout=SECONDS, context=trusted)
    kind = smtplib.LMTP if scheme.startswith("lmtp") else smtplib.SMTP
    return kind(host, port, "localhost", timeout=SECONDS)


def _api(url: SplitResult) -> str:
    host = url.hostname or ""
    if url.scheme == "ses" and "." not in host and ":" not in host and host != "localhost":
        host = f"email.{host}.amazonaws.com"
    if _option(url, "scheme") == "http":
        talk = HTTPConnection(host, url.port, timeout=SECONDS)
    else:
        trusted = ssl.create_default_context(cafile=_option(url, "ca"))
        talk = HTTPSConnection(host, url.port, timeout=SECONDS, context=trusted)
    with closing(talk):
        talk.request("HEAD", "/")
        talk.getresponse()
    return "answers"


def _option(url: SplitResult, name: str) -> str | None:
    return parse_qs(url.query).get(name, [None])[0]
