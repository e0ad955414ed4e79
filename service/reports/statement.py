"""The one statement behind a delivery report: one statement is one snapshot, so its figures are of one instant.

Every person is looked at once and counted into cells, by keys; the breakdowns are sums of cells, and names are looked
up for those. The attempts are walked once.
"""

from sqlalchemy import text

from service.reports.words import COLUMNS


def _states(column: str) -> str:
    return ", ".join(f"'{state.value}'" for state in sorted(COLUMNS[column]))


SUMS = ", ".join(f"sum(n) FILTER (WHERE state IN ({_states(column)})) AS {column}" for column in COLUMNS)
TAKEN = "d.state IN ('accepted', 'bounced', 'complained')"

# While a release leaves PostgreSQL takes the ledger for nearly empty, for nobody has counted it yet: it would sort all
# rows by seven columns to find some hundred cells, on disk, where a hash in memory does.
PLANS = text("SET LOCAL enable_sort = off; SET LOCAL work_mem = '64MB'")
PLANS_AS_USUAL = text("SET LOCAL enable_sort TO DEFAULT; SET LOCAL work_mem TO DEFAULT")
# The ids of a wave's deliveries are made in one go and stand together (UUIDv7); chunks are cut once, so their ends may
# be read before; a wave still to be planned adds ids at the end. As literal bounds they let the planner see that few of
# all attempts ever made are looked at.
BOUNDS = text("""
    SELECT coalesce((SELECT c.first_id FROM chunk c JOIN wave w ON w.id = c.wave_id
                     WHERE w.release_id = :release ORDER BY c.first_id LIMIT 1),
                    '00000000-0000-0000-0000-000000000000'),
           coalesce((SELECT c.last_id FROM chunk c JOIN wave w ON w.id = c.wave_id
                     WHERE w.release_id = :release AND NOT EXISTS (
                         SELECT FROM wave later WHERE later.release_id = :release AND later.planned_at IS NULL)
                     ORDER BY c.last_id DESC LIMIT 1),
                    'ffffffff-ffff-ffff-ffff-ffffffffffff')
""")
HEAD = """
    SELECT 'head' AS kind, to_jsonb(h) AS content FROM (
        SELECT r.id, r.state, r.send_at, r.embargo,
               coalesce((SELECT e.headline FROM edition e WHERE e.release_id = r.id
                         ORDER BY e.position, e.id LIMIT 1), '') AS headline,
               coalesce((SELECT sum(w.candidates) FROM wave w WHERE w.release_id = r.id), 0) AS candidates
        FROM release r WHERE r.id = :release) h
"""
# The note is why: of the excluded their exclusion, of the failed and bounced the reason.
CELLS = """
    SELECT d.state, d.topic_id, d.language, j.outlet_id, j.country,
           split_part(j.address_canonical, '@', -1) AS domain,
           CASE WHEN d.state IN ('failed', 'bounced') THEN coalesce(d.reason, '')
                WHEN d.state = 'excluded' THEN d.exclusion::text END AS note,
           count(*) AS n, sum(d.attempts) AS tries, count(*) FILTER (WHERE d.maybe_twice) AS twice,
           any_value(d.id) AS example
    FROM delivery d LEFT JOIN journalist j ON j.id = d.journalist_id
    WHERE d.release_id = :release GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
GROUPS = f"""
    SELECT CASE WHEN grouping(note) = 0 THEN 'state' WHEN grouping(topic_id) = 0 THEN 'topic'
                WHEN grouping(outlet_id) = 0 THEN 'outlet' WHEN grouping(country) = 0 THEN 'country'
                WHEN grouping(language) = 0 THEN 'language' ELSE 'domain' END AS kind,
           state, note, topic_id, outlet_id, country, language, domain,
           sum(n) AS total, {SUMS}, sum(tries) AS tries, sum(twice) AS twice, any_value(example) AS example
    FROM cells GROUP BY GROUPING SETS ((state, note), (topic_id), (outlet_id), (country), (language), (domain))
"""  # noqa: S608 - put together from constants
NAMED = f"""
    SELECT g.kind, jsonb_build_object(
        'state', g.state, 'note', g.note, 'total', g.total, 'tries', g.tries, 'twice', g.twice,
        'name', coalesce(t.name, o.name, g.country, g.language, g.domain, g.note, ''),
        {", ".join(f"'{column}', coalesce(g.{column}, 0)" for column in COLUMNS)},
        'example', CASE WHEN g.state IN ('failed', 'bounced') THEN coalesce(
            (SELECT e.reply FROM event e WHERE e.delivery_id = g.example AND g.state = 'bounced' AND e.kind = 'bounce'
             ORDER BY e.at, e.id LIMIT 1),
            (SELECT a.reply FROM attempt a WHERE a.delivery_id = g.example ORDER BY a.number DESC LIMIT 1), '') END)
    FROM groups g LEFT JOIN topic t ON t.id = g.topic_id LEFT JOIN outlet o ON o.id = g.outlet_id
"""  # noqa: S608 - put together from constants
# What an attempt proves: taken is whose last attempt was accepted, or was uncertain and settled later. With each
# number between 1 and the delivery's own count, equal sums mean equal counts for each single delivery.
TRIES = f"""
    SELECT 'tries', to_jsonb(t) FROM (
        SELECT count(*) AS attempts,
               count(*) FILTER (WHERE a.number NOT BETWEEN 1 AND d.attempts - (d.state = 'attempting')::int) AS strays,
               count(*) FILTER (WHERE a.outcome = 'accepted') AS accepted,
               count(*) FILTER (WHERE a.outcome = 'accepted' AND a.number = d.attempts AND {TAKEN}) AS proven,
               count(*) FILTER (WHERE a.outcome = 'uncertain' AND a.number = d.attempts AND {TAKEN}) AS settled,
               min(a.began_at) FILTER (WHERE a.outcome = 'accepted') AS first_at,
               max(a.ended_at) FILTER (WHERE a.outcome = 'accepted') AS last_at
        FROM attempt a JOIN delivery d ON d.id = a.delivery_id
        WHERE d.release_id = :release AND a.delivery_id BETWEEN :first AND :last) t
"""  # noqa: S608 - put together from constants
EVENTS = """
    SELECT 'event', jsonb_build_object('name', e.kind, 'total', count(*))
    FROM event e JOIN delivery d ON d.id = e.delivery_id
    WHERE d.release_id = :release AND e.delivery_id BETWEEN :first AND :last GROUP BY e.kind
"""
REPORT = text(f"""
    WITH cells AS MATERIALIZED ({CELLS}), groups AS ({GROUPS})
    {HEAD} UNION ALL {NAMED} UNION ALL {TRIES} UNION ALL {EVENTS}
""")
