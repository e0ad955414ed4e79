"""Tracking by consent: what of a mail was opened and followed, by people and by machines, of those who agreed to it.

Off for a newsroom until an administrator says otherwise, and for a reader until they agree on their preferences page.
Of whoever comes only the kind is kept, never address or program.
"""

from service.tracking.counting import Engagement, LinkCount, of
from service.tracking.judging import Come
from service.tracking.recording import follow, keep, seen

__all__ = ["Come", "Engagement", "LinkCount", "follow", "keep", "of", "seen"]
