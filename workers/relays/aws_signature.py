"""AWS Signature Version 4: a request signed by a key that itself does not travel.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class Key:
    """An access key, and what it is used for."""

    id: str = field(repr=False)
    secret: str = field(repr=False)
    region: str
    service: str


def sign(
    key: Key, method: str, path: str, headers: Mapping[str, str], content: bytes, *, at: datetime, query: str = ""
) -> dict[str, str]:
    """The headers with date and signature; all that are given are signed, so `Host` must be among them.

    `path` and `query` as they travel, the query's parameters in order.
    """
    stamp = at.strftime("%Y%m%dT%H%M%SZ")
    dated = {**headers, "X-Amz-Date": stamp}
    lines = sorted((name.lower(), " ".join(value.split())) for name, value in dated.items())
    names = ";".join(name for name, _ in lines)
    canonical = "\n".join(
        (method, path, query, *(f"{name}:{value}" for name, value in lines), "", names, _digest(content))
    )
    scope = f"{stamp[:8]}/{key.region}/{key.service}/aws4_request"
    text = f"{ALGORITHM}\n{stamp}\n{scope}\n{_digest(canonical.encode())}"
    signature = hmac.new(_derived(key, stamp[:8]), text.encode(), hashlib.sha256).hexdigest()
    dated["Authorization"] = f"{ALGORITHM} Credential={key.id}/{scope}, SignedHeaders={names}, Signature={signature}"
    return dated


def _derived(key: Key, day: str) -> bytes:
    found = f"AWS4{key.secret}".encode()
    for step in (day, key.region, key.service, "aws4_request"):
        found = hmac.new(found, step.encode(), hashlib.sha256).digest()
    return found


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
