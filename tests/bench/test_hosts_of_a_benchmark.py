"""Worker hosts as network namespaces: who they are, that they are apart from this machine, and that nothing stays."""

import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bench.measurement import NotMeasured
from bench.namespaces import NETWORK, Namespace, NotAllowed, network, plan

SOURCE = Path(__file__).parents[2]
HERE = Path("/proc/thread-self/ns/net")
WITHOUT_THE_RIGHT = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(24, 21, 0, 0, 0)  # PR_CAPBSET_DROP, CAP_SYS_ADMIN; an ordinary user has it not anyhow
os.execv(sys.executable, [sys.executable, "-m", "bench", *sys.argv[1:]])
"""
HEAR = "import socket; peer, _ = socket.create_server(('10.77.0.3', 2525)).accept(); peer.sendall(b'220 relay')"


@pytest.fixture
def hosts() -> Iterator[Mapping[str, Namespace]]:
    try:
        with network(plan(2)) as found:
            yield found
    except NotAllowed as fault:
        pytest.skip(str(fault))


def test_every_host_has_a_name_and_an_address_of_its_own() -> None:
    found = plan(3)
    assert [host.name for host in found] == ["servers", "relay", "keeper", "worker-1", "worker-2", "worker-3"]
    assert len({host.address for host in plan(200)}) == 203
    assert all(host.address in NETWORK for host in plan(200))


@pytest.mark.parametrize("number", [0, -1, 201])
def test_so_many_worker_hosts_there_cannot_be(number: int) -> None:
    with pytest.raises(NotMeasured, match="1 to 200"):
        plan(number)


def test_hosts_reach_each_other_and_count_what_they_send(hosts: Mapping[str, Namespace]) -> None:
    with hosts["relay"].inside():
        listening = subprocess.Popen([sys.executable, "-c", HEAR])
    before = hosts["worker-1"].sent_octets()
    with listening, hosts["worker-1"].inside():
        assert socket.gethostname() == "worker-1"
        assert connected(str(hosts["relay"].host.address)) == (b"220 relay", "10.77.0.11")
    assert hosts["worker-1"].sent_octets() > before


def connected(address: str) -> tuple[bytes, str]:
    """What the one who listens there says, and the address it is said to."""
    for _ in range(500):
        try:
            with socket.create_connection((address, 2525), timeout=5) as peer:
                return peer.recv(100), peer.getsockname()[0]
        except ConnectionRefusedError:
            subprocess.run(["sleep", "0.02"], check=True)
    raise AssertionError("nobody listens")


def test_this_machine_and_the_hosts_cannot_see_each_other(hosts: Mapping[str, Namespace]) -> None:
    here = {name for _, name in socket.if_nameindex()}
    with hosts["worker-2"].inside():
        assert {name for _, name in socket.if_nameindex()} == {"lo", "eth0"}
        with pytest.raises(OSError, match="unreachable"):
            socket.create_connection(("192.0.2.1", 25), timeout=5)
    assert {name for _, name in socket.if_nameindex()} == here
    assert not any(name.startswith(("port-", "switch")) for name in here)


def test_we_come_home_whatever_happens_on_a_host(hosts: Mapping[str, Namespace]) -> None:
    home = socket.gethostname(), HERE.readlink()
    with pytest.raises(ZeroDivisionError), hosts["worker-1"].inside():
        _ = 1 / 0
    assert (socket.gethostname(), HERE.readlink()) == home


def test_a_host_lives_as_long_as_a_process_or_a_file_of_ours_holds_it(hosts: Mapping[str, Namespace]) -> None:
    with network(plan(1)) as others, others["worker-1"].inside():
        theirs = HERE.readlink()
        assert theirs in held()
    assert theirs not in held()
    assert not list(Path("/run/netns").glob("*worker*"))


def held() -> set[Path]:
    """The namespaces that this process has open, and those that any process is in."""
    links = [*Path("/proc/self/fd").iterdir(), *Path("/proc").glob("[0-9]*/ns/net")]
    return {target for link in links if (target := target_of(link)) is not None}


def target_of(link: Path) -> Path | None:
    try:
        return link.readlink()
    except OSError:
        return None


def test_without_the_right_to_make_hosts_the_benchmark_says_so(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", WITHOUT_THE_RIGHT, "--hosts", "1", "--journal", str(tmp_path)]
    ran = subprocess.run(argv, cwd=SOURCE, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "none can be made here (unshare: Operation not permitted)" in ran.stdout
    assert "CAP_SYS_ADMIN" in ran.stdout
    assert not (tmp_path / "data" / "postgres").exists()
