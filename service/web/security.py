"""Who may come in: Flask-Security's sign-in on our accounts, our pages around it, and a guard that asks by default."""

from datetime import timedelta
from typing import Any

import structlog
from flask import Flask, Response, after_this_request, redirect, render_template, request, url_for
from flask_security import LoginForm, Security, current_user, user_authenticated
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from service.settings import Settings
from service.web.people import People, Person

log = structlog.get_logger(__name__)

SESSION_FOR = timedelta(hours=12)
PASSWORD_LENGTH = 12
PUBLIC = frozenset(
    {
        *("static", "security.login", "sign_in.ask", "sign_in.redeem", "health.health", "health.ready"),
        *("sign_in.link_form", "sign_in.ask_for_link", "sign_in.link_asked", "choices.choose"),
    }
)
PUBLIC_BLUEPRINTS = frozenset(
    {"leave", "subscribe", "preferences", "person", "webhooks", "newsroom", "wire", "press_kit", "embargo", "tracking"}
)


class SignInForm(LoginForm):
    """Address and password. No "remember me": its cookie would outlive the session's end."""

    remember = None

    def validate_next(self, field: Any) -> None:
        """A `next` that leads elsewhere is passed over, not an error: it is looked at again where it is followed."""


def protect(app: Flask, settings: Settings) -> CSRFProtect:
    """Sessions, sign-in and CSRF for this application; every page not named here asks for sign-in."""
    app.config.update(_session(settings), **_sign_in())
    csrf = CSRFProtect(app)
    security = Security(app, People(), login_form=SignInForm, render_template=_rendered)
    security.want_json(lambda _request: False)
    # Flask-Principal would look up who is signed in for style sheets and error pages too, database away or not.
    security.principal.identity_loaders.clear()
    user_authenticated.connect(_signed_in, app)
    app.before_request(_ask_to_sign_in)
    return csrf


def _session(settings: Settings) -> dict[str, Any]:
    secure = settings.base_url.startswith("https://")
    before = settings.previous_secret_key.get_secret_value()
    return {
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "SECRET_KEY_FALLBACKS": [before] if before else [],
        "SESSION_COOKIE_NAME": "__Host-dateline" if secure else "dateline",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": SESSION_FOR,
        # A form lives as long as its session: a page left open over lunch still pauses.
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _sign_in() -> dict[str, Any]:
    return {
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/sign-in",
        "SECURITY_LOGIN_USER_TEMPLATE": "security/sign_in.html",
        "SECURITY_LOGOUT_CSRF": True,
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_API_ENABLED_METHODS": ["session"],
        # argon2 with its own salt per password: no pepper, so that a new SECRET_KEY forgets nobody's password.
        "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_LENGTH_MIN": PASSWORD_LENGTH,
        # Below zero: Flask-Security then offers no page to sign in anew for its own pages, none of which are used.
        "SECURITY_FRESHNESS": timedelta(seconds=-1),
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
    }


def _rendered(template: str, **context: Any) -> str:
    if any(getattr(form, "errors", None) for form in context.values()):
        after_this_request(_unprocessable)
    return render_template(template, **context)


def _unprocessable(response: Response) -> Response:
    response.status_code = 422
    return response


def _signed_in(_app: Flask, user: Person, **_detail: Any) -> None:
    log.info("signed in", account=str(user.account_id))


def _ask_to_sign_in() -> AnyResponse | None:
    if request.endpoint is None or request.endpoint in PUBLIC or request.blueprint in PUBLIC_BLUEPRINTS:
        return None
    if current_user.is_authenticated:
        return None
    if "HX-Request" in request.headers:
        # A fragment cannot be a sign-in page: the page around it is loaded again and asks.
        return Response(status=401, headers={"HX-Refresh": "true"})
    wanted = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else ""
    return redirect(url_for("security.login", next=wanted or None))
