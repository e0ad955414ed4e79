"""Who may come in: Flask-Security's sign-in on our accounts, our pages around it, and a guard that asks by default."""

from datetime import timedelta
from typing import Any

import structlog
from flask import (
    Flask,
    Response,
    abort,
    after_this_request,
    current_app,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_security import LoginForm, Security, current_user, user_authenticated
from flask_security.utils import set_request_attr
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from service import accounts
from service.models import CameBy, Role
from service.settings import Settings
from service.sightings import sightings
from service.web import browsers, passkeys, tries
from service.web.database import transaction
from service.web.factors import NUMBER, Codes, RecoveryCodes
from service.web.people import People, Person

log = structlog.get_logger(__name__)

SESSION_FOR = timedelta(hours=12)
FRESH_FOR = timedelta(minutes=15)
"""What signs in is changed only by who signed in, or said her password again, so short a time ago."""
PASSWORD_LENGTH = 12
PLACE = "place"
"""In the session: where this is among the places she is signed in at."""
SECOND_STEPS = frozenset(
    {
        *("security.two_factor_token_validation", "security.tf_select", "security.mf_recovery"),
        *("security.wan_signin", "security.wan_signin_response"),
    }
)
"""Pages between the first factor and the second."""
PUBLIC = SECOND_STEPS | {
    *("static", "security.login", "sign_in.ask", "sign_in.redeem", "health.health", "health.ready"),
    *("sign_in.link_form", "sign_in.ask_for_link", "sign_in.link_asked", "choices.choose"),
    *("sso.begin", "sso.finish"),
}
PUBLIC_BLUEPRINTS = frozenset(
    {"leave", "subscribe", "preferences", "person", "webhooks", "newsroom", "wire", "press_kit", "embargo", "tracking"}
)
UNUSED = frozenset(
    {
        *("security.two_factor_setup", "security.two_factor_setup_validate", "security.two_factor_rescue"),
        "security.mf_recovery_codes",
    }
)
"""Pages of Flask-Security in whose stead we have our own."""
FIRST_STEPS = frozenset({"account", "security", "sign_in", "choices", "static"})
"""Doors open to who still has to set up a second factor."""


class SignInForm(LoginForm):
    """Address and password. No "remember me": its cookie would outlive the session's end."""

    remember = None

    def validate_next(self, field: Any) -> None:
        """A `next` that leads elsewhere is passed over, not an error: it is looked at again where it is followed."""


def protect(app: Flask, settings: Settings) -> CSRFProtect:
    """Sessions, sign-in and CSRF for this application; every page not named here asks for sign-in."""
    app.config.update(_session(settings), **_sign_in(), **_second_factors(settings))
    csrf = CSRFProtect(app)
    people = People()
    security = Security(
        app,
        people,
        login_form=SignInForm,
        wan_signin_response_form=passkeys.TheirOwnForm,
        totp_cls=Codes,
        mf_recovery_codes_util_cls=RecoveryCodes,
        webauthn_util_cls=passkeys.OurPasskeys,
        render_template=_rendered,
    )
    security.want_json(lambda _request: False)
    security.reauthn_handler(lambda _within, _grace: again())
    # Flask-Principal would look up who is signed in for style sheets and error pages too, database away or not.
    security.principal.identity_loaders.clear()
    app.login_manager.user_loader(lambda mark: _at_this_place(people, mark))  # type: ignore[attr-defined]
    user_authenticated.connect(_signed_in, app)
    app.before_request(_ask_to_sign_in)
    tries.count(app)
    app.config["SECOND_FACTOR_FOR"] = roles_with_second_factor(settings)
    return csrf


def roles_with_second_factor(settings: Settings) -> frozenset[Role]:
    """Those for whom one factor is not enough."""
    return frozenset(Role(word.strip()) for word in settings.second_factor_for.split(",") if word.strip())


def again() -> AnyResponse:
    """To the page that asks for the password once more, and from there back."""
    back = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else url_for("account.show")
    return redirect(url_for("security.verify", next=back))


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
        "SECURITY_VERIFY_URL": "/account/again",
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/sign-in",
        "SECURITY_POST_VERIFY_VIEW": "/account",
        "SECURITY_LOGIN_USER_TEMPLATE": "security/sign_in.html",
        "SECURITY_VERIFY_TEMPLATE": "security/again.html",
        "SECURITY_LOGOUT_CSRF": True,
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_API_ENABLED_METHODS": ["session"],
        # argon2 with its own salt per password: no pepper, so that a new SECRET_KEY forgets nobody's password.
        "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_LENGTH_MIN": PASSWORD_LENGTH,
        "SECURITY_FRESHNESS": FRESH_FOR,
        "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(0),
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
    }


def _second_factors(settings: Settings) -> dict[str, Any]:
    return {
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_ALWAYS_VALIDATE": True,
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        # Seconds before and after: one code to each side, for clocks that are not quite right.
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/sign-in-code",
        "SECURITY_TWO_FACTOR_SELECT_URL": "/sign-in-second",
        "SECURITY_TWO_FACTOR_SETUP_URL": "/account/unused/setup",
        "SECURITY_TWO_FACTOR_RESCUE_URL": "/account/unused/rescue",
        "SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE": "security/code.html",
        "SECURITY_TWO_FACTOR_SELECT_TEMPLATE": "security/second.html",
        # Asked for by Flask-Security and never used: secrets are sealed where they are kept.
        "SECURITY_TOTP_SECRETS": {"1": settings.secret_key.get_secret_value()},
        "SECURITY_TOTP_ISSUER": "Dateline",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": NUMBER,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_URL": "/account/unused/recovery",
        "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/sign-in-recovery",
        "SECURITY_MULTI_FACTOR_RECOVERY_TEMPLATE": "security/recovery.html",
        "SECURITY_WEBAUTHN": True,
        "SECURITY_WAN_RP_NAME": "Dateline",
        "SECURITY_WAN_ALLOW_USER_HINTS": False,
        "SECURITY_WAN_SIGNIN_URL": "/sign-in-passkey",
        "SECURITY_WAN_SIGNIN_TEMPLATE": "security/passkey.html",
        "SECURITY_WAN_REGISTER_URL": "/account/passkeys",
        "SECURITY_WAN_REGISTER_TEMPLATE": "account/passkeys.html",
        "SECURITY_WAN_DELETE_URL": "/account/passkeys/remove",
        "SECURITY_WAN_VERIFY_URL": "/account/again/passkey",
        "SECURITY_WAN_VERIFY_TEMPLATE": "security/passkey_again.html",
    }


def _rendered(template: str, **context: Any) -> str:
    if any(getattr(form, "errors", None) for form in context.values()):
        after_this_request(_unprocessable)
    return render_template(template, **context)


def _unprocessable(response: Response) -> Response:
    response.status_code = 422
    return response


def _at_this_place(people: People, mark: str) -> Person | None:
    """Whose session this is, while it is not ended: Flask-Security's own loader, and the place besides."""
    person = people.at(mark, session.get(PLACE, ""))
    if person is not None:
        set_request_attr("fs_authn_via", "session")
        set_request_attr("fs_paa", session.get("fs_paa", 0))
    return person


def _signed_in(_app: Flask, user: Person, authn_via: list[str] | None = None, **_detail: Any) -> None:
    came_by = _came_by(authn_via)
    with transaction() as database:
        account = accounts.get(database, user.account_id)
        browser = browsers.named(request.user_agent.string)
        place = accounts.begin(database, account, came_by=came_by, browser=browser)
        session[PLACE] = str(place.id)
    # A form that somebody planted before is worth nothing to who is signed in now.
    session.pop("csrf_token", None)
    tries.forget(user)
    log.info("signed in", account=str(user.account_id), by=came_by.value)


def _came_by(authn_via: list[str] | None) -> CameBy:
    # Flask-Security names the way but after a second factor: then it was whatever began.
    first = session.pop("began_by", CameBy.PASSWORD.value)
    way = (authn_via or [first])[0]
    return CameBy.PASSKEY if way == "webauthn" else CameBy(way)


def _ask_to_sign_in() -> AnyResponse | None:
    if request.endpoint in SECOND_STEPS and current_user.is_authenticated:
        # Flask-Security would sign her out, for a page that anybody can make her open.
        return redirect(url_for("home.show"))
    if request.endpoint is None or request.endpoint in PUBLIC or request.blueprint in PUBLIC_BLUEPRINTS:
        return None
    if current_user.is_authenticated:
        return _let_in()
    if "HX-Request" in request.headers:
        # A fragment cannot be a sign-in page: the page around it is loaded again and asks.
        return Response(status=401, headers={"HX-Refresh": "true"})
    wanted = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else ""
    return redirect(url_for("security.login", next=wanted or None))


def _let_in() -> AnyResponse | None:
    if request.endpoint in UNUSED:
        abort(404)
    sightings().note(current_user.place_id)
    if request.blueprint not in FIRST_STEPS and request.endpoint != "static" and lacks_second_factor():
        return redirect(url_for("account.show", needed="yes"))
    return None


def lacks_second_factor() -> bool:
    """Whether she may do something for which one factor is not enough, and has but one."""
    if current_user.came_by in (CameBy.PASSKEY, CameBy.SSO):
        return False  # a passkey that signs in alone knows its owner; the provider looks after its own
    needed = bool(current_user.does & current_app.config["SECOND_FACTOR_FOR"])
    return needed and not current_user.has_second_factor
