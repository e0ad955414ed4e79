"""What a newsroom's journalists can be narrowed by: the outlets, languages and countries there are."""

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from service.models import Sender


def outlets(session: Session, sender: Sender, *, limit: int = 300) -> list[str]:
    """The outlets to choose from, those with most people first."""
    return list(session.scalars(_OUTLETS, {"sender": sender.id, "limit": limit}))


def spoken(session: Session, sender: Sender) -> tuple[list[str], list[str]]:
    """The languages and the countries there are, by their codes."""
    found = [session.scalars(query, {"sender": sender.id}).all() for query in _CODES]
    return [code for code in found[0] if code], [code for code in found[1] if code]


def tiers(session: Session, sender: Sender) -> list[int]:
    """The tiers there are."""
    return list(session.scalars(_TIERS, {"sender": sender.id}))


# Of each tier somebody is soon met.
_TIERS = text("""
    SELECT tier FROM generate_series(1, 3) AS t (tier)
    WHERE EXISTS (SELECT FROM journalist j WHERE j.sender_id = :sender AND j.tier = t.tier AND j.erased_at IS NULL)
    ORDER BY tier
""")
_OUTLETS = text("SELECT name FROM outlet WHERE sender_id = :sender ORDER BY name LIMIT :limit")


def _codes(column: str) -> TextClause:
    # One look into the index for each code there is, instead of at everybody ("loose index scan").
    return text(f"""
        WITH RECURSIVE codes AS (
            (SELECT {column} AS code FROM journalist WHERE sender_id = :sender ORDER BY {column} LIMIT 1)
            UNION ALL
            SELECT (SELECT {column} FROM journalist WHERE sender_id = :sender AND {column} > code
                    ORDER BY {column} LIMIT 1) FROM codes WHERE code IS NOT NULL)
        SELECT code FROM codes WHERE code IS NOT NULL
    """)  # noqa: S608 - put together from constants


_CODES = (_codes("language"), _codes("country"))
