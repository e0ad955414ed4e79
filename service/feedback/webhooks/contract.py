"""The contract of a webhook source."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from service.errors import Refused
from service.feedback.event import Event
from service.settings import Settings


class Forged(Refused):
    """Nobody we know signed this, or not now, or for somebody else. Nothing is kept; the sender is not told why."""

    def __init__(self, why: str) -> None:
        super().__init__("This is not signed by whom it says it is from.")
        self.why = why


class Unreadable(Refused):
    """No webhook of any provider looks like this."""

    def __init__(self) -> None:
        super().__init__("This cannot be read.")


@dataclass(frozen=True, slots=True)
class Post:
    """What was posted. `headers` by their names in small letters; `fetch` gets a document by https, see ses.py."""

    body: bytes
    headers: Mapping[str, str]
    at: datetime
    fetch: Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a provider says, and what it names the mail by.

    `id` is the provider's own for this very event; `tag` the local part of our return path, signed by us; `message_id`
    the Message-ID; `provider_id` what the provider called the mail when it took it.
    """

    event: Event
    id: str
    tag: str = ""
    message_id: str = ""
    provider_id: str = ""


class Source(Protocol):
    """A provider's webhook."""

    def is_open(self, settings: Settings) -> bool:
        """Whether the operator has told us by what we know this provider."""
        ...

    def check(self, post: Post, settings: Settings) -> str:
        """The key by which a repeated post is known. Raises Forged, Unreadable, Unavailable of `fetch`."""
        ...

    def confirmation(self, body: bytes) -> str:
        """The address to fetch so that the provider goes on, once `check` has passed; "" for nearly all posts."""
        ...

    def read(self, body: bytes) -> tuple[Told, ...]:
        """What a checked post tells; nothing when it is of a kind that concerns nobody here. Raises Unreadable."""
        ...
