"""How a release that is being written will look, made by the renderer of the mail that leaves."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from uuid import UUID

from sqlalchemy.orm import Session

from service.links import personal
from service.mail.compose import Letter, Person
from service.models import Release
from service.releases.letters import LETTER, context, identity
from service.releases.revisions import frozen_of

NOBODY = UUID(int=0)
"""The delivery there is not: its links lead to a page that says so."""


def preview(session: Session, release: Release, language: str, person: Person) -> EmailMessage:
    """The mail of the edition for a reader of this language, as this person would get it."""
    now = frozen_of(session, release)
    said = context(now, now.edition(language))
    letter = Letter(LETTER, said, identity(now, bytes(8)), personal())
    message = letter.message(person, NOBODY, datetime.now(UTC))
    return message_from_bytes(message, policy=default)


def part(message: EmailMessage, kind: str) -> str:
    """Its text ("plain") or its page ("html")."""
    body = message.get_body((kind,))
    return body.get_content() if body else ""
