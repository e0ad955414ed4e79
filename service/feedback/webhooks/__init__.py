"""Providers' webhooks: one file each, bytes and headers in, what they tell out; or Forged, and nothing is kept.

A new one is a file with `is_open`, `check`, `confirmation` and `read`, a Way, and one line in SOURCES.
"""

from collections.abc import Mapping
from types import MappingProxyType

from service.feedback.webhooks import mailgun, postmark, sendgrid, ses
from service.feedback.webhooks.contract import Forged, Post, Source, Told, Unreadable
from service.models import Way

SOURCES: Mapping[Way, Source] = MappingProxyType(
    {Way.SES: ses, Way.POSTMARK: postmark, Way.MAILGUN: mailgun, Way.SENDGRID: sendgrid}
)

__all__ = ["SOURCES", "Forged", "Post", "Source", "Told", "Unreadable"]
