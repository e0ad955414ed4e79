"""Whose domain it is: the Organizational Domain, found by walking up the tree (RFC 9989, 4.10)."""

from collections.abc import Iterator

from service.resolver import Resolver

MOST_LABELS = 8  # RFC 9989, 4.10: eight questions at most, so of a longer name the seven last labels


def organisation(domain: str, dns: Resolver) -> str:
    """The Organizational Domain of a domain; itself where no record says otherwise. Raises Unanswered."""
    found = domain
    for name in _upwards(domain):
        psd = _psd(dns.texts(f"_dmarc.{name}"))
        if psd == "n":
            return name
        if psd == "y":
            return _below(name, domain)
        if psd is not None:
            found = name
    return found


def _upwards(domain: str) -> Iterator[str]:
    labels = domain.split(".")
    yield domain
    first = 1 if len(labels) <= MOST_LABELS else len(labels) - MOST_LABELS + 1
    for at in range(first, len(labels)):
        yield ".".join(labels[at:])


def _psd(texts: list[str]) -> str | None:
    """What the only DMARC record says of the name: y, n or u (it does not say); None without one record."""
    records = [tags for tags in map(_tags, texts) if tags and tags[0] == ("v", "dmarc1")]
    if len(records) != 1:
        return None
    said = dict(records[0]).get("psd", "u")
    return said if said in ("y", "n") else "u"


def _tags(text: str) -> list[tuple[str, str]]:
    pairs = (part.partition("=") for part in text.lower().split(";") if part.strip())
    return [(name.strip(), value.strip()) for name, _, value in pairs]


def _below(suffix: str, domain: str) -> str:
    return ".".join(domain.split(".")[-(suffix.count(".") + 2) :])
