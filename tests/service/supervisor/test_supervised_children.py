"""Children of the supervisor: what becomes of one that ends by itself, does not get ready, or will not stop."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from service.supervisor import Child, ChildEnded, NotReady, Supervisor, embedded, processes, stopped_by_signals
from service.supervisor.processes import LOG_BYTES

SLEEP = "import time; time.sleep(60)"
STUBBORN = (
    "import os, signal, time; signal.signal(15, signal.SIG_IGN); print(os.getpid(), 'deaf', flush=True); time.sleep(60)"
)


class SeenEnough(Exception):
    """The test has what it wanted; the supervisor stops as after any other end."""


def seen_enough() -> None:
    raise SeenEnough


def child(
    data: Path,
    name: str,
    program: str,
    *,
    says: str = "",
    group: str = "",
    restart: bool = False,
    stop_seconds: float = 5.0,
) -> Child:
    """A Python program, ready once its log holds what it `says`."""
    log = data / "logs" / f"{name}.log"
    data.mkdir(exist_ok=True)
    return Child(
        name=name,
        argv=[sys.executable, "-I", "-S", "-c", program],
        env={"PLACE": str(data)},
        log=log,
        ready=lambda: says in log.read_text(),
        ready_seconds=2.0,
        stop_seconds=stop_seconds,
        group=group,
        restart=restart,
    )


def farewell(name: str, *, after: float = 0.0) -> str:
    """A program that notes its name in `farewells` when it is stopped."""
    return f"""
import os, signal, sys, time
def leave(*_):
    time.sleep({after})
    with open(os.environ["PLACE"] + "/farewells", "a") as book:
        book.write("{name} ")
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
print("here", flush=True)
time.sleep(60)
"""


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_child_that_ends_is_told_by_name_with_the_end_of_its_log(data: Path) -> None:
    beat = child(data, "beat", SLEEP)
    inbound = child(data, "inbound", "import sys; sys.exit('the port is taken')", says="taken")
    with pytest.raises(ChildEnded, match=r"(?s)inbound ended with 1\. .*inbound\.log:\nthe port is taken") as end:
        Supervisor([beat, inbound]).run()
    assert (end.value.child, end.value.code) == (inbound, 1)


def test_an_embedded_server_that_dies_ends_the_service(data: Path) -> None:
    with embedded(data, database_url="postgresql+psycopg://elsewhere/dateline") as servers:
        assert servers.valkey is not None
        pid = servers.valkey.process.pid
        with pytest.raises(ChildEnded, match="valkey was killed by signal 9"):
            Supervisor([], servers=servers.processes).run(lambda: os.kill(pid, signal.SIGKILL))


def test_a_worker_that_dies_is_started_again(data: Path) -> None:
    program = f"""
import os, time
os.path.exists(os.environ["PLACE"] + "/second") or (open(os.environ["PLACE"] + "/second", "w"), os.kill(os.getpid(), 9))
print("back again", flush=True)
{SLEEP}
"""
    worker = child(data, "worker", program, restart=True)

    def wait_for_it() -> None:
        threading.Thread(target=interrupt_when, args=[lambda: "back again" in worker.log.read_text()]).start()

    with stopped_by_signals():
        Supervisor([worker]).run(wait_for_it)
        pytest.fail("the supervisor returned by itself")
    assert worker.log.read_text() == "back again\n"


def interrupt_when(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not happened() and time.monotonic() < until:
        time.sleep(0.05)
    os.kill(os.getpid(), signal.SIGTERM)


def test_a_worker_that_keeps_dying_is_given_up(data: Path) -> None:
    lines = data / "logs" / "worker.log"
    worker = child(data, "worker", "print('cannot import workers', flush=True)", restart=True)
    with pytest.raises(ChildEnded, match="worker ended with 0"):
        Supervisor([worker], first_pause_seconds=0.01).run()
    assert lines.read_text().count("cannot import workers") == 6, "the first start and five more"


def test_children_stop_in_the_reverse_order_of_their_start_and_a_group_at_once(data: Path) -> None:
    order = [
        child(data, "relay", farewell("relay"), says="here"),
        child(data, "worker-1", farewell("slow-worker", after=0.5), says="here", group="workers"),
        child(data, "worker-2", farewell("worker"), says="here", group="workers"),
        child(data, "web", farewell("web", after=0.2), says="here"),
    ]
    with pytest.raises(SeenEnough):
        Supervisor(order).run(seen_enough)
    assert (data / "farewells").read_text() == "web worker slow-worker relay "


def test_a_child_that_will_not_stop_is_killed_with_all_it_has_started(data: Path) -> None:
    program = f"""
import subprocess, sys
print(subprocess.Popen([sys.executable, "-c", {STUBBORN!r}]).pid, flush=True)
{STUBBORN}
"""
    press = child(data, "press", program, says="deaf\n", stop_seconds=0.2)
    with pytest.raises(SeenEnough):
        Supervisor([press]).run(seen_enough)
    assert not lives(int(press.log.read_text().split()[0]))


def test_a_child_that_does_not_get_ready_stops_the_others(data: Path) -> None:
    relay = child(data, "relay", farewell("relay"), says="here")
    web = child(data, "web", "import sys; sys.exit('no templates')", says="never said")
    with pytest.raises(NotReady, match=r"(?s)web ended with 1 while starting\. .*no templates"):
        Supervisor([relay, web]).run(seen_enough)
    assert (data / "farewells").read_text() == "relay "


def test_a_program_that_is_not_there_is_told(data: Path) -> None:
    web = Child("web", ["/nowhere/gunicorn"], {}, data / "web.log", ready=lambda: False)
    data.mkdir()
    with pytest.raises(NotReady, match=r"(?s)web ended with 127.*/nowhere/gunicorn: No such file"):
        Supervisor([web]).run()


def test_a_second_request_to_stop_a_little_later_kills_at_once(data: Path) -> None:
    press = child(data, "press", STUBBORN, says="deaf", stop_seconds=60)

    def ask_twice() -> None:
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(1.2)

    asking = threading.Thread(target=ask_twice)
    began = time.monotonic()
    with stopped_by_signals():
        try:
            Supervisor([press]).run(asking.start)
        finally:
            asking.join()
    assert time.monotonic() - began < 10
    assert not lives(int(press.log.read_text().split()[0]))


def test_two_signals_at_once_are_one_request_as_a_closing_terminal_sends_them(data: Path) -> None:
    relay = child(data, "relay", farewell("relay", after=0.5), says="here")

    def ask_twice() -> None:
        for number in (signal.SIGHUP, signal.SIGTERM):
            os.kill(os.getpid(), number)
            time.sleep(0.2)

    asking = threading.Thread(target=ask_twice)
    with stopped_by_signals():
        try:
            Supervisor([relay]).run(asking.start)
        finally:
            asking.join()
    assert (data / "farewells").read_text() == "relay "


def test_what_a_dead_child_has_started_does_not_outlive_it(data: Path) -> None:
    program = f"""
import subprocess, sys
print(subprocess.Popen([sys.executable, "-c", {STUBBORN!r}]).pid, flush=True)
sys.exit(3)
"""
    pool = child(data, "pool", program)
    with pytest.raises(ChildEnded, match="pool ended with 3"):
        Supervisor([pool]).run()
    assert not lives(int(pool.log.read_text().split()[0]))


def test_children_are_started_from_the_main_thread_only(data: Path) -> None:
    faults: list[str] = []

    def start() -> None:
        try:
            processes.start(child(data, "web", SLEEP))
        except RuntimeError as fault:
            faults.append(str(fault))

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert faults == ["children are started from the main thread: they end with the thread that starts them"]


def test_a_long_log_is_put_aside_when_its_child_starts(data: Path) -> None:
    relay = child(data, "relay", "print('new', flush=True)", says="new")
    relay.log.parent.mkdir()
    relay.log.write_bytes(b"old" * LOG_BYTES)
    process = processes.start(relay)
    process.popen.wait()
    assert relay.log.read_text() == "new\n"
    assert relay.log.with_name("relay.log.1").exists()


def test_a_child_inherits_no_ignored_or_blocked_signal(data: Path) -> None:
    data.mkdir()
    look = Child("look", ["cat", "/proc/self/status"], {}, data / "look.log", ready=None)
    processes.start(look).popen.wait()
    signals = dict(line.split(":\t") for line in look.log.read_text().splitlines() if line.startswith("Sig"))
    # 1 to 31: 32 and 33 are the C library's own, nobody else can set them, and some shells pass them on ignored.
    assert int(signals["SigIgn"], 16) & 0x7FFFFFFF == 0, (
        "Python ignores SIGPIPE: a program started by it would never notice"
    )
    assert int(signals["SigBlk"], 16) & 0x7FFFFFFF == 0
