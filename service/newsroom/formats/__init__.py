"""A story as files to take away: plain text, Word, PDF, and the end of its embargo for a calendar."""

from service.mail.words import of
from service.models import NoticeKind
from service.newsroom.story import Story

MARKS = {
    NoticeKind.UPDATE: "UPDATE",
    NoticeKind.CORRECTION: "CORRECTION",
    NoticeKind.HOLD: "HOLD",
    NoticeKind.KILL: "KILL",
}


def status(story: Story, *, embargoed: bool) -> list[str]:
    """The lines above the headline: the embargo while it lasts, and what was said since."""
    lines = [f"{MARKS[said.kind]} {said.at:%Y-%m-%d}: {said.headline}" for said in story.said]
    if embargoed and story.embargo:
        lines.insert(0, f"{of(story.language).embargo} {story.embargo:%Y-%m-%d %H:%M} UTC")
    return lines
