"""Versions of editions: who saves over words she has not seen is told.

Safe while a release is being sent: a column with a constant default is added without rewriting the table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("edition", sa.Column("version", sa.Integer(), server_default="1", nullable=False))


def downgrade() -> None:
    op.drop_column("edition", "version")
