"""The mail of an approved release: one letter for each edition, made from the revision alone."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from service.links import Links, newsroom, personal
from service.mail import body, words
from service.mail.compose import Identity, Letter
from service.mail.dkim import Key
from service.models import Revision
from service.releases.revisions import Frozen, FrozenEdition, content_of

LETTER, DIGEST = "release", "digest"


def letters(revision: Revision, links: Links | None = None, keys: Sequence[Key] = ()) -> dict[str, Letter]:
    """A letter by language, signed with each of the keys. Raises revisions.Tampered."""
    frozen = content_of(revision)
    links = links or personal()
    template, said_by = _template(frozen), identity(frozen, revision.digest)
    return {
        edition.language: Letter(template, context(frozen, edition), said_by, links, keys=keys)
        for edition in frozen.editions
    }


def _template(frozen: Frozen) -> str:
    return DIGEST if frozen.items else LETTER


def context(frozen: Frozen, edition: FrozenEdition) -> Mapping[str, Any]:
    """What the templates of a release may use."""
    said = words.of(edition.language)
    return {
        "edition": edition,
        "sender": frozen.sender,
        "contacts": frozen.contacts,
        "items": frozen.items,
        "notice": frozen.notice,
        "pitched": bool(frozen.pitches),
        "newsroom": newsroom(frozen.sender.slug),
        "embargo": _moment(frozen.embargo) if frozen.embargo else "",
        "direction": words.direction(edition.language),
        "words": said,
        "text": {name: body.as_text(getattr(edition, name)) for name in ("body", "boilerplate", "notes")},
        "html": {name: body.as_html(getattr(edition, name)) for name in ("body", "boilerplate", "notes")},
    }


def identity(frozen: Frozen, digest: bytes) -> Identity:
    """What the headers of its mail say: the sender, the list, the version."""
    sender = frozen.sender
    domain = sender.address.rpartition("@")[2]
    version = digest.hex()[:8]
    return Identity(
        sender_name=sender.name,
        address=sender.address,
        reply_to=sender.reply_to,
        list_id=f"<{sender.slug}.{domain}>",
        # campaign:customer:kind:SenderId; no part differs by message, the last is 5 to 15 characters (standards.md B9).
        feedback_id=f"{version}:{sender.slug}:{_template(frozen)}:dateline",
        version=version,
    )


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
