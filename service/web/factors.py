"""Second factors as Flask-Security asks for them: codes of an app, each once, and recovery codes kept as hashes."""

import secrets
from typing import Any

from flask_security import MfRecoveryCodesUtil, Totp
from passlib.exc import TokenError

from service import accounts
from service.web.database import transaction

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that are not taken for each other."""
NUMBER = 10
"""Recovery codes that are made at once."""
GROUPS, GROUP = 4, 4
"""Of 31 characters: 79 bits, which nobody guesses, on paper or from a hash."""


class Codes(Totp):
    """Codes of an app (RFC 6238). A code that was taken is not taken again, nor any before it."""

    def generate_totp_secret(self) -> str:
        """A new secret, in passlib's words; it is sealed where it is kept."""
        return str(self._totp.new().to_json(encrypt=False))

    def get_last_counter(self, user: Any) -> int | None:
        """The interval of the last code taken."""
        counter: int | None = user.totp_counter
        return counter

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """Use the code up. Raises TokenError, which is a wrong code to who asked, when it is."""
        with transaction() as session:
            if not accounts.take_code(session, accounts.get(session, user.account_id), tmatch.counter):
                raise TokenError


class RecoveryCodes(MfRecoveryCodesUtil):
    """Recovery codes are shown once and kept as hashes: looking at one uses it up."""

    def create_recovery_codes(self, user: Any) -> list[str]:
        """New ones; those before are void."""
        codes = [_code() for _ in range(NUMBER)]
        with transaction() as session:
            accounts.keep_recovery_codes(session, accounts.get(session, user.account_id), codes)
        return codes

    def get_recovery_codes(self, user: Any) -> list[str]:  # noqa: ARG002 - the base class's signature
        """None: nobody can read them again."""
        return []

    def check_recovery_code(self, user: Any, code: str) -> bool:
        """Use it up, and say whether it was good: of two at once one is."""
        with transaction() as session:
            return accounts.spend_recovery_code(session, accounts.get(session, user.account_id), code)

    def delete_recovery_code(self, user: Any, code: str) -> bool:  # noqa: ARG002 - the base class's signature
        """Nothing: it was used up as it was checked."""
        return True


def _code() -> str:
    """As `k7fm-2qza-9dnt-hx4p`."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
