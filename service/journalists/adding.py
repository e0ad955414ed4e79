"""A new journalist, by hand or by their own subscription."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service import audit, outlets, providers, suppressions
from service.errors import Refused
from service.journalists.finding import by_address
from service.journalists.mailboxes import mailbox
from service.journalists.names import clean_name
from service.manuscripts.characters import clean_line
from service.models import Account, Journalist, Sender, SuppressionReason


class AlreadyKnown(Refused):
    """Change the entry there is, which the error carries."""

    def __init__(self, journalist: Journalist) -> None:
        super().__init__(f"{journalist.address} is here already. Change that entry instead.")
        self.journalist = journalist


class Erased(Refused):
    """The person asked to be forgotten; only they can come back, by subscribing themselves."""

    def __init__(self) -> None:
        super().__init__("This person asked to be erased. They can come back only by subscribing themselves.")


def add(
    session: Session,
    sender: Sender,
    address: str,
    name: str = "",
    *,
    outlet: str = "",
    beat: str = "",
    country: str = "",
    language: str = "en",
    zone: str = "UTC",
    tier: int = 2,
    on_their_word: bool = False,
    by: Account | None = None,
) -> Journalist:
    """A new journalist, subscribed to nothing yet.

    Raises addresses.BadAddress, NameTooLong, AlreadyKnown for any spelling of a known address, and Erased unless it is
    `on_their_word` that they come back.
    """
    box = mailbox(address)
    reason = suppressions.reason(session, box.fingerprint, sender)
    if reason is SuppressionReason.ERASED and not on_their_word:
        raise Erased
    values = {
        "sender_id": sender.id,
        "address": box.address,
        "address_canonical": box.canonical,
        "fingerprint": box.fingerprint,
        "name": clean_name(name),
        "outlet_id": next(iter(outlets.named(session, sender, [outlet]).values()), None),
        "beat": clean_line(beat),
        "country": country,
        "language": language,
        "zone": zone,
        "tier": tier,
    }
    statement = insert(Journalist).values(values).on_conflict_do_nothing().returning(Journalist)
    journalist: Journalist | None = session.scalar(statement)
    if journalist is None:
        raise AlreadyKnown(by_address(session, sender, box.address))
    providers.note(session, [box.canonical])
    audit.write(session, "journalist added", account=by, journalist=str(journalist.id))
    return journalist
