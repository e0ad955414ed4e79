"""Every kind of relay, by the scheme of its URL."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping

from workers.relays import mailgun, postmark, sendgrid, ses
from workers.relays.relay import Relay
from workers.relays.smtp import SmtpRelay
from workers.relays.url import Place
from workers.relays.wire import Timeouts

KINDS: Mapping[str, Callable[[Place, Timeouts | None], Relay]] = {
    "smtp": SmtpRelay.at,
    "smtp+starttls": SmtpRelay.at,
    "smtps": SmtpRelay.at,
    "lmtp": SmtpRelay.at,
    "lmtp+starttls": SmtpRelay.at,
    "ses": ses.relay,
    "mailgun": mailgun.relay,
    "postmark": postmark.relay,
    "sendgrid": sendgrid.relay,
}


def relay_at(place: Place, timeouts: Timeouts | None = None) -> Relay:
    """The relay at this place, with its kind's timeouts if none are given. Raises ValueError, quoting no secret."""
    kind = KINDS.get(place.scheme)
    if kind is None:
        raise ValueError(f"relay {place.name}: a relay is one of {', '.join(f'{scheme}://' for scheme in KINDS)}")
    try:
        return kind(place, timeouts)
    except ssl.SSLError as fault:
        raise ValueError(f"relay {place.name}: its ca= file holds no certificates") from fault
    except (ValueError, OSError) as fault:
        raise ValueError(f"relay {place.name}: {fault}") from fault
