"""DMARC (RFC 9989): the policy of the From domain, and whether DKIM and the return path are aligned with it."""

from collections.abc import Iterator
from typing import Any

from checkdmarc.dmarc import DMARCError, DMARCRecordNotFound, parse_dmarc_record, query_dmarc_record

from service.domains.finding import Finding, State
from service.domains.library import asking
from service.domains.organisation import organisation
from service.resolver import Resolver


def examine(domain: str, *, return_path: str, dns: Resolver) -> Iterator[Finding]:
    """The record that applies to the domain, what is odd about it, and the alignment it asks for. Raises Unanswered."""
    organisation_ = organisation(domain, dns)  # before checkdmarc, which cannot tell no answer from no record
    try:
        record = query_dmarc_record(domain, ignore_unrelated_records=True, **asking(dns))
        parsed = parse_dmarc_record(record["record"], record["location"], ignore_unrelated_records=True, **asking(dns))
    except DMARCRecordNotFound as fault:
        fix = f'Publish _dmarc.{domain}: TXT "v=DMARC1; p=none; rua=mailto:…"; p=quarantine when the reports are well.'
        yield Finding("DMARC", State.BAD, str(fault), "a record, p=none at least", fix)
        return
    except DMARCError as fault:
        yield Finding("DMARC", State.BAD, str(fault), "one record that can be read", f"Mend _dmarc.{domain}.")
        return
    tags = parsed["tags"]
    yield Finding("DMARC", State.WELL, _policy(record["location"], tags), "a record, p=none at least")
    place = f"_dmarc.{record['location']}"
    for warning in [*record["warnings"], *parsed["warnings"], *_oddities(tags, domain, record["location"])]:
        yield Finding("DMARC", State.WARNING, warning, "", f"Change {place}.")
    yield _alignment(domain, return_path, tags, organisation_, dns)


def _policy(location: str, tags: Any) -> str:
    told = ", ".join(f"{tag}={tags[tag]['value']}" for tag in ("p", "sp", "np", "t", "psd") if tag in tags)
    return f"_dmarc.{location}: {told}"


def _oddities(tags: Any, domain: str, location: str) -> Iterator[str]:
    if tags["t"]["value"] == "y":
        yield "t=y: receivers are asked not to act on the policy."
    if tags["psd"]["value"] == "y" and location == domain:
        yield "psd=y says that this is a public suffix, below which everybody is another organisation."


def _alignment(domain: str, return_path: str, tags: Any, organisation_: str, dns: Resolver) -> Finding:
    what = "DMARC alignment"
    strict = tags["aspf"]["value"] == "s"
    expected = f"return paths at {domain}" if strict else f"return paths at {organisation_} or below"
    aligned = return_path == domain if strict else organisation(return_path, dns) == organisation_
    if aligned:
        return Finding(what, State.WELL, f"return paths at {return_path}", expected)
    fix = f"Set RETURN_PATH_DOMAIN to a subdomain of {organisation_}; until then only DKIM carries DMARC."
    if strict:
        fix = f"Publish aspf=r for {domain}; until then only DKIM carries DMARC."
    return Finding(what, State.WARNING, f"return paths at {return_path}", expected, fix)
