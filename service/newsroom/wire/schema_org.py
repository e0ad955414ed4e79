"""schema.org: a story as a NewsArticle with its corrections, for a data block in its page."""

import json
from typing import Any

from markupsafe import Markup

from service.models import NoticeKind
from service.newsroom import places
from service.newsroom.story import Story
from service.newsroom.wire import moment


def article(story: Story) -> dict[str, Any]:
    """The story as JSON-LD."""
    edition = story.edition
    publisher = {"@type": "Organization", "name": story.sender.name, "url": places.newsroom(story.newsroom)}
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": places.uri(story),
        "url": places.story(story),
        "mainEntityOfPage": places.story(story),
        "headline": edition.headline,
        "alternativeHeadline": edition.subhead,
        "description": edition.subhead or edition.lead,
        "dateline": edition.dateline,
        "datePublished": moment(story.opens_at or story.changed_at),
        "dateModified": moment(story.changed_at),
        "inLanguage": story.language,
        "author": publisher,
        "publisher": publisher,
        "version": story.version,
        "keywords": [topic.name for topic in story.topics],
        "image": [places.file(story, picture) for picture in story.pictures],
        "workTranslation": [
            {"@type": "NewsArticle", "inLanguage": language, "url": places.story(story, language)}
            for language in story.languages
            if language != story.language
        ],
        "correction": [
            {
                "@type": "CorrectionComment",
                "text": said.headline,
                "datePublished": moment(said.at),
                "url": places.release(story.newsroom, said.slug),
            }
            for said in story.said
            if said.kind is not NoticeKind.UPDATE
        ],
    }
    return {name: value for name, value in found.items() if value not in ("", [])}


def block(story: Story) -> Markup:
    """The same as it can stand inside a script element: nothing in it ends that element or begins a comment."""
    text = json.dumps(article(story), ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - no markup character is left in it
