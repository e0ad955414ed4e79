"""Deliveries: what one person got, what came of it, and what a person decides about it."""

from service.deliveries.reading import NothingLeft, as_html, attempts, events, get, message, of
from service.deliveries.relay_log import Settled, WrongLog, settle_by_log
from service.deliveries.retrying import MOST_CRASHES, SET_ASIDE, NotRetryable, retry, retry_failed
from service.deliveries.settling import LINK_USED, NotUncertain, prove, settle, settle_all
from service.deliveries.standing import Standing, retryable, uncertain
from service.deliveries.telling import Story, event_of, story
from service.deliveries.waking import SENT_AGAIN_IN, NotOnItsWay

__all__ = [
    "LINK_USED",
    "MOST_CRASHES",
    "SENT_AGAIN_IN",
    "SET_ASIDE",
    "NotOnItsWay",
    "NotRetryable",
    "NotUncertain",
    "NothingLeft",
    "Settled",
    "Standing",
    "Story",
    "WrongLog",
    "as_html",
    "attempts",
    "event_of",
    "events",
    "get",
    "message",
    "of",
    "prove",
    "retry",
    "retry_failed",
    "retryable",
    "settle",
    "settle_all",
    "settle_by_log",
    "story",
    "uncertain",
]
