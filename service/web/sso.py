"""Single sign-on: OpenID Connect by Authlib, with state, nonce and PKCE, against the one provider of the settings.

The answer of the provider is a GET that signs in: the protocol has no other that brings our cookie along. It does so
only for the browser that asked, once, by the state in its session.
"""

from typing import Any
from urllib.parse import urlsplit

import structlog
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, Flask, current_app, redirect, request, session, url_for
from flask_babel import gettext
from flask_security import login_user
from requests import RequestException
from werkzeug.wrappers import Response

from service import accounts
from service.accounts import Told
from service.errors import Refused
from service.settings import Settings
from service.web import choices, errors
from service.web.database import transaction
from service.web.people import Person

log = structlog.get_logger(__name__)

bp = Blueprint("sso", __name__)

SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signatures by the provider's own key: never none, never one made with a secret that both sides have."""
SECONDS = 10
NEXT = "sso_next"
_KEY = "dateline.sso"


class NotByProvider(Refused):
    """Begin again, or sign in another way."""

    def __init__(self) -> None:
        super().__init__("Your organisation's sign-in could not be completed. Try once more, or sign in another way.")


def equip(app: Flask, settings: Settings) -> None:
    """Let this application know its provider, if it has one; it is asked when somebody comes."""
    app.jinja_env.globals["provider"] = _name(settings)
    app.config.update(
        BASE_URL=settings.base_url,
        OIDC_ISSUER=settings.oidc_issuer,
        OIDC_CLIENT_ID=settings.oidc_client_id,
        OIDC_GROUPS_CLAIM=settings.oidc_groups_claim,
    )
    app.extensions[_KEY] = _client(app, settings) if settings.oidc_issuer else None


def _client(app: Flask, settings: Settings) -> Any:
    return OAuth(app).register(
        name="provider",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        server_metadata_url=f"{settings.oidc_issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256", "default_timeout": SECONDS},
    )


def _name(settings: Settings) -> str:
    return settings.oidc_name or (urlsplit(settings.oidc_issuer).hostname or "") if settings.oidc_issuer else ""


@bp.get("/sign-in-sso")
def begin() -> Response:
    """To the provider."""
    provider = current_app.extensions[_KEY]
    if provider is None:
        return redirect(url_for("security.login"))
    session[NEXT] = request.args.get("next", "")
    try:
        _check_issuer(provider.load_server_metadata())
        back = current_app.config["BASE_URL"] + url_for("sso.finish")
        answer: Response = provider.authorize_redirect(back)
    except (RequestException, OAuthError, NotByProvider, ValueError, RuntimeError, KeyError) as fault:
        return _failed(fault)
    return answer


@bp.get("/sign-in-sso/back")
def finish() -> Response:
    """What the provider says: believed if its key signed it, for us, for now and for this browser."""
    provider = current_app.extensions[_KEY]
    if provider is None:
        return redirect(url_for("security.login"))
    wanted = session.pop(NEXT, "")
    try:
        told = _told(provider)
    except Exception as fault:
        return _failed(fault)
    with transaction() as database:
        person = Person(accounts.come(database, told))
    session.clear()
    login_user(person, remember=False, authn_via=["sso"])
    return redirect(wanted if choices.HERE.fullmatch(wanted) else url_for("home.show"))


def _told(provider: Any) -> Told:
    metadata = _check_issuer(provider.load_server_metadata())
    issuer, client = metadata["issuer"], current_app.config["OIDC_CLIENT_ID"]
    only = {"iss": {"essential": True, "values": [issuer]}, "aud": {"essential": True, "values": [client]}}
    token = provider.authorize_access_token(claims_options=only, leeway=30)
    claims = token.get("userinfo")
    if not claims:
        raise NotByProvider
    groups = claims.get(current_app.config["OIDC_GROUPS_CLAIM"]) or []
    return Told(
        subject=f"{issuer} {claims['sub']}",
        email=str(claims.get("email", "")),
        verified=claims.get("email_verified") is True,
        name=str(claims.get("name", "")),
        groups=[str(group) for group in groups] if isinstance(groups, list) else [],
    )


def _check_issuer(metadata: dict[str, Any]) -> dict[str, Any]:
    """The metadata, if it is of the provider we asked (OpenID Connect Discovery 1.0, 4.3), with our signatures only."""
    if str(metadata.get("issuer", "")).rstrip("/") != current_app.config["OIDC_ISSUER"]:
        raise NotByProvider
    offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    metadata["id_token_signing_alg_values_supported"] = [name for name in offered if name in SIGNED_BY]
    return metadata


def _failed(fault: Exception) -> Response:
    # The kind alone: what the provider wrote may hold an address or a code.
    log.warning("single sign-on refused", fault=type(fault).__name__)
    return errors.page(422, gettext(NotByProvider().words))
