"""What a round asks about no row in particular is asked once for it, however many rows it holds."""

import asyncio
import json
import re

from psycopg import AsyncConnection

from service.settings import settings
from tests.workers.sending.desk import Desk
from workers.sending.dispatch import PLANS
from workers.sending.round import ROUND

MANY = 500


def explained(desk: Desk) -> list[str]:
    """The plan of a round that offers many rows, run for a release that may leave."""
    cleo = desk.of("Cleo")
    rows = [{"id": str(cleo.id), "number": 1, "provider": "daily.example"}] * MANY
    given = {
        "told": "[]",
        "next": json.dumps(rows),
        "chunk": 1,
        "epoch": 0,
        "revision": desk.release.revision_id,
        "domain": "rivers.example",
        "tracking": False,
        "topics": [cleo.topic_id],
    }

    async def go() -> list[str]:
        url = settings().database_url.replace("+psycopg", "")
        async with await AsyncConnection.connect(url, autocommit=True, options=PLANS) as session:
            plan = await session.execute(f"EXPLAIN (ANALYZE, COSTS off, TIMING off) {ROUND}", given)
            return [line for (line,) in await plan.fetchall()]

    return asyncio.run(go())


def test_a_gate_that_asks_about_no_row_is_read_once_for_the_round(desk: Desk) -> None:
    plan = "\n".join(explained(desk))
    assert re.search(r"One-Time Filter: .*InitPlan", plan), plan
    assert re.search(r"provider <> ALL \(\(InitPlan \d+\)", plan), plan
    for table in ("installation", "hold", "chunk", "release"):
        reads = re.findall(rf"Scan .*\bon {table}\b.*?loops=(\d+)\)", plan)
        assert reads, plan
        assert set(reads) == {"1"}, plan
    assert f"rows={MANY}" in plan, "the rows did come as far as the gates"
