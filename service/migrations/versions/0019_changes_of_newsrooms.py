"""Changes of newsrooms: a number that goes up with whatever anybody can see, so that pages may be kept until it does.

Safe while a release is being sent: the indexes are small, and the triggers fire for publications and topics, neither of
which sending writes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# What is not open yet counts for nothing: that something waits must not show in how long a page takes to be made anew.
# A notice that goes by mail only still marks the release it is about.
SEEN = """opens_at <= clock_timestamp()
    AND (shown OR EXISTS (SELECT FROM notice WHERE notice.release_id = rows.release_id))"""
COUNT = """
    CREATE FUNCTION newsroom_changed(changed uuid[]) RETURNS void LANGUAGE sql AS $$
        INSERT INTO newsroom_changes (sender_id, number)
        SELECT id, 1 FROM sender WHERE id = ANY (changed) ORDER BY id
        ON CONFLICT (sender_id) DO UPDATE SET number = newsroom_changes.number + 1
    $$
"""
PUBLICATIONS = """
    CREATE FUNCTION publications_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        changed uuid[] := '{}';
    BEGIN
        IF TG_OP <> 'INSERT' THEN
            changed := changed || ARRAY(SELECT sender_id FROM before AS rows WHERE SEEN);
        END IF;
        IF TG_OP <> 'DELETE' THEN
            changed := changed || ARRAY(SELECT sender_id FROM after AS rows WHERE SEEN);
        END IF;
        IF cardinality(changed) > 0 THEN
            PERFORM newsroom_changed(changed);
        END IF;
        RETURN NULL;
    END $$
""".replace("SEEN", SEEN)
TOPICS = """
    CREATE FUNCTION topic_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' AND OLD.public THEN
            PERFORM newsroom_changed(ARRAY[OLD.sender_id]);
        ELSIF TG_OP <> 'DELETE' AND NEW.public THEN
            PERFORM newsroom_changed(ARRAY[NEW.sender_id]);
        END IF;
        RETURN NULL;
    END $$
"""
ROWS = {
    "INSERT": "NEW TABLE AS after",
    "UPDATE": "OLD TABLE AS before NEW TABLE AS after",
    "DELETE": "OLD TABLE AS before",
}
FUNCTIONS = ("publications_changed()", "topic_changed()", "newsroom_changed(uuid[])")


def upgrade() -> None:
    op.create_table(
        "newsroom_changes",
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["sender.id"], name=op.f("fk_newsroom_changes_sender_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sender_id", name=op.f("pk_newsroom_changes")),
    )
    op.create_index(
        "ix_publication_withdrawn", "publication", ["sender_id"], postgresql_where=sa.text("withdrawn_at IS NOT NULL")
    )
    for function in (COUNT, PUBLICATIONS, TOPICS):
        op.execute(function)
    for act, rows in ROWS.items():
        op.execute(
            f"CREATE TRIGGER publications_changed_{act.lower()} AFTER {act} ON publication REFERENCING {rows}"
            " FOR EACH STATEMENT EXECUTE FUNCTION publications_changed()"
        )
    op.execute(
        "CREATE TRIGGER topic_changed AFTER INSERT OR UPDATE OR DELETE ON topic FOR EACH ROW"
        " EXECUTE FUNCTION topic_changed()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER topic_changed ON topic")
    for act in ROWS:
        op.execute(f"DROP TRIGGER publications_changed_{act.lower()} ON publication")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    op.drop_index("ix_publication_withdrawn", "publication")
    op.drop_table("newsroom_changes")
