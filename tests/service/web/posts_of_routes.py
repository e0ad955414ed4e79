"""Every route that changes something, from the application's own map, and whose it is. A new one is named here."""

from flask import Flask
from werkzeug.routing import Rule

from service.models import Role
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
WORKERS, KEEPERS = (R.WRITE, R.APPROVE, R.SEND), (R.WRITE, R.JOURNALISTS)


def _named(blueprint: str, verbs: str, roles: tuple[Role, ...]) -> dict[str, tuple[Role, ...]]:
    return {f"{blueprint}.{verb}": roles for verb in verbs.split()}


NEEDS: dict[str, tuple[Role, ...]] = {
    **_named("writing", "write save autosave add drop rearrange", (R.WRITE,)),
    **_named("media", "add again describe drop", (R.WRITE,)),
    **_named("audience", "save count", (R.WRITE,)),
    **_named("audience", "why", (*WORKERS, R.JOURNALISTS)),
    **_named("audience", "start drop", (R.SEND,)),
    **_named("checks", "try_links", WORKERS),
    **_named("proofs", "send", WORKERS),
    **_named("pitches", "say drop begin", (R.WRITE,)),
    **_named("approvals", "ask", (R.WRITE,)),
    **_named("approvals", "approve send_back", (R.APPROVE,)),
    **_named("approvals", "in_emergency", (R.SEND, R.WRITE, R.ADMINISTER)),
    **_named("schedules", "schedule undo", (R.SEND,)),
    **_named("releases", "pause resume stop extend", (R.SEND,)),
    **_named("deliveries", "try_again settle", (R.SEND,)),
    **_named("readers", "accredit mail revoke choose withdraw", (R.SEND,)),
    **_named("notices", "begin", (R.WRITE,)),
    **_named("notices", "approve", (R.APPROVE,)),
    **_named("notices", "send", (R.SEND,)),
    **_named("notices", "hurry", (R.WRITE, R.SEND)),
    **_named("journalists", "add chosen download subscribe", JOURNALISTS),
    **_named("journalists", "put_on_list", (R.JOURNALISTS,)),
    **_named("journalist", "note contact edit data erase part", JOURNALISTS),
    **_named("duplicates", "merge find", JOURNALISTS),
    **_named("imports", "give read_again check begin drop download undo", JOURNALISTS),
    **_named("press_lists", "make rename put take_off drop", KEEPERS),
    **_named("segments", "make change drop", KEEPERS),
    **_named("suppressions", "add import_ lift", JOURNALISTS),
    **_named("stories", "read_raw download_raw", LOOKERS),
    **_named("topics", "add rename close reopen", (R.ADMINISTER,)),
    **_named("identity", "save", (R.ADMINISTER,)),
    **_named("people", "invite give_rights invite_again close reopen reset", (R.ADMINISTER,)),
    **_named("feedback", "decide", (R.ADMINISTER,)),
    **_named("unmatched", "again again_all set_aside assign", (R.ADMINISTER,)),
}
"""Who may, by endpoint: whoever has one of these roles for what it is about."""
BOTH = frozenset({"notices.hurry"})
"""Who may has all of those roles."""
OR_WITH = {"journalists.put_on_list": (R.WRITE,)}
"""A role that opens it beside another one, and not alone: lists are kept by who writes, too."""
OF_THE_SERVICE = frozenset({"feedback.decide", "unmatched.again", "unmatched.again_all", "unmatched.set_aside"})
"""About no newsroom: an administrator of any may."""
OF_HER_OWN = frozenset({"writing.write", "segments.make", "press_lists.make"})
"""Another newsroom than hers cannot be named there: it opens for her own."""
ONLY_READ = frozenset({"audience.count", "audience.why", "duplicates.find", "journalists.chosen", "imports.download"})
"""Posted for what they are given, or for what they hold; nothing is kept of it."""
ABOUT_NO_RELEASE_YET = frozenset({"writing.write"})
"""What a right for a topic allows as long as the topic is that one: `tests/service/test_rights.py`."""


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
