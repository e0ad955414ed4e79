"""Notices: what is said, in the same thread, to exactly those who hold a release that was wrong."""

from service.notices.holding import Audience, audience_of, held_by
from service.notices.sending import NotANotice, NotInAgreement, in_emergency, may_agree, send
from service.notices.writing import Nobody, NotApproved, Words, about, begin, propose, stops

__all__ = [
    "Audience",
    "Nobody",
    "NotANotice",
    "NotApproved",
    "NotInAgreement",
    "Words",
    "about",
    "audience_of",
    "begin",
    "held_by",
    "in_emergency",
    "may_agree",
    "propose",
    "send",
    "stops",
]
