"""A story as a PDF by typst. Its template is ours; the words go in as data and are never read as markup."""

import json
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from service.mail.words import direction, of
from service.newsroom import places
from service.newsroom.formats import status
from service.newsroom.formats.blocks import blocks
from service.newsroom.story import Story
from service.newsroom.wire import moment

TEMPLATE = Path(__file__).with_name("release.typ")
# The first is inside typst and has Latin, Greek and Cyrillic, Kazakh too; the others are for what a machine may have.
FONTS = ("Libertinus Serif", "Noto Serif", "Noto Sans", "Noto Naskh Arabic", "Noto Serif CJK SC", "DejaVu Sans")


def write(story: Story, *, embargoed: bool = False) -> bytes:
    """The release as PDF, the same bytes each time."""
    data = json.dumps(_data(story, embargoed=embargoed), ensure_ascii=False)
    return _compiled(data, int(story.changed_at.timestamp()))


@lru_cache(maxsize=64)
def _compiled(data: str, at: int) -> bytes:
    # A third of a second of work: what is asked for again and again is made once.
    made = typst.compile(str(TEMPLATE), sys_inputs={"story": data}, format="pdf", timestamp=at)
    if not isinstance(made, bytes):
        raise TypeError("typst made pages and no file")
    return made


def _data(story: Story, *, embargoed: bool) -> dict[str, Any]:
    edition, words = story.edition, of(story.language)
    return {
        "sender": story.sender.name,
        "lang": story.language.partition("-")[0],
        "rtl": direction(story.language) == "rtl",
        "fonts": FONTS,
        "status": status(story, embargoed=embargoed),
        "headline": edition.headline,
        "subhead": edition.subhead,
        "dateline": edition.dateline,
        "lead": edition.lead,
        "body": _plain(edition.body),
        "boilerplate": _plain(edition.boilerplate),
        "notes": _plain(edition.notes),
        "ends": words.ends,
        "words": {"notes": words.notes, "contact": words.media_contact},
        "contacts": [
            list(filter(None, (one.name, one.role, one.organisation, one.phone, one.email))) for one in story.contacts
        ],
        "foot": story.sender.name if embargoed else f"{places.story(story)} · {moment(story.changed_at)}",
    }


def _plain(markdown: str) -> list[dict[str, Any]]:
    return [asdict(block) for block in blocks(markdown)]
