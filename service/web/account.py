"""One's own page: name, language and zone, what signs in, and where one is signed in."""

from base64 import b64decode, b64encode
from datetime import timedelta
from typing import Any, cast
from uuid import UUID
from zoneinfo import available_timezones

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from flask_security import check_and_update_authn_fresh, current_user
from werkzeug.wrappers import Response

from service import accounts, sealing
from service.errors import Refused
from service.models import Usage
from service.sealing import Sealed
from service.sightings import sightings
from service.web import choices, languages, rights, rights_words, security, tries, words
from service.web.database import transaction
from service.web.people import Person

bp = Blueprint("account", __name__, url_prefix="/account")

PENDING = "pending_codes"
"""In the session, sealed: the secret of an app that has not shown yet that it has it."""
Answer = Response | str | tuple[str, int]


@bp.get("")
def show() -> str:
    """The whole page."""
    return _page({})


@bp.post("")
def save() -> Answer:
    """Keep name, language and zone."""
    form = request.form
    language = form.get("language", "")
    try:
        with transaction() as database:
            account = rights.account(database)
            kept = language if language in languages.OFFICERS else None
            accounts.settle(database, account, name=form.get("name", ""), language=kept, zone=form.get("zone") or None)
    except accounts.BadName as fault:
        return _page({"name": words.refusal(fault)}), 422
    except accounts.BadProfile as fault:
        return _page({"zone": words.refusal(fault)}), 422
    flash(gettext("Kept."))
    response = redirect(url_for("account.show"))
    if kept:
        choices.keep(response, languages.COOKIE, kept)
    return response


@bp.post("/places/<uuid:id_>/end")
def end_place(id_: UUID) -> Response:
    """Sign out at one place."""
    with transaction() as database:
        accounts.end(database, rights.account(database), id_)
    flash(gettext("Signed out there."))
    return redirect(url_for("account.show"))


@bp.post("/places/end")
def end_others() -> Response:
    """Sign out everywhere but here."""
    with transaction() as database:
        accounts.end_others(database, rights.account(database), current_user.place_id)
    flash(gettext("You are signed out everywhere but here."))
    return redirect(url_for("account.show"))


@bp.get("/codes")
def codes() -> str:
    """Codes of an app: what they are, and whether they are asked for."""
    return render_template("account/codes.html", on=current_user.tf_primary_method is not None)


@bp.post("/codes")
def begin_codes() -> Response:
    """Make a secret for an app."""
    if not _is_fresh():
        return security.again()
    secret = _codes().generate_totp_secret()
    session[PENDING] = b64encode(sealing.seal(Sealed.TOTP, secret.encode(), place=_pending_place())).decode()
    return redirect(url_for("account.new_codes"))


@bp.get("/codes/new")
def new_codes() -> Answer:
    """The secret as a picture and as letters, and the question for a first code."""
    secret = _pending()
    return _shown(secret, {}) if secret else redirect(url_for("account.codes"))


@bp.post("/codes/new")
def confirm_codes() -> Answer:
    """Ask for codes from now on, as the app has shown that it makes them."""
    secret = _pending()
    if secret is None or not _is_fresh():
        return security.again()
    code = "".join(request.form.get("code", "").split())
    if not _codes().verify_totp(code, secret, _person(), window=30):
        fault = gettext("This is not the code of this moment. Wait for the next one, and see that the clock is right.")
        return _shown(secret, {"code": fault}), 422
    with transaction() as database:
        accounts.keep_secret(database, rights.account(database), secret)
    session.pop(PENDING)
    tries.forget(_person())
    return _with_recovery_codes()


@bp.post("/codes/end")
def end_codes() -> Response:
    """Ask for no codes any more."""
    if not _is_fresh():
        return security.again()
    with transaction() as database:
        accounts.keep_secret(database, rights.account(database), None)
    flash(gettext("Codes of an app are not asked for any more."))
    return redirect(url_for("account.show"))


@bp.get("/recovery-codes")
def recovery_codes() -> str:
    """How many are left."""
    return render_template("account/recovery.html", codes=[], left=len(current_user.mf_recovery_codes))


@bp.post("/recovery-codes")
def make_recovery_codes() -> Answer:
    """New ones, shown this once."""
    if not _is_fresh():
        return security.again()
    return _with_recovery_codes()


def _with_recovery_codes() -> str:
    made = current_app.extensions["security"].mf_recovery_codes_util.create_recovery_codes(_person())
    return render_template("account/recovery.html", codes=made, left=len(made))


def _page(faults: dict[str, str]) -> str:
    with transaction() as database:
        account = rights.account(database)
        places = accounts.places(database, account)
        return render_template(
            "account/show.html",
            account=account,
            kept=request.form if faults else {},
            faults=faults,
            places=places,
            here=current_user.place_id,
            seen=sightings().last([place.id for place in places]),
            zone=account.zone or "UTC",
            zones=[("", "UTC"), *((name, name) for name in sorted(available_timezones()))],
            languages=[
                ("", gettext("as the browser asks")),
                *((one, languages.NAMES[one]) for one in languages.OFFICERS),
            ],
            sentences=rights_words.sentences(database, account),
            needed=security.lacks_second_factor(),
            **_means(),
        )


def _means() -> dict[str, Any]:
    keys = current_user.webauthn
    return {
        "codes": current_user.tf_primary_method is not None,
        "recovery": len(current_user.mf_recovery_codes),
        "alone": sum(key.usage == Usage.FIRST for key in keys),
        "after": sum(key.usage == Usage.SECONDARY for key in keys),
    }


def _shown(secret: str, faults: dict[str, str]) -> str:
    shown = _codes().fetch_setup_values(secret, _person())
    return render_template("account/new_codes.html", picture=shown["image"], key=shown["key"], faults=faults)


def _pending() -> str | None:
    try:
        return sealing.open_(Sealed.TOTP, b64decode(session[PENDING]), place=_pending_place()).decode()
    except (KeyError, ValueError, Refused):
        return None


def _pending_place() -> str:
    return f"pending {current_user.account_id}"


def _is_fresh() -> bool:
    return bool(check_and_update_authn_fresh(security.FRESH_FOR, timedelta(0), "session"))


def _codes() -> Any:
    return current_app.extensions["security"].totp_factory


def _person() -> Person:
    return cast("Person", current_user._get_current_object())
