"""The parts of one release: its pages, in the order of the work, for who may open them."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import object_session

from service import accounts
from service.models import Edition, Release, Role
from service.web import rights
from service.web.navigation import Item


@dataclass(frozen=True, slots=True)
class Part:
    """One page about a release; with a role, for whoever has it on the release."""

    words: LazyString
    endpoint: str
    role: Role | None = None
    also: tuple[str, ...] = ()


WORK = (
    Part(lazy_gettext("Overview"), "releases.show"),
    Part(lazy_gettext("Write"), "writing.edit", Role.WRITE, ("writing.save",)),
    Part(lazy_gettext("Details"), "writing.arrange", Role.WRITE, ("writing.rearrange",)),
    Part(lazy_gettext("Files"), "media.index", Role.WRITE, ("media.add",)),
    Part(lazy_gettext("Audience"), "audience.choose", Role.WRITE, ("audience.save", "audience.why")),
    Part(lazy_gettext("Checks"), "checks.show"),
    Part(lazy_gettext("Approval"), "approvals.show"),
    Part(lazy_gettext("Schedule"), "schedules.show", Role.SEND, ("schedules.schedule",)),
)
ASIDE = (
    Part(lazy_gettext("Versions"), "writing.versions", Role.WRITE, ("writing.version",)),
    Part(lazy_gettext("Notes"), "pitches.index", Role.WRITE),
    Part(lazy_gettext("Send a test"), "proofs.ask", Role.WRITE),
    Part(lazy_gettext("Waves"), "audience.waves"),
    Part(lazy_gettext("Newsroom and embargo"), "readers.show", Role.SEND),
    Part(lazy_gettext("History"), "approvals.history"),
)
"""What is looked at beside the way from the first word to its leaving."""


def work(release: Release, edition: Edition) -> list[Item]:
    """The pages on the way from the first word to its leaving."""
    return [_item(part, release, edition) for part in WORK if _open(part, release)]


def aside(release: Release, edition: Edition) -> list[Item]:
    """The pages beside that way."""
    return [_item(part, release, edition) for part in ASIDE if _open(part, release)]


def _open(part: Part, release: Release) -> bool:
    if part.endpoint == "audience.waves" and not (release.audience.get("stages") and release.send_at):
        return False
    session = object_session(release)
    return part.role is None or (session is not None and accounts.may_on(rights.account(session), release, part.role))


def _item(part: Part, release: Release, edition: Edition) -> Item:
    given: dict[str, Any] = {"language": edition.language} if part.endpoint == "writing.edit" else {}
    here = "page" if request.endpoint == part.endpoint else "true" if request.endpoint in part.also else ""
    return Item(str(part.words), url_for(part.endpoint, id_=release.id, **given), here)
