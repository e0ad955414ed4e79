"""The certificate of inbound SMTP, read again when its file has changed: it is renewed while we run."""

import ssl
from pathlib import Path

import structlog

from service.settings import Settings

log = structlog.get_logger(__name__)


class Certificate:
    """A chain and its key, as files. Raises OSError or ssl.SSLError when they cannot be read at first."""

    def __init__(self, chain: Path, key: Path | None) -> None:
        self._chain, self._key = chain, key
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._read_at = self._changed_at()
        self._context.load_cert_chain(chain, key)

    def context(self) -> ssl.SSLContext:
        """What the next connection is offered; the certificate before where the new one cannot be read."""
        try:
            changed = self._changed_at()
            if changed != self._read_at:
                self._read_at = changed
                self._context.load_cert_chain(self._chain, self._key)
                log.info("inbound certificate read again")
        except (OSError, ssl.SSLError) as fault:
            log.warning("inbound certificate not read", fault=type(fault).__name__)
        return self._context

    def _changed_at(self) -> int:
        return max(path.stat().st_mtime_ns for path in (self._chain, self._key) if path is not None)


def given(settings: Settings) -> Certificate | None:
    """The certificate of the settings, None where they name none."""
    if not settings.inbound_tls_certificate:
        return None
    key = Path(settings.inbound_tls_key) if settings.inbound_tls_key else None
    return Certificate(Path(settings.inbound_tls_certificate), key)
