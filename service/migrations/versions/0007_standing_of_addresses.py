"""The standing of addresses: evidence, bursts, changes; addresses at rest"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _id() -> sa.Column[UUID]:
    return sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False)


def _moment(name: str, *, nullable: bool = True, now: bool = False) -> sa.Column[datetime]:
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=nullable and not now)


def upgrade() -> None:
    # Used by nothing in this transaction, as PostgreSQL asks; none of these writes a row anew.
    op.execute("ALTER TYPE suppression_reason ADD VALUE IF NOT EXISTS 'resting'")
    op.execute("ALTER TYPE exclusion ADD VALUE IF NOT EXISTS 'resting'")
    op.add_column("suppression", _moment("until"))
    op.add_column("event", _moment("away_until"))
    op.execute("ALTER INDEX ix_attempt_ended_at SET (autosummarize = on)")
    op.create_index("ix_journalist_fingerprint", "journalist", ["fingerprint"])
    op.create_index("ix_event_at", "event", ["at"], postgresql_using="brin")
    op.create_index("ix_event_received_id", "event", ["received_id"])
    op.create_index("ix_suppression_created_at", "suppression", ["created_at", "id"])
    _bursts()
    _evidence()
    _changes()
    op.create_table(
        "given_up",
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        _moment("at", now=True),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_given_up")),
    )
    op.create_table(
        "swept",
        sa.Column("name", sa.Text(), nullable=False),
        _moment("until", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_swept")),
    )
    # What was answered before is not counted afterwards: nobody could have known that it would be.
    op.execute("INSERT INTO swept (name, until) VALUES ('attempts', now())")


def _bursts() -> None:
    op.create_table(
        "burst",
        _id(),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        _moment("first_at", nullable=False),
        _moment("last_at", nullable=False),
        _moment("since", now=True),
        _moment("decided_at"),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_burst_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_burst")),
    )
    op.create_index("ix_burst_provider", "burst", ["provider", "last_at"])


def _evidence() -> None:
    op.create_table(
        "evidence",
        _id(),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        _moment("at", nullable=False),
        _moment("came_at", now=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("weight", sa.SmallInteger(), nullable=False),
        sa.Column("proven", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=True),
        sa.Column("attempt", sa.SmallInteger(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        _moment("looked_at"),
        sa.Column("burst_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["sender_id"], ["sender.id"], name=op.f("fk_evidence_sender_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["burst_id"], ["burst.id"], name=op.f("fk_evidence_burst_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("fingerprint", "sender_id", "day", name=op.f("uq_evidence_fingerprint_sender_id_day")),
    )
    op.create_index("ix_evidence_provider", "evidence", ["provider", "at"])
    held = sa.text("burst_id IS NOT NULL")
    op.create_index("ix_evidence_burst_id", "evidence", ["burst_id"], postgresql_where=held)
    unlooked = sa.text("verdict = 'dead-domain' AND looked_at IS NULL")
    op.create_index("ix_evidence_unlooked", "evidence", ["came_at"], postgresql_where=unlooked)


def _changes() -> None:
    op.create_table(
        "standing_change",
        _id(),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=True),
        _moment("at", now=True),
        sa.Column("became", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["sender.id"], name=op.f("fk_standing_change_sender_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_standing_change_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_change")),
    )
    op.create_index("ix_standing_change_fingerprint", "standing_change", ["fingerprint", "id"])


def downgrade() -> None:
    for table in ("swept", "given_up", "standing_change", "evidence", "burst"):
        op.drop_table(table)
    op.drop_index("ix_suppression_created_at", table_name="suppression")
    op.drop_index("ix_event_received_id", table_name="event")
    op.drop_index("ix_event_at", table_name="event")
    op.execute("ALTER INDEX ix_attempt_ended_at RESET (autosummarize)")
    op.drop_index("ix_journalist_fingerprint", table_name="journalist")
    op.drop_column("event", "away_until")
    # PostgreSQL cannot take a word out of a type: it stays there, and nothing says it any more.
    op.execute("DELETE FROM suppression WHERE reason = 'resting'")
    op.drop_column("suppression", "until")
    op.execute("UPDATE delivery SET exclusion = 'suppressed' WHERE exclusion = 'resting'")
