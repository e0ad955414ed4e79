"""People: their language and zone, second factors, passkeys, and where they are signed in.

Safe while a release is being sent: nullable columns and a constant default are added without rewriting the table, and
no table that sending touches is changed. Who is signed in signs in once more.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

UNIQUE = ("webauthn_handle", "subject")


def upgrade() -> None:
    for name, kind in (
        ("language", sa.Text()),
        ("zone", sa.Text()),
        ("came_at", sa.DateTime(timezone=True)),
        ("totp_secret", sa.LargeBinary()),
        ("totp_counter", sa.Integer()),
        ("webauthn_handle", sa.Text()),
        ("subject", sa.Text()),
    ):
        op.add_column("account", sa.Column(name, kind, nullable=True))
    seals: sa.Column[list[bytes]] = sa.Column(
        "recovery_seals", postgresql.ARRAY(sa.LargeBinary()), server_default="{}", nullable=False
    )
    op.add_column("account", seals)
    for name in UNIQUE:
        op.create_unique_constraint(op.f(f"uq_account_{name}"), "account", [name])
    op.create_table(
        "account_place",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("came_by", sa.Enum("link", "password", "passkey", "sso", name="came_by"), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_place_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_place")),
    )
    op.create_index(op.f("ix_account_place_account_id"), "account_place", ["account_id"])
    op.create_table(
        "passkey",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("usage", sa.Enum("first", "secondary", name="passkey_usage"), nullable=False),
        sa.Column("transports", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("backup_state", sa.Boolean(), nullable=False),
        sa.Column("device_type", sa.Text(), nullable=False),
        sa.Column("extensions", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_passkey_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_passkey_account_id_name")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )


def downgrade() -> None:
    op.drop_table("passkey")
    op.drop_table("account_place")
    for name in UNIQUE:
        op.drop_constraint(op.f(f"uq_account_{name}"), "account")
    for name in (
        *("recovery_seals", "subject", "webauthn_handle", "totp_counter", "totp_secret", "came_at", "zone", "language"),
    ):
        op.drop_column("account", name)
    for name in ("passkey_usage", "came_by"):
        op.execute(f"DROP TYPE {name}")
