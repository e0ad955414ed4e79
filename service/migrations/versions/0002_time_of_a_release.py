"""How long a release takes, how late it may be, and who is tried again"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BOUNDS = (
    ("release", "deadline_hours_in_bounds", "deadline_hours BETWEEN 1 AND 240"),
    ("release", "max_late_minutes_in_bounds", "max_late_minutes BETWEEN 1 AND 10080"),
    ("wave", "spread_minutes_in_bounds", "spread_minutes BETWEEN 0 AND 1440"),
)


def upgrade() -> None:
    # Columns that are empty or have a constant default: no table is written anew, no worker waits for one.
    op.add_column("release", sa.Column("deadline_hours", sa.SmallInteger(), nullable=True))
    op.add_column("release", sa.Column("max_late_minutes", sa.SmallInteger(), nullable=True))
    op.add_column("wave", sa.Column("spread_minutes", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("delivery", sa.Column("retried_at", sa.DateTime(timezone=True), nullable=True))
    for table, name, rule in BOUNDS:
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)


def downgrade() -> None:
    for table, name, _rule in BOUNDS:
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    op.drop_column("delivery", "retried_at")
    op.drop_column("wave", "spread_minutes")
    op.drop_column("release", "max_late_minutes")
    op.drop_column("release", "deadline_hours")
