"""Holds, mailbox providers, lanes, crashes of a delivery"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_domain",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("looked_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mail_domain")),
    )
    op.create_table(
        "hold",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("scope", sa.Enum("provider", "sender", "relay", name="hold_scope"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("times", sa.Integer(), server_default="1", nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["lifted_by"], ["account.id"], name=op.f("fk_hold_lifted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    op.create_index("uq_hold_in_force", "hold", ["scope", "key"], unique=True, postgresql_where="lifted_at IS NULL")
    lane = sa.Enum("release", "notice", name="lane")
    lane.create(op.get_bind())
    op.add_column("release", sa.Column("lane", lane, server_default="release", nullable=False))
    # A constant default is kept in the catalogue: no row is written anew, however many there are.
    op.add_column("delivery", sa.Column("crashes", sa.SmallInteger(), server_default="0", nullable=False))
    for name in ("failed", "answered"):
        op.add_column("chunk", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_attempt_ended_at", "attempt", ["ended_at"], postgresql_using="brin")


def downgrade() -> None:
    op.drop_index("ix_attempt_ended_at", table_name="attempt")
    for name in ("failed", "answered"):
        op.drop_column("chunk", name)
    op.drop_column("delivery", "crashes")
    op.drop_column("release", "lane")
    op.drop_index("uq_hold_in_force", table_name="hold", postgresql_where="lifted_at IS NULL")
    op.drop_table("hold")
    op.drop_table("mail_domain")
    for name in ("lane", "hold_scope"):
        op.execute(f"DROP TYPE {name}")
