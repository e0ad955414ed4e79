"""The tables of the press office"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# The steps that are legal; everything else is refused, whoever asks. A test compares them with the models' STEPS.
RELEASE_STEPS = """
    ('draft', 'approved'), ('draft', 'cancelled'),
    ('approved', 'draft'), ('approved', 'scheduled'), ('approved', 'cancelled'),
    ('scheduled', 'draft'), ('scheduled', 'approved'), ('scheduled', 'sending'), ('scheduled', 'paused'),
    ('scheduled', 'cancelled'),
    ('sending', 'paused'), ('sending', 'sent'), ('sending', 'cancelled'),
    ('paused', 'scheduled'), ('paused', 'sending'), ('paused', 'cancelled'),
    ('sent', 'sending')
"""
DELIVERY_STEPS = """
    ('queued', 'attempting'), ('attempting', 'accepted'), ('attempting', 'deferred'), ('deferred', 'attempting'),
    ('attempting', 'failed'), ('attempting', 'uncertain'),
    ('queued', 'excluded'), ('queued', 'cancelled'), ('queued', 'failed'),
    ('deferred', 'queued'), ('deferred', 'excluded'), ('deferred', 'cancelled'), ('deferred', 'failed'),
    ('uncertain', 'accepted'), ('uncertain', 'deferred'), ('uncertain', 'failed'), ('uncertain', 'queued'),
    ('failed', 'queued'),
    ('accepted', 'bounced'), ('accepted', 'complained'), ('bounced', 'complained')
"""


def guard() -> None:
    """Triggers whose WHEN is false for every legal step: PL/pgSQL is entered only to refuse."""
    op.execute("""
        CREATE FUNCTION refuse_step() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% % cannot go from % to %', TG_TABLE_NAME, OLD.id, OLD.state, NEW.state
                USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
        END $$
    """)
    op.execute("""
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% cannot be changed once written', TG_TABLE_NAME
                USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
        END $$
    """)
    for table, steps in (("release", RELEASE_STEPS), ("delivery", DELIVERY_STEPS)):
        op.execute(f"""
            CREATE TRIGGER legal_step BEFORE UPDATE OF state ON {table} FOR EACH ROW
            WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ({steps}))
            EXECUTE FUNCTION refuse_step()
        """)
    op.execute("""
        CREATE TRIGGER same_person BEFORE UPDATE OF id, release_id, journalist_id, wave_id ON delivery FOR EACH ROW
        EXECUTE FUNCTION refuse_change()
    """)
    for table in ("revision", "approval", "attempt"):
        op.execute(
            f"CREATE TRIGGER written_once BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    op.execute("""
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """)


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.Text(), nullable=False),
        sa.Column("sign_in_seal", sa.LargeBinary(), nullable=True),
        sa.Column("sign_in_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_account_fs_uniquifier")),
    )
    op.create_table(
        "attempt",
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("relay", sa.Text(), nullable=False),
        sa.Column(
            "outcome", sa.Enum("accepted", "deferred", "rejected", "uncertain", name="attempt_outcome"), nullable=False
        ),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("code", sa.SmallInteger(), nullable=True),
        sa.Column("enhanced", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("delivery_id", "number", name=op.f("pk_attempt")),
    )
    op.create_table(
        "received",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("message", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sorted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received")),
    )
    op.create_index("ix_received_unsorted", "received", ["id"], unique=False, postgresql_where="sorted_at IS NULL")
    op.create_table(
        "sender",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("reply_to", sa.Text(), nullable=False),
        sa.Column("postal_address", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sender")),
        sa.UniqueConstraint("slug", name=op.f("uq_sender_slug")),
    )
    op.create_table(
        "media_contact",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["sender.id"], name=op.f("fk_media_contact_sender_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_contact")),
    )
    op.create_index(op.f("ix_media_contact_sender_id"), "media_contact", ["sender_id"], unique=False)
    op.create_table(
        "outlet",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["sender_id"], ["sender.id"], name=op.f("fk_outlet_sender_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outlet")),
        sa.UniqueConstraint("sender_id", "name", name=op.f("uq_outlet_sender_id_name")),
    )
    op.create_table(
        "release",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "approved", "scheduled", "sending", "paused", "sent", "cancelled", name="release_state"),
            nullable=False,
        ),
        sa.Column("embargo", sa.DateTime(timezone=True), nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision_id", sa.Uuid(), nullable=True),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "revision_id IS NOT NULL OR state IN ('draft', 'cancelled')",
            name=op.f("ck_release_only_an_approved_revision_leaves"),
        ),
        sa.CheckConstraint(
            "send_at IS NOT NULL OR state IN ('draft', 'approved', 'cancelled')",
            name=op.f("ck_release_a_time_to_leave"),
        ),
        sa.CheckConstraint(
            "embargo IS NULL OR send_at IS NULL OR send_at >= embargo", name=op.f("ck_release_not_before_its_embargo")
        ),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_release_revision_id"), use_alter=True),
        sa.ForeignKeyConstraint(["sender_id"], ["sender.id"], name=op.f("fk_release_sender_id")),
        sa.ForeignKeyConstraint(["written_by"], ["account.id"], name=op.f("fk_release_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
    )
    op.create_index(op.f("ix_release_sender_id"), "release", ["sender_id"], unique=False)
    op.create_index(op.f("ix_release_state"), "release", ["state"], unique=False)
    op.create_table(
        "suppression",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=True),
        sa.Column(
            "reason",
            sa.Enum("bounce", "complaint", "erased", "unsubscribed", "by-hand", name="suppression_reason"),
            nullable=False,
        ),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_suppression_account_id")),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["sender.id"], name=op.f("fk_suppression_sender_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression")),
        sa.UniqueConstraint(
            "fingerprint",
            "sender_id",
            name=op.f("uq_suppression_fingerprint_sender_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "topic",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("media_topic", sa.Text(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["sender_id"], ["sender.id"], name=op.f("fk_topic_sender_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("sender_id", "slug", name=op.f("uq_topic_sender_id_slug")),
    )
    op.create_table(
        "account_right",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("write", "approve", "send", "journalists", "reports", "administer", name="role"),
            nullable=False,
        ),
        sa.Column("topic_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_right_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["sender.id"], name=op.f("fk_account_right_sender_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_account_right_topic_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_right")),
        sa.UniqueConstraint(
            "account_id",
            "sender_id",
            "role",
            "topic_id",
            name=op.f("uq_account_right_account_id_sender_id_role_topic_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_audit_entry_account_id")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_audit_entry_release_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_release_id"), "audit_entry", ["release_id"], unique=False)
    op.create_table(
        "edition",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("subhead", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("dateline", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("boilerplate", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "headline !~ '[\\x01-\\x1f\\x7f-\\x9f\\u2028\\u2029]'", name=op.f("ck_edition_headline_is_one_line")
        ),
        sa.CheckConstraint("length(headline) BETWEEN 1 AND 255", name=op.f("ck_edition_headline_length")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_edition_release_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("release_id", "language", name=op.f("uq_edition_release_id_language")),
    )
    op.create_table(
        "journalist",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("address_canonical", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=True),
        sa.Column("beat", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("tier", sa.SmallInteger(), nullable=False),
        sa.Column("do_not_contact", sa.Boolean(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "name !~ '[\\x01-\\x1f\\x7f]' AND address !~ '[\\x01-\\x20\\x7f<>]'",
            name=op.f("ck_journalist_no_control_characters"),
        ),
        sa.CheckConstraint("length(name) <= 200 AND length(address) <= 320", name=op.f("ck_journalist_lengths")),
        sa.ForeignKeyConstraint(
            ["outlet_id"], ["outlet.id"], name=op.f("fk_journalist_outlet_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["sender_id"], ["sender.id"], name=op.f("fk_journalist_sender_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journalist")),
        sa.UniqueConstraint("sender_id", "address_canonical", name=op.f("uq_journalist_sender_id_address_canonical")),
    )
    op.create_index(op.f("ix_journalist_outlet_id"), "journalist", ["outlet_id"], unique=False)
    op.create_table(
        "release_contact",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["media_contact.id"], name=op.f("fk_release_contact_contact_id")),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_release_contact_release_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("release_id", "contact_id", name=op.f("pk_release_contact")),
    )
    op.create_table(
        "release_topic",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_release_topic_release_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_release_topic_topic_id")),
        sa.PrimaryKeyConstraint("release_id", "topic_id", name=op.f("pk_release_topic")),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("topic_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_revision_release_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["written_by"], ["account.id"], name=op.f("fk_revision_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("id", "written_by", name=op.f("uq_revision_id_written_by")),
        sa.UniqueConstraint("release_id", "number", name=op.f("uq_revision_release_id_number")),
    )
    op.create_table(
        "approval",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.Enum("approved", "sent-back", "voided", name="decision"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "decision <> 'approved' OR decided_by <> written_by", name=op.f("ck_approval_nobody_approves_their_own")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_approval_decided_by")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_approval_revision_id")),
        sa.ForeignKeyConstraint(["written_by"], ["account.id"], name=op.f("fk_approval_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    op.create_index(op.f("ix_approval_revision_id"), "approval", ["revision_id"], unique=False)
    op.create_table(
        "subscription",
        sa.Column("journalist_id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Enum("pending", "confirmed", "ended", name="subscription_state"), nullable=False),
        sa.Column("proof", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["journalist_id"], ["journalist.id"], name=op.f("fk_subscription_journalist_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_subscription_topic_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("journalist_id", "topic_id", name=op.f("pk_subscription")),
    )
    op.create_index(op.f("ix_subscription_topic_id"), "subscription", ["topic_id"], unique=False)
    op.create_table(
        "wave",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("candidates", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_wave_release_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_wave_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave")),
        sa.UniqueConstraint("release_id", "id", name=op.f("uq_wave_release_id_id")),
        sa.UniqueConstraint("release_id", "number", name=op.f("uq_wave_release_id_number")),
    )
    op.create_table(
        "chunk",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("last_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rung_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("epoch", sa.Integer(), server_default="0", nullable=False),
        sa.Column("crashes", sa.SmallInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_chunk_wave_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chunk")),
    )
    op.create_index("ix_chunk_due_at", "chunk", ["due_at"], unique=False, postgresql_where="due_at IS NOT NULL")
    op.create_index(op.f("ix_chunk_wave_id"), "chunk", ["wave_id"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("journalist_id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "excluded",
                "queued",
                "attempting",
                "accepted",
                "deferred",
                "failed",
                "uncertain",
                "cancelled",
                "bounced",
                "complained",
                name="delivery_state",
            ),
            nullable=False,
        ),
        sa.Column(
            "exclusion",
            sa.Enum("unsubscribed", "unconfirmed", "suppressed", "do-not-contact", "erased", name="exclusion"),
            nullable=True,
        ),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("maybe_twice", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("(state = 'deferred') <= (due_at IS NOT NULL)", name=op.f("ck_delivery_deferred_until")),
        sa.CheckConstraint(
            "(state = 'excluded') = (exclusion IS NOT NULL)", name=op.f("ck_delivery_excluded_for_a_reason")
        ),
        sa.ForeignKeyConstraint(["journalist_id"], ["journalist.id"], name=op.f("fk_delivery_journalist_id")),
        sa.ForeignKeyConstraint(
            ["release_id", "wave_id"],
            ["wave.release_id", "wave.id"],
            name=op.f("fk_delivery_release_id_wave_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("release_id", "journalist_id", name=op.f("uq_delivery_release_id_journalist_id")),
        postgresql_with={"fillfactor": 60},
    )
    op.create_index(op.f("ix_delivery_journalist_id"), "delivery", ["journalist_id"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("received_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("permanent", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_event_delivery_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["received_id"], ["received.id"], name=op.f("fk_event_received_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("source", "source_id", name=op.f("uq_event_source_source_id")),
    )
    op.create_index(op.f("ix_event_delivery_id"), "event", ["delivery_id"], unique=False)
    op.create_foreign_key("fk_release_revision_id", "release", "revision", ["revision_id"], ["id"])
    guard()


def downgrade() -> None:
    op.drop_constraint("fk_release_revision_id", "release", type_="foreignkey")
    op.drop_index(op.f("ix_event_delivery_id"), table_name="event")
    op.drop_table("event")
    op.drop_index(op.f("ix_delivery_journalist_id"), table_name="delivery")
    op.drop_table("delivery")
    op.drop_index(op.f("ix_chunk_wave_id"), table_name="chunk")
    op.drop_index("ix_chunk_due_at", table_name="chunk", postgresql_where="due_at IS NOT NULL")
    op.drop_table("chunk")
    op.drop_table("wave")
    op.drop_index(op.f("ix_subscription_topic_id"), table_name="subscription")
    op.drop_table("subscription")
    op.drop_index(op.f("ix_approval_revision_id"), table_name="approval")
    op.drop_table("approval")
    op.drop_table("revision")
    op.drop_table("release_topic")
    op.drop_table("release_contact")
    op.drop_index(op.f("ix_journalist_outlet_id"), table_name="journalist")
    op.drop_table("journalist")
    op.drop_table("edition")
    op.drop_index(op.f("ix_audit_entry_release_id"), table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_table("account_right")
    op.drop_table("topic")
    op.drop_table("suppression")
    op.drop_index(op.f("ix_release_state"), table_name="release")
    op.drop_index(op.f("ix_release_sender_id"), table_name="release")
    op.drop_table("release")
    op.drop_table("outlet")
    op.drop_index(op.f("ix_media_contact_sender_id"), table_name="media_contact")
    op.drop_table("media_contact")
    op.drop_table("sender")
    op.drop_index("ix_received_unsorted", table_name="received", postgresql_where="sorted_at IS NULL")
    op.drop_table("received")
    op.drop_table("attempt")
    op.drop_table("account")
    op.execute("DROP FUNCTION refuse_step, refuse_change")
    for name in (
        "attempt_outcome",
        "decision",
        "delivery_state",
        "exclusion",
        "release_state",
        "role",
        "subscription_state",
        "suppression_reason",
    ):
        op.execute(f"DROP TYPE {name}")
