"""What acts of the audit log are called on pages; one that is not here stands there as it is written."""

from flask_babel import lazy_gettext

ACTS = {
    "account changed": lazy_gettext("account changed"),
    "account closed": lazy_gettext("account closed"),
    "account made by single sign-on": lazy_gettext("account made by single sign-on"),
    "account opened again": lazy_gettext("account opened again"),
    "answers directed": lazy_gettext("answers directed"),
    "codes of an app begun": lazy_gettext("codes of an app begun"),
    "codes of an app ended": lazy_gettext("codes of an app ended"),
    "edition added": lazy_gettext("edition added"),
    "edition dropped": lazy_gettext("edition dropped"),
    "frequency capped": lazy_gettext("most mails for one person set"),
    "invited": lazy_gettext("invited"),
    "newsroom described": lazy_gettext("name or addresses of the newsroom changed"),
    "passkey added": lazy_gettext("passkey added"),
    "passkey removed": lazy_gettext("passkey removed"),
    "password set": lazy_gettext("password set"),
    "recovery code used": lazy_gettext("recovery code used"),
    "recovery codes made": lazy_gettext("recovery codes made"),
    "release approved": lazy_gettext("release approved"),
    "release arranged": lazy_gettext("release arranged"),
    "release cancelled": lazy_gettext("release stopped"),
    "release edited": lazy_gettext("release edited"),
    "release extended": lazy_gettext("release extended"),
    "release paused": lazy_gettext("release paused"),
    "release resumed": lazy_gettext("release resumed"),
    "release scheduled": lazy_gettext("release scheduled"),
    "release sent": lazy_gettext("release sent"),
    "release started": lazy_gettext("release started"),
    "release written": lazy_gettext("release written"),
    "roles given": lazy_gettext("roles given"),
    "roles taken": lazy_gettext("roles taken"),
    "second factors taken away": lazy_gettext("second factors taken away"),
    "sign-in link made": lazy_gettext("sign-in link made"),
    "sign-in link used": lazy_gettext("sign-in link used"),
    "signed in": lazy_gettext("signed in"),
    "signed out": lazy_gettext("signed out"),
    "single sign-on joined": lazy_gettext("single sign-on joined"),
    "tracking switched off": lazy_gettext("tracking switched off"),
    "tracking switched on": lazy_gettext("tracking switched on"),
}


def act(written: str) -> str:
    """What this act is called."""
    return str(ACTS.get(written, written))
