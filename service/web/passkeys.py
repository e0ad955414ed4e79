"""Passkeys (WebAuthn) by Flask-Security, bound to our own address and to the person who began to sign in."""

from typing import Any

from flask import session
from flask_security import UserMixin, WebauthnUtil, current_user
from flask_security.webauthn import WebAuthnSigninResponseForm
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from service.models import Usage
from service.settings import settings

ALONE = UserVerificationRequirement.REQUIRED
"""Without a password the device has to know its owner: by a finger, a face, a number."""


class OurPasskeys(WebauthnUtil):
    """What we ask of a passkey."""

    def origin(self) -> str:
        """Our address, and not what a request calls it: browsers sign it."""
        return settings().base_url

    def authenticator_selection(self, user: UserMixin, usage: str) -> AuthenticatorSelectionCriteria:  # noqa: ARG002 - the base class's signature
        """One that signs in alone is found without a name and knows its owner; after a password any will do."""
        if usage == Usage.FIRST:
            return AuthenticatorSelectionCriteria(resident_key=ResidentKeyRequirement.REQUIRED, user_verification=ALONE)
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=UserVerificationRequirement.DISCOURAGED
        )

    def user_verification(self, user: UserMixin | None, usage: list[str]) -> UserVerificationRequirement:  # noqa: ARG002 - the base class's signature
        """Whether the device has to know its owner this time."""
        return UserVerificationRequirement.DISCOURAGED if Usage.SECONDARY in usage else ALONE


class TheirOwnForm(WebAuthnSigninResponseForm):
    """What a passkey signed. Flask-Security lets in whoever owns the passkey; here it has to be who began."""

    def validate(self, **kwargs: Any) -> bool:
        """As Flask-Security does; and after a password only her own passkey, of an open account, will do."""
        if not super().validate(**kwargs) or self.user is None or not self.user.is_active:
            return False
        if self.is_verify:
            return bool(self.user.fs_uniquifier == current_user.fs_uniquifier)
        return not self.is_secondary or bool(self.user.fs_uniquifier == session.get("tf_user_id"))
