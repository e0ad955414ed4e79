"""A story as plain text, each paragraph on one line: what is pasted into an editor."""

from service.mail import body
from service.mail.words import of
from service.newsroom.formats import status
from service.newsroom.story import Story
from service.releases.revisions import FrozenContact


def write(story: Story, *, embargoed: bool = False) -> str:
    """The whole release in its usual form."""
    edition, words = story.edition, of(story.language)
    first = " ".join(filter(None, (edition.dateline, edition.lead)))
    notes = body.as_text(edition.notes)
    blocks = [
        story.sender.name,
        *status(story, embargoed=embargoed),
        edition.headline,
        edition.subhead,
        first,
        body.as_text(edition.body),
        words.ends,
        body.as_text(edition.boilerplate),
        f"{words.notes}:\n{notes}" if notes else "",
        *(f"{words.media_contact}:\n{_contact(contact, story)}" for contact in story.contacts),
    ]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _contact(contact: FrozenContact, story: Story) -> str:
    words = of(story.language)
    phone = f"{words.phone}: {contact.phone}" if contact.phone else ""
    email = f"{words.email}: {contact.email}" if contact.email else ""
    return "\n".join(filter(None, (contact.name, contact.role, contact.organisation, phone, email)))
