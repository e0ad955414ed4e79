"""Releases: written, frozen into revisions, scheduled, and steered while they are sent."""

from service.releases.audience import newcomers
from service.releases.control import AlreadyLeft, NotSending, Resuming, cancel, finish, pause, resume, resuming
from service.releases.extending import NobodyNew, NotExtendable, extend
from service.releases.finding import Ambiguous, find, get, newest
from service.releases.progress import Progress, progress
from service.releases.reach import LeftOut, Reach, reach
from service.releases.revisions import Frozen, FrozenItem, content_of, freeze, frozen_of, keep
from service.releases.scheduling import (
    AlreadyScheduled,
    BadPace,
    NotApproved,
    Pace,
    TooLate,
    due,
    pace_of,
    schedule,
    start_due,
)
from service.releases.versions import differences, version, versions
from service.releases.writing import (
    EDITABLE,
    ChangedMeanwhile,
    NoSuchEdition,
    NotEditable,
    NoTopic,
    add_edition,
    arrange,
    drop_edition,
    edit,
    edition_in,
    write,
)

__all__ = [
    "EDITABLE",
    "AlreadyLeft",
    "AlreadyScheduled",
    "Ambiguous",
    "BadPace",
    "ChangedMeanwhile",
    "Frozen",
    "FrozenItem",
    "LeftOut",
    "NoSuchEdition",
    "NoTopic",
    "NobodyNew",
    "NotApproved",
    "NotEditable",
    "NotExtendable",
    "NotSending",
    "Pace",
    "Progress",
    "Reach",
    "Resuming",
    "TooLate",
    "add_edition",
    "arrange",
    "cancel",
    "content_of",
    "differences",
    "drop_edition",
    "due",
    "edit",
    "edition_in",
    "extend",
    "find",
    "finish",
    "freeze",
    "frozen_of",
    "get",
    "keep",
    "newcomers",
    "newest",
    "pace_of",
    "pause",
    "progress",
    "reach",
    "resume",
    "resuming",
    "schedule",
    "start_due",
    "version",
    "versions",
    "write",
]
