"""Answers and forgeries: where answers to a newsroom's releases go; invented addresses by day.

Safe while a release is being sent: a column with a constant default is added without rewriting the table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sender", sa.Column("answers", sa.String(40), server_default="newsroom", nullable=False))
    op.create_table(
        "forgery",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_forgery")),
    )


def downgrade() -> None:
    op.drop_table("forgery")
    op.drop_column("sender", "answers")
