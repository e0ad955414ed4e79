"""Key pairs: made, written down, and read back for signing."""

from base64 import b64encode
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from service import sealing
from service.models import Algorithm
from service.sealing import Sealed

Private = RSAPrivateKey | Ed25519PrivateKey


def new(algorithm: Algorithm) -> Private:
    """A new private key."""
    if algorithm is Algorithm.ED25519:
        return Ed25519PrivateKey.generate()
    return generate_private_key(public_exponent=65537, key_size=2048)


def public(private: Private) -> str:
    """What `p=` of the record says: the structure of an RSA key, the bare 32 bytes of an Ed25519 key (RFC 8463)."""
    if isinstance(private, Ed25519PrivateKey):
        return b64encode(private.public_key().public_bytes_raw()).decode()
    return b64encode(private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def seal(private: Private, *, place: str) -> bytes:
    """The private key as it is stored."""
    plain = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return sealing.seal(Sealed.DKIM_KEY, plain, place=place)


@lru_cache(maxsize=256)
def open_(sealed: bytes, *, place: str) -> Private:
    """The private key that was stored; kept, as every chunk of a release asks for it. Raises CannotOpen."""
    plain = sealing.open_(Sealed.DKIM_KEY, sealed, place=place)
    # Checking an RSA key's numbers takes 150 ms; the seal has shown that they are those we made.
    private = load_der_private_key(plain, password=None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(private, RSAPrivateKey | Ed25519PrivateKey):
        raise TypeError(type(private).__name__)
    return private
