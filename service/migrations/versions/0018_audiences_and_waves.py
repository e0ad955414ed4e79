"""Lists, segments, the audience of a release, waves by a person's word, and how many releases a person may get.

Safe while a release is being sent: new columns are empty or have a constant default, so no row is written anew.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BEFORE = (
    "unsubscribed",
    "unconfirmed",
    "suppressed",
    "do-not-contact",
    "erased",
    "resting",
    "paused",
    "digest",
)
CAPS = {
    "cap_is_whole": "(cap_mails IS NULL) = (cap_days IS NULL)",
    "cap_in_bounds": "cap_mails BETWEEN 1 AND 100 AND cap_days BETWEEN 1 AND 90",
}


def upgrade() -> None:
    for value in ("not-subscribed", "frequency-cap"):
        op.execute(f"ALTER TYPE exclusion ADD VALUE '{value}'")
    _create_named("press_list")
    _create_named(
        "segment",
        sa.Column("conditions", postgresql.JSONB(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_table(
        "list_member",
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("journalist_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_list_member_{column}_{table}"), ondelete="CASCADE"
            )
            for column, table in (("list_id", "press_list"), ("journalist_id", "journalist"))
        ),
        sa.PrimaryKeyConstraint("list_id", "journalist_id", name=op.f("pk_list_member")),
    )
    op.create_index(op.f("ix_list_member_journalist_id"), "list_member", ["journalist_id"])
    op.add_column("release", sa.Column("audience", postgresql.JSONB(), server_default="{}", nullable=False))
    for name in ("cap_mails", "cap_days"):
        op.add_column("sender", sa.Column(name, sa.SmallInteger(), nullable=True))
    for name, condition in CAPS.items():
        op.create_check_constraint(op.f(f"ck_sender_{name}"), "sender", condition)
    op.add_column("wave", sa.Column("stage", sa.SmallInteger(), nullable=True))
    op.add_column("wave", sa.Column("after_minutes", sa.Integer(), nullable=True))
    op.add_column("wave", sa.Column("local_time", sa.Time(), nullable=True))
    op.alter_column("wave", "not_before", nullable=True)
    op.create_check_constraint(
        op.f("ck_wave_planned_at_its_time"), "wave", "not_before IS NOT NULL OR planned_at IS NULL"
    )


def _create_named(table: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        *columns,
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 100", name=op.f(f"ck_{table}_name_length")),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["sender.id"], name=op.f(f"fk_{table}_sender_id_sender"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("sender_id", "name", name=op.f(f"uq_{table}_sender_id_name")),
    )


def downgrade() -> None:
    # The version before starts every wave by its time: what waits for a person's word will not leave under it.
    op.execute("DELETE FROM wave WHERE not_before IS NULL")
    op.drop_constraint(op.f("ck_wave_planned_at_its_time"), "wave")
    op.alter_column("wave", "not_before", nullable=False)
    for name in ("stage", "after_minutes", "local_time"):
        op.drop_column("wave", name)
    for name in CAPS:
        op.drop_constraint(op.f(f"ck_sender_{name}"), "sender")
    for name in ("cap_mails", "cap_days"):
        op.drop_column("sender", name)
    op.drop_column("release", "audience")
    for table in ("list_member", "segment", "press_list"):
        op.drop_table(table)
    _drop_exclusions()


def _drop_exclusions() -> None:
    """Back to the reasons there were."""
    op.execute("ALTER TYPE exclusion RENAME TO exclusion_after")
    sa.Enum(*BEFORE, name="exclusion").create(op.get_bind())
    op.execute("""
        ALTER TABLE delivery ALTER COLUMN exclusion TYPE exclusion USING
            CASE WHEN exclusion::text IN ('not-subscribed', 'frequency-cap') THEN 'unsubscribed'
                 ELSE exclusion::text END::exclusion
    """)
    op.execute("DROP TYPE exclusion_after")
