"""Keys, the DNS that publishes them, and another's verifier (dkimpy) of what was signed with them."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import dkim
import dkim.util
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from service.mail.dkim import Key

DOMAIN = "rivers.example"


@cache
def rsa() -> Key:
    return Key(DOMAIN, "r2026", generate_private_key(65537, 2048))


@cache
def ed25519() -> Key:
    return Key(DOMAIN, "e2026", Ed25519PrivateKey.generate())


def dns(*keys: Key) -> Callable[..., bytes]:
    """The TXT records of these keys."""
    records = {f"{key.selector}._domainkey.{key.domain}.".encode(): _record(key) for key in keys}
    return lambda name, **_: records.get(name, b"")


def _record(key: Key) -> bytes:
    public = key.private.public_key()
    if isinstance(public, Ed25519PublicKey):
        return b"v=DKIM1; k=ed25519; p=" + b64encode(public.public_bytes(Encoding.Raw, PublicFormat.Raw))
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b"v=DKIM1; k=rsa; p=" + b64encode(der)


def verdicts(message: bytes, *keys: Key) -> list[bool]:
    """Whether each of the message's signatures holds, from the first."""
    return [_verdict(message, number, keys) for number in range(message.count(b"DKIM-Signature: "))]


def _verdict(message: bytes, number: int, keys: Sequence[Key]) -> bool:
    try:
        return bool(_Verifier(message).verify(number, dnsfunc=dns(*keys)))
    except dkim.ValidationError:
        return False


class _Verifier(dkim.DKIM):  # type: ignore[misc]
    """dkimpy, which asks PyNaCl for the curve alone; here `cryptography` answers."""

    def verify_sig(self, sig: dict[bytes, bytes], names: Any, field: Any, dnsfunc: Callable[..., bytes]) -> bool:
        if sig[b"a"] != b"ed25519-sha256":
            return bool(super().verify_sig(sig, names, field, dnsfunc))
        record = dkim.util.parse_tag_value(dnsfunc(sig[b"s"] + b"._domainkey." + sig[b"d"] + b"."))
        self.ktag, self.seqtlsrpt = record[b"k"], False
        self.pk = curve = _Curve(record[b"p"])
        self.verify_sig_process(sig, names, field, dnsfunc)
        return curve.agreed


class _Curve:
    def __init__(self, key: bytes) -> None:
        self._key = Ed25519PublicKey.from_public_bytes(b64decode(key))
        self.agreed = False

    def verify(self, digest: bytes, signature: bytes) -> None:
        try:
            self._key.verify(signature, digest)
        except InvalidSignature:
            return
        self.agreed = True
