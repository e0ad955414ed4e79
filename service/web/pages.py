"""What templates may use: words for states, moments and numbers, and style sheets named by their content."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, current_app, url_for
from jinja2 import StrictUndefined

from service import installation
from service.mail import words as words_of_mail
from service.mail.words import direction
from service.models import DeliveryState, Topic
from service.newsroom.surroundings import name_of
from service.reports.words import EXCLUSIONS, STATES
from service.web import catalogs, languages, lists, navigation, parts, words
from service.web.database import transaction
from service.web.reader_forms import autonym, day

TEMPLATES = catalogs.TEMPLATES
BAR = (
    *(DeliveryState.ACCEPTED, DeliveryState.COMPLAINED, DeliveryState.BOUNCED, DeliveryState.FAILED),
    *(DeliveryState.UNCERTAIN, DeliveryState.CANCELLED, DeliveryState.ATTEMPTING, DeliveryState.DEFERRED),
    DeliveryState.QUEUED,
)
"""The order of a bar: what is over first, what waits last."""
STATIC = Path(__file__).parent / "static"


def equip(app: Flask) -> None:
    """Give the templates of this application their words."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        moment=words.moment,
        short_moment=words.short_moment,
        clock=words.clock,
        day=words.day,
        zone=words.zone_name,
        number=words.number,
        people=words.people,
        minutes=words.minutes,
        duration=words.duration,
        language=words.language,
        sentence=words.sentence,
        topic_name=topic_name,
        said=words.said,
        direction=direction,
        autonym=autonym,
        reader_day=day,
    )
    app.jinja_env.globals.update(
        asset=asset,
        hold=hold,
        menu=navigation.menu,
        further_menu=navigation.further,
        parts_of_work=parts.work,
        parts_aside=parts.aside,
        here=lists.here,
        address_of=lists.address_of,
        percent=words.percent,
        release_states=words.RELEASE_STATES,
        release_states_to_choose=words.release_states_to_choose,
        delivery_states=STATES,
        exclusions=EXCLUSIONS,
        DeliveryState=DeliveryState,
        bar_states=BAR,
        month_name=words.month_name,
        notice_kinds=words.NOTICE_KINDS,
        words_of=words_of_mail.of,
    )


def plain(template: str, **context: Any) -> str:
    """A page that knows nobody: Flask's own rendering would look up who is signed in, and so need the database."""
    return current_app.jinja_env.get_template(template).render(**context)


def topic_name(topic: Topic) -> str:
    """The topic by its name in the language of the page, or its own."""
    return name_of(topic, languages.current())


def hold() -> str:
    """Why nothing leaves now, in words, for the head of every officer's page; empty when nothing is held."""
    with transaction() as session:
        return installation.hold_of(session)


def asset(name: str) -> str:
    """The address of a file of static/, new whenever its content is: browsers may keep it for a year."""
    return url_for("static", filename=name, v=_digest(name))


@cache
def _digest(name: str) -> str:
    return sha256((STATIC / name).read_bytes()).hexdigest()[:12]
