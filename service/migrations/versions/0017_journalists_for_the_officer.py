"""Journalists for the officer: notes, merging, files on their way in, and indexes for looking somebody up.

While an index is made nobody can be added or changed, some seconds for a million people; what is being sent only reads.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

WORDS = "to_tsvector('simple'::regconfig, translate((name || ' '::text) || address, '@._-+'::text, '     '::text))"


def upgrade() -> None:
    op.add_column("journalist", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_journalist_merged_into_journalist"),
        "journalist",
        "journalist",
        ["merged_into"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index("ix_journalist_name", "journalist", ["sender_id", "name", "id"])
    for column in ("language", "country"):
        op.create_index(f"ix_journalist_{column}", "journalist", ["sender_id", column])
    op.create_index("ix_journalist_words", "journalist", [sa.text(WORDS)], postgresql_using="gin")
    op.create_index(
        "ix_journalist_merged_into", "journalist", ["merged_into"], postgresql_where="merged_into IS NOT NULL"
    )
    _create_notes()
    _create_files()


def _column(name: str, kind: Any, default: str | None = None, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, server_default=default, nullable=nullable)


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False)


def _at(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _to(table: str, column: str, other: str, on_delete: str | None = "CASCADE") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=on_delete)


def _create_notes() -> None:
    op.create_table(
        "journalist_note",
        _id(),
        _column("journalist_id", sa.Uuid()),
        _column("account_id", sa.Uuid(), nullable=True),
        _column("kind", sa.String(40)),
        _column("words", sa.Text()),
        _at("created_at"),
        _to("journalist_note", "journalist_id", "journalist"),
        _to("journalist_note", "account_id", "account", None),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journalist_note")),
    )
    op.create_index(op.f("ix_journalist_note_journalist_id"), "journalist_note", ["journalist_id"])
    op.create_table(
        "journalist_merge",
        _id(),
        _column("kept_id", sa.Uuid()),
        _column("gone_id", sa.Uuid()),
        _column("account_id", sa.Uuid(), nullable=True),
        _column("before", postgresql.JSONB()),
        _at("created_at"),
        _moment("undone_at"),
        _to("journalist_merge", "kept_id", "journalist"),
        _to("journalist_merge", "gone_id", "journalist"),
        _to("journalist_merge", "account_id", "account", None),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journalist_merge")),
    )
    for column in ("kept_id", "gone_id"):
        op.create_index(op.f(f"ix_journalist_merge_{column}"), "journalist_merge", [column])


def _create_files() -> None:
    op.create_table(
        "import_file",
        _id(),
        _column("sender_id", sa.Uuid()),
        _column("account_id", sa.Uuid(), nullable=True),
        *(_column(name, sa.Text()) for name in ("name", "digest")),
        _column("data", sa.LargeBinary(), nullable=True),
        *(_column(name, postgresql.JSONB()) for name in ("preview", "mapping")),
        _column("topic_ids", postgresql.ARRAY(sa.Uuid())),
        _column("legal_basis", sa.Text()),
        _column("updates", sa.Boolean()),
        _column("state", sa.String(20)),
        _column("fault", sa.Text()),
        *(_column(name, sa.Integer()) for name in ("rows", "cursor")),
        _column("numbers", postgresql.JSONB()),
        _at("created_at"),
        _at("changed_at"),
        _moment("finished_at"),
        _to("import_file", "sender_id", "sender"),
        _to("import_file", "account_id", "account", None),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
    )
    op.create_index("ix_import_file_sender_id", "import_file", ["sender_id", "id"])
    op.create_index(
        "ix_import_file_working", "import_file", ["id"], postgresql_where="state IN ('checking', 'importing')"
    )
    op.create_table(
        "import_row",
        _column("import_id", sa.Uuid()),
        _column("number", sa.Integer()),
        _column("cells", postgresql.JSONB()),
        _column("canonical", sa.Text(), nullable=True),
        _column("verdict", sa.String(20), nullable=True),
        _column("subscriptions", sa.SmallInteger(), "0"),
        *(_column(name, sa.Text(), "") for name in ("column", "remark")),
        _column("journalist_id", sa.Uuid(), nullable=True),
        _to("import_row", "import_id", "import_file"),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_import_row")),
    )
    op.create_index("ix_import_row_canonical", "import_row", ["import_id", "canonical"])
    op.create_index(
        "ix_import_row_journalist_id", "import_row", ["journalist_id"], postgresql_where="journalist_id IS NOT NULL"
    )


def downgrade() -> None:
    for table in ("import_row", "import_file", "journalist_merge", "journalist_note"):
        op.drop_table(table)
    for name in ("merged_into", "words", "country", "language", "name"):
        op.drop_index(f"ix_journalist_{name}", table_name="journalist")
    # Who was merged is no candidate, as the subscriptions are the kept one's: nobody is mailed twice after this.
    op.drop_column("journalist", "merged_into")
