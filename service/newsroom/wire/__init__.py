"""The wire: a story as feeds, ninjs, NewsML-G2, schema.org and sitemaps. Pure: values in, text or bytes out."""

from datetime import UTC, datetime


def moment(at: datetime) -> str:
    """The instant in UTC to the second, as all of these formats take it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
