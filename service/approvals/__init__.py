"""Approval by a second person, bound to the hash of what they saw: asked for, given, or sent back with comments."""

from service.approvals.deciding import (
    Blocked,
    ChangedSinceSeen,
    NotForApproval,
    NotRequested,
    OwnWork,
    SayWhy,
    approve,
    send_back,
)
from service.approvals.emergency import approve_in_emergency, may_in_emergency
from service.approvals.requesting import request
from service.approvals.standing import Emergency, Word, emergencies, history, last_approved, standing, who_worked

__all__ = [
    "Blocked",
    "ChangedSinceSeen",
    "Emergency",
    "NotForApproval",
    "NotRequested",
    "OwnWork",
    "SayWhy",
    "Word",
    "approve",
    "approve_in_emergency",
    "emergencies",
    "history",
    "last_approved",
    "may_in_emergency",
    "request",
    "send_back",
    "standing",
    "who_worked",
]
