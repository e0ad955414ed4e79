"""What a domain's owner has to publish for a key, and whether DNS shows it."""

from dataclasses import dataclass
from enum import StrEnum

from service.models import Algorithm, DkimKey
from service.resolver import Resolver

LONGEST_STRING = 255  # RFC 1035, 3.3.14: one character-string of a TXT record


class Published(StrEnum):
    """What DNS shows at the place of a key."""

    YES = "yes"
    NOTHING = "nothing"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Record:
    """A TXT record: its name and its text, which receivers read joined."""

    name: str
    text: str

    @property
    def strings(self) -> tuple[str, ...]:
        """The text in the pieces a TXT record holds, at most 255 characters each."""
        return tuple(self.text[at : at + LONGEST_STRING] for at in range(0, len(self.text), LONGEST_STRING))

    def __str__(self) -> str:
        """The line of a zone file."""
        strings = " ".join(f'"{string}"' for string in self.strings)
        return f"{self.name}. 3600 IN TXT ( {strings} )"


@dataclass(frozen=True, slots=True)
class Publication:
    """What DNS shows of a key, and what is wrong with it."""

    published: Published
    found: str
    remark: str = ""


def record(key: DkimKey) -> Record:
    """The TXT record to publish (RFC 6376, 3.6.1)."""
    kind = "ed25519" if key.algorithm is Algorithm.ED25519 else "rsa"
    return Record(f"{key.selector}._domainkey.{key.domain}", f"v=DKIM1; k={kind}; p={key.public}")


def publication(key: DkimKey, dns: Resolver) -> Publication:
    """Whether DNS shows this key and receivers can use it. Raises resolver.Unanswered."""
    texts = dns.texts(record(key).name)
    if not texts:
        return Publication(Published.NOTHING, "nothing")
    if len(texts) > 1:
        return Publication(Published.OTHER, f"{len(texts)} TXT records", "Receivers may take any of them: leave one.")
    remark = _fault(_tags(texts[0]), key)
    return Publication(Published.OTHER if remark else Published.YES, _short(texts[0]), remark)


def _tags(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip(): "".join(value.split()) for name, _, value in pairs if name.strip()}


def _fault(tags: dict[str, str], key: DkimKey) -> str:
    wanted = _tags(record(key).text)
    if tags.get("v", "DKIM1") != "DKIM1":
        return "v= is not DKIM1: receivers ignore the record."
    if not tags.get("p"):
        return "p= is empty: the record says that the key is revoked."
    if tags.get("k", "rsa") != wanted["k"] or tags["p"] != wanted["p"]:
        return "It is another key."
    if "sha256" not in tags.get("h", "sha256").split(":"):
        return "h= does not allow sha256, with which we sign."
    if not {"*", "email"} & set(tags.get("s", "*").split(":")):
        return "s= does not allow e-mail."
    if "y" in tags.get("t", "").split(":"):
        return "t=y says that the domain is only testing: receivers treat the mail as unsigned."
    return ""


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
