"""Releases: written, frozen into revisions, scheduled, and steered while they are sent."""

from service.releases.control import AlreadyLeft, NotSending, cancel, finish, pause, resume
from service.releases.finding import Ambiguous, find, get, newest
from service.releases.progress import Progress, progress
from service.releases.revisions import Frozen, content_of, freeze
from service.releases.scheduling import AlreadyScheduled, NotApproved, TooLate, due, schedule, start_due
from service.releases.writing import NotEditable, edit, write

__all__ = [
    "AlreadyLeft",
    "AlreadyScheduled",
    "Ambiguous",
    "Frozen",
    "NotApproved",
    "NotEditable",
    "NotSending",
    "Progress",
    "TooLate",
    "cancel",
    "content_of",
    "due",
    "edit",
    "find",
    "finish",
    "freeze",
    "get",
    "newest",
    "pause",
    "progress",
    "resume",
    "schedule",
    "start_due",
    "write",
]
