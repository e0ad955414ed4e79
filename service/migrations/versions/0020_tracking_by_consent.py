"""Tracking by consent: off for every newsroom and every person until they say otherwise.

Safe while a release is being sent: columns with a constant default are added without rewriting a table.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

COLUMNS = (("sender", "tracking"), ("journalist", "tracking_agreed"), ("delivery", "tracked"))


def upgrade() -> None:
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "tracking_consent",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("journalist_id", sa.Uuid(), nullable=False),
        sa.Column("proof", postgresql.JSONB(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["journalist_id"], ["journalist.id"], name=op.f("fk_tracking_consent_journalist_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracking_consent")),
    )
    op.create_index(op.f("ix_tracking_consent_journalist_id"), "tracking_consent", ["journalist_id"])
    op.create_index(
        "uq_tracking_consent_in_force",
        "tracking_consent",
        ["journalist_id"],
        unique=True,
        postgresql_where="withdrawn_at IS NULL",
    )
    op.create_table(
        "tracked_link",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_tracked_link_release_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("release_id", "key", name=op.f("pk_tracked_link")),
    )
    op.create_table(
        "visit",
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.Column("visitor", sa.Enum("person", "machine", "scanner", name="visitor"), nullable=False),
        sa.Column("times", sa.Integer(), server_default="1", nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_visit_delivery_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("delivery_id", "link", "visitor", name=op.f("pk_visit")),
    )


def downgrade() -> None:
    for table in ("visit", "tracked_link", "tracking_consent"):
        op.drop_table(table)
    op.execute("DROP TYPE visitor")
    for table, column in COLUMNS:
        op.drop_column(table, column)
