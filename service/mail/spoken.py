"""What the words of account mail consist of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """What one kind of mail says."""

    subject: str
    heading: str
    said: str
    button: str
    after: str


@dataclass(frozen=True, slots=True)
class Labels:
    """What all kinds share."""

    newsroom: str
    held: str
    reason: str
    foot: str
    release: str
    went_to: str
    written_by: str
    reply_foot: str
    by: str
    until: str
