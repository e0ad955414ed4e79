"""What an officer says is obeyed by workers that are already sending: cancel, pause, edit, a crowd at one button."""

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from service.errors import Refused
from service.models import AuditEntry, DeliveryState, Release, ReleaseState, Wave
from tests.faults import oracle
from tests.faults.browser import Browser
from tests.faults.scene import Scene, scene

pytestmark = pytest.mark.timeout(180)


@pytest.mark.quick
@pytest.mark.fault("F34")
def test_fifty_people_who_schedule_one_release_at_once_send_it_once(folder: Path) -> None:
    with scene(folder, people=200) as service:
        release = service.approved()
        at = service.now() + timedelta(seconds=1)
        with ThreadPoolExecutor(50) as crowd:
            answers = list(
                crowd.map(lambda number: schedule(service, release, at + timedelta(seconds=number % 2)), range(50))
            )
        service.beat()
        service.worker("first")
        service.wait_sent(release)

        assert 1 <= answers.count("scheduled") <= 50
        assert waves(service, release) == 1
        assert service.states(release) == {DeliveryState.ACCEPTED: 200}
        assert oracle.check(service, release).duplicates == 0


def schedule(service: Scene, release: Release, at: datetime) -> str:
    try:
        service.office.schedule(release, at)
    except Refused as refusal:
        return type(refusal).__name__
    return "scheduled"


def waves(service: Scene, release: Release) -> int:
    with service.transaction() as session:
        return len(session.scalars(select(Wave.id).where(Wave.release_id == release.id)).all())


@pytest.mark.fault("F34")
@pytest.mark.parametrize("word", ["resume", "pause", "stop"])
def test_fifty_presses_of_one_button_are_one_act_and_none_is_an_error(folder: Path, word: str) -> None:
    """By real HTTP, from five windows; a page to schedule by does not exist yet."""
    with scene(folder, people=1_000, latency=30) as service:
        windows = [Browser.signed_in(service.web(), service)]
        windows += [Browser.signed_in(service.env["BASE_URL"], service) for _ in range(4)]
        service.beat()
        service.worker("first")
        release = service.scheduled()
        service.wait_accepted(release, 100)
        if word == "resume":
            service.office.pause(release)
        page = f"/releases/{release.id}"
        for window in windows:
            window.get(page if word != "stop" else f"{page}/stop")
        with ThreadPoolExecutor(50) as crowd:
            answers = Counter(crowd.map(lambda number: windows[number % 5].post(f"{page}/{word}"), range(50)))
        if word == "pause":
            service.office.resume(release)
        finish(service, release)

        assert set(answers) <= {302, 422}, answers
        assert answers[302] >= 1
        acts = {"resume": "release resumed", "pause": "release paused", "stop": "release cancelled"}
        assert audited(service, release, acts[word]) == 1
        assert oracle.check(service, release).duplicates == 0


def audited(service: Scene, release: Release, act: str) -> int:
    with service.transaction() as session:
        return len(session.scalars(select(AuditEntry.id).filter_by(release_id=release.id, act=act)).all())


def finish(service: Scene, release: Release) -> None:
    """Until every row is in a final state."""
    over = (ReleaseState.SENT, ReleaseState.CANCELLED)
    service.wait_until(lambda: service.state(release) in over and not waiting(service, release))


def waiting(service: Scene, release: Release) -> int:
    states = service.states(release)
    return states[DeliveryState.QUEUED] + states[DeliveryState.ATTEMPTING]


@pytest.mark.quick
@pytest.mark.fault("F37")
def test_a_cancel_at_half_way_lets_nothing_new_start_a_second_later(folder: Path) -> None:
    cancel_at(folder, 0.5)


@pytest.mark.fault("F37")
@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_cancel_on_the_way_says_who_has_it_and_who_has_not(folder: Path, share: float) -> None:
    cancel_at(folder, share)


def cancel_at(folder: Path, share: float, people: int = 1_000) -> None:
    with scene(folder, people=people, latency=20, CHUNK_SIZE="50") as service:
        service.beat()
        service.worker("first")
        release = service.scheduled()
        service.wait_accepted(release, int(people * share))
        service.office.cancel(release)
        time.sleep(1)
        taken = service.taken().total()
        service.wait_until(lambda: not waiting(service, release))

        states = service.states(release)
        assert states[DeliveryState.ACCEPTED] == taken == service.taken().total()
        assert states[DeliveryState.CANCELLED] == people - taken
        assert oracle.check(service, release).duplicates == 0


@pytest.mark.fault("F38")
def test_a_release_paused_and_resumed_twenty_times_skips_and_doubles_nobody(folder: Path, seed: int) -> None:
    """The connections and the size of a chunk are changed on the way, by a worker that is started anew."""
    chance = random.Random(seed)
    with scene(folder, people=2_000, latency=30) as service:
        service.beat()
        service.worker("first")
        release = service.scheduled()
        service.wait_accepted(release, 100)
        for number in range(20):
            service.office.pause(release)
            time.sleep(chance.uniform(0, 0.3))
            if number == 10:
                service.stop("first")
                service.worker("first", env={"RELAY_CONNECTIONS": "2", "CHUNK_SIZE": "100"})
            service.office.resume(release)
            time.sleep(chance.uniform(0, 0.3))
        service.wait_sent(release)

        assert service.states(release) == {DeliveryState.ACCEPTED: 2_000}
        assert oracle.check(service, release).duplicates == 0


@pytest.mark.fault("F39")
def test_a_cancel_in_the_second_of_the_start_never_cancels_what_goes_out_to_all(folder: Path, seed: int) -> None:
    """Forty releases for each seed, two hundred in the long run; twenty people each."""
    chance = random.Random(seed)
    with scene(folder, people=20, latency=20, CHUNK_SIZE="10") as service:
        service.beat()
        service.worker("first")
        at = service.now() + timedelta(seconds=8)
        found = [service.scheduled(at) for _ in range(40)]
        moments = sorted((at + timedelta(seconds=chance.uniform(-0.2, 1.8)), number) for number in range(40))
        for moment, number in moments:
            time.sleep(max(0, (moment - service.now()).total_seconds()))
            cancel(service, found[number])
        for release in found:
            finish(service, release)

        oracle.check(service, *found)
        for release in found:
            states = service.states(release)
            if service.state(release) is ReleaseState.CANCELLED:
                assert states[DeliveryState.ACCEPTED] + states[DeliveryState.CANCELLED] in (0, 20)


def cancel(service: Scene, release: Release) -> None:
    try:
        service.office.cancel(release)
    except Refused:
        assert service.state(release) is ReleaseState.SENT


@pytest.mark.fault("F36")
def test_an_edit_after_approval_voids_it_and_nothing_leaves(folder: Path) -> None:
    with scene(folder, people=50) as service:
        release = service.scheduled(at=service.now() + timedelta(seconds=2))
        service.office.edit(release, "Levels rose.")
        service.beat()
        service.worker("first")
        time.sleep(6)

        assert service.state(release) is ReleaseState.DRAFT
        assert not service.taken()


@pytest.mark.fault("F36")
def test_an_edit_while_it_is_sent_is_refused_and_all_get_the_same_words(folder: Path) -> None:
    with scene(folder, people=1_000, latency=20) as service:
        service.beat()
        service.worker("first")
        release = service.scheduled()
        service.wait_accepted(release, 100)
        with pytest.raises(Refused):
            service.office.edit(release, "Levels rose.")
        service.wait_sent(release)
        assert oracle.check(service, release).duplicates == 0


@pytest.mark.fault("F36")
def test_words_changed_behind_the_back_of_an_approval_do_not_leave(folder: Path) -> None:
    with scene(folder, people=50) as service:
        release = service.scheduled(at=service.now() + timedelta(seconds=1))
        with service.transaction() as session:
            session.execute(text("ALTER TABLE revision DISABLE TRIGGER written_once"))
            session.execute(text("UPDATE revision SET content = replace(content::text, 'fell', 'rose')::jsonb"))
        service.beat()
        service.worker("first")
        service.wait_until(lambda: service.state(release) is ReleaseState.PAUSED)

        assert not service.taken()


@pytest.mark.fault("F66")
def test_the_report_adds_up_at_every_moment_of_a_run_under_fire(folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    with scene(folder, people=1_500, latency=30, uncertain="resend") as service:
        browser = Browser.signed_in(service.web(), service)
        service.beat()
        service.worker("first")
        release = service.scheduled()
        service.wait_accepted(release, 20)
        for number in range(40):
            assert browser.get(f"/releases/{release.id}/report").status == 200
            assert not oracle.imbalance(service, release.id)
            if number % 10 == 5:
                service.kill("first")
                service.worker("first")
            time.sleep(chance.uniform(0, 0.1))
        service.wait_sent(release)
        oracle.check(service, release)
