"""Releases: written, frozen into revisions, scheduled, and steered while they are sent."""

from service.releases.control import AlreadyLeft, NotSending, cancel, finish, pause, resume
from service.releases.finding import get, newest
from service.releases.revisions import Frozen, content_of, freeze
from service.releases.scheduling import AlreadyScheduled, NotApproved, TooLate, due, schedule, start_due
from service.releases.writing import NotEditable, edit, write

__all__ = [
    "AlreadyLeft",
    "AlreadyScheduled",
    "Frozen",
    "NotApproved",
    "NotEditable",
    "NotSending",
    "TooLate",
    "cancel",
    "content_of",
    "due",
    "edit",
    "finish",
    "freeze",
    "get",
    "newest",
    "pause",
    "resume",
    "schedule",
    "start_due",
    "write",
]
