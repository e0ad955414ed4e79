"""The ways in: how something came, what comes twice, what waits for a person"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Constant defaults are kept in the catalogue: no row is written anew, however many there are.
    op.add_column("received", sa.Column("way", sa.String(40), server_default="smtp", nullable=False))
    op.add_column("received", sa.Column("key", sa.Text(), nullable=True))
    op.add_column("received", sa.Column("envelope_from", sa.Text(), nullable=True))
    op.add_column("received", sa.Column("unmatched", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("received", sa.Column("assigned_id", sa.Uuid(), nullable=True))
    op.add_column("received", sa.Column("aside_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(
        op.f("fk_received_assigned_id"), "received", "delivery", ["assigned_id"], ["id"], ondelete="SET NULL"
    )
    # The new rule for what was sorted by the old one: nothing it said was about a delivery, or it made an error.
    op.execute(
        "UPDATE received SET unmatched = true WHERE sorted_at IS NOT NULL AND "
        "(verdict LIKE 'fault: %' OR verdict LIKE '%about no delivery of ours')"
    )
    op.create_unique_constraint(op.f("uq_received_way_key"), "received", ["way", "key"])
    op.create_index("ix_received_unmatched", "received", ["id"], postgresql_where="unmatched")
    op.create_index("ix_received_assigned_id", "received", ["assigned_id"], postgresql_where="assigned_id IS NOT NULL")
    op.create_index(
        "ix_attempt_provider_id",
        "attempt",
        ["reply"],
        postgresql_using="hash",
        postgresql_where="reply LIKE 'HTTP 20_: %'",
    )


def downgrade() -> None:
    op.drop_index("ix_attempt_provider_id", table_name="attempt")
    op.drop_index("ix_received_assigned_id", table_name="received")
    op.drop_index("ix_received_unmatched", table_name="received")
    op.drop_constraint(op.f("uq_received_way_key"), "received")
    op.drop_constraint(op.f("fk_received_assigned_id"), "received")
    for name in ("aside_at", "assigned_id", "unmatched", "envelope_from", "key", "way"):
        op.drop_column("received", name)
