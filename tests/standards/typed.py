"""A release as people typed it, made into the letter that is sent, and posted to a sink over a real socket."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from service.links import Links
from service.mail.compose import Identity, Letter, Person
from service.models import Revision
from service.releases.letters import LETTER, context, letters
from service.releases.revisions import Frozen, FrozenContact, FrozenEdition, FrozenSender, canonical
from tests.standards import reading, sink
from tests.standards.sink import Sink, Taken
from workers.relays.relay import Answer, Envelope, Outcome
from workers.relays.smtp import SmtpConnection, SmtpRelay

MODERN = ("PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 36700160")
OLD = ("SIZE 36700160",)

DELIVERY = UUID("0199c0de-0000-7000-8000-000000000001")
AT = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)
CLEO = Person("cleo@daily.example", "Cleo Reader", "Daily", "Water")
LINKS = Links("https://press.rivers.example", "bounces.rivers.example", b"k" * 32)


@dataclass(frozen=True)
class Typed:
    """What a newsroom and its officer typed."""

    headline: str = "River levels fall"
    subhead: str = ""
    dateline: str = "Astana, 22 January 2024 –"
    lead: str = "Levels fell."
    body: str = ""
    boilerplate: str = ""
    notes: str = ""
    sender: str = "Steppe Rivers Commission"
    slug: str = "rivers"
    address: str = "press@rivers.example"
    reply_to: str = "desk@rivers.example"
    postal_address: str = "1 Embankment, Astana"
    contacts: tuple[FrozenContact, ...] = ()
    language: str = "en"

    def letter(self) -> Letter:
        """As the workers make it, from an approved revision."""
        content = canonical(self._frozen())
        revision = Revision(content=json.loads(content), digest=sha256(content.encode()).digest())
        return letters(revision, LINKS)[self.language]

    def straight(self, links: Links = LINKS, **identity: str) -> Letter:
        """As the composer makes it of whatever it is given: past every door, every database and every hash."""
        frozen = self._frozen()
        said = Identity(
            sender_name=self.sender,
            address=self.address,
            reply_to=self.reply_to,
            list_id=f"<{self.slug}.rivers.example>",
            feedback_id=f"0badcafe:{self.slug}:release:dateline",
            version="0badcafe",
        )
        return Letter(LETTER, context(frozen, frozen.editions[0]), replace(said, **identity), links)

    def _frozen(self) -> Frozen:
        edition = FrozenEdition(
            language=self.language,
            headline=self.headline,
            subhead=self.subhead,
            place="Astana",
            dated=None,
            dateline=self.dateline,
            lead=self.lead,
            body=self.body,
            boilerplate=self.boilerplate,
            notes=self.notes,
        )
        sender = FrozenSender(self.slug, self.sender, self.address, self.reply_to, self.postal_address)
        return Frozen((edition,), self.contacts, sender, (), None)


class Post:
    """One open connection from our relay's client to a sink."""

    def __init__(self, runner: asyncio.Runner, sink_: Sink) -> None:
        self._runner = runner
        self._relay = SmtpRelay.from_url(sink_.url)
        self._connection: SmtpConnection | None = None
        self.sink = sink_

    def hand_over(self, letter: Letter, person: Person = CLEO, delivery: UUID = DELIVERY, at: datetime = AT) -> Answer:
        """Compose and send, as workers/sending/dispatch.py does."""
        mail = letter.compose(person, delivery, at, eight_bit=self._open().eight_bit)
        return self.deliver(
            Envelope(
                LINKS.return_path(delivery),
                person.address,
                mail.message,
                utf8=not person.address.isascii(),
                dots=mail.dots,
            )
        )

    def deliver(self, envelope: Envelope) -> Answer:
        """Any message there is."""
        return self._runner.run(self._open().send(envelope))

    def _open(self) -> SmtpConnection:
        if self._connection is None or self._connection.closed:
            self._connection = self._runner.run(self._relay.connect())
        return self._connection

    def send(self, letter: Letter, person: Person = CLEO, delivery: UUID = DELIVERY, at: datetime = AT) -> Taken:
        """Hand over what must be accepted, and give what the sink took."""
        answer = self.hand_over(letter, person, delivery, at)
        assert answer.outcome is Outcome.ACCEPTED, answer
        [*_, taken] = self.sink.taken
        self.sink.taken.clear()
        return taken

    def read(self, letter: Letter, person: Person = CLEO, delivery: UUID = DELIVERY) -> reading.Entity:
        """The message of it, read back."""
        return reading.message(self.send(letter, person, delivery).wire)

    def close(self) -> None:
        if self._connection is not None:
            self._runner.run(self._connection.close())


@contextmanager
def posting(*offers: str) -> Iterator[Post]:
    """A sink with these offers, and our client at it."""
    with sink.listening(*offers) as sink_, asyncio.Runner() as runner:
        post = Post(runner, sink_)
        try:
            yield post
        finally:
            post.close()
