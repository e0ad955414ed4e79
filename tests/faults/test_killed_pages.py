"""The pages, and commands, are killed in the middle of an act: each act is wholly done or not at all."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from http.client import HTTPException
from pathlib import Path

import pytest
from sqlalchemy import func, select

from service.models import Approval, DeliveryState, Journalist, Release, ReleaseState, Subscription, Wave
from tests import factories
from tests.faults import oracle
from tests.faults.browser import Browser
from tests.faults.crew import SOURCE
from tests.faults.scene import Scene, scene

pytestmark = pytest.mark.timeout(400)
COMMAND = (sys.executable, "-c", "from service.cli import main; main()")
ROWS = 3_000


@pytest.mark.fault("F08")
def test_pages_killed_at_a_button_leave_the_act_done_or_undone(folder: Path, seed: int) -> None:
    """Pause and resume, ten times for each seed."""
    chance = random.Random(seed)
    with scene(folder, people=2_000, latency=40) as service:
        service.web()
        service.beat()
        service.worker("first")
        release = service.scheduled()
        service.wait_accepted(release, 20)
        for _ in range(10):
            ada = Browser.signed_in(service.env["BASE_URL"], service)
            ada.get(f"/releases/{release.id}")
            word = "resume" if service.state(release) is ReleaseState.PAUSED else "pause"
            press = threading.Thread(target=pressed, args=(ada, f"/releases/{release.id}/{word}"))
            press.start()
            time.sleep(chance.uniform(0, 0.05))
            service.kill("web")
            press.join()
            service.web()
        if service.state(release) is ReleaseState.PAUSED:
            service.office.resume(release)
        service.wait_sent(release)

        assert service.states(release) == {DeliveryState.ACCEPTED: 2_000}
        assert oracle.check(service, release).duplicates == 0


def pressed(browser: Browser, path: str) -> None:
    with contextlib.suppress(OSError, HTTPException):
        browser.post(path)


@pytest.mark.fault("F08")
def test_an_import_killed_on_its_way_has_imported_all_or_nobody(folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    with scene(folder, people=0) as service:
        file = folder / "people.csv"
        lines = (f"reader{number}@daily.example,Reader {number},water" for number in range(ROWS))
        file.write_text("email,name,topics\n" + "\n".join(lines) + "\n")
        slug = service.newsroom.sender.slug
        words = ("journalists", "import", str(file), "--sender", slug, "--legal-basis", "They asked at a briefing")
        for _ in range(4):
            run_and_kill(service, words, chance.uniform(0.8, 3))
            assert counted(service) in ((0, 0), (ROWS, ROWS))
        assert run(service, words) == 0
        assert counted(service) == (ROWS, ROWS)


def counted(service: Scene) -> tuple[int, int]:
    with service.transaction() as session:
        people = session.scalar(select(func.count()).select_from(Journalist)) or 0
        return people, session.scalar(select(func.count()).select_from(Subscription)) or 0


@pytest.mark.fault("F08")
@pytest.mark.parametrize("act", ["approve", "schedule"])
def test_an_approval_or_a_send_killed_on_its_way_is_done_or_undone(folder: Path, seed: int, act: str) -> None:
    """As commands. Four releases for each seed; `assert_whole` judges."""
    chance = random.Random(seed)
    with scene(folder, people=10) as service:
        for _ in range(4):
            release = service.approved() if act == "schedule" else written(service)
            who = service.newsroom.ada if act == "schedule" else service.newsroom.ben
            words = ["release", act, str(release.id), "--by", who.email]
            words += ["--at", "2030-01-01 09:00 UTC"] if act == "schedule" else []
            run_and_kill(service, words, chance.uniform(0.5, 2))
            assert_whole(service, release)


def written(service: Scene) -> Release:
    with service.transaction() as session:
        return factories.make_release(session, service.newsroom)


def assert_whole(service: Scene, release: Release) -> None:
    """The state, the row that belongs to it and the audit are of one mind."""
    with service.transaction() as session:
        state = session.get_one(Release, release.id).state
        of_it = select(func.count()).join_from(Approval, Release, Release.revision_id == Approval.revision_id)
        approvals = session.scalar(of_it.where(Release.id == release.id))
        waves = session.scalar(select(func.count()).where(Wave.release_id == release.id))
    assert (state is ReleaseState.DRAFT) == (approvals == 0)
    assert (state is ReleaseState.SCHEDULED) == (waves == 1)


def run_and_kill(service: Scene, words: list[str] | tuple[str, ...], seconds: float) -> None:
    process = subprocess.Popen(
        [*COMMAND, *words], env={**os.environ, **service.env}, cwd=SOURCE, start_new_session=True
    )
    time.sleep(seconds)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def run(service: Scene, words: list[str] | tuple[str, ...]) -> int:
    return subprocess.run([*COMMAND, *words], env={**os.environ, **service.env}, cwd=SOURCE, check=False).returncode
