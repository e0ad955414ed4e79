"""The tables and their constraints; no queries. What must never be is refused here, kindly said above."""

from service.models.account_mails import AccountMail, AccountMailKind, AccountMailState
from service.models.accounts import Account, Right, Role
from service.models.asked import AddressChange, Signup
from service.models.audit import AuditEntry
from service.models.base import Base
from service.models.deliveries import (
    Attempt,
    AttemptOutcome,
    Chunk,
    Delivery,
    DeliveryState,
    Exclusion,
    Wave,
)
from service.models.digests import DigestEntry
from service.models.domains import Algorithm, DkimKey, KeyState, Warmup
from service.models.feedback import Event, Received, Way
from service.models.follow_ups import FollowUp, Pitch
from service.models.holds import Hold, HoldScope
from service.models.installation import Installation
from service.models.journalists import (
    Frequency,
    Journalist,
    Outlet,
    Subscription,
    SubscriptionState,
    Suppression,
    SuppressionReason,
    Topic,
)
from service.models.newsroom import (
    Accreditation,
    Announced,
    Announcement,
    Attachment,
    Download,
    Notice,
    NoticeKind,
    Publication,
    PublishedEdition,
    Reading,
)
from service.models.providers import MailDomain
from service.models.releases import (
    Approval,
    Decision,
    Edition,
    Kind,
    Lane,
    Release,
    ReleaseContact,
    ReleaseState,
    ReleaseTopic,
    Revision,
)
from service.models.senders import MediaContact, Sender
from service.models.standings import Became, Burst, BurstState, Evidence, GivenUp, StandingChange, Swept

__all__ = [
    "Account",
    "AccountMail",
    "AccountMailKind",
    "AccountMailState",
    "Accreditation",
    "AddressChange",
    "Algorithm",
    "Announced",
    "Announcement",
    "Approval",
    "Attachment",
    "Attempt",
    "AttemptOutcome",
    "AuditEntry",
    "Base",
    "Became",
    "Burst",
    "BurstState",
    "Chunk",
    "Decision",
    "Delivery",
    "DeliveryState",
    "DigestEntry",
    "DkimKey",
    "Download",
    "Edition",
    "Event",
    "Evidence",
    "Exclusion",
    "FollowUp",
    "Frequency",
    "GivenUp",
    "Hold",
    "HoldScope",
    "Installation",
    "Journalist",
    "KeyState",
    "Kind",
    "Lane",
    "MailDomain",
    "MediaContact",
    "Notice",
    "NoticeKind",
    "Outlet",
    "Pitch",
    "Publication",
    "PublishedEdition",
    "Reading",
    "Received",
    "Release",
    "ReleaseContact",
    "ReleaseState",
    "ReleaseTopic",
    "Revision",
    "Right",
    "Role",
    "Sender",
    "Signup",
    "StandingChange",
    "Subscription",
    "SubscriptionState",
    "Suppression",
    "SuppressionReason",
    "Swept",
    "Topic",
    "Warmup",
    "Wave",
    "Way",
]
