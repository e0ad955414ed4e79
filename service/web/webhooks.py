"""Providers' webhooks: checked, stored, answered 200, and read afterwards by the sorter. Nobody signs in here.

A tag that is forged, stale or of nobody's delivery makes no difference to the answer; a signature that does not hold
does, and nothing is kept then.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from flask import Blueprint, Flask, Response, current_app, request

from service import db, fetching, jobs, received
from service.errors import NotFound
from service.feedback import webhooks
from service.feedback.webhooks import Forged, Post, Unreadable
from service.fetching import Unavailable
from service.models import Way
from service.networks import Turnstile, listed
from service.received import Replayed
from service.settings import Settings
from service.web.database import transaction

log = structlog.get_logger(__name__)
bp = Blueprint("webhooks", __name__)

LARGEST = 1024 * 1024
"""Bytes: SNS sends 256 kB at most, SendGrid some hundred kB of events."""
REFUSED_A_MINUTE = 60
"""Of one network; then it is answered 429 for a while, whatever it signs."""
RETRY_AFTER = 60
_KEY = "dateline.webhooks"

Fetch = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Desk:
    """What the door needs: settings, who was refused lately, and ways to fetch a certificate and a confirmation."""

    settings: Settings
    refused: Turnstile
    certificate: Fetch
    confirm: Fetch


def equip(
    app: Flask, settings: Settings, *, certificate: Fetch = fetching.kept, confirm: Fetch = fetching.fetch
) -> None:
    """Let this application take the webhooks that the settings name."""
    refused = Turnstile(REFUSED_A_MINUTE, listed(settings.inbound_trusted))
    app.extensions[_KEY] = Desk(settings, refused, certificate, confirm)


@bp.post("/webhooks/<provider>")
def take(provider: str) -> Response:
    """One post of a provider. Raises NotFound, Forged, Replayed, Unreadable, Unavailable."""
    desk: Desk = current_app.extensions[_KEY]
    way, source = _source(provider, desk.settings)
    if not desk.refused.allows(request.remote_addr or ""):
        return _answer(429, {"Retry-After": str(RETRY_AFTER)})
    request.max_content_length = LARGEST
    body = request.get_data()
    headers = {name.lower(): value for name, value in request.headers}
    key = source.check(Post(body, headers, datetime.now(UTC), desk.certificate), desk.settings)
    with transaction() as session:
        received.keep(session, way, "", body, key=key)
        db.after_commit(session, lambda: jobs.ring(jobs.Job.SORT))
    address = source.confirmation(body)
    if address:
        desk.confirm(address)
        log.info("webhook subscribed", provider=way.value)
    return _answer(200)


def _source(provider: str, settings: Settings) -> tuple[Way, webhooks.Source]:
    found = next((way for way in webhooks.SOURCES if way.value == provider), None)
    if found is None or not webhooks.SOURCES[found].is_open(settings):
        raise NotFound("There is no such webhook.")
    return found, webhooks.SOURCES[found]


@bp.errorhandler(Forged)
@bp.errorhandler(Replayed)
def _forged(fault: Forged | Replayed) -> Response:
    desk: Desk = current_app.extensions[_KEY]
    desk.refused.admit(request.remote_addr or "")
    why = fault.why if isinstance(fault, Forged) else "replayed"
    log.warning("webhook refused", provider=(request.view_args or {}).get("provider"), why=why)
    return _answer(401)


@bp.errorhandler(Unreadable)
def _unreadable(_fault: Unreadable) -> Response:
    desk: Desk = current_app.extensions[_KEY]
    desk.refused.admit(request.remote_addr or "")
    return _answer(400)


@bp.errorhandler(Unavailable)
def _unavailable(_fault: Unavailable) -> Response:
    log.warning("webhook waits for a document", provider=(request.view_args or {}).get("provider"))
    return _answer(503, {"Retry-After": str(RETRY_AFTER)})


def _answer(status: int, headers: dict[str, str] | None = None) -> Response:
    return Response(status=status, headers=headers, content_type="text/plain; charset=utf-8")
