"""Notices that go to those who hold what they are about, pitches, follow-ups, the rights in a file

Safe while a release is being sent: two words more for an enum, a column with a constant default, tables nobody uses
yet.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SOMEBODY = "written_by IS NOT NULL OR kind = 'digest'"


def upgrade() -> None:
    for word in ("notice", "follow-up"):
        op.execute(f"ALTER TYPE release_kind ADD VALUE IF NOT EXISTS '{word}'")
    op.add_column("attachment", sa.Column("rights", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "pitch",
        sa.Column("id", sa.Uuid(), server_default=sa.func.uuidv7(), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("journalist_id", sa.Uuid(), nullable=True),
        sa.Column("topic_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint(
            "(journalist_id IS NULL) <> (topic_id IS NULL)", name=op.f("ck_pitch_for_one_person_or_one_topic")
        ),
        sa.CheckConstraint("length(note) BETWEEN 1 AND 2000", name=op.f("ck_pitch_note_length")),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_pitch_release_id_release"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["journalist_id"], ["journalist.id"], name=op.f("fk_pitch_journalist_id_journalist"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_pitch_topic_id_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch")),
        sa.UniqueConstraint("release_id", "topic_id", name=op.f("uq_pitch_release_id_topic_id")),
        sa.UniqueConstraint("release_id", "journalist_id", name=op.f("uq_pitch_release_id_journalist_id")),
    )
    op.create_index(op.f("ix_pitch_journalist_id"), "pitch", ["journalist_id"])
    op.create_table(
        "follow_up",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("release_id <> about_id", name=op.f("ck_follow_up_not_about_itself")),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_follow_up_release_id_release"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["about_id"], ["release.id"], name=op.f("fk_follow_up_about_id_release"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("about_id", name=op.f("uq_follow_up_about_id")),
    )


def downgrade() -> None:
    op.drop_column("attachment", "rights")
    op.drop_table("follow_up")
    op.drop_table("pitch")
    op.execute("UPDATE release SET kind = 'release' WHERE kind IN ('notice', 'follow-up')")
    op.drop_constraint(op.f("ck_release_somebody_wrote_it"), "release")
    op.execute("ALTER TABLE release ALTER COLUMN kind DROP DEFAULT")
    op.execute("ALTER TYPE release_kind RENAME TO release_kind_of_notices")
    op.execute("CREATE TYPE release_kind AS ENUM ('release', 'digest')")
    op.execute("ALTER TABLE release ALTER COLUMN kind TYPE release_kind USING kind::text::release_kind")
    op.execute("ALTER TABLE release ALTER COLUMN kind SET DEFAULT 'release'")
    op.execute("DROP TYPE release_kind_of_notices")
    op.create_check_constraint(op.f("ck_release_somebody_wrote_it"), "release", SOMEBODY)
