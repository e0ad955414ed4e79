"""Whom we trust at the other end of TLS: certificate and name are checked always, TLS is 1.2 or newer."""

from __future__ import annotations

import ssl


def context(ca: str | None = None) -> ssl.SSLContext:
    """What a client asks of its server; `ca`: a file to trust instead of the system's. Raises OSError or SSLError."""
    found = ssl.create_default_context(cafile=ca)
    found.minimum_version = ssl.TLSVersion.TLSv1_2
    return found


def told(error: ssl.SSLError) -> str:
    """What was wrong, in OpenSSL's word for it."""
    return f"TLS failed: {error.reason or type(error).__name__}"
