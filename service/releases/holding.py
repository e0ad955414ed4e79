"""Who holds a release, in SQL: those a notice of it is for, and those a follow-up may ask once more.

It is read from the ledger, digests that told of the release among it: who got nothing is told nothing.
"""

from service.feedback.event import Kind

# An attempt that nobody knows the end of may have arrived, whatever became of the row since.
MAY_HOLD = """
    (h.state IN ('attempting', 'accepted', 'uncertain', 'complained')
     OR h.state <> 'bounced' AND EXISTS (
         SELECT FROM attempt a WHERE a.delivery_id = h.id AND a.outcome = 'uncertain'))
"""
READS = """
    EXISTS (SELECT FROM subscription s WHERE s.journalist_id = h.journalist_id AND s.topic_id = ANY(:topics)
            AND s.state = 'confirmed')
"""
OF_ABOUT = """
    (h.release_id = n.about_id OR EXISTS (
        SELECT FROM digest_entry e WHERE e.release_id = n.about_id AND e.digest_id = h.release_id
        AND e.journalist_id = h.journalist_id))
"""
HELD_IN = """
    h.release_id IN (SELECT n.about_id UNION ALL
                     SELECT e.digest_id FROM digest_entry e WHERE e.release_id = n.about_id)
"""
NOT_YET = "NOT EXISTS (SELECT FROM delivery d WHERE d.release_id = :release AND d.journalist_id = h.journalist_id)"
# A correction, a hold and a kill are owed to whoever holds the text, also to those who left its topic since; an update
# is news, and goes to readers only.
HOLDERS = f"""
    SELECT DISTINCT ON (h.journalist_id) h.journalist_id, h.topic_id,
           CASE WHEN n.kind <> 'update' OR {READS} THEN 'confirmed' ELSE 'ended' END::subscription_state AS state
    FROM notice n JOIN delivery h ON {HELD_IN} JOIN journalist j ON j.id = h.journalist_id
    WHERE n.release_id = :release AND j.sender_id = :sender AND {OF_ABOUT} AND {MAY_HOLD} AND {NOT_YET}{{within}}
    ORDER BY h.journalist_id, h.release_id = n.about_id DESC
"""  # noqa: S608 - put together from constants
# An out-of-office note is no answer, so who sent one is asked once more.
ANSWERS = f"('{Kind.REPLY}', '{Kind.BOUNCE}', '{Kind.COMPLAINT}', '{Kind.UNSUBSCRIBED}')"
UNANSWERED = f"""
    h.state = 'accepted'
    AND NOT EXISTS (SELECT FROM event v WHERE v.delivery_id = h.id AND v.kind IN {ANSWERS})
"""
SILENT = f"""
    SELECT h.journalist_id, h.topic_id,
           CASE WHEN {READS} THEN 'confirmed' ELSE 'ended' END::subscription_state AS state
    FROM follow_up n JOIN delivery h ON h.release_id = n.about_id JOIN journalist j ON j.id = h.journalist_id
    WHERE n.release_id = :release AND j.sender_id = :sender AND {UNANSWERED} AND {NOT_YET}{{within}}
"""  # noqa: S608 - put together from constants
