"""Keys and warming-up of domains"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# The steps that are legal; a test compares them with the model's KEY_STEPS.
KEY_STEPS = "('waiting', 'signing'), ('waiting', 'gone'), ('signing', 'retired'), ('retired', 'gone')"


def upgrade() -> None:
    op.create_table(
        "dkim_key",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("selector", sa.Text(), nullable=False),
        sa.Column("algorithm", sa.Enum("rsa-2048", "ed25519", name="dkim_algorithm"), nullable=False),
        sa.Column("public", sa.Text(), nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.Enum("waiting", "signing", "retired", "gone", name="dkim_key_state"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("signing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(private IS NOT NULL) = (state IN ('waiting', 'signing'))",
            name=op.f("ck_dkim_key_private_while_at_work"),
        ),
        sa.CheckConstraint(
            "domain = lower(domain) AND selector = lower(selector)", name=op.f("ck_dkim_key_lower_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dkim_key")),
        sa.UniqueConstraint("domain", "selector", name=op.f("uq_dkim_key_domain_selector")),
    )
    op.create_index(
        "ix_dkim_key_one_at_work",
        "dkim_key",
        ["domain", "algorithm", "state"],
        unique=True,
        postgresql_where="state IN ('waiting', 'signing')",
    )
    op.create_table(
        "warmup",
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("growth", sa.Numeric(4, 2), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("start >= 1 AND growth > 1 AND until >= start", name=op.f("ck_warmup_grows")),
        sa.CheckConstraint("domain = lower(domain)", name=op.f("ck_warmup_lower_case")),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_warmup_made_by")),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_warmup")),
    )
    op.execute(f"""
        CREATE TRIGGER legal_step BEFORE UPDATE OF state ON dkim_key FOR EACH ROW
        WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ({KEY_STEPS}))
        EXECUTE FUNCTION refuse_step()
    """)


def downgrade() -> None:
    op.drop_table("warmup")
    op.drop_index("ix_dkim_key_one_at_work", table_name="dkim_key", postgresql_where="state IN ('waiting', 'signing')")
    op.drop_table("dkim_key")
    op.execute("DROP TYPE dkim_key_state")
    op.execute("DROP TYPE dkim_algorithm")
