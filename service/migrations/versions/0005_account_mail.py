"""Account mail"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# A test compares them with the model's STEPS.
STEPS = """
    ('queued', 'attempting'), ('queued', 'failed'), ('deferred', 'attempting'), ('deferred', 'failed'),
    ('attempting', 'accepted'), ('attempting', 'deferred'), ('attempting', 'failed'), ('attempting', 'uncertain'),
    ('uncertain', 'accepted'), ('uncertain', 'deferred'), ('uncertain', 'failed')
"""
STATES = ("queued", "attempting", "accepted", "deferred", "failed", "uncertain")


def upgrade() -> None:
    op.create_table(
        "account_mail",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("values", postgresql.JSONB(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Enum(*STATES, name="account_mail_state"), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=True),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.SmallInteger(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            """NOT jsonb_path_exists("values", '$.* ? (@.type() != "string")')""",
            name=op.f("ck_account_mail_plain_values"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('queued', 'deferred') OR due_at IS NOT NULL", name=op.f("ck_account_mail_open_is_due")
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["sender.id"], name=op.f("fk_account_mail_sender_id_sender"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_mail")),
    )
    open_ = sa.text("state IN ('queued', 'deferred')")
    op.create_index("ix_account_mail_due", "account_mail", ["due_at"], postgresql_where=open_)
    op.create_index("ix_account_mail_fingerprint", "account_mail", ["fingerprint", "created_at"])
    op.execute(f"""
        CREATE TRIGGER legal_step BEFORE UPDATE OF state ON account_mail FOR EACH ROW
        WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ({STEPS}))
        EXECUTE FUNCTION refuse_step()
    """)


def downgrade() -> None:
    op.drop_table("account_mail")
    op.execute("DROP TYPE account_mail_state")
