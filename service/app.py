"""The web application, put together: `gunicorn -c config/gunicorn.conf.py "service.app:create_app()"`."""

from urllib.parse import urlsplit

from flask import Flask

from service import db, templates
from service.settings import Settings
from service.settings import settings as this_process
from service.web import (
    account,
    approvals,
    audience,
    audit,
    calendar,
    checks,
    choices,
    database,
    deliveries,
    duplicates,
    embargo,
    errors,
    feedback,
    headers,
    health,
    home,
    identity,
    imports,
    journalist,
    journalists,
    languages,
    leave,
    media,
    newsroom,
    notices,
    pages,
    person,
    personnel,
    pitches,
    preferences,
    press_kit,
    press_lists,
    proofs,
    readers,
    releases,
    reports,
    requests,
    schedules,
    security,
    segments,
    sessions,
    shelf,
    sign_in,
    sso,
    stories,
    subscribe,
    suppressions,
    topics,
    tracking,
    unmatched,
    uploads,
    visitors,
    webhooks,
    wire,
    writing,
)

LARGEST_REQUEST = 2 * 1024 * 1024
"""Bytes. Nothing is uploaded yet; a form is some kilobytes."""
A_YEAR = 365 * 24 * 3600


def create_app(settings: Settings | None = None, *, transaction: database.Transaction = db.transaction) -> Flask:
    """The application for these settings, or for those of this process."""
    settings = settings or this_process()
    templates.require()
    app = Flask("service", static_folder=str(pages.STATIC), static_url_path="/static", template_folder=pages.TEMPLATES)
    app.config.update(
        TRUSTED_HOSTS=_hosts(settings.base_url),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        SEND_FILE_MAX_AGE_DEFAULT=A_YEAR,
    )
    app.session_interface = sessions.Sessions()
    database.use(app, transaction)
    requests.log_each(app)
    headers.send(app, https=settings.base_url.startswith("https://"))
    errors.answer(app)
    uploads.allow(app)
    csrf = security.protect(app, settings)
    visitors.believe(app, settings.trusted_proxies)
    # RFC 8058 posts come from mail providers; the token in the address is the proof. No page for journalists has a
    # session that another site could ride on.
    for door in (leave, subscribe, preferences, person):
        csrf.exempt(door.bp)
        app.register_blueprint(door.bp)
    csrf.exempt(webhooks.bp)  # a provider's signature is the proof
    webhooks.equip(app, settings)
    for public in (newsroom, press_kit, embargo):
        csrf.exempt(public.bp)  # no cookie to ride on: a count, or what a token in the address proves
    newsroom.convert(app)
    shelf.equip(app)
    for door in (
        *(health, sign_in, choices, home, releases, deliveries, reports),
        *(suppressions, stories, feedback, unmatched, webhooks),
        *(journalists, journalist, duplicates, imports),
        *(audience, press_lists, segments),
        *(checks, approvals, schedules, calendar, topics, identity),
        *(account, personnel, audit, sso),
        *(newsroom, wire, press_kit, embargo, readers, writing, tracking),
        *(media, notices, pitches, proofs),
    ):
        app.register_blueprint(door.bp)
    languages.speak(app)
    pages.equip(app)
    choices.equip(app)
    sso.equip(app, settings)
    return app


def _hosts(base_url: str) -> list[str]:
    # The machine's own names besides ours, for the health checks of a container: no page makes a link from Host.
    return [urlsplit(base_url).hostname or "", "127.0.0.1", "localhost"]
