"""DKIM (RFC 6376, 8301, 8463): the keys a mail is signed with, and the signatures of many mails with one header."""

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from service.mail import canonical

LIFE = timedelta(days=7)
"""How long a signature holds: longer than any queue on the way keeps a mail."""
FEWEST_BITS = 1024
"""Of an RSA key (RFC 8301, 3.2): nobody verifies with less."""
SIGNED = frozenset(
    (
        *("from", "to", "cc", "subject", "date", "message-id", "reply-to", "in-reply-to", "references"),
        *("mime-version", "content-type", "content-transfer-encoding"),
        *("list-id", "list-unsubscribe", "list-unsubscribe-post", "feedback-id"),
    )
)
# Named once more than they are there, so that nobody adds a second one on the way (RFC 6376, 5.4).
OVERSIGNED = (
    *("from", "to", "cc", "subject", "date", "reply-to", "message-id", "content-type"),
    "list-unsubscribe",
)

_HOST = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_LINE = 78
_BASE64_LINE = 72
_PADDING, _HASHED = PKCS1v15(), Prehashed(SHA256())


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a domain: what `<selector>._domainkey.<domain>` publishes the other half of."""

    domain: str
    selector: str
    private: RSAPrivateKey | Ed25519PrivateKey = field(repr=False)


class Signer:
    """Signs mails that share their header but for a few personal values."""

    def __init__(self, keys: Iterable[Key], common: bytes, personal: bytes) -> None:
        """`common`: the fields all have; `personal`: those that differ, `%s` for each value.

        Raises ValueError for a field that comes twice, a personal field that is not signed, a key that is too short.
        """
        shared = {name: line for name, line in canonical.fields(common).items() if name in SIGNED}
        own = canonical.fields(personal)
        if not own.keys() <= SIGNED - shared.keys():
            raise ValueError("a personal field must be one that is signed, and in the mail once")
        self._shared = b"".join(shared.values())
        self._own = b"".join(own.values())
        # RSA first: a verifier that knows only the first signature, or only RSA, is content.
        ordered = sorted(keys, key=lambda key: isinstance(key.private, Ed25519PrivateKey))
        self._hands = [_Hand(key, (*shared, *own, *OVERSIGNED)) for key in ordered]

    def fields(self, values: Sequence[bytes], body: bytes, at: datetime) -> bytes:
        """The signature fields of one mail: its personal values, the hash of its body, the time of its attempt."""
        begins = int(at.timestamp())
        ends = begins + int(LIFE.total_seconds())
        header = self._shared + self._own % tuple(map(canonical.value, values))
        tags = (begins, ends, b64encode(body))
        return b"".join([hand.field(header, tags) for hand in self._hands])


class _Hand:
    """One key with all of its signature field that never changes."""

    def __init__(self, key: Key, names: Sequence[str]) -> None:
        self._private = key.private
        if not (_HOST.fullmatch(key.domain) and _HOST.fullmatch(key.selector)):
            raise ValueError(f"{key.selector!a} of {key.domain!a} is no name that DNS has")
        if isinstance(key.private, RSAPrivateKey) and key.private.key_size < FEWEST_BITS:
            raise ValueError(f"the RSA key {key.selector} of {key.domain} has fewer than {FEWEST_BITS} bits")
        algorithm = "rsa-sha256" if isinstance(key.private, RSAPrivateKey) else "ed25519-sha256"
        about = (" v=1;", f" a={algorithm};", " c=relaxed/relaxed;", f" d={key.domain};", f" s={key.selector};")
        first, *others = (f"{name}:" for name in names[:-1])
        fixed = _folded("DKIM-Signature:", (*about, f" h={first}", *others, f"{names[-1]};"))
        self._field = fixed + b"\r\n t=%d; x=%d;\r\n bh=%s;\r\n b="
        self._canonical = b"dkim-signature:" + canonical.value(self._field.partition(b":")[2])

    def field(self, header: bytes, tags: tuple[int, int, bytes]) -> bytes:
        """The whole field, for the canonical form of all other fields that are signed."""
        signature = b64encode(self._sign(sha256(header + self._canonical % tags).digest()))
        lines = [signature[at : at + _BASE64_LINE] for at in range(0, len(signature), _BASE64_LINE)]
        return self._field % tags + b"\r\n ".join(lines) + b"\r\n"

    def _sign(self, digest: bytes) -> bytes:
        if isinstance(self._private, Ed25519PrivateKey):
            return self._private.sign(digest)  # RFC 8463, 3: what is signed is the hash
        return self._private.sign(digest, _PADDING, _HASHED)


def _folded(name: str, tokens: Iterable[str]) -> bytes:
    lines = [name]
    for token in tokens:
        if len(lines[-1]) + len(token) > _LINE:
            lines.append(" " + token.lstrip())
        else:
            lines[-1] += token
    return "\r\n".join(lines).encode("ascii")
