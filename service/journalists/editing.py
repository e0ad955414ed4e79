"""What an officer writes down about a person: where they work, on what, in which language and how much it matters.

The address is nobody's to change: consent was given for it, and deliveries went to it. Somebody with a new one is added
with it, and the two entries are merged.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from service import audit, outlets
from service.errors import Refused
from service.journalists.choosing import UnknownZone, zones
from service.journalists.names import clean_name
from service.manuscripts.characters import clean_line
from service.models import Account, Journalist, Sender

LONGEST_LINE = 300
TIERS = (1, 2, 3)


class BadParticular(Refused):
    """Choose one of those offered, or shorten it."""

    def __init__(self, field: str) -> None:
        super().__init__("Choose one of those offered, or shorten it.")
        self.field = field


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is known of a person beside their address; country and language as two letters, or empty."""

    name: str = ""
    outlet: str = ""
    beat: str = ""
    country: str = ""
    language: str = "en"
    zone: str = "UTC"
    tier: int = 2


def checked(given: Particulars) -> Particulars:
    """The same as it may be kept. Raises NameTooLong, UnknownZone, BadParticular."""
    for field in ("outlet", "beat"):
        if len(getattr(given, field)) > LONGEST_LINE:
            raise BadParticular(field)
    for field, code in (("country", given.country), ("language", given.language)):
        if not (code.isascii() and code.isalpha() and len(code) == 2) and (code or field == "language"):
            raise BadParticular(field)
    if given.zone not in zones():
        raise UnknownZone(given.zone)
    if given.tier not in TIERS:
        raise BadParticular("tier")
    return Particulars(
        name=clean_name(given.name),
        outlet=clean_line(given.outlet),
        beat=clean_line(given.beat),
        country=given.country.upper(),
        language=given.language.lower(),
        zone=given.zone,
        tier=given.tier,
    )


def edit(session: Session, journalist: Journalist, given: Particulars, *, by: Account | None) -> None:
    """Keep these particulars. Raises NameTooLong, UnknownZone, BadParticular."""
    new = checked(given)
    sender = session.get_one(Sender, journalist.sender_id)
    journalist.name = new.name
    journalist.outlet_id = next(iter(outlets.named(session, sender, [new.outlet]).values()), None)
    journalist.beat = new.beat
    journalist.country = new.country
    journalist.language = new.language
    journalist.zone = new.zone
    journalist.tier = new.tier
    session.flush()
    audit.write(session, "journalist changed", account=by, journalist=str(journalist.id))
