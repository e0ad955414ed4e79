"""Every route that changes something, from the application's own map, and whose it is. A new one is named here."""

from flask import Flask
from werkzeug.routing import Rule

from service.models import Role, Sender
from service.web.security import PUBLIC_BLUEPRINTS, UNUSED

R = Role
MUTATING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
SIGNING_IN = frozenset(
    {
        *("security.login", "security.two_factor_token_validation", "security.tf_select", "security.mf_recovery"),
        *("security.wan_signin", "security.wan_signin_response", "sign_in.ask_for_link", "sign_in.redeem"),
    }
)
"""Before anybody is known; each has tests of its own."""
OWN = frozenset(
    {
        *("account.save", "account.begin_codes", "account.end_codes", "account.confirm_codes", "account.end_place"),
        *("account.end_others", "account.make_recovery_codes", "sign_in.set_password", "choices.choose"),
        *("security.verify", "security.wan_verify", "security.wan_verify_response", "security.wan_register"),
        *("security.wan_register_response", "security.wan_delete", "security.logout"),
        "suppressions.find",  # it only leads to the list
    }
)
"""What acts on nobody but who asks, or on nothing: open to whoever is signed in."""
JOURNALISTS, LOOKERS = (R.JOURNALISTS, R.ADMINISTER), (R.JOURNALISTS, R.REPORTS, R.ADMINISTER, R.SEND)
NEEDS: dict[str, tuple[Role, ...]] = {
    **dict.fromkeys(("writing.write", "writing.save", "writing.autosave", "writing.add"), (R.WRITE,)),
    **dict.fromkeys(("writing.drop", "writing.rearrange"), (R.WRITE,)),
    **dict.fromkeys(("releases.pause", "releases.resume", "releases.stop", "releases.extend"), (R.SEND,)),
    **dict.fromkeys(("deliveries.try_again", "deliveries.settle"), (R.SEND,)),
    **dict.fromkeys(("readers.accredit", "readers.revoke", "readers.choose", "readers.withdraw"), (R.SEND,)),
    **dict.fromkeys(("suppressions.add", "suppressions.import_", "suppressions.lift"), JOURNALISTS),
    **dict.fromkeys(("stories.read_raw", "stories.download_raw"), LOOKERS),
    **dict.fromkeys(("people.invite", "people.give_rights", "people.invite_again", "people.close"), (R.ADMINISTER,)),
    **dict.fromkeys(("people.reopen", "people.reset"), (R.ADMINISTER,)),
    **dict.fromkeys(("feedback.decide", "unmatched.again", "unmatched.again_all"), (R.ADMINISTER,)),
    **dict.fromkeys(("unmatched.set_aside", "unmatched.assign"), (R.ADMINISTER,)),
}
"""Who may, by endpoint: whoever has one of these roles for what it is about."""
OF_THE_SERVICE = frozenset(
    {"feedback.decide", "unmatched.again", "unmatched.again_all", "unmatched.set_aside", "unmatched.assign"}
)
"""About no newsroom: an administrator of any may."""
NOT_THERE = OF_THE_SERVICE | {"stories.read_raw", "stories.download_raw", "readers.revoke", "suppressions.lift"}
"""What it would be about is not in the scene of these tests, so that who may is told there is none."""
ABOUT_NO_RELEASE_YET = frozenset({"writing.write"})
"""What a right for a topic allows as long as the topic is that one: `tests/service/test_rights.py`."""


def body(endpoint: str, sender: Sender) -> dict[str, str]:
    """What is posted: enough for the right to be asked for, as a form that cannot be read is refused before."""
    given = {"newsroom": sender.slug, "sender": sender.slug}
    if endpoint.startswith("suppressions."):
        given = {"sender": str(sender.id), "address": "gone@daily.example", "note": "she rang up"}
    return given | BODIES.get(endpoint, {})


BODIES = {
    "deliveries.settle": {"verdict": "arrived", "delivery": "all"},
    "feedback.decide": {"decision": "release"},
    "people.give_rights": {"roles": Role.APPROVE.value},
}


def mutating(app: Flask) -> dict[str, Rule]:
    """The routes to be looked at, by endpoint; an AssertionError names those that nobody said whose they are."""
    found = {
        rule.endpoint: rule
        for rule in app.url_map.iter_rules()
        if MUTATING & (rule.methods or set())
        and rule.endpoint.partition(".")[0] not in PUBLIC_BLUEPRINTS
        and rule.endpoint not in UNUSED
    }
    unsaid = set(found) - SIGNING_IN - OWN - set(NEEDS)
    assert not unsaid, f"say in tests/service/web/posts_of_routes.py who may: {sorted(unsaid)}"
    gone = (SIGNING_IN | OWN | set(NEEDS)) - set(found)
    assert not gone, f"there is no such route any more: {sorted(gone)}"
    return {endpoint: rule for endpoint, rule in found.items() if endpoint in NEEDS}
