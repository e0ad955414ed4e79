"""Who comes to a picture or a link: a person, a mailbox's own machine, or a scanner. Nothing of it is kept but that."""

import re
from dataclasses import dataclass
from datetime import timedelta

from service.models import Visitor

AT_ONCE = timedelta(seconds=10)
"""So soon after a mail left nobody has read it: what looks at mail on its way follows links within seconds."""
MANY, TOGETHER = 3, timedelta(seconds=5)
"""So many different links of one mail within that time: no person does it."""

# Apple's Mail Privacy Protection says exactly this and no more; the others name themselves.
_APPLE = "Mozilla/5.0"
_PROXIES = re.compile(r"GoogleImageProxy|ggpht\.com|YahooMailProxy|YahooCacheSystem", re.IGNORECASE)
_PROGRAMS = re.compile(
    r"bot\b|bot/|crawl|spider|scan|preview|curl/|wget/|python|java/|okhttp|go-http-client|headless|libwww|axios|node"
    r"|barracuda|proofpoint|mimecast|trend ?micro|symantec|forcepoint|safelinks|microsoft office existence|fetch",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Come:
    """One request, as far as it tells who makes it."""

    agent: str
    is_head: bool
    is_prefetch: bool


def of_picture(come: Come, since: timedelta) -> Visitor:
    """Who fetched the picture, so long after the mail left: a mailbox's proxy does it whether anybody reads or not."""
    if _is_scanner(come, since):
        return Visitor.SCANNER
    is_proxy = come.agent.strip() == _APPLE or _PROXIES.search(come.agent)
    return Visitor.MACHINE if is_proxy else Visitor.PERSON


def of_link(come: Come, since: timedelta) -> Visitor:
    """Who followed a link, as far as this one request tells."""
    if _is_scanner(come, since):
        return Visitor.SCANNER
    return Visitor.MACHINE if _PROXIES.search(come.agent) else Visitor.PERSON


def _is_scanner(come: Come, since: timedelta) -> bool:
    if come.is_head or come.is_prefetch or since < AT_ONCE or not come.agent.strip():
        return True
    return bool(_PROGRAMS.search(come.agent))
