"""Hosts as network namespaces: each with a name and an address of its own, joined by a switch, cut off from all else.

A namespace here has no name in the file system: the kernel removes it with the last process in it and with ours,
whatever ends us. Nothing of this machine's own network is changed or reached.
"""

import ctypes
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

from bench.measurement import NotMeasured

NETWORK = IPv4Network("10.77.0.0/24")
SERVERS, RELAY, KEEPER = "servers", "relay", "keeper"
FIRST_WORKER = 11
MOST_WORKERS = 200
# <linux/sched.h>; os.unshare and os.setns came with Python 3.12.
CLONE_NEWUTS, CLONE_NEWNET = 0x04000000, 0x40000000
KINDS = ("net", "uts")
INTERFACE = "eth0"


class NotAllowed(NotMeasured):
    """This machine does not let us make network namespaces."""

    def __init__(self, fault: str) -> None:
        super().__init__(
            f"worker hosts are network namespaces, and none can be made here ({fault}). Needed: Linux, the command "
            "`ip` (Debian: iproute2) with bridge and veth in the kernel, and root with CAP_SYS_ADMIN and CAP_NET_ADMIN."
        )


@dataclass(frozen=True, slots=True)
class Host:
    """A host's name and its address in NETWORK."""

    name: str
    address: IPv4Address


def plan(workers: int) -> tuple[Host, ...]:
    """The servers' host, the relay's, the keeper's, and so many worker hosts. Raises NotMeasured for too many."""
    if not 1 <= workers <= MOST_WORKERS:
        raise NotMeasured(f"{workers} worker hosts: say 1 to {MOST_WORKERS}")
    fixed = [Host(name, NETWORK[number]) for number, name in enumerate((SERVERS, RELAY, KEEPER), 2)]
    return (*fixed, *(Host(f"worker-{number + 1}", NETWORK[FIRST_WORKER + number]) for number in range(workers)))


@dataclass(frozen=True, slots=True)
class Namespace:
    """A host that stands: its network and its hostname, held open by these files."""

    host: Host
    files: tuple[int, ...]

    @contextmanager
    def inside(self) -> Iterator[None]:
        """What is started within the block runs on this host; this thread alone is there meanwhile."""
        with _away(lambda: _enter(self.files)):
            yield

    def sent_octets(self) -> int:
        """What has left this host by its interface so far."""
        with self.inside():
            lines = Path("/proc/thread-self/net/dev").read_text(encoding="ascii").splitlines()
        # proc(5): the name, eight columns of what was received, then the octets sent.
        return next(int(words[9]) for words in map(str.split, lines) if words[0] == f"{INTERFACE}:")


@contextmanager
def network(hosts: Sequence[Host]) -> Iterator[dict[str, Namespace]]:
    """These hosts, each plugged into one switch, by name. Raises NotAllowed."""
    with ExitStack() as stack:
        try:
            switch = _make(stack, Host("switch", NETWORK[1]))
            _ip(switch, "link add name switch up type bridge")
            found = [_make(stack, host) for host in hosts]
            for number, one in enumerate(found):
                _plug(switch, one, number)
        except OSError as fault:
            raise NotAllowed(fault.strerror or str(fault)) from fault
        yield {one.host.name: one for one in found}


def _make(stack: ExitStack, host: Host) -> Namespace:
    with _away(lambda: _call("unshare", CLONE_NEWUTS | CLONE_NEWNET)):
        socket.sethostname(host.name)
        files = _here()
    for file in files:
        stack.callback(os.close, file)
    return Namespace(host, files)


def _plug(switch: Namespace, one: Namespace, number: int) -> None:
    theirs = f"/proc/{os.getpid()}/fd/{one.files[0]}"
    _ip(switch, f"link add name port-{number} master switch up type veth peer name {INTERFACE} netns {theirs}")
    _ip(one, "link set lo up")
    _ip(one, f"address add {one.host.address}/{NETWORK.prefixlen} dev {INTERFACE}")
    _ip(one, f"link set {INTERFACE} up")


def _ip(where: Namespace, words: str) -> None:
    program = shutil.which("ip", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program is None:
        raise NotAllowed("there is no command `ip`")
    with where.inside():
        ran = subprocess.run([program, *words.split()], capture_output=True, text=True, check=False)
    if ran.returncode:
        raise NotAllowed(f"ip {words}: {ran.stderr.strip()}")


@contextmanager
def _away(go: Callable[[], None]) -> Iterator[None]:
    home = _here()
    try:
        go()
        try:
            yield
        finally:
            _enter(home)
    finally:
        for file in home:
            os.close(file)


def _here() -> tuple[int, ...]:
    return tuple(os.open(f"/proc/thread-self/ns/{kind}", os.O_RDONLY | os.O_CLOEXEC) for kind in KINDS)


def _enter(files: Sequence[int]) -> None:
    for file in files:
        _call("setns", file, 0)


def _call(name: str, *arguments: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
