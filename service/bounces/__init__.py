"""Bounces and complaints: what feedback does to a delivery, to its person, and to a stream that gets too much of it."""

from service.bounces.alarm import pause_if_many
from service.bounces.applying import Applied, Effect, TooEarly, apply, count, note_untagged
from service.bounces.complaints import watch_complaints
from service.bounces.raw import forget_raw, raw

__all__ = [
    "Applied",
    "Effect",
    "TooEarly",
    "apply",
    "count",
    "forget_raw",
    "note_untagged",
    "pause_if_many",
    "raw",
    "watch_complaints",
]
