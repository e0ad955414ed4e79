"""Only approved bytes leave: each copy is held against what the approved revision gives for its person and time."""

from datetime import UTC
from hashlib import sha256

from sqlalchemy.orm import Session

from service.links import Links
from service.mail.compose import Letter, Person
from service.models import Revision
from service.releases.letters import letters
from service.settings import settings
from service.signing import keys
from tests.faults.copies import Copy
from tests.faults.ledger import Ledger, Row
from tests.faults.scene import Scene


class Original:
    """The mails of a release as its approved revision makes them, compiled when the first is asked for."""

    def __init__(self, service: Scene, ledger: Ledger) -> None:
        self._service = service
        self._ledger = ledger
        self._letters: dict[str, Letter] = {}

    def has(self, row: Row, copy: Copy) -> bool:
        """Whether this copy is, byte for byte, what one of the row's attempts had to send.

        Of whoever has since been given another address, or forgotten, nothing can be rendered again.
        """
        if copy.recipient != row.address:
            return True
        letter = self._letter(row.language)
        person = Person(row.address, row.name, row.outlet, row.topic)
        mails = (letter.message(person, row.id, began.astimezone(UTC)) for began in row.begun)
        return any(sha256(mail).hexdigest() == copy.sha256 for mail in mails)

    def _letter(self, language: str) -> Letter:
        if not self._letters:
            links = Links(self._service.env["BASE_URL"], settings().return_path_domain, keys()[0])
            with Session(self._service.engine) as session:
                self._letters = letters(session.get_one(Revision, self._ledger.revision_id), links)
        return self._letters[language]
