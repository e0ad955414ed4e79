"""Everything at once: every few seconds a random fault, while a release goes to a hundred thousand people."""

import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from service.models import Delivery, DeliveryState, Release, ReleaseState
from service.signing import Purpose, sign
from tests.faults import oracle
from tests.faults.browser import Browser
from tests.faults.proxy import Proxy
from tests.faults.scene import Scene, scene

MINUTES = float(os.environ.get("MINUTES", "10"))
PEOPLE = int(os.environ.get("PEOPLE", "100000"))
WORKERS = ("first", "second")
TO_THE_END = 15 * 60
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


class Chaos:
    """The faults, and the chance that picks among them."""

    def __init__(self, service: Scene, release: Release, chance: random.Random) -> None:
        self.service, self.release, self.chance = service, release, chance
        self.links = {link: service.proxy(link) for link in ("database", "broker", "relay")}
        self.web = Browser(service.web())
        self.left = 0

    def start(self, name: str) -> None:
        """A worker with all its links through the proxies."""
        self.service.worker(name, through=self.links.values())

    def faults(self) -> list[Callable[[], None]]:
        return [
            self.kill_worker,
            self.kill_child,
            self.freeze_worker,
            self.kill_beat,
            self.flush_broker,
            self.kill_broker,
            self.restart_database,
            self.crash_database,
            self.cut_link,
            self.silence_link,
            self.slow_link,
            self.restart_relay,
            self.pause,
            self.leave,
        ]

    def strike(self) -> str:
        """One fault; its name."""
        fault = self.chance.choice(self.faults())
        fault()
        return fault.__name__

    def kill_worker(self) -> None:
        name = self.chance.choice(WORKERS)
        self.service.kill(name)
        self.start(name)

    def kill_child(self) -> None:
        name = self.chance.choice(WORKERS)
        if children := self.service.children(name):
            self.service.kill_child(self.chance.choice(children))

    def freeze_worker(self) -> None:
        name = self.chance.choice(WORKERS)
        self.service.freeze(name)
        time.sleep(self.chance.uniform(1, 5))
        self.service.thaw(name)

    def kill_beat(self) -> None:
        self.service.kill("beat")
        self.service.beat()

    def flush_broker(self) -> None:
        self.service.broker.flush()

    def kill_broker(self) -> None:
        self.service.kills += 1
        self.service.broker.kill()
        time.sleep(self.chance.uniform(0, 2))
        self.service.broker.start(empty=self.chance.random() < 0.5)

    def restart_database(self) -> None:
        self.service.database.stop()
        self.service.database.start()

    def crash_database(self) -> None:
        self.service.crash_database()

    def cut_link(self) -> None:
        link = self.chance.choice(sorted(self.links))
        if link == "relay":
            self.service.bound += sum(self.service.lanes.values())
        self.links[link].cut()

    def silence_link(self) -> None:
        # Not the relay's: the answer to a dot is awaited for ten minutes.
        link: Proxy = self.links[self.chance.choice(("database", "broker"))]
        link.silence()
        time.sleep(self.chance.uniform(1, 5))
        link.release()

    def slow_link(self) -> None:
        link = self.links[self.chance.choice(sorted(self.links))]
        link.delay = self.chance.uniform(0.05, 0.5)
        time.sleep(self.chance.uniform(1, 5))
        link.delay = 0.0

    def restart_relay(self) -> None:
        relay = self.links["relay"]
        self.service.bound += sum(self.service.lanes.values())
        relay.shut()
        time.sleep(self.chance.uniform(0.5, 3))
        relay.open()

    def pause(self) -> None:
        if self.service.state(self.release) is not ReleaseState.SENDING:
            return
        self.service.office.pause(self.release)
        time.sleep(self.chance.uniform(0.5, 3))
        self.service.office.resume(self.release)

    def leave(self) -> None:
        """Twenty readers leave by one click."""
        with self.service.transaction() as session:
            mine = select(Delivery.id).where(Delivery.release_id == self.release.id)
            waiting = session.scalars(mine.where(Delivery.state == DeliveryState.QUEUED).limit(2000)).all()
        for delivery in self.chance.sample(waiting, min(20, len(waiting))):
            self.left += self.web.post(f"/leave/{sign(Purpose.LEAVE, delivery)}", fields=ONE_CLICK) == 200


@pytest.mark.chaos
@pytest.mark.fault("F69")
@pytest.mark.timeout(MINUTES * 60 + TO_THE_END + 120)
def test_random_faults_for_minutes_lose_nobody(folder: Path) -> None:
    seed = int(os.environ.get("DATELINE_SEED") or time.time_ns() % 1_000_000)
    say(f"DATELINE_SEED={seed}")
    chance = random.Random(seed)
    # As slow as it takes to last: a worker's eight connections each wait for the relay's word.
    latency = max(1, round(MINUTES * 60_000 * 16 / PEOPLE * 0.6))
    with scene(folder, people=PEOPLE, latency=latency, CHUNK_SIZE="500", uncertain="resend") as service:
        service.beat()
        release = service.scheduled()
        chaos = Chaos(service, release, chance)
        for name in WORKERS:
            chaos.start(name)
        service.wait_accepted(release, 0)
        struck = rage(chaos, until=time.monotonic() + MINUTES * 60)
        chaos_over(service, release)

        totals = oracle.check(service, release)
        told = f"seed {seed}, {PEOPLE:,} people, {MINUTES:g} minutes, {len(struck)} faults, {chaos.left} left: {totals}"
        oracle.LINES[-1] = told
        assert service.states(release)[DeliveryState.UNCERTAIN] <= service.bound


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def rage(chaos: Chaos, *, until: float) -> list[str]:
    """A fault every 5 to 15 seconds."""
    struck = []
    while time.monotonic() < until:
        time.sleep(chaos.chance.uniform(5, 15) if MINUTES >= 5 else chaos.chance.uniform(1, 4))
        struck.append(chaos.strike())
        say(f"{time.strftime('%H:%M:%S')} {struck[-1]}")
    return struck


def chaos_over(service: Scene, release: Release) -> None:
    """Nobody helps; only the minutes that a deferral waits are not waited for."""
    until = time.monotonic() + TO_THE_END
    while service.state(release) is not ReleaseState.SENT:
        assert time.monotonic() < until, service.states(release)
        if not service.states(release)[DeliveryState.QUEUED]:
            service.hurry(release)
        time.sleep(2)
