"""Signed tags as they come back: wrapped by those who handed them on, in places where the way was lost, and forged."""

from collections.abc import Callable
from random import Random
from uuid import UUID, uuid4

from service import links
from service.signing import Purpose, sign
from tests.workers.inbound.post import path

DOMAIN = "bounces.dateline.example"


def leave(delivery: UUID) -> str:
    """Its link to leave, as our List-Unsubscribe has it."""
    return f"https://press.dateline.example/leave/{sign(Purpose.LEAVE, delivery)}"


def _local(address: str) -> str:
    return address.partition("@")[0]


WRAPS: dict[str, Callable[[str], str]] = {
    "as it was": lambda path: path,
    "in upper case": str.upper,
    "in angles": lambda path: f"<{path}>",
    "quoted": lambda path: f'"{_local(path)}"@{DOMAIN}',
    "by BATV": lambda path: f"prvs=3456abcdef={path}",
    "by the first draft of BATV": lambda path: f"prvs={_local(path)}/3456abcdef@{DOMAIN}",
    "by Barracuda": lambda path: f"btv1==345==={path}",
    "by SRS": lambda path: f"SRS0=hHh1=T5={DOMAIN}={_local(path)}@forward.example",
    "by SRS with plus signs": lambda path: f"SRS0+hHh1+T5+{DOMAIN}+{_local(path).upper()}@forward.example",
    "by SRS twice": lambda path: f"SRS1=g5=forward.example==hHh1=T5={DOMAIN}={_local(path)}@second.example",
    "by BATV, then SRS": lambda path: f"SRS0=h=T={DOMAIN}=prvs=3456abcdef={_local(path)}@forward.example",
    "with a suffix": lambda path: f"{_local(path)}+bounce@{DOMAIN}",
    "with another suffix": lambda path: f"{_local(path)}-a.b=c@{DOMAIN}",
    "behind a name": lambda path: f"owner-list+{_local(path)}@{DOMAIN}",
    "by a list": lambda path: f"list-bounces+{_local(path)}={DOMAIN}@lists.example",
}

PLAIN = """From: MAILER-DAEMON@mx.daily.example
{headers}Subject: Returned mail
Content-Type: multipart/report; report-type=delivery-status; boundary=cut

--cut
Content-Type: text/plain

The mail could not be delivered.
{prose}
--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.daily.example
{fields}
Final-Recipient: rfc822; cleo@daily.example
Action: failed
Status: 5.1.1
{group}
--cut
Content-Type: text/rfc822-headers

From: press@rivers.example
{returned}Subject: River levels

--cut--
"""


def bounce(**places: str) -> bytes:
    """A report of a dead mailbox that bears lines in these places, and nothing of ours anywhere else."""
    empty = dict.fromkeys(("headers", "prose", "fields", "group", "returned"), "")
    return PLAIN.format(**{**empty, **places}).encode()


PLACES: dict[str, Callable[[str], bytes]] = {
    "To": lambda tag: bounce(headers=f"To: <{tag}>\n"),
    "Delivered-To": lambda tag: bounce(headers=f"To: postmaster@{DOMAIN}\nDelivered-To: {tag}\n"),
    "X-Original-To": lambda tag: bounce(headers=f"X-Original-To: {tag}\n"),
    "Envelope-To": lambda tag: bounce(headers=f"Envelope-to: {tag}\n"),
    "Received": lambda tag: bounce(headers=f"Received: from a by b\n\tfor <{tag}>; Mon, 22 Jan 2024 09:00:00 +0000\n"),
    "Original-Recipient": lambda tag: bounce(group=f"Original-Recipient: rfc822;{tag}\n"),
    "a field of the report": lambda tag: bounce(fields=f"X-Postfix-Sender: rfc822; {tag}\n"),
    "the returned Return-Path": lambda tag: bounce(returned=f"Return-Path: <{tag}>\n"),
    "the words of the report": lambda tag: bounce(prose=f"--- Below this line is a copy.\nReturn-Path: <{tag}>\n"),
}
"""Where a tag is when the recipient of the envelope is lost."""


def forged(tag: str, random: Random) -> str:
    """The same tag, no longer good: altered, cut, lengthened, of another key or purpose, or invented."""
    local = _local(tag).removeprefix("b.")
    at = random.randrange(52)
    stranger = links.Links("https://press.dateline.example", DOMAIN, random.randbytes(32))
    return random.choice(
        (
            lambda: tag.replace(local, local[:at] + "0123456789abcdef"[int(local[at], 16) - 5] + local[at + 1 :]),
            lambda: tag.replace(local, local[:at]),
            lambda: tag.replace(local, local + random.choice("0af")),
            lambda: tag.replace(local, random.randbytes(26).hex()),
            lambda: tag.replace(local, local[26:] + local[:26]),
            lambda: stranger.return_path(UUID(hex=local[:32])),
            lambda: tag.replace(local, sign(Purpose.LEAVE, UUID(hex=local[:32]))),
            lambda: tag.replace(local, sign(Purpose.SIGN_IN, UUID(hex=local[:32]))),
            lambda: path(uuid4()),  # our own seal, over a delivery there is not
        )
    )()
