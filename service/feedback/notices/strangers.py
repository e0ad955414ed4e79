"""The last to be asked: addresses in X-Failed-Recipients, and flufl.bounce behind a guard of our own.

flufl.bounce raises on broken messages and calls final what is none: it is asked for addresses only, and what the notice
says of them is judged like any other.
"""

import email
import email.policy
import logging
import re

from flufl.bounce import all_failures

from service.feedback.event import Event, Kind
from service.feedback.failing import failing
from service.feedback.letter import Letter
from service.feedback.notices import guard
from service.feedback.notices.dialect import MOST_RECIPIENTS, addresses

# It logs a trace for each of its faults, and each message has some.
logging.getLogger("flufl.bounce").disabled = True

LONGEST_ASKED = 20_000
_DELAYED = re.compile(
    r"warning only|\bdelayed\b|\bdeferred\b|will (be retried|continue|keep trying)|not yet been delivered",
    re.IGNORECASE,
)


def read(letter: Letter) -> tuple[Event, ...]:
    """One event for each address these name; words alone call none of them dead."""
    named = tuple(dict.fromkeys(addresses(letter.headers.first("x-failed-recipients"))))
    if not (guard.by_name(letter) or guard.says_failure(letter)):
        return ()
    found = named or (_by_flufl(letter) if guard.from_system(letter) else ())
    kind = Kind.DELAY if _DELAYED.search(letter.text) else Kind.BOUNCE
    return tuple(
        failing(kind, address, _about(address, letter.text), transcript=letter.text, doubtful=True)
        for address in found[:MOST_RECIPIENTS]
    )


def _by_flufl(letter: Letter) -> tuple[str, ...]:
    """What flufl.bounce finds in the outer text alone: its readers follow nesting by recursion."""
    sender = letter.headers.first("from")[:500] or "postmaster"
    head = f"From: {sender}\nSubject: {letter.headers.first('subject')[:500]}\n"
    message = email.message_from_string(f"{head}\n{letter.whole[:LONGEST_ASKED]}", policy=email.policy.compat32)
    try:
        temporary, permanent = all_failures(message)
    except Exception:
        # Its readers raise whatever their guesses run into; that is "I do not know".
        return ()
    return tuple(sorted(one.decode("ascii", "replace") for one in temporary | permanent if b"@" in one))


def _about(address: str, text: str) -> str:
    """The paragraph in which an address stands, or everything."""
    around = [one for one in re.split(r"\n[ \t]*\n", text) if address in one]
    return around[0] if around else text
