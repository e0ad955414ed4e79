"""The addresses by which people and mail servers come back to us."""

import re
from contextlib import suppress
from itertools import islice
from uuid import UUID

from service.settings import WEB_ADDRESS, settings
from service.signing import Forged, Purpose, Signer, keys, sign, verify

RETURN_PREFIX = "b."
LEAVE_PREFIX = "u."
KEY_BYTES = 8
"""Of a link in a mail that leads through us."""
REPLY_PREFIX = "r."
MOST_TAGS = 50
"""So many of the tags in a text are looked at, not more: each costs a seal."""

# Who hands mail on writes around the local part: SRS0=…=b.…, prvs=…=b.…, "b.…", b.…+more, list+b.…=our.domain.
_RETURN = re.compile(r"(?<![a-z0-9])b\.([0-9a-f]{52})(?![a-z0-9])")
_SIGNED = re.compile(r"[bru]\.[0-9a-f]{52}")
_REPLY = re.compile(r"(?<![a-z0-9])r\.([0-9a-f]{52})(?![a-z0-9])")
_LEAVE = re.compile(r"/leave/([0-9a-f]{52})(?![a-z0-9])")


class Links:
    """Makes the personal links of many deliveries; what does not change is made once.

    Raises ValueError for an address that could not stand in a header.
    """

    def __init__(self, base_url: str, return_path_domain: str, key: bytes) -> None:
        if not WEB_ADDRESS.fullmatch(base_url):
            raise ValueError(f"{base_url[:100]!a} cannot stand in a mail's header as a link")
        self._leave = Signer(Purpose.LEAVE, key).token
        self._preferences = Signer(Purpose.PREFERENCES, key).token
        self._picture = Signer(Purpose.PICTURE, key).token
        self._follow = Signer(Purpose.FOLLOW, key).token_of
        self._return = Signer(Purpose.RETURN, key).token
        self._reply = Signer(Purpose.REPLY, key).token
        self._leave_url = f"{base_url}/leave/"
        self._preferences_url = f"{base_url}/preferences/"
        self._picture_url = f"{base_url}/seen/"
        self._follow_url = f"{base_url}/to/"
        self._return_domain = f"@{return_path_domain}"

    def leave(self, delivery: UUID) -> str:
        """Where this person leaves: GET shows a page, POST acts (RFC 8058)."""
        return self._leave_url + self._leave(delivery)

    def leave_by_mail(self, delivery: UUID) -> str:
        """Where this person leaves by any mail that no robot sent: the mailto of List-Unsubscribe."""
        return LEAVE_PREFIX + self._leave(delivery) + self._return_domain

    def preferences(self, id_: UUID) -> str:
        """Where this person chooses what comes, and how: of a delivery, or of an account mail they asked for."""
        return self._preferences_url + self._preferences(id_)

    def picture(self, delivery: UUID) -> str:
        """The picture by which a mail that may be tracked says that it was opened."""
        return f"{self._picture_url}{self._picture(delivery)}.gif"

    def followed(self, delivery: UUID, key: bytes) -> str:
        """One of the links of such a mail, by its key."""
        return self._follow_url + self._follow(delivery.bytes + key)

    def return_path(self, delivery: UUID) -> str:
        """The envelope sender of this delivery: what bounces there is about it and nothing else."""
        return RETURN_PREFIX + self._return(delivery) + self._return_domain

    def reply(self, delivery: UUID) -> str:
        """Where this person's answer goes to be sent on to the media contact, and to show at the delivery."""
        return REPLY_PREFIX + self._reply(delivery) + self._return_domain


def personal() -> Links:
    """The links of this installation."""
    return Links(settings().base_url, settings().return_path_domain, keys()[0])


def bounced_delivery(address: str) -> UUID:
    """The delivery whose return path this is, upper-cased or wrapped by a forwarder or not. Raises signing.Forged."""
    local = address.rpartition("@")[0].lower()
    return _only(_deliveries(local, _RETURN, Purpose.RETURN))


def answered_delivery(address: str) -> UUID:
    """The delivery whose address for answers this is. Raises signing.Forged."""
    return _only(_deliveries(address.rpartition("@")[0].lower(), _REPLY, Purpose.REPLY))


def looks_signed(address: str) -> bool:
    """Whether it has the form of an address that only we can make, whoever made it."""
    return _SIGNED.fullmatch(address.strip("<>").rpartition("@")[0].lower()) is not None


def quoted_delivery(text: str) -> UUID:
    """The one delivery whose return path or link to leave stands in this text. Raises signing.Forged.

    Proof for whoever returns a mail of ours: who holds neither cannot make them, and who holds the link could leave.
    """
    text = text.lower()
    return _only(_deliveries(text, _RETURN, Purpose.RETURN) | _deliveries(text, _LEAVE, Purpose.LEAVE))


def _deliveries(text: str, tag: re.Pattern[str], purpose: Purpose) -> set[UUID]:
    """Those whose tags verify, of the first MOST_TAGS."""
    found = set()
    for token in islice(tag.finditer(text), MOST_TAGS):
        with suppress(Forged):
            found.add(verify(purpose, token[1]))
    return found


def _only(found: set[UUID]) -> UUID:
    if len(found) != 1:
        raise Forged
    return found.pop()


def leaving_delivery(address: str) -> UUID:
    """The delivery by whose mailto this is, upper-cased or not. Raises signing.Forged."""
    local = address.strip("<>").rpartition("@")[0].lower()
    if not local.startswith(LEAVE_PREFIX):
        raise Forged
    return verify(Purpose.LEAVE, local.removeprefix(LEAVE_PREFIX))


def release(release_id: UUID) -> str:
    """The officer's page of a release."""
    return f"{settings().base_url}/releases/{release_id}"


def approval(release_id: UUID) -> str:
    """The page on which a release is approved or sent back, and what was said of it stands."""
    return f"{release(release_id)}/approval"


def releases() -> str:
    """The officers' list of releases."""
    return f"{settings().base_url}/releases"


def feedback() -> str:
    """The page of what comes back: rates, and bursts that wait for a person."""
    return f"{settings().base_url}/feedback"


def newsroom(slug: str) -> str:
    """The public page of a newsroom."""
    return f"{settings().base_url}/newsroom/{slug}"


def story(newsroom_slug: str, slug: str, language: str) -> str:
    """The public page of an edition."""
    return f"{newsroom(newsroom_slug)}/releases/{slug}/{language}"


def file(newsroom_slug: str, key: str) -> str:
    """A file of a press kit, as mails name it."""
    return f"{newsroom(newsroom_slug)}/files/{key}"


def subscribe(slug: str) -> str:
    """Where journalists subscribe to a newsroom."""
    return f"{settings().base_url}/subscribe/{slug}"


def confirm(mail_id: UUID) -> str:
    """Where who got this account mail confirms that they want to subscribe."""
    return f"{settings().base_url}/confirm/{sign(Purpose.CONFIRM, mail_id)}"


def preferences(id_: UUID) -> str:
    """The preferences of who got this account mail or delivery."""
    return personal().preferences(id_)


def address(mail_id: UUID) -> str:
    """Where who got this account mail agrees to a new address."""
    return f"{settings().base_url}/address/{sign(Purpose.ADDRESS, mail_id)}"
