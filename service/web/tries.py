"""Passwords and codes cannot be guessed: each try is counted before it is compared, whoever it is for."""

from flask import Flask, request, session
from flask_security import current_user

from service import addresses, floods
from service.floods import Secret
from service.web.people import Person

TRIED = {
    "security.login": Secret.PASSWORD,
    "security.verify": Secret.PASSWORD,
    "sign_in.set_password": Secret.PASSWORD,
    "security.two_factor_token_validation": Secret.CODE,
    "account.confirm_codes": Secret.CODE,
    "security.mf_recovery": Secret.RECOVERY,
}
"""By endpoint: what a POST there could guess."""


def count(app: Flask) -> None:
    """Let no page of this application be asked more often than that."""
    app.before_request(_admit)


def forget(person: Person) -> None:
    """She is in: her own slips count no more."""
    for secret, who in ((Secret.PASSWORD, person.email), *_codes(person.fs_uniquifier)):
        floods.forget_tries(secret, who, _network())


def _admit() -> None:
    secret = TRIED.get(request.endpoint or "")
    if secret is not None and request.method == "POST":
        floods.admit_try(secret, _who(secret), _network())


def _who(secret: Secret) -> str:
    if secret is not Secret.PASSWORD:
        return str(session.get("tf_user_id") or getattr(current_user, "fs_uniquifier", "nobody"))
    if current_user.is_authenticated:
        return str(current_user.email)
    return _typed(request.form.get("email", ""))


def _typed(address: str) -> str:
    """One name for all spellings of an address; what is none is counted together."""
    try:
        addresses.canonical(address)
    except addresses.BadAddress:
        return "no address"
    return address


def _codes(mark: str) -> tuple[tuple[Secret, str], ...]:
    return (Secret.CODE, mark), (Secret.RECOVERY, mark)


def _network() -> str:
    return floods.network_of(request.remote_addr or "")
