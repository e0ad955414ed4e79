"""Every page there is, found in the application's own routes, with an address at which it shows something."""

from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

from service.web.security import PUBLIC, PUBLIC_BLUEPRINTS, UNUSED
from tests.browser.office import Office

NO_PAGES = frozenset(
    {
        *("static", "health.health", "health.ready", "home.live", "releases.live", "reports.as_json", "reports.as_csv"),
        *("suppressions.as_csv", "unmatched.source", "writing.look", "embargo.form", "embargo.end", "embargo.file"),
        *("embargo.preview", "press_kit.form", "press_kit.file", "press_kit.everything", "press_kit.preview"),
        *("press_kit.mailed_file", "tracking.seen", "tracking.follow"),
        *(
            "wire.feed",
            "wire.news_sitemap",
            "wire.item",
            "wire.sitemap",
            "wire.wire",
            "wire.robots",
            "wire.sitemap_index",
        ),
        # Shown only for what a burst, a foreign message or a mail just sent has left: looked at by their own tests.
        *("feedback.burst", "unmatched.show", "subscribe.confirmation", "person.agreement", "person.ask_to_erase"),
        *("embargo.ask", "calendar.as_ics", "audit.as_csv", "imports.live", "imports.template"),
        *UNUSED,
        *("embargo.ask", "media.show"),
    }
)
"""Endpoints that answer with something else than a page of its own. A new one is named here or is visited."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One page, and whether it is open to everybody."""

    endpoint: str
    path: str
    public: bool


def visits(app: Flask, office: Office) -> list[Visit]:
    """All pages that can be asked for; an argument nobody gave a value for is a KeyError naming it."""
    with app.test_request_context(headers={"Host": "127.0.0.1"}):
        return [
            Visit(rule.endpoint, _path(app, rule, office), _is_public(rule))
            for rule in app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGES
        ]


def values(office: Office) -> dict[str, object]:
    """A value for each argument a route has, by `blueprint.argument` or, for what all routes share, by `argument`."""
    return {
        "releases.id_": office.sending,
        "deliveries.id_": office.sending,
        "reports.id_": office.sent,
        "leave.token": office.leave,
        "sign_in.token": "a-token-that-nobody-has",
        "writing.id_": office.draft,
        "audience.id_": office.draft,
        "audience.number": 2,
        "press_lists.id_": office.press_list,
        "segments.id_": office.segment,
        "writing.language": "en",
        "writing.number": 1,
        "readers.id_": office.public,
        "checks.id_": office.asked,
        "approvals.id_": office.asked,
        "schedules.id_": office.approved,
        "topics.id_": office.topic,
        "notices.id_": office.notice,
        "pitches.id_": office.draft,
        "proofs.id_": office.draft,
        "media.id_": office.draft,
        "stories.id_": office.delivery,
        "journalists.kind": "csv",
        "journalist.id_": office.journalist,
        "duplicates.id_": office.journalist,
        "duplicates.other": office.namesake,
        "imports.id_": office.imported,
        "suppressions.id_": office.suppression,
        "people.id_": office.colleague,
        "people.slug": office.newsroom,
        "identity.slug": office.newsroom,
        "newsroom.newsroom": office.newsroom,
        "newsroom.slug": office.story,
        "newsroom.topic": "water",
        "newsroom.language": "en",
        "newsroom.year": 2026,
        "newsroom.month": 11,
        "subscribe.slug": office.newsroom,
        "preferences.token": office.preferences,
    }


def _path(app: Flask, rule: Rule, office: Office) -> str:
    known = values(office)
    blueprint = rule.endpoint.partition(".")[0]
    given = {name: known[f"{blueprint}.{name}"] for name in rule.arguments}
    return app.url_map.bind("127.0.0.1").build(rule.endpoint, given)


def _is_public(rule: Rule) -> bool:
    return rule.endpoint in PUBLIC or rule.endpoint.partition(".")[0] in PUBLIC_BLUEPRINTS
