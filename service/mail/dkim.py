"""DKIM (RFC 6376, RFC 8463): the keys a mail is signed with."""

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a domain: what `<selector>._domainkey.<domain>` publishes the other half of."""

    domain: str
    selector: str
    private: RSAPrivateKey | Ed25519PrivateKey = field(repr=False)
