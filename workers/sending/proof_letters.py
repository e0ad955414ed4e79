"""A proof on its way to a colleague: the release by the mail's own renderer, marked, its personal links dead."""

from datetime import UTC
from uuid import UUID

from sqlalchemy.orm import Session

from service import dkim_keys, releases
from service.errors import Refused
from service.mail.dkim import Key
from service.models import AccountMail, Journalist, Release, Sender
from service.releases.preview import Proof, proof, reader_of
from service.sealing import CannotOpen


class Gone(Refused):
    """The release, or the edition, was taken away before the test could leave."""

    def __init__(self) -> None:
        super().__init__("The release is not there any more.")


def message(session: Session, mail: AccountMail, *, signed: bool, eight_bit: bool) -> bytes:
    """The release as it stands when it leaves. Raises Gone, releases.NoSuchEdition, jinja2.TemplateError.

    Its personal links are made of this mail's id, which is no delivery's: they open nobody's page.
    """
    release = session.get(Release, UUID(mail.values["release"]))
    if release is None:
        raise Gone
    edition = releases.edition_in(release, mail.values["language"])
    journalist = session.get(Journalist, UUID(mail.values["journalist"])) if mail.values["journalist"] else None
    person = reader_of(session, release, journalist)._replace(address=mail.address)
    assert mail.attempted_at is not None  # noqa: S101 - begun
    one = Proof(mail.id, mail.attempted_at.astimezone(UTC), eight_bit=eight_bit)
    keys = _keys(session, release) if signed else []
    return proof(session, release, edition.language, person, one, keys)


def _keys(session: Session, release: Release) -> list[Key]:
    """Those of the From domain. Unsigned, it shows the words all the same."""
    domain = session.get_one(Sender, release.sender_id).address.rpartition("@")[2]
    try:
        return dkim_keys.keys_for(session, domain)
    except CannotOpen:
        return []
