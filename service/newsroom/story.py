"""One edition of a release as the world, or an accredited reader, may see it: values only, no table behind them."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from markupsafe import Markup

from service.mail import body
from service.models import NoticeKind
from service.releases.revisions import FrozenContact, FrozenEdition, FrozenSender


@dataclass(frozen=True, slots=True)
class TopicName:
    """A topic by its name in the story's language, with its IPTC Media Topic if it has one."""

    slug: str
    name: str
    media_topic: str


@dataclass(frozen=True, slots=True)
class Said:
    """A notice about the story that has opened: the correction history is made of these."""

    kind: NoticeKind
    at: datetime
    slug: str
    headline: str
    summary: str
    language: str


@dataclass(frozen=True, slots=True)
class File:
    """A file of the press kit; `width` and `height` are those of its preview, 0 without one."""

    key: str
    name: str
    type: str
    size: int
    caption: str
    credit: str
    alt: str
    width: int
    height: int
    rights: str = ""

    @property
    def is_picture(self) -> bool:
        return self.width > 0


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """That it was taken back, when, and what the newsroom says about it."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Story:
    """One edition of a release. `opens_at` is None for an accredited reader of what has no time yet.

    `languages` are all editions, the first one first; `version` counts what was said since; `changed_at` is the last
    of these moments.
    """

    release_id: UUID
    newsroom: str
    slug: str
    sender: FrozenSender
    edition: FrozenEdition
    languages: tuple[str, ...]
    contacts: tuple[FrozenContact, ...]
    topics: tuple[TopicName, ...]
    embargo: datetime | None
    opens_at: datetime | None
    changed_at: datetime
    said: tuple[Said, ...]
    files: tuple[File, ...]
    withdrawn: Withdrawal | None

    @property
    def language(self) -> str:
        return self.edition.language

    @property
    def is_first(self) -> bool:
        """Whether this is the edition for readers of a language there is no edition in."""
        return self.language == self.languages[0]

    @property
    def version(self) -> int:
        """1, and one more for everything that was said about it since."""
        return 1 + len(self.said) + (self.withdrawn is not None and not self.is_killed)

    @property
    def is_killed(self) -> bool:
        return any(said.kind is NoticeKind.KILL for said in self.said)

    @property
    def is_held(self) -> bool:
        """Whether the last word about it is that it must wait."""
        return bool(self.said) and self.said[-1].kind is NoticeKind.HOLD

    @property
    def body(self) -> Markup:
        """Safe HTML."""
        return _html(self.edition.body)

    @property
    def boilerplate(self) -> Markup:
        return _html(self.edition.boilerplate)

    @property
    def notes(self) -> Markup:
        return _html(self.edition.notes)

    @property
    def pictures(self) -> tuple[File, ...]:
        return tuple(file for file in self.files if file.is_picture)


@lru_cache(maxsize=1024)
def _html(markdown: str) -> Markup:
    # A feed shows twenty bodies and is asked for every few minutes by everybody.
    return body.as_html(markdown)
