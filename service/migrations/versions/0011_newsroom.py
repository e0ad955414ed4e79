"""The newsroom: publications, press kits, notices, accredited readers, announcements"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

CONFIGURATION = """CASE split_part(language, '-', 1)
    WHEN 'ru' THEN 'russian'::regconfig WHEN 'en' THEN 'english'::regconfig ELSE 'simple'::regconfig END"""
DOCUMENT = (
    f"setweight(to_tsvector({CONFIGURATION}, headline), 'A') || setweight(to_tsvector({CONFIGURATION}, words), 'B')"
)
# Whatever moves a release moves its publication in the same transaction: no door and no worker can forget it. What has
# opened stays as it is when the mail is paused; what has not opened is closed by a pause until it is resumed.
FOLLOW = """
    CREATE FUNCTION publication_follows() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        open boolean;
    BEGIN
        SELECT opens_at <= clock_timestamp() INTO open FROM publication WHERE release_id = NEW.id FOR UPDATE;
        IF NOT FOUND THEN
            RETURN NULL;
        END IF;
        IF NEW.state IN ('draft', 'approved') THEN
            UPDATE publication SET opens_at = NULL WHERE release_id = NEW.id;
        ELSIF open THEN
            IF NEW.state = 'cancelled' THEN
                UPDATE publication SET withdrawn_at = coalesce(withdrawn_at, clock_timestamp())
                WHERE release_id = NEW.id;
            END IF;
        ELSIF NEW.state IN ('scheduled', 'sending', 'sent') THEN
            UPDATE publication SET opens_at = NEW.send_at WHERE release_id = NEW.id;
        ELSE
            UPDATE publication SET opens_at = NULL WHERE release_id = NEW.id;
        END IF;
        RETURN NULL;
    END $$
"""
# A press kit and what a release is about belong to what is approved: they change only while it is a draft.
DRAFT_ONLY = """
    CREATE FUNCTION refuse_after_draft() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        its uuid;
        stands release_state;
    BEGIN
        its := CASE WHEN TG_OP = 'DELETE' THEN OLD.release_id ELSE NEW.release_id END;
        SELECT state INTO stands FROM release WHERE id = its;
        IF stands <> 'draft' THEN
            RAISE EXCEPTION '% of a release that is %', TG_TABLE_NAME, stands
                USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
        END IF;
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        RETURN NEW;
    END $$
"""


def upgrade() -> None:
    _publications()
    _kits()
    _readers()
    op.execute(FOLLOW)
    op.execute(
        "CREATE TRIGGER publication_follows AFTER UPDATE OF state, send_at ON release FOR EACH ROW"
        " EXECUTE FUNCTION publication_follows()"
    )
    op.execute(DRAFT_ONLY)
    for table in ("attachment", "notice"):
        op.execute(
            f"CREATE TRIGGER only_while_a_draft BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW"
            " EXECUTE FUNCTION refuse_after_draft()"
        )


def _publications() -> None:
    op.create_table(
        "publication",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("topic_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_publication_release_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["sender_id"], ["sender.id"], name=op.f("fk_publication_sender_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_publication_revision_id")),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_publication")),
        sa.UniqueConstraint("sender_id", "slug", name=op.f("uq_publication_sender_id_slug")),
    )
    op.create_index("ix_publication_newest", "publication", ["sender_id", "opens_at", "release_id"])
    op.create_index("ix_publication_opens_at", "publication", ["opens_at"])
    op.create_table(
        "published_edition",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("document", postgresql.TSVECTOR(), sa.Computed(DOCUMENT, persisted=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["publication.release_id"],
            name=op.f("fk_published_edition_release_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("release_id", "language", name=op.f("pk_published_edition")),
    )
    op.create_index("ix_published_edition_document", "published_edition", ["document"], postgresql_using="gin")
    op.create_table(
        "announcement",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Enum("published", "withdrawn", name="announced"), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["publication.release_id"], name=op.f("fk_announcement_release_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sa.UniqueConstraint("release_id", "event", "target", name=op.f("uq_announcement_release_id_event_target")),
    )
    op.create_index("ix_announcement_due", "announcement", ["due_at"], postgresql_where="due_at IS NOT NULL")


def _kits() -> None:
    op.create_table(
        "notice",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Enum("update", "correction", "hold", "kill", name="notice_kind"), nullable=False),
        sa.CheckConstraint("release_id <> about_id", name=op.f("ck_notice_not_about_itself")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_notice_release_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["about_id"], ["release.id"], name=op.f("fk_notice_about_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_about_id"), "notice", ["about_id"])
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("credit", sa.Text(), nullable=False),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("preview", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_attachment_release_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("key", name=op.f("uq_attachment_key")),
    )
    op.create_index(op.f("ix_attachment_release_id"), "attachment", ["release_id"])
    op.create_table(
        "download",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_download_release_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("release_id", "what", "day", name=op.f("pk_download")),
    )


def _readers() -> None:
    op.create_table(
        "accreditation",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("journalist_id", sa.Uuid(), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_accreditation_release_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["journalist_id"], ["journalist.id"], name=op.f("fk_accreditation_journalist_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["granted_by"], ["account.id"], name=op.f("fk_accreditation_granted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accreditation")),
        sa.UniqueConstraint("release_id", "journalist_id", name=op.f("uq_accreditation_release_id_journalist_id")),
    )
    op.create_index(op.f("ix_accreditation_journalist_id"), "accreditation", ["journalist_id"])
    op.create_table(
        "reading",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("accreditation_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["accreditation_id"], ["accreditation.id"], name=op.f("fk_reading_accreditation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_reading_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
    )
    op.create_index(op.f("ix_reading_accreditation_id"), "reading", ["accreditation_id"])


def downgrade() -> None:
    op.execute("DROP TRIGGER publication_follows ON release")
    for table in (
        *("reading", "accreditation", "download", "attachment", "notice"),
        *("announcement", "published_edition", "publication"),
    ):
        op.drop_table(table)
    op.execute("DROP FUNCTION publication_follows, refuse_after_draft")
    for name in ("announced", "notice_kind"):
        op.execute(f"DROP TYPE {name}")
