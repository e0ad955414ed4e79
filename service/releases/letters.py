"""The mail of an approved release: one letter for each edition, made from the revision alone."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from service import links
from service.links import Links, personal
from service.mail import body, plain, words
from service.mail.compose import Identity, Letter
from service.mail.dkim import Key
from service.mail.plain import Footnotes
from service.mail.tracked import TrackedLetter
from service.models import Revision
from service.releases.revisions import Frozen, FrozenEdition, FrozenFile, content_of

L = TypeVar("L", bound=Letter)
LETTER, DIGEST = "release", "digest"
WRITTEN = ("body", "boilerplate", "notes")
"""What of an edition is Markdown, in the order of the mail."""
LARGE = 50_000
"""Octets from which a reader on the road wants to know how many they are."""


def letters(revision: Revision, made_by: Links | None = None, keys: Sequence[Key] = ()) -> dict[str, Letter]:
    """A letter by language, signed with each of the keys. Raises revisions.Tampered."""
    return _of_kind(Letter, revision, made_by, keys)


def tracked_letters(
    revision: Revision, made_by: Links | None = None, keys: Sequence[Key] = ()
) -> dict[str, TrackedLetter]:
    """The same for those who agreed to be counted. Raises revisions.Tampered."""
    return _of_kind(TrackedLetter, revision, made_by, keys)


def _of_kind(kind: type[L], revision: Revision, made_by: Links | None, keys: Sequence[Key]) -> dict[str, L]:
    frozen = content_of(revision)
    template, said_by = _template(frozen), identity(frozen, revision.digest)
    return {
        edition.language: kind(template, context(frozen, edition), said_by, made_by or personal(), keys=keys)
        for edition in frozen.editions
    }


def _template(frozen: Frozen) -> str:
    return DIGEST if frozen.items else LETTER


def context(frozen: Frozen, edition: FrozenEdition) -> Mapping[str, Any]:
    """What the templates of a release may use."""
    said = words.of(edition.language)
    footnotes = Footnotes()
    return {
        "edition": edition,
        "sender": frozen.sender,
        "contacts": frozen.contacts,
        "items": frozen.items,
        "files": [_file(frozen, file) for file in frozen.files],
        "newsroom": links.newsroom(frozen.sender.slug),
        "notice": frozen.notice,
        "pitched": bool(frozen.pitches),
        "embargo": _moment(frozen.embargo) if frozen.embargo else "",
        "direction": words.direction(edition.language),
        "directions": {item.language: words.direction(item.language) for item in frozen.items},
        "words": said,
        "text": {name: plain.as_flowed(getattr(edition, name), footnotes) for name in WRITTEN},
        "html": {name: body.as_html(getattr(edition, name)) for name in WRITTEN},
        "footnotes": footnotes.lines(),
    }


def _file(frozen: Frozen, file: FrozenFile) -> dict[str, str]:
    """A file of the press kit: what it shows, whose it is, where it is, how large."""
    kind = file.name.rpartition(".")[2].upper() if "." in file.name else ""
    return {
        "title": file.caption or file.alt or file.name,
        "credit": file.credit,
        "link": links.file(frozen.sender.slug, file.key),
        "size": ", ".join(filter(None, (kind, f"{file.size / 1e6:.1f} MB" if file.size >= LARGE else ""))),
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
