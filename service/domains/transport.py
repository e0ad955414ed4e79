"""MTA-STS (RFC 8461) and TLS-RPT (RFC 8460) where mail comes in: optional, but what is published must be right."""

from collections.abc import Callable, Iterator

from checkdmarc.mta_sts import (
    MTASTSError,
    MTASTSRecordNotFound,
    mx_in_mta_sts_patterns,
    parse_mta_sts_policy,
    parse_mta_sts_record,
    query_mta_sts_record,
)
from checkdmarc.smtp_tls_reporting import (
    SMTPTLSReportingError,
    SMTPTLSReportingRecordNotFound,
    parse_smtp_tls_reporting_record,
    query_smtp_tls_reporting_record,
)

from service.domains.finding import Finding, State
from service.domains.library import asking
from service.domains.policies import Unfetched
from service.resolver import Resolver

Fetch = Callable[[str], str]
"""Gives a domain's MTA-STS policy. Raises Unfetched."""
OPTIONAL = "not published, which is allowed"


def examine_mta_sts(domain: str, *, dns: Resolver, fetch: Fetch | None) -> Iterator[Finding]:
    """The MTA-STS record and, with `fetch`, the policy beside the MX. Raises Unanswered."""
    what = f"MTA-STS of {domain}"
    dns.texts(f"_mta-sts.{domain}")  # checkdmarc cannot tell no answer from no record
    try:
        record = query_mta_sts_record(domain, **asking(dns))
        tags = parse_mta_sts_record(record["record"])["tags"]
    except MTASTSRecordNotFound:
        yield Finding(what, State.WELL, OPTIONAL)
        return
    except MTASTSError as fault:
        yield Finding(what, State.WARNING, str(fault), "a record that can be read", f"Mend _mta-sts.{domain}.")
        return
    if fetch is None:
        yield Finding(what, State.WELL, f"published, id {tags['id']}; its policy was not fetched")
    else:
        yield _policy(what, domain, dns.exchanges(domain), fetch)


def _policy(what: str, domain: str, hosts: list[str], fetch: Fetch) -> Finding:
    expected = "a policy that names every MX"
    place = f"https://mta-sts.{domain}/.well-known/mta-sts.txt"
    try:
        policy = parse_mta_sts_policy(fetch(domain))["policy"]
    except (MTASTSError, Unfetched) as fault:
        return Finding(what, State.WARNING, str(fault), expected, f"Mend {place}, or take the record out.")
    left_out = [host for host in hosts if not mx_in_mta_sts_patterns(host, policy["mx"])]
    if policy["mode"] == "none" or not left_out:
        return Finding(what, State.WELL, f"{policy['mode']}, {', '.join(policy['mx'])}", expected)
    state = State.BAD if policy["mode"] == "enforce" else State.WARNING
    return Finding(what, state, f"{policy['mode']} leaves out {left_out[0]}", expected, f"Add it to {place}.")


def examine_tls_reporting(domain: str, *, dns: Resolver) -> Iterator[Finding]:
    """The TLS-RPT record, if there is one. Raises Unanswered."""
    what = f"TLS-RPT of {domain}"
    dns.texts(f"_smtp._tls.{domain}")
    try:
        record = query_smtp_tls_reporting_record(domain, **asking(dns))
        parse_smtp_tls_reporting_record(record["record"])
    except SMTPTLSReportingRecordNotFound:
        yield Finding(what, State.WELL, OPTIONAL)
    except SMTPTLSReportingError as fault:
        yield Finding(what, State.WARNING, str(fault), "a record that can be read", f"Mend _smtp._tls.{domain}.")
    else:
        yield Finding(what, State.WELL, record["record"])
