"""A letter without a database: the release's templates, Cleo who gets it, and the newsroom it comes from."""

from collections.abc import Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

from service.links import Links
from service.mail import body, plain, words
from service.mail.attachments import Attachment
from service.mail.compose import Identity, Letter, Person
from service.mail.dkim import Key
from service.mail.tracked import TrackedLetter

DELIVERY = UUID("0199c0de-0000-7000-8000-000000000001")
AT = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)
CLEO = Person("cleo@daily.example", "Cleo Reader", "Daily", "Water")
IDENTITY = Identity(
    sender_name="Steppe Rivers Commission",
    address="press@rivers.example",
    reply_to="press@rivers.example",
    list_id="<rivers.rivers.example>",
    feedback_id="0badcafe:rivers:release:dateline",
    version="0badcafe",
)
LINKS = Links("https://press.example", "bounces.rivers.example", b"k" * 32)


def letter(
    lead: str = "Levels fell.",
    markdown: str = "",
    headline: str = "River levels fall",
    language: str = "en",
    *,
    keys: Sequence[Key] = (),
    attachments: Sequence[Attachment] = (),
) -> Letter:
    return Letter(
        "release", context(lead, markdown, headline, language), IDENTITY, LINKS, keys=keys, attachments=attachments
    )


def tracked_letter(markdown: str = "") -> TrackedLetter:
    return TrackedLetter("release", context(markdown=markdown), IDENTITY, LINKS)


def context(
    lead: str = "Levels fell.", markdown: str = "", headline: str = "River levels fall", language: str = "en"
) -> dict[str, object]:
    edition = SimpleNamespace(
        language=language, headline=headline, subhead="", dateline="Astana, 22 January 2024 –", lead=lead
    )
    parts = {"body": markdown, "boilerplate": "", "notes": ""}
    said, footnotes = words.of(language), plain.Footnotes()
    return {
        "edition": edition,
        "sender": SimpleNamespace(name="Steppe Rivers Commission", postal_address="1 Embankment, Astana"),
        "contacts": (),
        "embargo": "",
        "direction": words.direction(language),
        "words": said,
        "files": (),
        "text": {name: plain.as_flowed(source, footnotes) for name, source in parts.items()},
        "html": {name: body.as_html(source) for name, source in parts.items()},
        "footnotes": footnotes.lines(),
    }
