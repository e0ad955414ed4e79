"""Subscribing, preferences and digests"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None

FREQUENCY = postgresql.ENUM("at-once", "daily", "weekly", name="frequency", create_type=False)
KIND = postgresql.ENUM("release", "digest", name="release_kind", create_type=False)
BEFORE = ("unsubscribed", "unconfirmed", "suppressed", "do-not-contact", "erased", "resting")


def upgrade() -> None:
    # Neither is used by this migration itself, so they may be added within its transaction.
    for value in ("paused", "digest"):
        op.execute(f"ALTER TYPE exclusion ADD VALUE '{value}'")
    for enum in (FREQUENCY, KIND):
        enum.create(op.get_bind())
    # Constant defaults are kept in the catalogue: no row is written anew, however many there are.
    op.add_column("journalist", sa.Column("frequency", FREQUENCY, server_default="at-once", nullable=False))
    op.add_column(
        "journalist", sa.Column("also_reads", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False)
    )
    for name in ("paused_until", "digest_due_at"):
        op.add_column("journalist", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_journalist_digest_due_at", "journalist", ["digest_due_at"], postgresql_where="digest_due_at IS NOT NULL"
    )
    op.add_column("release", sa.Column("kind", KIND, server_default="release", nullable=False))
    for table in ("release", "revision"):
        op.alter_column(table, "written_by", nullable=True)
    op.create_check_constraint(
        op.f("ck_release_somebody_wrote_it"), "release", "written_by IS NOT NULL OR kind = 'digest'"
    )
    _create_asked()
    op.create_table(
        "digest_entry",
        sa.Column("journalist_id", sa.Uuid(), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("digest_id", sa.Uuid(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_digest_entry_{column}_{table}"), ondelete="CASCADE"
            )
            for column, table in (("journalist_id", "journalist"), ("release_id", "release"), ("digest_id", "release"))
        ),
        sa.PrimaryKeyConstraint("journalist_id", "release_id", name=op.f("pk_digest_entry")),
    )
    op.create_index(op.f("ix_digest_entry_digest_id"), "digest_entry", ["digest_id"])


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False)


def _made() -> sa.Column[Any]:
    return sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def _create_asked() -> None:
    op.create_table(
        "signup",
        _id(),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("topics", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("also_reads", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("frequency", FREQUENCY, nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("consent", postgresql.JSONB(), nullable=False),
        _made(),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["sender.id"], name=op.f("fk_signup_sender_id_sender"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signup")),
    )
    op.create_index(op.f("ix_signup_fingerprint"), "signup", ["fingerprint"])
    op.create_table(
        "address_change",
        _id(),
        sa.Column("journalist_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("old_fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("old_said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("new_said_at", sa.DateTime(timezone=True), nullable=True),
        _made(),
        sa.ForeignKeyConstraint(
            ["journalist_id"],
            ["journalist.id"],
            name=op.f("fk_address_change_journalist_id_journalist"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_change")),
    )
    for column in ("journalist_id", "fingerprint"):
        op.create_index(op.f(f"ix_address_change_{column}"), "address_change", [column])


def downgrade() -> None:
    for table in ("digest_entry", "address_change", "signup"):
        op.drop_table(table)
    op.drop_constraint(op.f("ck_release_somebody_wrote_it"), "release")
    # The version before knows nothing that nobody wrote: whoever has been here longest is put down for it.
    op.execute("ALTER TABLE revision DISABLE TRIGGER written_once")
    for table in ("release", "revision"):
        op.execute(
            f"UPDATE {table} SET written_by = (SELECT id FROM account ORDER BY created_at, id LIMIT 1)"  # noqa: S608 - a constant
            " WHERE written_by IS NULL"
        )
        op.alter_column(table, "written_by", nullable=False)
    op.execute("ALTER TABLE revision ENABLE TRIGGER written_once")
    op.drop_column("release", "kind")
    op.drop_index("ix_journalist_digest_due_at", table_name="journalist", postgresql_where="digest_due_at IS NOT NULL")
    for name in ("frequency", "also_reads", "paused_until", "digest_due_at"):
        op.drop_column("journalist", name)
    _drop_exclusions()
    for name in ("frequency", "release_kind"):
        op.execute(f"DROP TYPE {name}")


def _drop_exclusions() -> None:
    """Back to the reasons there were: whoever was left out for a new one had asked for less mail."""
    op.execute("ALTER TYPE exclusion RENAME TO exclusion_after")
    sa.Enum(*BEFORE, name="exclusion").create(op.get_bind())
    op.execute("""
        ALTER TABLE delivery ALTER COLUMN exclusion TYPE exclusion USING
            CASE WHEN exclusion::text IN ('paused', 'digest') THEN 'unsubscribed' ELSE exclusion::text END::exclusion
    """)
    op.execute("DROP TYPE exclusion_after")
