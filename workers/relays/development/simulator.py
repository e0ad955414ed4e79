"""Answers by address: the tag at the end of the local part says which case a mailbox is, so anybody can be any of them.

ben+greylist@example.org is greylisted, ben@example.org is simply written to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from workers.relays.development import returns
from workers.relays.development.folder import Folder, NoFolder
from workers.relays.development.journal import Journal, NoJournal
from workers.relays.development.postman import NoPostman, Post
from workers.relays.development.reception import HANG_UP, Answered, Mail

RETURN_AFTER = 0.2
MOST_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Case:
    """What happens to mail for addresses with this tag.

    `refusal` answers RCPT, only the first time for each address if `once`; `seconds` is how long the message's answer
    takes; `hangs_up` takes the message and closes without an answer; `comes_back` makes the mail that returns later.
    """

    tag: str
    meaning: str
    refusal: bytes | None = None
    once: bool = False
    seconds: float = 0
    hangs_up: bool = False
    comes_back: Callable[[Mail, str], bytes] | None = None


PLAIN = Case("", "accepted")
CASES = (
    Case("unknown", "no such user", refusal=b"550 5.1.1 Recipient address rejected: User unknown\r\n"),
    Case("policy", "refused for what we are", refusal=b"550 5.7.1 Message rejected by policy\r\n"),
    Case("full", "mailbox full", refusal=b"552 5.2.2 Mailbox full\r\n"),
    Case("defer", "never now, never never", refusal=b"451 4.3.0 Temporary lookup failure\r\n"),
    Case("busy", "the server closes at RCPT", refusal=b"421 4.3.2 Service shutting down, try again later\r\n"),
    Case(
        "greylist",
        "deferred once, then accepted",
        refusal=b"450 4.7.1 Greylisted, try again in 2 seconds\r\n",
        once=True,
    ),
    Case("slow", "accepted after a second", seconds=1),
    Case("drop", "taken, but the connection closes before the answer (RFC 1047)", hangs_up=True),
    Case("bounce", "accepted, then a delivery report: failed 5.1.1", comes_back=returns.bounce),
    Case("delay", "accepted, then a delivery report: delayed 4.4.1", comes_back=returns.delay),
    Case("complain", "accepted, then an abuse report", comes_back=returns.complaint),
    Case("away", "accepted, then an out-of-office reply", comes_back=returns.away),
)
_BY_TAG = {case.tag: case for case in CASES}


class Simulator:
    """The desk that knows the cases. Mail comes back only to a return path, never to the null one (RFC 5321 4.5.5)."""

    def __init__(
        self,
        *,
        journal: Journal | None = None,
        folder: Folder | None = None,
        post: Post | None = None,
        latency: float = 0,
    ) -> None:
        self._journal = journal or NoJournal()
        self._folder = folder or NoFolder()
        self._post = post or NoPostman()
        self._latency = latency
        self._known: dict[str, None] = {}
        self.accepted = 0

    def recipient(self, address: str) -> bytes | None:
        """The case's refusal."""
        case = case_of(address)
        if case.refusal is not None and case.once and self._is_known(address):
            return None
        return case.refusal

    def deliver(self, mail: Mail, answered: Answered) -> None:
        """Take it, write it down, answer."""
        cases = [case_of(recipient) for recipient in mail.recipients]
        seconds = self._latency + max(case.seconds for case in cases)
        if seconds:
            asyncio.get_running_loop().call_later(seconds, self._take, mail, answered, cases)
        else:
            self._take(mail, answered, cases)

    def _take(self, mail: Mail, answered: Answered, cases: list[Case]) -> None:
        silent = any(case.hangs_up for case in cases)
        self.accepted += 1
        answer = HANG_UP if silent else b"250 2.0.0 Ok: queued as %d\r\n" % self.accepted
        self._folder.keep(mail)
        self._journal.record(mail, answered=not silent, then=lambda: answered(answer))
        for recipient, case in zip(mail.recipients, cases, strict=True):
            self._send_back(mail, recipient, case)

    def _send_back(self, mail: Mail, recipient: str, case: Case) -> None:
        if case.comes_back is not None and mail.return_path:
            self._post.post(mail.return_path, case.comes_back(mail, recipient), after=RETURN_AFTER)

    def _is_known(self, address: str) -> bool:
        if address in self._known:
            return True
        if len(self._known) >= MOST_REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[address] = None
        return False


def case_of(address: str) -> Case:
    """The case of an address, by the last +tag of its local part."""
    _, plus, tag = address.rpartition("@")[0].rpartition("+")
    return _BY_TAG.get(tag.lower(), PLAIN) if plus else PLAIN


def table() -> str:
    """The cases for people: one line each."""
    return "\n".join(f"  +{case.tag:<10} {case.meaning}" for case in CASES)
