"""A DNS server on loopback, by UDP and TCP: it knows zones given as text, and fails for the names it is told to."""

import socketserver
import struct
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from threading import Thread
from typing import Any

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.zone
from dns.nameserver import Do53Nameserver

from service.resolver import Resolver

LARGEST_DATAGRAM = 1232
SECONDS = 5.0  # a busy machine answers late
SHORT_SECONDS = 0.8  # where an answer never comes

HEAD = "@ 60 IN SOA ns hostmaster 1 60 60 60 60\n@ 60 IN NS ns\n"


@dataclass
class NameServer:
    """The zones, by their origin; `broken` names answer SERVFAIL, `silent` ones not at all; who asked what."""

    zones: dict[str, str]
    broken: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def resolver(self) -> Resolver:
        """A resolver that asks this server."""
        seconds = SHORT_SECONDS if self.silent else SECONDS
        return Resolver((Do53Nameserver("127.0.0.1", self.port),), seconds=seconds)

    def answer(self, wire: bytes) -> dns.message.Message | None:
        """The answer to a question, or none."""
        query = dns.message.from_wire(wire)
        response = dns.message.make_response(query)
        name, kind = query.question[0].name, query.question[0].rdtype
        text = name.to_text(omit_final_dot=True).lower()
        self.asked.append(text)
        if text in self.silent:
            return None
        if text in self.broken:
            response.set_rcode(dns.rcode.SERVFAIL)
        else:
            self._fill(response, name, kind)
        return response

    def _fill(self, response: dns.message.Message, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> None:
        for origin, text in self.zones.items():
            if name.is_subdomain(dns.name.from_text(origin)):
                self._look_up(response, read(origin, text), name, kind)
                return
        response.set_rcode(dns.rcode.NXDOMAIN)

    def _look_up(self, response: dns.message.Message, zone: Any, name: Any, kind: Any) -> None:
        node = zone.get_node(name)
        if node is None:
            below = any(known.is_subdomain(name) for known in zone.nodes)
            response.set_rcode(dns.rcode.NOERROR if below else dns.rcode.NXDOMAIN)
            return
        for wanted in (kind, dns.rdatatype.CNAME):
            found = node.get_rdataset(dns.rdataclass.IN, wanted)
            if found is not None:
                rrset = response.find_rrset(response.answer, name, found.rdclass, found.rdtype, create=True)
                rrset.update(found)  # type: ignore[no-untyped-call]
                if wanted is not kind:
                    self._fill(response, found[0].target, kind)
                return


@cache
def read(origin: str, text: str) -> dns.zone.Zone:
    """A zone from its text."""
    return dns.zone.from_text(HEAD + text, origin=origin, relativize=False, check_origin=False)


class ByDatagram(socketserver.BaseRequestHandler):
    """Too long an answer is cut, and asked for again by TCP."""

    def handle(self) -> None:
        wire, sock = self.request
        response = self.server.names.answer(wire)  # type: ignore[attr-defined]
        if response is None:
            return
        out = response.to_wire()
        if len(out) > LARGEST_DATAGRAM:
            response.answer.clear()
            response.flags |= dns.flags.TC
            out = response.to_wire()
        sock.sendto(out, self.client_address)


class ByStream(socketserver.BaseRequestHandler):
    """Two octets of length before each message (RFC 1035, 4.2.2)."""

    def handle(self) -> None:
        length = self.request.recv(2)
        if len(length) < 2:
            return
        response = self.server.names.answer(self.request.recv(struct.unpack("!H", length)[0]))  # type: ignore[attr-defined]
        if response is None:
            time.sleep(SHORT_SECONDS * 2)
            return
        out = response.to_wire()
        self.request.sendall(struct.pack("!H", len(out)) + out)


class Datagrams(socketserver.ThreadingUDPServer):
    """UDP."""

    daemon_threads = True
    names: NameServer


class Streams(socketserver.ThreadingTCPServer):
    """TCP, on the same port."""

    daemon_threads = True
    allow_reuse_address = True
    names: NameServer


@contextmanager
def serving(zones: dict[str, str], *, broken: Iterable[str] = (), silent: Iterable[str] = ()) -> Iterator[NameServer]:
    """A name server with these zones, for as long as it is needed."""
    names = NameServer(dict(zones), set(broken), set(silent))
    # TCP first: of its ports more are taken.
    with Streams(("127.0.0.1", 0), ByStream) as streams:
        names.port = streams.server_address[1]
        with Datagrams(("127.0.0.1", names.port), ByDatagram) as datagrams:
            for server in (datagrams, streams):
                server.names = names
                Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
            yield names
            for server in (datagrams, streams):
                server.shutdown()
