"""The tables and their constraints; no queries. What must never be is refused here, kindly said above."""

from service.models.account_mails import AccountMail, AccountMailKind, AccountMailState
from service.models.accounts import Account, CameBy, Passkey, Place, Right, Role, Usage
from service.models.asked import AddressChange, Signup
from service.models.audiences import ListMember, PressList, Segment
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
from service.models.forgeries import Forgery
from service.models.holds import Hold, HoldScope
from service.models.imports import ImportFile, ImportRow, ImportState, Verdict
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
    NewsroomChanges,
    Notice,
    NoticeKind,
    Publication,
    PublishedEdition,
    Reading,
)
from service.models.notes import JournalistMerge, JournalistNote, NoteKind
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
    Trial,
    TriedLink,
)
from service.models.senders import Answers, MediaContact, Sender
from service.models.standings import Became, Burst, BurstState, Evidence, GivenUp, StandingChange, Swept
from service.models.tracking import TrackedLink, TrackingConsent, Visit, Visitor

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
    "Answers",
    "Approval",
    "Attachment",
    "Attempt",
    "AttemptOutcome",
    "AuditEntry",
    "Base",
    "Became",
    "Burst",
    "BurstState",
    "CameBy",
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
    "Forgery",
    "Frequency",
    "GivenUp",
    "Hold",
    "HoldScope",
    "ImportFile",
    "ImportRow",
    "ImportState",
    "Installation",
    "Journalist",
    "JournalistMerge",
    "JournalistNote",
    "KeyState",
    "Kind",
    "Lane",
    "ListMember",
    "MailDomain",
    "MediaContact",
    "NewsroomChanges",
    "NoteKind",
    "Notice",
    "NoticeKind",
    "Outlet",
    "Passkey",
    "Pitch",
    "Place",
    "PressList",
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
    "Segment",
    "Sender",
    "Signup",
    "StandingChange",
    "Subscription",
    "SubscriptionState",
    "Suppression",
    "SuppressionReason",
    "Swept",
    "Topic",
    "TrackedLink",
    "TrackingConsent",
    "Trial",
    "TriedLink",
    "Usage",
    "Verdict",
    "Visit",
    "Visitor",
    "Warmup",
    "Wave",
    "Way",
]
