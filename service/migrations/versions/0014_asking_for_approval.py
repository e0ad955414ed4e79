"""Approval is asked for and may be given in an emergency; links that were tried; topics that are closed.

Safe while a release is being sent: columns that are empty or have a constant default, a value more in an enum that the
sending way does not read, a new table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BEFORE = ("approved", "sent-back", "voided")
OWN = ("approval", "nobody_approves_their_own", "decision <> 'approved' OR decided_by <> written_by")


def upgrade() -> None:
    op.execute("ALTER TYPE decision ADD VALUE IF NOT EXISTS 'requested' BEFORE 'approved'")
    op.add_column("approval", sa.Column("emergency", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("topic", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "tried_link",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("code", sa.SmallInteger(), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_tried_link_release_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("release_id", "url", name=op.f("pk_tried_link")),
    )


def downgrade() -> None:
    op.drop_table("tried_link")
    op.drop_column("topic", "closed_at")
    op.drop_column("approval", "emergency")
    # The version before knows no requests: whoever was asked sees every draft, as it did.
    op.execute("DELETE FROM approval WHERE decision = 'requested'")
    op.drop_constraint(op.f(f"ck_approval_{OWN[1]}"), OWN[0])
    op.execute("ALTER TYPE decision RENAME TO decision_after")
    sa.Enum(*BEFORE, name="decision").create(op.get_bind())
    op.execute("ALTER TABLE approval ALTER COLUMN decision TYPE decision USING decision::text::decision")
    op.execute("DROP TYPE decision_after")
    op.create_check_constraint(op.f(f"ck_approval_{OWN[1]}"), OWN[0], OWN[2])
